"""The job: what to bill, to whom, on which day, by which plugins."""

from __future__ import annotations

import datetime as dt
from typing import Literal, TypeVar

import attrs

from billhook.kernel.figure import Figure, given
from billhook.kernel.money import POLICIES, Policy, find_currency
from billhook.kernel.origin import Origin
from billhook.kernel.text import Period, Text
from billhook.model.adjustment import Share
from billhook.model.exchange import ExchangeRate
from billhook.model.invoice import Opening, Reference
from billhook.model.party import Party
from billhook.model.source import Source
from billhook.model.terms import Agreement

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Job:
    """Everything that the computation depends on; there is no clock and no environment.

    Attributes:
        id: Short id, unique in the project.
        subject: What history is kept of: a contract, a case, an account.
        seller: Who bills.
        buyer: Who is billed.
        currency: ISO 4217 code.
        date: Invoice date.
        plugins: The plugins that take part, in the order they are asked.
        period: The days that are billed; ``None`` bills every record.
        payer: Who pays, when it is not the buyer.
        deliver_to: Where the work was done or delivered.
        tax_point: Tax point date, if not the invoice date.
        policy: How amounts are rounded.
        terms: The agreed terms of payment.
        type_code: Document type of UNTDID 1001.
        title: The printed title; empty takes the type's own name.
        locale: Locale of the printed document.
        references: Orders, contracts, earlier documents.
        notes: Words to be printed.
        sources: Where the records are.
        follows: Id of the job whose bill comes before this one; empty when none is named.
        split: The payers' shares, unless a plugin says others.
        nil: Make a document also when there is nothing to bill.
        opening: What was billed elsewhere: the job opens the account of its subject.
        pockets: The plugins' settings, typed objects; see `settings`.
        corrected: Keys of records that were billed and corrected since: they are not billed again.
        separate: Keys of records that look like billed ones and are other work.
        prices_in: Currency of the prices, when it is another: what comes of them is converted.
        prices_include_tax: The amounts that plugins name include tax, which is taken out of them.
        tax_by_day: Each line is taxed as its class was on the line's own day; without a day, on the
            tax point.
        exchange: The rates that amounts in other currencies are converted by.
        late: What becomes of work before the period that no bill has: ``leave`` it, for somebody
            to look at, or ``bill`` it with the period.
        each: What the job stands for, when its file stands for many: ``legal.matter``.
        origin: The job's own file.
    """

    id: str
    subject: str
    seller: Party
    buyer: Party
    currency: str
    date: dt.date
    plugins: tuple[str, ...] = ()
    period: Period | None = None
    payer: Party | None = None
    deliver_to: Party | None = None
    tax_point: dt.date | None = None
    policy: Policy = POLICIES["standard"]
    terms: Agreement = attrs.field(factory=Agreement)
    type_code: str = "380"
    title: Text = ""
    locale: str = "en_US"
    references: tuple[Reference, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[Source, ...] = attrs.field(default=(), eq=False)
    follows: str = ""
    nil: bool = False
    split: tuple[Share, ...] = ()
    opening: Opening | None = None
    pockets: tuple[object, ...] = ()
    corrected: tuple[str, ...] = ()
    separate: tuple[str, ...] = ()
    prices_in: str = ""
    prices_include_tax: bool = False
    tax_by_day: bool = False
    exchange: tuple[ExchangeRate, ...] = ()
    late: Literal["leave", "bill"] = "leave"
    each: str = ""
    origin: Origin | None = attrs.field(default=None, eq=False)

    def __attrs_post_init__(self) -> None:
        find_currency(self.currency)
        if self.prices_in:
            find_currency(self.prices_in)

    def settings(self, kind: type[T]) -> T:
        """Return a plugin's settings; its defaults when the job has none.

        Raises:
            LookupError: The job has no such settings and they cannot all be defaulted.
        """
        for pocket in self.pockets:
            if isinstance(pocket, kind):
                return pocket
        try:
            return kind()
        except TypeError as error:
            raise LookupError(f"job {self.id!r} has no {kind.__name__}") from error

    def takes(self, day: dt.date) -> bool:
        """Return whether work of a day belongs to this bill: in its period, or late for it."""
        if self.period is None:
            return True
        return day in self.period or (self.late == "bill" and day < self.period.first)

    @property
    def bills(self) -> int:
        """For how many bills it stands: one, unless it opens an account."""
        return self.opening.bills if self.opening else 1

    def zero(self, rule: str) -> Figure:
        """Return nothing, in the job's currency."""
        return given(find_currency(self.currency).step * 0, self.currency, rule)
