"""Charges: what a plugin makes of records, before the whole bill is worked out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.figure import MOST_DECIMALS, Figure, total
from billhook.kernel.money import EXACT
from billhook.kernel.origin import Origin
from billhook.kernel.text import Label, Period, Text
from billhook.model.validators import SPARSE, demand, demand_each, demand_keys, demand_set

_figure = demand(Figure)
_perhaps = demand(Figure, type(None))
_words = demand(str, Label)


def _by_key(counts: Mapping[str, Figure]) -> Mapping[str, Figure]:
    if not isinstance(counts, Mapping):
        raise TypeError(f"Charge.counts needs a mapping, got {type(counts).__name__}")
    for figure in counts.values():
        if not isinstance(figure, Figure):
            raise TypeError(f"Charge.counts needs Figure, got {type(figure).__name__}")
    return dict(sorted(counts.items()))


@attrs.frozen(kw_only=True)
class LineAdjustment:
    """A price change on one line (EN 16931, BG-27 and BG-28, which repeat).

    Attributes:
        amount: Negative is an allowance, positive a surcharge (BT-136, BT-141).
        reason: Why (BT-139, BT-144).
        code: Reason code of UNCL5189 or UNCL7161 (BT-140, BT-145).
    """

    amount: Figure = attrs.field(validator=_figure)
    reason: Text = attrs.field(default="", validator=_words)
    code: str | None = attrs.field(default=None, validator=demand(str, type(None)))


@attrs.frozen(kw_only=True)
class Charge:
    """One amount of a bill (EN 16931, BG-25).

    Attributes:
        id: Unique in the bill and stable from run to run: ``time-1f0c``, ``item-3``.
        description: What it is for (BT-153, BT-154).
        amount: What it comes to; the core rounds it by the job's policy (BT-131).
        quantity: How much was billed (BT-129), with its unit.
        unit_price: Price of one unit (BT-146), unit like ``USD/h``.
        gross: The amount before the line's own adjustment, if it has one.
        adjustment: Price change on the line: negative is a write-down (BG-27, BG-28).
        adjustment_reason: Why (BT-139, BT-144).
        adjustments: The price changes, where a line has several, or a reason code; ``adjustment``
            is then their sum.
        date: Day of the work.
        period: Or its days (BG-26).
        tax_class: The class that `billhook_tax` is asked about.
        tags: What adjustments may pick by: ``fee``, ``expense``, ``labour``.
        group: Lines of one group stand together with a subtotal.
        sources: Keys of the records billed here; of a record that is billed in parts, its key,
            ``~`` and the part: ``meter:88~closing``.
        part: Which part of its records is billed: two charges may share a record only under
            different parts (``linehaul``, ``fuel``).
        claims: Keys that are no records, which one living document can claim: the fee of a month
            (``fee:M-17:2026-06``), a stage.  A charge with neither records nor claims claims
            itself: its subject, job, id and period.
        recurs: Whether a charge without records and claims stands on every bill of its job.
        counts: What it adds to accumulators, by key: ``{"legal.units:EH:2026-06-03": figure}``;
            see `History.count`.
        detail: The plugin's own typed facts for its sections.

    Raises:
        TypeError: An amount is no `Figure`, or a text is none: said where a plugin makes it.
        ValueError: Quantity or price has more decimals than can be printed, the adjustment is
            another than the adjustments come to, or a key of a claim or count has no name before
            a colon.
    """

    id: str = attrs.field(validator=demand(str))
    description: Text = attrs.field(validator=_words)
    amount: Figure = attrs.field(validator=_figure)
    quantity: Figure | None = attrs.field(default=None, validator=_perhaps)
    unit_price: Figure | None = attrs.field(default=None, validator=_perhaps)
    gross: Figure | None = attrs.field(default=None, validator=_perhaps)
    adjustment: Figure | None = attrs.field(default=None, validator=_perhaps)
    adjustment_reason: Text = attrs.field(default="", validator=_words)
    adjustments: tuple[LineAdjustment, ...] = attrs.field(
        default=(), validator=demand_each(LineAdjustment)
    )
    date: dt.date | None = attrs.field(default=None, validator=demand(dt.date, type(None)))
    period: Period | None = attrs.field(default=None, validator=demand(Period, type(None)))
    tax_class: str = attrs.field(default="standard", validator=demand(str))
    tags: frozenset[str] = attrs.field(default=frozenset(), validator=demand_set(str))
    group: Text = attrs.field(default="", validator=_words)
    sources: tuple[str, ...] = attrs.field(default=(), validator=demand_each(str))
    part: str = attrs.field(default="", validator=demand(str))
    claims: tuple[str, ...] = attrs.field(default=(), validator=[demand_each(str), demand_keys])
    recurs: bool = attrs.field(default=False, validator=demand(bool), metadata={SPARSE: True})
    counts: Mapping[str, Figure] = attrs.field(
        factory=dict, converter=_by_key, validator=demand_keys, hash=False, metadata={SPARSE: True}
    )
    detail: object | None = None

    def __attrs_post_init__(self) -> None:
        for name in ("quantity", "unit_price"):
            figure: Figure | None = getattr(self, name)
            if figure is not None and is_too_fine(figure):
                raise ValueError(
                    f"Charge.{name} has more than {MOST_DECIMALS} decimals: round it by a rule"
                )
        if self.adjustments and self.adjustment is not None:
            changes = total((each.amount for each in self.adjustments), "core.line.adjustment")
            if changes.value != self.adjustment.value:
                raise ValueError(
                    f"Charge.adjustment is {self.adjustment.value}, but its adjustments add "
                    f"up to {changes.value}"
                )


def claims_of(charge: Charge, subject: str, job: str, period: Period | None) -> tuple[str, ...]:
    """Return the keys beside its records that a charge of a bill claims.

    One that names neither records nor claims claims itself, so that the same job bills it once
    for a period, whatever the date of the bill.
    """
    if charge.claims or charge.sources or charge.recurs:
        return charge.claims
    days = charge.period or period
    return (f"charge:{subject}:{job}:{charge.id}" + (f":{days}" if days else ""),)


def is_too_fine(figure: Figure) -> bool:
    """Return whether a quantity or price has more decimals than can be printed."""
    exponent = figure.value.normalize(EXACT).as_tuple().exponent
    return isinstance(exponent, int) and exponent < -MOST_DECIMALS


@attrs.frozen
class Skip:
    """A record that is not billed here, and why.

    Attributes:
        key: Key of the record.
        reason: The reason, in words for the biller.
        origin: Where the record stands.
        consumed: Whether the bill claims the record all the same: it is included in a fee, worth
            nothing by itself, and never comes back.
        own: Whether the record belongs to the job's subject.  A bill names no others: of those
            only the draft and the run's report speak.
    """

    key: str = attrs.field(validator=demand(str))
    reason: Text = attrs.field(validator=_words)
    origin: Origin | None = attrs.field(default=None, eq=False)
    consumed: bool = attrs.field(
        default=False, kw_only=True, validator=demand(bool), metadata={SPARSE: True}
    )
    own: bool = attrs.field(
        default=False, kw_only=True, validator=demand(bool), metadata={SPARSE: True}
    )


@attrs.frozen(kw_only=True)
class Rating:
    """A plugin's answer to `billhook_rate`.

    Attributes:
        charges: The amounts.
        skipped: Records that are not billed, each with its reason.
        state: What the next document of the subject depends on, the plugin's typed pocket.
        findings: What could not be rated; an error stops the bill.
    """

    charges: tuple[Charge, ...] = attrs.field(default=(), validator=demand_each(Charge))
    skipped: tuple[Skip, ...] = attrs.field(default=(), validator=demand_each(Skip))
    state: object | None = None
    findings: tuple[Diagnostic, ...] = attrs.field(default=(), validator=demand_each(Diagnostic))
