"""Theme files: a firm's own theme read and checked, billhook's themes written out to be copied."""

from __future__ import annotations

import importlib.resources
import inspect
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TypeGuard, get_args, get_type_hints

import attrs

from billhook.kernel.diagnostics import Diagnostic, Findings, did_you_mean
from billhook.kernel.errors import RefusedError, reason
from billhook.kernel.origin import Origin
from billhook.project.print_settings import PrintSettings
from billhook.render.codes import THEME
from billhook.render.theme import PARTS, PLACES, Places, Theme, theme_of
from billhook.sources.bad_value import BadValueError, show_value
from billhook.sources.document import LocatedDocument
from billhook.sources.formats.toml import read_toml
from billhook.sources.location import report

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def chosen_theme(settings: PrintSettings) -> Theme:
    """Return the theme of the settings, their own file's keys laid over it.

    Raises:
        RefusedError: BH603: the file cannot be read, or says what a theme does not know.
    """
    base = theme_of(settings.theme)
    if settings.theme_file is None:
        return base
    return laid_over(base, settings.theme_file)


def laid_over(base: Theme, path: Path) -> Theme:
    """Return a theme with the keys of a file in the place of its own.

    Raises:
        RefusedError: BH603: the file cannot be read, or says what a theme does not know.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"the theme {path.name!r} cannot be read: {reason(error)}"
        hint, key = "correct the path in [print] theme_file", "print.theme_file"
        raise RefusedError(
            [Diagnostic(THEME.id, message, origin=Origin(path.name), path=key, hint=hint)]
        ) from error
    findings = Findings()
    document = read_toml(data, path.name, findings)
    if document is not None:
        _check(document, base, findings)
    if document is None or findings.errors:
        raise RefusedError(findings)
    return _replace(base, data)


def _replace(base: Theme, data: bytes) -> Theme:
    import tomli

    table = tomli.loads(data.decode("utf-8"))
    parts = {
        key: attrs.evolve(getattr(base, key), **table.pop(key))
        for key in tuple(table)
        if key in PARTS
    }
    return attrs.evolve(base, **table, **parts)


# ── mistakes ─────────────────────────────────────────────────────────────────


def _check(document: LocatedDocument, base: Theme, findings: Findings) -> None:
    for path, mistake in _mistakes(document.values, base):
        report(findings, mistake, document.place(path))


def _mistakes(
    table: Mapping[str, object], base: Theme
) -> Iterator[tuple[tuple[str, ...], BadValueError]]:
    known = {field.name: getattr(base, field.name) for field in attrs.fields(Theme)}
    del known["name"]
    for key, value in table.items():
        if key not in known:
            yield (key,), _unknown(key, known)
        elif key not in PARTS:
            yield from _wrong((key,), value, known[key])
        elif isinstance(value, Mapping):
            yield from _of_part(key, value, known[key])
        else:
            yield (key,), _wrong_value("a table", value)


def _of_part(
    name: str, table: Mapping[str, object], part: object
) -> Iterator[tuple[tuple[str, ...], BadValueError]]:
    known: dict[str, object] = attrs.asdict(part)  # type: ignore[arg-type]  # each part is one
    for key, value in table.items():
        if key in known:
            yield from _wrong((name, key), value, known[key])
        else:
            yield (name, key), _unknown(key, known)


def _unknown(key: str, known: Mapping[str, object]) -> BadValueError:
    return BadValueError(THEME, f"a theme has no {key!r}", did_you_mean(key, known))


def _wrong(
    path: tuple[str, ...], value: object, usual: object
) -> Iterator[tuple[tuple[str, ...], BadValueError]]:
    """Yield the mistake of a value that is not of the kind that the theme has."""
    wanted = _describe_kind(path[-1], value, usual)
    if wanted:
        yield path, _wrong_value(wanted, value)


def _describe_kind(key: str, value: object, usual: object) -> str:
    if isinstance(usual, bool):
        return "" if isinstance(value, bool) else "true or false"
    if key == "tones":
        return "" if _is_number(value) and value in range(1, 13) else "a whole number, 1 to 12"
    if not isinstance(usual, str):
        return "" if _is_number(value) and 0 <= value <= _MOST else f"a number, 0 to {_MOST}"
    if usual.startswith("#"):
        fits = isinstance(value, str) and _COLOUR.fullmatch(value)
        return "" if fits else 'a colour, like "#1f3a5f"'
    choices = PLACES[key]
    return "" if value in choices else f"one of {', '.join(choices)}"


_MOST = 400
"""Points: more than that leaves no room on any paper."""


def _is_number(value: object) -> TypeGuard[Decimal | int]:
    return isinstance(value, Decimal | int) and not isinstance(value, bool)


def _wrong_value(what: str, value: object) -> BadValueError:
    return BadValueError(THEME, f"expected {what}, got {show_value(value)}")


# ── billhook's own themes as files ───────────────────────────────────────────

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
    return "\n".join([*_head(name), *_comment_out(_text(name).splitlines())]) + "\n"


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


def _comment_out(lines: list[str]) -> Iterator[str]:
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
