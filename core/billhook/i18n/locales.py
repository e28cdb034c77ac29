"""Locale identifiers: ``de_CH`` and ``de-CH`` are the same, and a small mistake is found early."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale


@cache
def babel_locale(identifier: str) -> Locale:
    """Return Babel's locale of an identifier such as ``de_CH``.

    A territory that CLDR does not have for a language is dropped: ``fr_US`` is French.

    Raises:
        ValueError: The identifier is not well formed, or the language is unknown.
    """
    from babel import Locale, UnknownLocaleError

    parts = identifier.replace("-", "_").split("_")
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


@cache
def chain(identifier: str) -> tuple[str, ...]:
    """Return where translations are looked for: ``('de_CH', 'de')`` for ``de_CH``.

    Another script is another language to a reader: ``zh_TW`` does not fall back to ``zh``.
    """
    locale = babel_locale(identifier)
    language = _MACRO.get(locale.language, locale.language)
    names = [str(locale), f"{language}_{locale.script}", language]
    if locale.script not in (None, _usual_script(language)):
        names.pop()
    return tuple(dict.fromkeys(names if locale.script else (names[0], names[-1])))


_MACRO = {"no": "nb"}
"""Languages whose catalogue bears another name."""


def _usual_script(language: str) -> str | None:
    from babel.core import get_global

    likely = str(get_global("likely_subtags").get(language, ""))
    return next((part for part in likely.split("_") if len(part) == len("Latn")), None)


def territory(identifier: str) -> str | None:
    """Return the territory of a locale as ISO 3166-1 alpha-2 code, or ``None``."""
    return babel_locale(identifier).territory
