"""Amounts on the whole bill, as three independent facts: stage, kind and amount."""

from __future__ import annotations

import enum
from collections.abc import Mapping

import attrs

from billhook.kernel.figure import Figure
from billhook.kernel.text import Label, Text
from billhook.model.party import Party
from billhook.model.validators import (
    SPARSE,
    demand,
    demand_each,
    demand_keys,
    demand_percentage,
    demand_set,
)


class Stage(enum.StrEnum):
    """Stage of an adjustment: before tax, changing the tax base, or after it."""

    BEFORE_TAX = "before-tax"
    AFTER_TAX = "after-tax"


class AdjustmentKind(enum.StrEnum):
    """Kind of an adjustment, in the books and in EN 16931.

    ``ALLOWANCE`` (BG-20) and ``SURCHARGE`` (BG-21) change the price; ``WITHHELD`` is earned and
    owed later; ``SETTLED`` is paid already (BT-113); ``ROUNDING`` is cash rounding (BT-114).
    """

    ALLOWANCE = "allowance"
    SURCHARGE = "surcharge"
    WITHHELD = "withheld"
    SETTLED = "settled"
    ROUNDING = "rounding"


ADDS = frozenset({AdjustmentKind.SURCHARGE, AdjustmentKind.ROUNDING})
"""The kinds that make the payable amount larger; the others make it smaller."""


class PercentBase(enum.StrEnum):
    """Base of a percentage."""

    CHARGES = "charges"
    RUNNING = "running"


@attrs.frozen
class Percentage:
    """A percentage, worked out by the core.

    Attributes:
        rate: Figure of unit ``%``.
        of: The charges, or what they have come to so far.
        tags: Only charges that bear one of these tags; empty means all.
        before: With ``RUNNING``: what they came to before the adjustments of this ``order`` and
            later ones; ``None`` counts every adjustment worked out so far.
    """

    rate: Figure = attrs.field(validator=demand_percentage)
    of: PercentBase = attrs.field(default=PercentBase.CHARGES, validator=demand(PercentBase))
    tags: frozenset[str] = attrs.field(default=frozenset(), validator=demand_set(str))
    before: int | None = attrs.field(default=None, validator=demand(int, type(None)))


@attrs.frozen
class Excess:
    """Amount of charges above a limit: the allowance that makes a cap.

    Attributes:
        limit: What they may come to; one below nothing counts as nothing.  A cap on several bills
            gives the agreed sum less what `History.count` has come to.
        tags: Only charges that bear one of these tags; empty means all.
        before: What they came to before the adjustments of this ``order`` and later ones; ``None``
            counts every adjustment worked out so far.
    """

    limit: Figure = attrs.field(validator=demand(Figure))
    tags: frozenset[str] = attrs.field(default=frozenset(), validator=demand_set(str))
    before: int | None = attrs.field(default=None, validator=demand(int, type(None)))


@attrs.frozen
class Shortfall:
    """Amount by which charges fall short of a minimum: the surcharge that makes a floor.

    Attributes:
        limit: What they shall come to at least.
        tags: As of an `Excess`.
        before: As of an `Excess`.
    """

    limit: Figure = attrs.field(validator=demand(Figure))
    tags: frozenset[str] = attrs.field(default=frozenset(), validator=demand_set(str))
    before: int | None = attrs.field(default=None, validator=demand(int, type(None)))


@attrs.frozen
class UpTo:
    """Amount drawn from a fund, such as a retainer or deposit, limited by the bill."""

    fund: Figure = attrs.field(validator=demand(Figure))


@attrs.frozen
class LinePart:
    """The part of an amount that falls on one line, exact and unrounded.

    Attributes:
        line: Id of the line.
        amount: The part, in the sense of the amount that it is a part of.
    """

    line: str = attrs.field(validator=demand(str))
    amount: Figure = attrs.field(validator=demand(Figure))


