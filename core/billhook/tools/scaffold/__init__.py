"""Files of new projects: a plain one, the examples, and a skeleton for any plugin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs

import billhook
from billhook.plugins.loading import Plugin, find_installed
from billhook.project import MARKER
from billhook.sources.structure import names, required_names

Files = Mapping[Path, bytes]
"""The content of files by their paths in the project."""

_LEFT_OUT = frozenset({"out", "__pycache__", "expected"})


def plain() -> Files:
    """Return a project that bills hours by a plugin of one file."""
    return read_folder(Path(__file__).parent / "plain")


def demos() -> dict[str, Files]:
    """Return the example project of each installed plugin that has one, by the plugin's name."""
    root = _examples()
    if root is None:
        return {}
    folders = sorted(path.parent for path in root.glob(f"*/{MARKER}"))
    return {
        folder.name: read_folder(folder) for folder in folders if folder.name in find_installed()
    }


def skeleton(plugin: Plugin) -> Files:
    """Return a project for a plugin: its table, and a file with a header for each kind of source.

    What has to be filled in is what ``billhook check`` then asks for.
    """
    files = {
        path: data
        for path, data in plain().items()
        if path.parts[0] == "customers" or path.name == ".gitignore"
    }
    files[Path(MARKER)] = _project(plugin, plain()[Path(MARKER)]).encode()
    files[Path("jobs/first.toml")] = _job(plugin, plain()[Path("jobs/first.toml")]).encode()
    for kind, record in plugin.info.records.items():
        files[_file_of(kind)] = (",".join(_columns(record)) + "\n").encode()
    return files


def _examples() -> Path | None:
    """Return the folder of the examples: in the package, or in the checkout beside it."""
    package = Path(billhook.__file__).parent
    places = (package / "demo", package.parent.parent / "examples")
    return next((place for place in places if place.is_dir()), None)


def read_folder(folder: Path) -> Files:
    """Return the files of a folder, without what its use leaves behind."""
    return {path.relative_to(folder): path.read_bytes() for path in _walk(folder)}


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_file():
            yield path
        elif path.name not in _LEFT_OUT and not path.name.startswith("."):
            yield from _walk(path)


def _project(plugin: Plugin, template: bytes) -> str:
    head, _, _ = template.decode().partition("\n[billfile]")
    head = head.replace('local = "billfile.py"\n', "")
    settings = plugin.info.settings
    if f"[{plugin.name}." in head:
        return head
    lines = [head.replace('["tax_table"', f'["{plugin.name}", "tax_table"')]
    if settings is not None:
        needed = required_names(settings)
        lines.append(f"[{plugin.name}]  # {plugin.info.title}")
        lines += [f"# {name} = …{_note(name in needed)}" for name in _keys(settings)]
    return "\n".join(lines) + "\n"


def _job(plugin: Plugin, template: bytes) -> str:
    head, _, _ = template.decode().partition("\n[[sources]]")
    sources = [
        f'\n[[sources]]\nkind = "{kind}"\nfile = "../{_file_of(kind).as_posix()}"\n'
        for kind in plugin.info.records
    ]
    return head + "".join(sources)


def _note(needed: bool) -> str:  # noqa: FBT001 - a private sentence
    return "    # required" if needed else ""


def _file_of(kind: str) -> Path:
    return Path("records") / f"{kind.rpartition('.')[2]}.csv"


def _columns(record: type) -> list[str]:
    """Return the columns of a record, those first that must be there."""
    needed = {field.name for field in attrs.fields(record) if field.default is attrs.NOTHING}
    return sorted(_keys(record), key=lambda name: name not in needed)


def _keys(kind: type) -> list[str]:
    return [name for name in names(kind) if name != "origin"]
