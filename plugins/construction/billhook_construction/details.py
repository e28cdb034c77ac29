"""Details stored with a line of the bill."""

from __future__ import annotations

from typing import Literal

import attrs

from billhook.kernel.figure import Figure
from billhook.model.adjustment import LinePart
from billhook_construction.settings import TaxBase


@attrs.frozen(kw_only=True)
class Withheld:
    """A movement of the retainage.

    Attributes:
        of: On work or on stored material.
        tax_class: The class of the rows that it is held of.
        amount: Held more than before; negative is paid back.
        rate: Percent held.
        parts: What of it falls on each row that is billed, by the id of its line; none where rows
            that are not billed have parts too.
        settles: The tax base under which it was held before, when the contract's tax base has
            changed since: this movement takes the old retainage off the books as it was taxed.
    """

    of: Literal["work", "stored"]
    tax_class: str
    amount: Figure
    rate: Figure
    parts: tuple[LinePart, ...] = ()
    settles: TaxBase | None = None


@attrs.frozen(kw_only=True)
class WorkDetail:
    """The progress behind a line.

    Attributes:
        item: Item number; empty on a line that only carries a release.
        percent: Work completed to date, without stored material.
        work: Work completed in this period.
        stored: Change of the material stored.
        note: Words for the reader.
        withheld: The bill's movements of retainage; they stand on its first line, because they
            belong to the whole bill and adjustments are made from lines.
    """

    item: str = ""
    percent: Figure | None = None
    work: Figure
    stored: Figure
    note: str = ""
    withheld: tuple[Withheld, ...] = ()