@attrs.frozen(kw_only=True)
class Adjustment:
    """An amount on the whole bill, as a plugin asks for it.

    Attributes:
        id: Unique in the bill; with ``order`` it fixes the sequence of calculation.
        label: What it is, as printed (BT-97, BT-104).
        stage: Before or after tax.
        kind: Allowance, surcharge, withheld, settled or rounding.
        amount: The magnitude.  Positive in the sense of its kind: an allowance of 5 reduces by 5;
            a negative withheld amount is a release.
        at_least: What it comes to at least: 5 percent, but no less than 25.00.
        at_most: What it comes to at most.
        order: Lower is worked out first; ties go by ``id``, never by plugin order.
        tax_class: Before tax: the class whose base it moves; ``None`` leaves each part with the
            class of its line.
        lines: Ids of the charges that it applies to; empty means those with the percentage's
            tags, those of ``tax_class`` for a sum, or all.
        bases: The part of each charge that it applies to, if not the whole charge; a
            percentage is taken of these amounts, a sum is divided in proportion to them.
        code: Reason code of UNCL5189 or UNCL7161 (BT-98, BT-105).
        counts: The accumulators that its amount adds to, with the sign it has in the total: a
            discount makes what was billed under a cap smaller.  See `Charge.counts`.
        claims: Keys that are no records, which one living document can claim: a voucher, the
            minimum of a month.  An adjustment of which a key is claimed already is left out.
        alone: A surcharge that is billed also where there is nothing else to bill: it is then the
            bill's only line.  It claims a key, so that it never comes twice.

    Raises:
        TypeError: A value is of another type: said where a plugin makes it.
        ValueError: The stage does not suit the kind: a price change has its place before tax,
            settlement and rounding after it (EN 16931, BR-CO-13 and BR-CO-16); or the least amount
            is more than the most; or what may stand alone is no surcharge or claims nothing.
    """

    id: str = attrs.field(validator=demand(str))
    label: Text = attrs.field(validator=demand(str, Label))
    stage: Stage = attrs.field(validator=demand(Stage))
    kind: AdjustmentKind = attrs.field(validator=demand(AdjustmentKind))
    amount: Figure | Percentage | Excess | Shortfall | UpTo = attrs.field(
        validator=demand(Figure, Percentage, Excess, Shortfall, UpTo)
    )
    at_least: Figure | None = attrs.field(default=None, validator=demand(Figure, type(None)))
    at_most: Figure | None = attrs.field(default=None, validator=demand(Figure, type(None)))
    order: int = attrs.field(default=100, validator=demand(int))
    tax_class: str | None = attrs.field(default=None, validator=demand(str, type(None)))
    code: str | None = attrs.field(default=None, validator=demand(str, type(None)))
    lines: tuple[str, ...] = attrs.field(default=(), validator=demand_each(str))
    bases: tuple[LinePart, ...] = attrs.field(default=(), validator=demand_each(LinePart))
    counts: tuple[str, ...] = attrs.field(default=(), validator=[demand_each(str), demand_keys])
    claims: tuple[str, ...] = attrs.field(default=(), validator=[demand_each(str), demand_keys])
    alone: bool = attrs.field(default=False, validator=demand(bool))

    def __attrs_post_init__(self) -> None:
        price = self.kind in {AdjustmentKind.ALLOWANCE, AdjustmentKind.SURCHARGE}
        late = self.kind in {AdjustmentKind.SETTLED, AdjustmentKind.ROUNDING}
        if (price and self.stage is Stage.AFTER_TAX) or (late and self.stage is Stage.BEFORE_TAX):
            raise ValueError(f"{self.id}: a {self.kind} cannot stand {self.stage}")
        if self.alone and (self.kind is not AdjustmentKind.SURCHARGE or not self.claims):
            raise ValueError(
                f"{self.id}: an adjustment that stands alone must be a surcharge that claims a key"
            )
        if (
            self.at_least is not None
            and self.at_most is not None
            and self.at_least.exact > self.at_most.exact
        ):
            least, most = self.at_least.value, self.at_most.value
            raise ValueError(f"{self.id}: at least {least} is more than at most {most}")


@attrs.frozen
class Portion:
    """The part of an adjustment that falls on one tax class."""

    tax_class: str
    amount: Figure


@attrs.frozen(kw_only=True)
class Applied:
    """An adjustment as it was worked out: a plain, rounded figure.

    Attributes:
        base: Base of a percentage (BT-93, BT-100).
        rate: The percentage (BT-94, BT-101).
        portions: Before tax: the amount by tax class; they add up to it.
        parts: The exact parts by line; their sum, rounded, is the amount.  Documents sealed before
            there were parts have none.
        counts: What it adds to accumulators, by key.
        claims: The keys that it claims.
    """

    id: str
    label: Text
    stage: Stage
    kind: AdjustmentKind
    amount: Figure
    base: Figure | None = None
    rate: Figure | None = None
    portions: tuple[Portion, ...] = ()
    code: str | None = None
    parts: tuple[LinePart, ...] = ()
    counts: Mapping[str, Figure] = attrs.field(factory=dict, hash=False, metadata={SPARSE: True})
    claims: tuple[str, ...] = attrs.field(default=(), metadata={SPARSE: True})


@attrs.frozen
class Share:
    """Share of a bill borne by one payer.

    Attributes:
        payer: Who pays.
        weight: The payer's weight on every charge.
        weights: Other weights for single charges, by charge id.

    Raises:
        ValueError: A weight is below nothing.
    """

    payer: Party = attrs.field(validator=demand(Party))
    weight: Figure = attrs.field(validator=demand(Figure))
    weights: tuple[tuple[str, Figure], ...] = ()

    def __attrs_post_init__(self) -> None:
        if any(weight.value < 0 for weight in (self.weight, *dict(self.weights).values())):
            raise ValueError(f"{self.payer.id}: a weight is negative")

    def of(self, charge_id: str) -> Figure:
        """Return the weight on a charge."""
        return dict(self.weights).get(charge_id, self.weight)
