"""Golden folders: expected output beside the input, with update and clean."""

from __future__ import annotations

from pathlib import Path

import attrs


@attrs.define
class Golden:
    """Compares texts with files of one folder.

    Attributes:
        update: Write what was found instead of failing (``--golden-update``).
        clean: Remove expected files that no test asked for (``--golden-clean``).
        seen: The files asked for so far.
    """

    update: bool = False
    clean: bool = False
    seen: set[Path] = attrs.field(factory=set)

    def check(self, path: Path, found: str) -> None:
        """Fail when ``found`` is not what the file says."""
        self.seen.add(path.resolve())
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(found, encoding="utf-8", newline="\n")
            return
        assert path.is_file(), f"{path} is missing; write it with --golden-update"
        expected = path.read_text(encoding="utf-8")
        assert found == expected, f"{path.name} differs; see --golden-update"

    def sweep(self) -> list[Path]:
        """Return expected files beside the seen ones that no test asked for; remove if asked."""
        folders = {path.parent for path in self.seen}
        stale = [
            path
            for folder in sorted(folders)
            for path in sorted(folder.glob("expected.*"))
            if path.resolve() not in self.seen
        ]
        if self.clean:
            for path in stale:
                path.unlink()
        return stale
