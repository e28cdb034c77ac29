"""The cattrs converter: strict, because cattrs' own hooks would make ``"7"`` of 7."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.errors import BaseValidationError, IterableValidationError, IterableValidationNote
from cattrs.gen import make_dict_structure_fn

from billhook.kernel.characters import MULTILINE
from billhook.kernel.origin import Origin
from billhook.kernel.text import Period, Text
from billhook.sources.bad_value import BadValueError
from billhook.sources.limits import FAULTY_ITEMS
from billhook.sources.ranges import Range
from billhook.sources.scalars import Grammar, Scalars, kind_error
from billhook.sources.text_rules import ONE_OR_MORE

Hook = Callable[[object, Any], object]
_LISTS = {
    tuple: tuple,
    list: list,
    set: set,
    frozenset: frozenset,
    Sequence: tuple,
    Collection: tuple,
    Iterable: tuple,
}
_TABLES = (dict, Mapping, MutableMapping)


def make_converter(grammar: Grammar) -> Converter:
    """Return a converter that reads values under a grammar."""
    scalars = Scalars(grammar)
    made = Converter(detailed_validation=True, forbid_extra_keys=True)
    _register_scalars(made, scalars)
    made.register_structure_hook_factory(attrs.has, partial(_class_hook, made))
    made.register_structure_hook_func(partial(_is, Origin), _given_origin)
    made.register_structure_hook_factory(partial(_is, Period), partial(_period_hook, made, scalars))
    made.register_structure_hook_factory(_is_choice, partial(_choice_hook, scalars))
    made.register_structure_hook_factory(_is_list, partial(_list_hook, made, scalars))
    made.register_structure_hook_factory(_is_table, partial(_table_hook, made))
    made.register_structure_hook_factory(_is_annotated, partial(_annotated_hook, made, scalars))
    return made


def _register_scalars(made: Converter, scalars: Scalars) -> None:
    # cattrs asks these by class first, so a StrEnum comes to the hook of str.
    made.register_structure_hook(str, _or_enum(str, scalars.text, scalars))
    made.register_structure_hook(int, _or_enum(int, scalars.whole, scalars))
    made.register_structure_hook(bool, _plain(scalars.truth))
    made.register_structure_hook(Path, _plain(scalars.path))
    made.register_structure_hook(float, _never)
    made.register_structure_hook(bytes, _never)
    readers: dict[object, Callable[[object], object]] = {
        Decimal: scalars.number,
        dt.date: scalars.day,
        dt.datetime: scalars.moment,
        Text: scalars.text,
    }
    for asked, read in readers.items():
        made.register_structure_hook_func(partial(_is, asked), _plain(read))


def _or_enum(kind: type, read: Callable[[object], object], scalars: Scalars) -> Hook:
    def hook(value: object, asked: Any) -> object:
        return read(value) if asked is kind else _choice_hook(scalars, asked)(value, asked)

    return hook


def _never(_: object, asked: Any) -> object:
    raise TypeError(f"a source gives no {asked.__name__}; declare a Decimal or a str")


def _is(kind: object, asked: object) -> bool:
    return asked is kind or (kind == Text and asked == Text)


def _plain(read: Callable[[object], object]) -> Hook:
    return lambda value, _: read(value)


def _given_origin(value: object, _: object) -> object:
    if not isinstance(value, Origin):
        raise kind_error("nothing: the reader gives it", value)
    return value


def _period_hook(converter: Converter, scalars: Scalars, kind: type) -> Hook:
    from_table = _class_hook(converter, kind)

    def hook(value: object, _: object) -> object:
        if isinstance(value, Mapping | Period):
            return from_table(value, kind)
        return scalars.period(value)

    return hook


def _class_hook(converter: Converter, cls: type) -> Hook:
    plain = get_origin(cls) or cls
    read: Callable[[Mapping[str, object], type], object] = make_dict_structure_fn(
        cls, converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True
    )

    def hook(value: object, _: object) -> object:
        if isinstance(value, Mapping):
            return read(value, cls)
        if isinstance(value, plain):
            return value
        raise kind_error("a table", value)

    return hook


def _is_choice(kind: object) -> bool:
    return get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, enum.Enum))


def _choice_hook(scalars: Scalars, kind: type) -> Hook:
    if get_origin(kind) is Literal:
        choices = {str(word): word for word in get_args(kind)}
    else:
        choices = {str(member.value): member for member in kind}  # type: ignore[attr-defined]  # an Enum, see _is_choice
    return lambda value, _: scalars.choice(value, choices)


def _is_list(kind: object) -> bool:
    return get_origin(kind) in _LISTS


def _list_hook(converter: Converter, scalars: Scalars, kind: type) -> Hook:
    make = _LISTS[get_origin(kind) or tuple]
    types = get_args(kind)
    fixed = make is tuple and get_origin(kind) is tuple and types[-1] is not Ellipsis

    def hook(value: object, _: object) -> object:
        items = scalars.items(value)
        if fixed and len(items) != len(types):
            raise kind_error(f"an array of {len(types)} items", value)
        wanted = types if fixed else (types[0],) * len(items)
        return make(_each(converter, list(enumerate(items)), wanted, kind))

    return hook


def _is_table(kind: object) -> bool:
    return get_origin(kind) in _TABLES


def _table_hook(converter: Converter, kind: type) -> Hook:
    key_type, value_type = get_args(kind)

    def hook(value: object, _: object) -> object:
        if not isinstance(value, Mapping):
            raise kind_error("a table", value)
        types = (value_type,) * len(value)
        keys = _each(converter, [(key, key) for key in value], (key_type,) * len(value), kind)
        values = _each(converter, list(value.items()), types, kind)
        return dict(zip(keys, values, strict=True))

    return hook


def _each(
    converter: Converter,
    items: Sequence[tuple[str | int, object]],
    types: Sequence[type],
    kind: type,
) -> list[object]:
    """Structure each item; on mistakes go on, and raise all of them with their index."""
    done: list[object] = []
    failed: list[Exception] = []
    for (index, item), item_type in zip(items, types, strict=True):
        try:
            done.append(converter.get_structure_hook(item_type)(item, item_type))
        except (BaseValidationError, BadValueError) as error:
            error.add_note(IterableValidationNote(f"item {index!r}", index, item_type))
            failed.append(error)
            if len(failed) == FAULTY_ITEMS:
                break
    if failed:
        # pyright knows the constructor of exception groups, not cattrs' own
        raise IterableValidationError("mistakes in items", failed, kind)  # pyright: ignore[reportCallIssue]
    return done


def _is_annotated(kind: object) -> bool:
    return get_origin(kind) is Annotated


def _annotated_hook(converter: Converter, scalars: Scalars, kind: type) -> Hook:
    inner, *marks = get_args(kind)
    if inner is str and MULTILINE in marks:
        return _plain(scalars.prose)
    read = converter.get_structure_hook(inner)
    ranges = [mark for mark in marks if isinstance(mark, Range)]
    alone = ONE_OR_MORE in marks

    def hook(value: object, _: object) -> object:
        result = read((value,) if alone and isinstance(value, str) else value, inner)
        for limit in ranges:
            limit.check(result)
        return result

    return hook
