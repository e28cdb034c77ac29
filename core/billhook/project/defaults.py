"""Filling in what only the file knows: places of tables, and the folder of relative paths."""

from __future__ import annotations

import os
import types
from collections.abc import Collection, Iterable, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Annotated, TypeVar, Union, get_args, get_origin

import attrs

from billhook.kernel.origin import Origin
from billhook.project.layers import Layers
from billhook.sources.location import KeyPath

_LISTS = (tuple, list, set, frozenset, Sequence, Collection, Iterable)
_TABLES = (dict, Mapping, MutableMapping)
_ORIGIN = "origin"


def fill(value: object, kind: object, layers: Layers, path: KeyPath) -> object:
    """Return a value with all that its type asks for and no user writes.

    A table whose class has an attribute ``origin`` gets its place, so that explanations lead to
    the line; a text whose type is `pathlib.Path` becomes an absolute path.

    Args:
        value: As it was read.
        kind: The type that it will be structured to.
        layers: Know where it stands.
        path: Its path in ``layers``.
    """
    kind = _plain(value, kind)
    if kind is Path and isinstance(value, str):
        return absolute(layers.folder(path), value)
    if isinstance(value, Mapping):
        return _filled_table(value, kind, layers, path)
    if isinstance(value, list) and _made_of(kind, _LISTS):
        types_ = _item_types(kind, len(value))
        return [
            fill(item, each, layers, (*path, index))
            for index, (item, each) in enumerate(zip(value, types_, strict=True))
        ]
    return value


def absolute(folder: Path, name: str) -> Path:
    """Return a path that a file in ``folder`` names; links are not followed."""
    return Path(os.path.normpath(folder / name))  # Path.resolve would follow links


def _filled_table(
    value: Mapping[str, object], kind: object, layers: Layers, path: KeyPath
) -> dict[str, object]:
    if _made_of(kind, _TABLES):
        inner = get_args(kind)[1]
        return {key: fill(item, inner, layers, (*path, key)) for key, item in value.items()}
    if not _is_class(kind):
        return dict(value)
    known = _field_types(kind)
    filled = {
        key: fill(item, known.get(key, object), layers, (*path, key)) for key, item in value.items()
    }
    if _ORIGIN in known and _plain(None, known[_ORIGIN]) is Origin and _ORIGIN not in filled:
        filled[_ORIGIN] = layers.origin(path)
    return filled


def _made_of(kind: object, containers: tuple[object, ...]) -> bool:
    return get_origin(kind) in containers


def _is_class(kind: object) -> bool:
    plain = get_origin(kind) or kind
    return isinstance(plain, type) and attrs.has(plain)


def _field_types(kind: object) -> dict[str, object]:
    plain = get_origin(kind) or kind
    assert isinstance(plain, type)  # noqa: S101 - see _is_class
    attrs.resolve_types(plain)
    given: dict[object, object] = dict(
        zip(getattr(plain, "__parameters__", ()), get_args(kind), strict=False)
    )
    return {field.name: _resolve(field.type, given) for field in attrs.fields(plain)}


def _resolve(kind: object, given: Mapping[object, object]) -> object:
    return given.get(kind, kind) if isinstance(kind, TypeVar) else kind


def _plain(value: object, kind: object) -> object:
    """Return the type without marks, and of several the one that the value can be meant for."""
    if get_origin(kind) is Annotated:
        return _plain(value, get_args(kind)[0])
    if get_origin(kind) not in (Union, types.UnionType):
        return kind
    choices = [_plain(value, each) for each in get_args(kind) if each is not type(None)]
    if isinstance(value, Mapping):
        choices.sort(key=lambda each: not (_is_class(each) or _made_of(each, _TABLES)))
    elif isinstance(value, list):
        choices.sort(key=lambda each: not _made_of(each, _LISTS))
    return choices[0]


def _item_types(kind: object, count: int) -> Sequence[object]:
    inner = get_args(kind)
    fixed = get_origin(kind) is tuple and len(inner) == count and inner[-1] is not Ellipsis
    return inner if fixed else (inner[0] if inner else object,) * count
