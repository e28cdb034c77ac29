"""Gather the fragments of ``changelog.d`` into ``CHANGELOG.md`` as a release, and remove them.

Usage: ``python scripts/changelog.py VERSION DATE``
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FRAGMENTS = ROOT / "changelog.d"
TARGET = ROOT / "CHANGELOG.md"
KINDS = ("added", "changed", "deprecated", "removed", "fixed", "security")
NAME = re.compile(rf"[a-z0-9]+(-[a-z0-9]+)*\.({'|'.join(KINDS)})\.md")
UNRELEASED = "## Unreleased\n"


def fragments(folder: Path = FRAGMENTS) -> dict[str, str]:
    """Return the fragments by file name.

    Raises:
        ValueError: A file is no fragment.
    """
    files = [path for path in sorted(folder.iterdir()) if path.name != "README.md"]
    strange = [path.name for path in files if not NAME.fullmatch(path.name)]
    if strange:
        raise ValueError(f"no fragments of the changelog: {', '.join(strange)}")
    return {path.name: path.read_text(encoding="utf-8") for path in files}


def released(text: str, found: Mapping[str, str], version: str, date: str) -> str:
    """Return the changelog with a release of the fragments at its top."""
    head, _, rest = text.partition(UNRELEASED)
    older = rest[rest.index("\n## ") :] if "\n## " in rest else ""
    parts = [f"## {version} – {date}\n"]
    for kind in KINDS:
        entries = [body for name, body in found.items() if name.endswith(f".{kind}.md")]
        if entries:
            parts.append(f"### {kind.capitalize()}\n")
            parts.append("".join(map(_entry, entries)))
    return f"{head}{UNRELEASED}\n" + "\n".join(parts) + older


def _entry(body: str) -> str:
    return "* " + body.strip().replace("\n", "\n  ") + "\n"


if __name__ == "__main__":
    release = fragments()
    before = TARGET.read_text(encoding="utf-8")
    TARGET.write_text(released(before, release, *sys.argv[1:3]), encoding="utf-8", newline="\n")
    for file in release:
        (FRAGMENTS / file).unlink()
