"""The files of billhook's themes, with what each key means, to be copied and changed."""

from __future__ import annotations

import importlib.resources
import inspect
import re
from collections.abc import Iterator
from typing import get_args, get_type_hints

from billhook.project.print_settings import PrintSettings
from billhook.render.theme import PARTS, PLACES, Places, Theme

THEMES: tuple[str, ...] = get_args(get_type_hints(PrintSettings)["theme"])
"""The names of the themes that come with billhook."""

_TABLE = re.compile(r"\[(\w+)\]")
_KEY = re.compile(r"(\w+) = .+")
_ATTRIBUTE = re.compile(r"^    (\w+): ((?:.|\n {8})+)", re.MULTILINE)
_COLUMN = 20


def about(name: str) -> str:
    """Return in one line what a theme is like."""
    return _text(name).partition("\n")[0].strip("# .").partition(": ")[2]


def theme_source(name: str) -> str:
    """Return a theme's file with a comment at each key.

    Raises:
        KeyError: There is no theme of that name.
    """
    return "\n".join([*_head(name), *_commented(_text(name).splitlines())]) + "\n"


def _text(name: str) -> str:
    if name not in THEMES:
        raise KeyError(f"no theme {name!r}")
    file = importlib.resources.files("billhook.render") / "themes" / f"{name}.toml"
    return file.read_text(encoding="utf-8")


def _head(name: str) -> Iterator[str]:
    yield f"# A theme of your own, begun as billhook's {name!r}.  Name it in billhook.toml:"
    yield "#"
    yield "#     [print]"
    yield '#     theme_file = "themes/…"'
    yield "#"
    yield "# Lengths are points, 1/72 inch.  What you leave out is taken from [print] theme."
    yield ""


def _commented(lines: list[str]) -> Iterator[str]:
    part: type = Theme
    for line in lines:
        if table := _TABLE.fullmatch(line):
            part = PARTS[table[1]]
            doc = inspect.getdoc(part) or ""
            yield f"{line}  # {doc.partition(chr(10))[0].rstrip('.')}"
        elif key := _KEY.fullmatch(line):
            meaning = _meanings(part).get(key[1], "")
            if part is Places and key[1] in PLACES:
                meaning += f" ({', '.join(PLACES[key[1]])})"
            yield f"{line:{_COLUMN}}  # {meaning}" if meaning else line
        elif not line.startswith("#"):
            yield line


def _meanings(part: type) -> dict[str, str]:
    """Return what a class's docstring says of its attributes."""
    doc = inspect.cleandoc(part.__doc__ or "")
    return {name: " ".join(text.split()).rstrip(".") for name, text in _ATTRIBUTE.findall(doc)}
