"""The words for what is held back: some countries say retainage, others retention."""

from __future__ import annotations

from decimal import Decimal

import attrs

from billhook.kernel.text import Label, labels
from billhook_construction.settings import Wording

_ = labels("billhook_construction")


@attrs.frozen(kw_only=True)
class RetainageWords:
    """The labels that have the word in them.

    Attributes:
        column: Head of the column.
        work: Held of work.
        stored: Held of stored material.
        both: Held all told.
        earned: Earned less what is held.
        balance: Balance to finish with what is held.
        held_work: Line of the bill: held of work.
        held_stored: Line of the bill: held of stored material.
        back_work: Line of the bill: paid back of that on work.
        back_stored: Line of the bill: paid back of that on stored material.
    """

    column: Label
    work: Label
    stored: Label
    both: Label
    earned: Label
    balance: Label
    held_work: Label
    held_stored: Label
    back_work: Label
    back_stored: Label

    def movement(self, pot: str, rate: Decimal, amount: Decimal) -> Label:
        """Return the label of a movement on the bill."""
        label: Label = getattr(self, f"{'back' if amount < 0 else 'held'}_{pot}")
        return attrs.evolve(label, params=(("rate", rate),)) if amount > 0 else label


_RETAINAGE = RetainageWords(
    column=_("Retainage"),
    work=_("Retainage on completed work"),
    stored=_("Retainage on stored material"),
    both=_("Total retainage"),
    earned=_("Earned less retainage"),
    balance=_("Balance to finish, with retainage"),
    held_work=_("Retainage on completed work, {rate}%"),
    held_stored=_("Retainage on stored material, {rate}%"),
    back_work=_("Retainage on completed work, paid back"),
    back_stored=_("Retainage on stored material, paid back"),
)

_RETENTION = RetainageWords(
    column=_("Retention"),
    work=_("Retention on completed work"),
    stored=_("Retention on stored material"),
    both=_("Total retention"),
    earned=_("Earned less retention"),
    balance=_("Balance to finish, with retention"),
    held_work=_("Retention on completed work, {rate}%"),
    held_stored=_("Retention on stored material, {rate}%"),
    back_work=_("Retention on completed work, paid back"),
    back_stored=_("Retention on stored material, paid back"),
)


def words(wording: Wording) -> RetainageWords:
    """Return the labels of a wording."""
    return _RETENTION if wording == "retention" else _RETAINAGE
