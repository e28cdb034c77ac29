"""Classes of timekeepers: the codes of LEDES that people bear, in words."""

from __future__ import annotations

from billhook.kernel.text import Label, labels
from billhook_legal.settings import Timekeeper

_ = labels("billhook_legal")

CLASSES: dict[str, Label] = {
    "PARTNR": _("Partner"),
    "OFCOUN": _("Of counsel"),
    "ASSOC": _("Associate"),
    "TRANEE": _("Trainee"),
    "STFATT": _("Staff attorney"),
    "TEMPAT": _("Contract attorney"),
    "PARALG": _("Paralegal"),
    "LGLAST": _("Legal assistant"),
    "LGLINT": _("Legal intern"),
    "LGPRMG": _("Legal project manager"),
    "CONSLT": _("Consultant"),
    "EXPERT": _("Expert"),
}
"""The classes met most often; any other word stands as the firm writes it."""


def class_of(person: Timekeeper) -> Label | str:
    """Return a timekeeper's class as printed."""
    return person.title or CLASSES.get(person.classification, person.classification)
