"""Structuring: from mappings of plain values to attrs classes, every mistake with its place."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar, get_origin

import attrs

from billhook.kernel.diagnostics import Findings
from billhook.sources import codes
from billhook.sources.bad_value import BadValueError, quote, suggestion
from billhook.sources.limits import FAULTY_ITEMS
from billhook.sources.location import KeyPath, Location, Locator, report
from billhook.sources.scalars import TOML, Grammar

if TYPE_CHECKING:
    from cattrs import Converter
    from cattrs.errors import BaseValidationError

T = TypeVar("T")
Located = tuple[KeyPath, BadValueError]

BY_READER = frozenset({"key", "origin"})
"""Attributes of a record that its reader gives."""


def structure(
    value: object,
    as_type: type[T],
    places: Locator,
    findings: Findings,
    *,
    path: KeyPath = (),
    grammar: Grammar = TOML,
) -> T | None:
    """Return a value as an attrs class (or another type), or nothing, after having said why.

    All mistakes are reported at once, in the order of the file.

    Args:
        value: A mapping, as readers give it.
        as_type: What it should become.
        places: Knows where the values stand: a document, a row.
        findings: Where to report.
        path: KeyPath of ``value`` inside ``places``.
        grammar: What the source's values may look like.
    """
    structured, mistakes = attempt(value, as_type, grammar)
    if mistakes:
        located = [(places.place((*path, *where)), mistake) for where, mistake in mistakes]
        for place, mistake in sorted(located, key=lambda pair: reading_order(pair[0])):
            report(findings, mistake, place)
        return None
    return structured


def reading_order(place: Location) -> tuple[int, int]:
    """Return what sorts places as they are read."""
    return place.origin.line or 0, place.origin.column or 0


def attempt(value: object, as_type: type[T], grammar: Grammar) -> tuple[T | None, list[Located]]:
    """Return the structured value, or the mistakes with their paths inside ``value``."""
    from cattrs.errors import BaseValidationError

    try:
        return converter(grammar).structure(value, as_type), []
    except (BaseValidationError, BadValueError) as error:
        return None, list(_mistakes(error, ()))


@functools.lru_cache(maxsize=64)
def converter(grammar: Grammar) -> Converter:
    """Return the cattrs converter of a grammar."""
    from billhook.sources.conversion import make_converter

    return make_converter(grammar)


def _mistakes(error: Exception, path: KeyPath) -> Iterator[Located]:
    from cattrs.errors import BaseValidationError, ForbiddenExtraKeysError

    match error:
        case BaseValidationError():
            yield from _group(error, path)
        case ForbiddenExtraKeysError():
            known = names(error.cl)
            for key in sorted(map(str, error.extra_fields))[:FAULTY_ITEMS]:
                yield (*path, key), unknown(key, known)
        case BadValueError():
            yield (*path, error.name) if error.name else path, error
        case ValueError():
            yield path, BadValueError(codes.CONFLICT, str(error))
        case _:
            # A validator broke: that is its author's mistake, not the user's.
            raise error


def _group(error: BaseValidationError, path: KeyPath) -> Iterator[Located]:
    from cattrs.errors import ClassValidationError, IterableValidationError

    match error:
        case ClassValidationError():
            noted, other = error.group_exceptions()
            for cause, note in noted:
                if isinstance(cause, KeyError):
                    yield path, missing(note.name, error.cl)
                else:
                    yield from _mistakes(cause, (*path, note.name))
            for cause in other:
                yield from _mistakes(cause, path)
        case IterableValidationError():
            for cause, item in error.group_exceptions()[0]:
                yield from _mistakes(cause, (*path, item.index))


def names(cls: type) -> list[str]:
    """Return the attributes of a class that a source may give."""
    return [field.name for field in fields(cls) if field.init]


def required_names(cls: type) -> list[str]:
    """Return the attributes of a class that a source must give."""
    return [field.name for field in fields(cls) if field.init and field.default is attrs.NOTHING]


def fields(cls: type) -> tuple[attrs.Attribute[object], ...]:
    """Return the attributes of a class, also when it is given with parameters, as ``Dated[X]``."""
    found: tuple[attrs.Attribute[object], ...] = attrs.fields(get_origin(cls) or cls)
    return found


def missing(name: str, cls: type, what: str = "key") -> BadValueError:
    """Return the mistake of a key that is not there, with all that must be."""
    wanted = [word for word in required_names(cls) if word not in BY_READER]
    message = f"missing {what} {name!r}"
    return BadValueError(codes.MISSING, message, f"required here: {', '.join(wanted)}", name=name)


def unknown(key: str, known: list[str], what: str = "key") -> BadValueError:
    """Return the mistake of a key that means nothing, with what was probably meant."""
    return BadValueError(codes.UNKNOWN_KEY, f"unknown {what} {quote(key)}", suggestion(key, known))
