"""The explanation of an amount as text, for programs."""

from __future__ import annotations

from billhook.engine import Engine
from billhook.explain.narration import draw, narrate
from billhook.explain.rule_text import ENGLISH
from billhook.explain.rules import catalogue
from billhook.i18n.localizer import localizer_of
from billhook.kernel.figure import Figure


def explain_amount(
    figure: Figure, engine: Engine, *, locale: str | None = None, depth: int | None = None
) -> str:
    """Return the explanation of an amount as a tree of lines, as `billhook explain` prints it.

    Args:
        figure: The amount: a line's, a total, or any other figure of a draft or document.
        engine: The plugins that calculated it; they have the wording of their rules.
        locale: Language of the text and format of the numbers; ``None`` is plain English.
        depth: How many levels to show below the first; ``None`` shows all.

    Raises:
        ValueError: The locale is unknown.
    """
    rules = catalogue(*(each.info.package for each in engine.plugins if each.info.package))
    localizer = ENGLISH if locale is None else localizer_of(locale)
    return "\n".join(draw(narrate(figure, rules, localizer=localizer), depth=depth))
