"""Build hook: a wheel has the catalogues compiled; the tree and the sdist have their source.

Nothing is written into the tree, so that no compiled catalogue can be older than its source; a
checkout and an editable install compile in memory (`billhook.i18n.message_catalogs`).
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOTS = ("core", "plugins/legal", "plugins/construction", "plugins/freight")


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's parameter is internal
    """Compiles each ``*.po`` below the import packages into the wheel."""

    def initialize(self, version: str, build_data: dict[str, dict[str, str]]) -> None:
        """Compile into a folder of its own and tell hatchling where each file goes."""
        if self.target_name != "wheel" or version == "editable":
            return
        self._folder = Path(tempfile.mkdtemp(prefix="billhook-catalogues-"))
        for root in ROOTS:
            base = Path(self.root, root)
            for source in sorted(base.glob("*/locale/*/LC_MESSAGES/*.po")):
                place = source.relative_to(base).with_suffix(".mo")
                compiled = self._folder / place
                _compile(source, compiled)
                build_data["force_include"][str(compiled)] = place.as_posix()

    def finalize(self, version: str, build_data: dict[str, object], artifact_path: str) -> None:
        """Remove the folder."""
        del version, build_data, artifact_path
        folder = getattr(self, "_folder", None)
        if folder is not None:
            shutil.rmtree(folder)


def _compile(source: Path, compiled: Path) -> None:
    compiled.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as text, compiled.open("wb") as binary:
        catalogue = read_po(text, abort_invalid=True)
        # Babel would write the time of the build: the same source makes the same wheel.
        catalogue.creation_date = _WHEN
        write_mo(binary, catalogue)


_WHEN = dt.datetime(2020, 2, 2, tzinfo=dt.UTC)
"""The time that hatchling gives the files of a wheel."""
