"""Naming a local plugin in a project's ``billhook.toml``, with all else left as it is."""

from __future__ import annotations

import re

_HEADER = re.compile(
    r"^[ \t]*\[[ \t]*project[ \t]*\](?:[ \t]*#[^\r\n]*)?(?=[ \t]*\r?$)", re.MULTILINE
)


class NotNamedError(ValueError):
    """The file could not be changed; the message says why, and what to write by hand."""


def name_local(data: bytes, name: str, settings: str) -> bytes:
    """Return a project file that names ``NAME.py`` as its local plugin, with its settings' table.

    The result is read again: it says what the file said before, and these two things more.

    Args:
        data: The file.
        name: The plugin.
        settings: The lines of its table.

    Raises:
        NotNamedError: The file names a local plugin already, or is written in a way that is not
            understood here.
    """
    import tomli

    try:
        text = data.decode()
        before = tomli.loads(text)
    except ValueError as error:
        raise NotNamedError(f"cannot be read: {error}") from None
    if "local" in before.get("project", {}):
        file = before["project"]["local"]
        raise NotNamedError(f"names {file!r} already; a project has one: write your hooks into it")
    if name in before:
        raise NotNamedError(f"has a table [{name}] already; choose another name")
    changed = _add_plugin_line(text, name, settings)
    wanted = {
        **before,
        "project": {**before.get("project", {}), "local": f"{name}.py"},
        name: tomli.loads(settings),
    }
    if _read(changed) != wanted:
        line = f'local = "{name}.py"'
        raise NotNamedError(f"is written unusually: write {line} into [project] by hand")
    return changed.encode()


def _add_plugin_line(text: str, name: str, settings: str) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    line = f'local = "{name}.py"'
    header = _HEADER.search(text)
    if header is None:
        text = f"[project]{end}{line}{end}{end}{text}"
    else:
        place = header.end()
        text = f"{text[:place]}{end}{line}{text[place:]}"
    return f"{text.rstrip()}{end}{end}[{name}]{end}{settings}{end}"


def _read(text: str) -> object:
    import tomli

    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError:
        return None
