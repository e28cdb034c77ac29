"""Owners: the subject and the customer that a record of work belongs to."""

from __future__ import annotations

import datetime as dt

import attrs

from billhook.kernel.text import Text
from billhook.model.validators import demand


@attrs.frozen(kw_only=True)
class Owner:
    """The subject and the customer of a record, as its plugin reads it.

    Attributes:
        kind: Kind of the subject in the trade's words: ``legal.matter``, ``freight.account``.
        subject: Its id, as the record has it; empty when the record does not say.
        customer: Id of the customer, as far as the settings tell; empty when they do not.
        day: The day that decides about the period; ``None`` while there is none, as for a
            shipment that is on its way.
        excluded: Why the record is never billed, and needs nobody's care: it is marked so.
    """

    kind: str = attrs.field(validator=demand(str))
    subject: str = attrs.field(default="", validator=demand(str))
    customer: str = attrs.field(default="", validator=demand(str))
    day: dt.date | None = attrs.field(default=None, validator=demand(dt.date, type(None)))
    excluded: Text = ""

    @property
    def noun(self) -> str:
        """The kind without its plugin: ``account``."""
        return self.kind.rpartition(".")[2]
