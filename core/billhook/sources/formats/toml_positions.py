"""Positions of the values of a TOML document.

No reader of TOML in Python tells the places of values, so this one does, and nothing else.  It
may assume that the text is valid, because tomli has accepted it.
"""

from __future__ import annotations

import re

from billhook.sources.document import ScanError
from billhook.sources.location import KeyPath, Lines

_BLANK = re.compile(r"(?:[ \t\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[^\s=.\]\"'\[{}#,]+")
_BASIC = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_LITERAL = re.compile(r"'[^'\n]*'")
_LONG_BASIC = re.compile(r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''.*?'{3,5}", re.DOTALL)
_SCALAR = re.compile(r"[^,\]}\n#]*")


def positions(text: str) -> dict[KeyPath, tuple[int, int]]:
    r"""Return line and column, both from 1, of every key, table and array item.

    Args:
        text: A valid TOML document with ``\n`` line ends.
    """
    scanner = _Scanner(text)
    scanner.document()
    lines = Lines(text)
    return {path: lines.at(offset) for path, offset in scanner.found.items()}


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.found: dict[KeyPath, int] = {}
        self.arrays: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self.offset < len(self.text):
            if self.text.startswith("[", self.offset):
                table = self._header()
            else:
                self._assignment(table)
            self._skip(_BLANK)

    def _header(self) -> KeyPath:
        start = self.offset
        repeated = self.text.startswith("[[", start)
        self.offset += 2 if repeated else 1
        *parents, (last, _) = self._key()
        self.offset += 2 if repeated else 1
        path: KeyPath = ()
        for part, _ in parents:
            path = self._into((*path, part), start)
        path = (*path, last)
        return self._item(path, start) if repeated else self._into(path, start)

    def _into(self, path: KeyPath, start: int) -> KeyPath:
        """Note a table; of an array of tables, go into the last one."""
        self.found.setdefault(path, start)
        return (*path, self.arrays[path] - 1) if path in self.arrays else path

    def _item(self, path: KeyPath, start: int) -> KeyPath:
        self.found.setdefault(path, start)
        index = self.arrays.get(path, 0)
        self.arrays[path] = index + 1
        self.found[*path, index] = start
        return (*path, index)

    def _assignment(self, table: KeyPath) -> None:
        path = table
        for part, start in self._key():
            path = (*path, part)
            self.found.setdefault(path, start)
        self.offset += 1
        self._skip(_SPACE)
        self._value(path)

    def _key(self) -> list[tuple[str, int]]:
        parts = []
        while True:
            self._skip(_SPACE)
            start = self.offset
            parts.append((self._part(), start))
            self._skip(_SPACE)
            if not self.text.startswith(".", self.offset):
                return parts
            self.offset += 1

    def _part(self) -> str:
        match self.text[self.offset]:
            case '"':
                return _unescape(self._take(_BASIC))
            case "'":
                return self._take(_LITERAL)[1:-1]
            case _:
                return self._take(_BARE)

    def _value(self, path: KeyPath) -> None:
        rest = self.text[self.offset : self.offset + 3]
        if rest[:1] == "[":
            self._array(path)
        elif rest[:1] == "{":
            self._inline_table(path)
        elif rest == '"""':
            self._take(_LONG_BASIC)
        elif rest == "'''":
            self._take(_LONG_LITERAL)
        elif rest[:1] == '"':
            self._take(_BASIC)
        elif rest[:1] == "'":
            self._take(_LITERAL)
        else:
            self._take(_SCALAR)

    def _array(self, path: KeyPath) -> None:
        index = 0
        while self._more("]"):
            self.found[*path, index] = self.offset
            self._value((*path, index))
            index += 1

    def _inline_table(self, path: KeyPath) -> None:
        while self._more("}"):
            self._assignment(path)

    def _more(self, end: str) -> bool:
        """Step over the bracket or comma before an item; return whether there is one."""
        self.offset += self.text[self.offset] in "[{"
        self._skip(_BLANK)
        self.offset += self.text[self.offset] == ","
        self._skip(_BLANK)
        if self.text[self.offset] != end:
            return True
        self.offset += 1
        return False

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.offset)
        if found:
            self.offset = found.end()

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.offset)
        if found is None:
            raise ScanError("the scanner was given a text that is no TOML")
        self.offset = found.end()
        return found.group()


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text[1:-1]
    import tomli

    return str(tomli.loads(f"key = {text}")["key"])
