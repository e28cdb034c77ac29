"""Running the command line inside a test, with an outcome to assert on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs


@attrs.frozen
class CommandOutcome:
    """Result of a command.

    Attributes:
        code: Exit code.
        out: Standard output.
        err: Standard error.
    """

    code: int
    out: str
    err: str

    @property
    def ok(self) -> bool:
        """True if the command succeeded."""
        return self.code == 0

    @property
    def findings(self) -> tuple[str, ...]:
        """The codes of the findings that were shown."""
        import re

        return tuple(re.findall(r"(?:error|warning|info)\[([A-Z]+\d+)\]", self.out + self.err))


def run(
    arguments: Sequence[str],
    *,
    cwd: Path,
    stdin: str = "",
    environment: Mapping[str, str] | None = None,
) -> CommandOutcome:
    """Run ``billhook`` in a process of its own, in ``cwd``."""
    done = subprocess.run(
        [sys.executable, "-m", "billhook", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **(environment or {})},
    )
    return CommandOutcome(done.returncode, done.stdout, done.stderr)
