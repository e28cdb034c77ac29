"""Objects checked against their declared types: what a file is refused for, an object is too.

attrs does not look at types, and a range is part of one, ``Annotated[Decimal, at_least(0)]``; so
settings and records that a program made are looked at here before anything is worked out of them.
"""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import attrs

from billhook.kernel import codes
from billhook.kernel.characters import MULTILINE, find_text_fault
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.origin import Origin

KIND, NUMBER, RANGE, CHOICE = codes.KIND.id, codes.NUMBER.id, codes.RANGE.id, codes.CHOICE.id
FLOAT = "pass a Decimal made from a text, Decimal('1.10'): a float is not the amount it shows"


@attrs.frozen
class Fault:
    """One value that its type does not allow.

    Attributes:
        path: Where it stands in the object: ``.rates[2].per_hour``.
        code: Id of the finding.
        message: What was expected and found.
        hint: What to do.
    """

    path: str
    code: str
    message: str
    hint: str | None = None


def check_object(value: object, name: str, origin: Origin | None) -> Iterator[Diagnostic]:
    """Yield a finding for each attribute of an attrs object that its type does not allow.

    Args:
        value: A record, or a plugin's settings.
        name: What the findings call it.
        origin: Where it comes from.
    """
    for fault in _attributes(value, ""):
        yield Diagnostic(
            fault.code, fault.message, origin=origin, path=f"{name}{fault.path}", hint=fault.hint
        )


Check = Callable[[Any, str], Iterator[Fault]]
"""Yields what is wrong with a value at a path."""


def _attributes(value: object, path: str) -> Iterator[Fault]:
    for name, check in _checks(type(value)):  # type: ignore[arg-type]  # a class is hashable
        yield from check(getattr(value, name), f"{path}.{name}")


@lru_cache(maxsize=512)
def _checks(cls: type) -> tuple[tuple[str, Check], ...]:
    """Return the check of each attribute that a caller gives."""
    try:
        hints = typing.get_type_hints(cls, include_extras=True)
    except NameError:  # a class made inside a function: its types cannot be looked up
        return ()
    return tuple(
        (field.name, _check_of(hints[field.name]))
        for field in attrs.fields(cls)
        if field.init and field.name in hints
    )


def _check_of(hint: Any) -> Check:  # noqa: PLR0911 - one line for each kind of type
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated and MULTILINE in arguments[1:]:
        return _check_paragraphs
    if origin is Annotated:
        return _check_limits(_check_of(arguments[0]), arguments[1:])
    if origin in (Union, types.UnionType):
        return _either(arguments)
    if origin is Literal:
        return _one_of(arguments)
    if hint in (object, Any, None) or isinstance(hint, TypeVar):
        return _anything if hint is not None else _a(types.NoneType)
    if hint in _SCALARS:
        return _SCALARS[hint]
    if origin is not None and issubclass(origin, Mapping):
        return _table(*map(_check_of, arguments))
    if origin is not None and issubclass(origin, Collection):
        return _items(origin, arguments)
    return _a(origin or hint)


def _anything(_value: object, _path: str) -> Iterator[Fault]:
    return iter(())


def _check_limits(inner: Check, marks: tuple[object, ...]) -> Check:
    found = (getattr(mark, "check", None) for mark in marks)
    limits = [limit for limit in found if callable(limit)]

    def check(value: object, path: str) -> Iterator[Fault]:
        faults = list(inner(value, path))
        yield from faults
        for limit in () if faults else limits:
            try:
                limit(value)
            except ValueError as error:
                yield Fault(path, getattr(error, "code", RANGE), str(error))

    return check


def _either(kinds: tuple[Any, ...]) -> Check:
    checks = [_check_of(kind) for kind in kinds if kind is not types.NoneType]
    nothing = types.NoneType in kinds

    def check(value: object, path: str) -> Iterator[Fault]:
        if value is None and nothing:
            return
        found = [list(each(value, path)) for each in checks]
        if all(found):
            # The alternative that the value came furthest with is the one that was meant.
            yield from max(found, key=lambda faults: (len(faults[0].path), faults[0].code != KIND))

    return check


