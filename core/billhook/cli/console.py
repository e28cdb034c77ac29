"""The console: where data and talk go, and whether they are coloured."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, BinaryIO, TypeVar

import click

from billhook.kernel.diagnostics import Findings

T = TypeVar("T")
PATIENCE = 1
"""Seconds of silence before progress is shown."""


class Console:
    """The console that commands write to; the `billhook.plugins.info.App` of plugins' commands.

    Attributes:
        quiet: Say nothing but data, warnings and errors.
        debug: Show tracebacks.
        no_local: Run no local plugin of a project.
        findings: What a plugin's command found; shown when it ends.
    """

    def __init__(self) -> None:
        self.quiet = False
        self.debug = False
        self.no_local = False
        self.findings: Findings = Findings()
        self._progress = ""

    def write(self, data: str) -> None:
        """Write data to standard output."""
        self._clear()
        click.echo(data, color=coloured(sys.stdout))

    def write_bytes(self, data: bytes) -> None:
        """Write a document to standard output, byte for byte."""
        self._clear()
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()

    def say(self, message: str) -> None:
        """Talk to the user, on standard error."""
        if not self.quiet:
            self.warn(message)

    def warn(self, message: str) -> None:
        """Say what must be heard, even when quiet."""
        self._clear()
        click.echo(message, err=True, color=coloured(sys.stderr))

    def progress(self, items: Sequence[T], label: str) -> Iterator[T]:
        """Yield items; after a second show on a terminal how many are done."""
        start = time.monotonic()
        for done, item in enumerate(items):
            if time.monotonic() - start > PATIENCE and sys.stderr.isatty() and not self.quiet:
                self._show(done, len(items), label)
            yield item
        self._clear()

    def _show(self, done: int, count: int, label: str) -> None:
        filled = 20 * done // count
        self._clear()
        self._progress = f"[{'#' * filled}{'.' * (20 - filled)}] {done}/{count} {label}"
        click.echo(self._progress, err=True, nl=False)

    def _clear(self) -> None:
        if self._progress:
            click.echo("\r" + " " * len(self._progress) + "\r", err=True, nl=False)
            self._progress = ""


def coloured(stream: IO[str]) -> bool:
    """Return whether a stream takes colour: a terminal, and nobody said NO_COLOR."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def standard_input() -> BinaryIO:
    """Return standard input as bytes, for sources whose file is ``-``."""
    return sys.stdin.buffer


def open_closed() -> None:
    """Put the empty device in the place of streams that were closed before the start.

    A service may start a program without them; Python then has ``None``.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for as long as the process lives


def lenient(streams: Iterable[object]) -> None:
    """Let a terminal that lacks a sign show a substitute instead of failing."""
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
