"""Findings: what is wrong, where, and what to do about it, as values."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator

import attrs

from billhook.kernel.origin import Origin

SHORT = 20
"""Maximum number of known words listed in a hint."""


class Severity(enum.StrEnum):
    """Severity of a finding."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@attrs.frozen
class Code:
    """A kind of finding.

    Attributes:
        id: ``BH`` and three digits in the core, a plugin's own prefix elsewhere.
        title: What is wrong, in a few words.
        help: Why it is one and how to correct it.
    """

    id: str
    title: str
    help: str


@attrs.frozen
class Diagnostic:
    """One finding.

    Attributes:
        code: Stable id, key into the error reference.
        message: What was found and what was expected, one sentence, no full stop.
        severity: ``ERROR`` stops the work, ``WARNING`` needs eyes, ``INFO`` is said.
        origin: The place to correct.
        path: Key path of the value (``rates[2].per_hour``).
        hint: What to do.
        excerpt: The source's line, for the caret.
        width: How many columns the caret marks.
    """

    code: str
    message: str
    severity: Severity = Severity.ERROR
    origin: Origin | None = None
    path: str | None = None
    hint: str | None = None
    excerpt: str | None = attrs.field(default=None, eq=False)
    width: int = attrs.field(default=1, eq=False)

    def __str__(self) -> str:
        place = f"{self.origin}: " if self.origin else ""
        path = f"  ({self.path})" if self.path else ""
        return f"{place}{self.severity}[{self.code}]: {self.message}{path}"

    def render(self) -> str:
        """Return the finding with its excerpt, caret and hint, ready for a terminal."""
        lines = [str(self)]
        if self.excerpt is not None and self.origin is not None and self.origin.line is not None:
            lines.extend(_excerpt(self.origin.line, self.origin.column, self.excerpt, self.width))
        if self.hint:
            lines.append(f"      hint: {self.hint}")
        return "\n".join(lines)


def _excerpt(line: int, column: int | None, text: str, width: int) -> Iterator[str]:
    gutter = f"{line:>5}"
    yield f"{gutter} | {text}"
    if column is not None:
        yield f"{'':>5} | {' ' * (column - 1)}{'^' * max(1, width)}"


class Findings:
    """A collector: readers and plugins report to it and go on."""

    def __init__(self, found: Iterable[Diagnostic] = ()) -> None:
        self._found = list(found)

    def add(self, finding: Diagnostic) -> None:
        """Add one finding."""
        self._found.append(finding)

    def extend(self, findings: Iterable[Diagnostic]) -> None:
        """Add several findings."""
        self._found.extend(findings)

    def error(
        self,
        code: str,
        message: str,
        *,
        origin: Origin | None = None,
        path: str | None = None,
        hint: str | None = None,
    ) -> None:
        """Add an error."""
        self.add(Diagnostic(code, message, Severity.ERROR, origin, path, hint))

    def warning(
        self,
        code: str,
        message: str,
        *,
        origin: Origin | None = None,
        path: str | None = None,
        hint: str | None = None,
    ) -> None:
        """Add a warning."""
        self.add(Diagnostic(code, message, Severity.WARNING, origin, path, hint))

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings that stop the work."""
        return tuple(f for f in self._found if f.severity is Severity.ERROR)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __bool__(self) -> bool:
        return bool(self._found)


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that ``word`` is most likely a misspelling of, or ``None``."""
    import difflib

    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return the hint ``did you mean 'x'?``, or the short list of what is known."""
    names = sorted(known)
    best = closest(word, names)
    if best is not None:
        return f"did you mean {best!r}?"
    more = f", … ({len(names)} in all)" if len(names) > SHORT else ""
    return f"known here: {', '.join(names[:SHORT])}{more}" if names else None
