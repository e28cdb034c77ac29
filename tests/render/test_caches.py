"""A process that prints for years does not grow: what is kept has a bound."""

from __future__ import annotations

import importlib
import pkgutil
import types
from collections.abc import Iterator

import billhook.i18n
import billhook.render

FINITE = {
    "billhook.i18n.units.affixes": "locales of CLDR, its units and plural categories",
    "billhook.i18n.units.name": "locales of CLDR and its units",
    "billhook.render.pdf.writer.fpdf_private._srgb": "one profile",
    "billhook.render.pdf.writer.font_files.list_packaged_fonts": "the installed packages",
    "billhook.render.pdf.writer.line_breaking._piece": "one pattern",
    "billhook.render.theme.theme_of": "billhook's own themes",
}
"""What needs no bound, for callers cannot make its keys up."""


def modules() -> Iterator[types.ModuleType]:
    for package in (billhook.i18n, billhook.render):
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


def caches() -> dict[str, int | None]:
    """Return how much each cached function keeps at most."""
    return {
        f"{kept.__module__}.{kept.__qualname__}": kept.cache_parameters()["maxsize"]
        for module in modules()
        for kept in vars(module).values()
        if hasattr(kept, "cache_parameters")
    }


def test_what_is_kept_by_words_of_callers_has_a_bound():
    found = caches()

    assert {name for name, most in found.items() if most is None} == set(FINITE)
    assert len(found) > len(FINITE)
