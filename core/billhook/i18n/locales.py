"""Locale identifiers: ``de_CH`` and ``de-CH`` are the same, and a small mistake is found early."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale


_FORM = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", re.ASCII)


@lru_cache(maxsize=1024)
def babel_locale(identifier: str) -> Locale:
    """Return Babel's locale of an identifier such as ``de_CH``.

    A territory that CLDR does not have for a language is dropped: ``fr_US`` is French.

    Raises:
        ValueError: The identifier is not well formed, or the language is unknown.
    """
    from babel import Locale, UnknownLocaleError

    parts = identifier.replace("-", "_").split("_") if _FORM.fullmatch(identifier) else []
    while parts:
        try:
            return Locale.parse("_".join(parts))
        except UnknownLocaleError:
            parts.pop()
        except ValueError:
            break
    raise ValueError(f"expected a locale such as 'de_CH' or 'en_US', got {identifier!r}")


def is_locale(identifier: str) -> bool:
    """Return whether `babel_locale` knows the identifier."""
    try:
        babel_locale(identifier)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1024)
def chain(identifier: str) -> tuple[str, ...]:
    """Return where translations are looked for, by CLDR's inheritance.

    ``es_MX`` inherits from ``es_419``, then from ``es``; ``zh_TW`` is of another script than ``zh``
    and does not inherit from it.
    """
    from babel.core import get_global

    parents = get_global("parent_exceptions")
    names = []
    name = str(babel_locale(identifier))
    while name and name != "root":
        names.append(_MACRO.get(name, name))
        name = parents.get(name) or _parent(name)
    return tuple(dict.fromkeys(names))


def _parent(name: str) -> str:
    """Return the next more general name, unless it is written in another script."""
    parent, _, last = name.rpartition("_")
    return "" if len(last) == _SCRIPT and last != _usual_script(parent) else parent


def _usual_script(language: str) -> str | None:
    from babel.core import get_global

    likely = str(get_global("likely_subtags").get(language, ""))
    return next((part for part in likely.split("_") if len(part) == _SCRIPT), None)


_SCRIPT = len("Latn")


_MACRO = {"no": "nb"}
"""Languages whose catalogue bears another name."""


def territory(identifier: str) -> str | None:
    """Return the territory of a locale as ISO 3166-1 alpha-2 code, or ``None``."""
    return babel_locale(identifier).territory
