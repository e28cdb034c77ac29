"""Message catalogues of the core and of plugins, with fallback to English.

A package keeps its catalogues in ``locale/<language>/LC_MESSAGES/<package>.po``.  A wheel has them
compiled; in a checkout the source is compiled in memory.
"""

from __future__ import annotations

import gettext
import importlib.resources
import importlib.util
import io
from functools import lru_cache
from importlib.resources.abc import Traversable

from billhook.i18n.locales import chain


@lru_cache(maxsize=4096)
def template_of(domain: str, msgid: str, locale: str, count: int | None) -> str:
    """Return a label's text in a locale's language, or in English, with its places unfilled.

    Args:
        domain: The package whose catalogues are asked.
        msgid: The text in English.
        locale: The locale.
        count: The number that a plural goes by, or ``None``.
    """
    for name in (*chain(locale), "en"):
        found = _lookup(load(domain, name), msgid, count)
        if found is not None:
            return found
    return msgid


@lru_cache(maxsize=4096)
def rule_words(domain: str, text: str, locale: str) -> str | None:
    """Return words of a package's rules in a locale's language, or ``None`` where it has none."""
    for name in chain(locale):
        catalogue = load(domain, name)
        found = "" if catalogue is None else catalogue.pgettext(RULE, text)
        if found:
            return found
    return None


def _lookup(
    catalogue: gettext.NullTranslations | None, msgid: str, count: int | None
) -> str | None:
    if catalogue is None:
        return None
    number = _FRACTION if count is None else count
    plural = catalogue.ngettext(msgid, _MISSING, number)
    if plural != _MISSING and (plural != msgid or number != 1):
        return plural
    single = catalogue.gettext(msgid)
    return single if single != msgid else None


RULE = "rule"
"""The context of the words of rules in a catalogue: ``tax`` there is not the label ``Tax``."""

CONTEXT_MARK = "\x04"
"""Stands between context and words in gettext's binary form; a label has no context."""

_MISSING = ""
_FRACTION = 100
"""The count whose plural form a label without a whole number takes."""


# ── catalogues ───────────────────────────────────────────────────────────────


def languages(domain: str = "billhook") -> tuple[str, ...]:
    """Return the languages that a package has catalogues of, English included."""
    folder = _folder(domain)
    if folder is None or not folder.is_dir():
        return ("en",)
    names = {entry.name for entry in folder.iterdir() if (entry / "LC_MESSAGES").is_dir()}
    return tuple(sorted(names | {"en"}))


@lru_cache(maxsize=1024)
def load(domain: str, language: str) -> gettext.NullTranslations | None:
    """Return a package's catalogue of one language, or ``None`` where it has none."""
    folder = _folder(domain)
    if folder is None:
        return None
    place = folder / language / "LC_MESSAGES"
    compiled, source = place / f"{domain}.mo", place / f"{domain}.po"
    if source.is_file():
        return _open(compile_po(source.read_bytes()))
    return _open(compiled.read_bytes()) if compiled.is_file() else None


def _open(binary: bytes) -> gettext.NullTranslations:
    catalogue = gettext.GNUTranslations(io.BytesIO(binary))
    catalogue.add_fallback(_Nothing())
    return catalogue


class _Nothing(gettext.NullTranslations):
    """Says that the words of a rule are not there, instead of giving them back."""

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002 -- gettext's own names
        return _MISSING


def compile_po(source: bytes) -> bytes:
    """Return a catalogue's source in gettext's binary form, without what is marked fuzzy."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    binary = io.BytesIO()
    write_mo(binary, read_po(io.BytesIO(source), abort_invalid=True))
    return binary.getvalue()


@lru_cache(maxsize=256)
def _folder(domain: str) -> Traversable | None:
    """Return a package's ``locale`` folder without running the package's code.

    A domain may come from an archived document; so nothing is imported for its sake.
    """
    spec = importlib.util.find_spec(domain) if domain.isidentifier() else None
    if spec is None or spec.submodule_search_locations is None:
        return None
    return importlib.resources.files(importlib.util.module_from_spec(spec)) / "locale"