def _one_of(words: tuple[object, ...]) -> Check:
    def check(value: object, path: str) -> Iterator[Fault]:
        if value not in words:
            wanted = " or ".join(repr(word) for word in words)
            yield Fault(path, CHOICE, f"expected {wanted}, got {_describe(value)}")

    return check


def _table(key: Check, item: Check) -> Check:
    def check(value: object, path: str) -> Iterator[Fault]:
        if not isinstance(value, Mapping):
            yield _wrong(path, "a mapping", value)
            return
        for name, each in value.items():
            yield from key(name, path)
            yield from item(each, f"{path}.{name}")

    return check


def _items(kind: type, arguments: tuple[Any, ...]) -> Check:
    fixed = kind is tuple and arguments[-1:] != (Ellipsis,)
    checks = [_check_of(each) for each in (arguments if fixed else arguments[:1])]

    def check(value: Any, path: str) -> Iterator[Fault]:
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Collection):
            yield _wrong(path, f"a {kind.__name__}", value)
        elif fixed and len(value) != len(checks):
            yield _wrong(path, f"{len(checks)} items", value)
        else:
            for number, item in enumerate(value):
                yield from checks[number if fixed else 0](item, f"{path}[{number}]")

    return check


def _a(kind: type) -> Check:
    """Return the check of a class; of an attrs class, its attributes are looked at too."""
    deep = attrs.has(kind)

    def check(value: object, path: str) -> Iterator[Fault]:
        if not isinstance(value, kind):
            yield _wrong(path, kind.__name__, value)
        elif deep:
            yield from _attributes(value, path)

    return check


def _scalar(wanted: str, *kinds: type, but: tuple[type, ...] = ()) -> Check:
    def check(value: object, path: str) -> Iterator[Fault]:
        if not isinstance(value, kinds) or isinstance(value, but):
            hint = FLOAT if isinstance(value, float) and Decimal in kinds else None
            yield _wrong(path, wanted, value, hint)
        elif isinstance(value, Decimal) and not value.is_finite():
            yield Fault(path, NUMBER, f"expected a number, got {value}")

    return check


_check_kind_of_text = _scalar("a text", str)


def _check_line(value: Any, path: str) -> Iterator[Fault]:
    yield from _check_text(value, path, multiline=False)


def _check_paragraphs(value: Any, path: str) -> Iterator[Fault]:
    yield from _check_text(value, path, multiline=True)


def _check_text(value: Any, path: str, *, multiline: bool) -> Iterator[Fault]:
    faults = tuple(_check_kind_of_text(value, path))
    yield from faults
    found = None if faults else find_text_fault(value, multiline=multiline)
    if found is not None:
        yield Fault(path, found.code.id, found.message, found.hint)


_SCALARS: Mapping[object, Check] = {
    str: _check_line,
    int: _scalar("a whole number", int, but=(bool,)),
    bool: _scalar("true or false", bool),
    Decimal: _scalar("a number", Decimal, int, but=(bool,)),
    dt.date: _scalar("a date without a time of day", dt.date, but=(dt.datetime,)),
    dt.datetime: _scalar("a point in time", dt.datetime),
}


def _wrong(path: str, wanted: str, value: object, hint: str | None = None) -> Fault:
    return Fault(path, KIND, f"expected {wanted}, got {_describe(value)}", hint)


def _describe(value: object) -> str:
    """Return a value as a finding shows it."""
    if value is None:
        return "nothing"
    if isinstance(value, str | bool | int | float | Decimal | dt.date):
        return (
            f"{str(value)[:40]!r}"
            if isinstance(value, str)
            else f"{value} ({type(value).__name__})"
        )
    return f"a value of type {type(value).__name__}"
