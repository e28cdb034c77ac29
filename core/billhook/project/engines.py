"""Engines of a project: one for each choice of plugins, the local file loaded once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from billhook.engine import Engine
from billhook.kernel.diagnostics import Diagnostic
from billhook.plugins.loading import Approve, Loaded, Plugin, load_file, load_named


class Engines:
    """Makes engines and keeps them: jobs of the same plugins share one.

    A local plugin file is run once, so that the classes it defines are the same for every job.
    """

    def __init__(self, local: Path | None = None, approve: Approve | None = None) -> None:
        self.local = local
        self._approve = approve
        self._made: dict[tuple[str, ...], Engine] = {}

    def engine(self, names: Sequence[str]) -> Engine:
        """Return the engine of some plugins; the local one is last, unless it is named too."""
        key = tuple(dict.fromkeys(names))
        if key not in self._made:
            self._made[key] = self._make(key)
        return self._made[key]

    def _make(self, names: tuple[str, ...]) -> Engine:
        plugins: list[Plugin] = []
        findings: list[Diagnostic] = []
        for name in self._order(names):
            loaded = self._local if name == self._local_name else load_named([name])
            plugins.extend(loaded.plugins)
            findings.extend(loaded.findings)
        return Engine(((each.name, each.module) for each in plugins), findings=findings)

    def _order(self, names: tuple[str, ...]) -> Sequence[str]:
        if self._local_name is None or self._local_name in names:
            return names
        return (*names, self._local_name)

    @cached_property
    def _local(self) -> Loaded:
        return load_file(self.local, self._approve) if self.local else Loaded((), ())

    @property
    def _local_name(self) -> str | None:
        return self.local.stem if self.local else None
