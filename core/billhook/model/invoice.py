"""The invoice: every fact of one bill, copied, so that nothing outside can change it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs

from billhook.kernel.figure import Figure
from billhook.kernel.money import Policy
from billhook.kernel.origin import Origin
from billhook.kernel.text import Period, Text
from billhook.model.adjustment import Applied
from billhook.model.charge import Charge, Skip
from billhook.model.party import Party
from billhook.model.tax import TaxLine
from billhook.model.terms import Terms


@attrs.frozen(kw_only=True)
class Reference:
    """A reference to another document.

    Attributes:
        kind: ``preceding`` (BG-3), ``order`` (BT-13), ``contract`` (BT-12), ``project`` (BT-11),
            ``despatch`` (BT-16), or a plugin's own word.
        number: Its number.
        date: Its date.
        label: How to call it in print; empty takes the kind's own name.
    """

    kind: str
    number: str
    date: dt.date | None = None
    label: Text = ""


@attrs.frozen(kw_only=True)
class Line(Charge):
    """One line of the bill (BG-25): a charge whose amounts are on the currency's grid."""


@attrs.frozen(kw_only=True)
class Totals:
    """The totals, each a figure that explains itself.

    Attributes:
        lines: Sum of the lines (BT-106).
        allowances: Allowances before tax (BT-107).
        surcharges: Surcharges before tax (BT-108).
        held: Withheld before tax: it reduces the tax base, and is owed later.
        net: lines − allowances + surcharges − held (BT-109).
        tax: Tax charged (BT-110).
        gross: net + tax (BT-112).
        tax_withheld: Tax that the buyer keeps and pays to the authority.
        withheld: Withheld after tax, owed later.
        settled: Paid already (BT-113).
        rounding: Cash rounding (BT-114).
        payable: gross − tax_withheld − withheld − settled + rounding (BT-115).
    """

    lines: Figure
    allowances: Figure
    surcharges: Figure
    held: Figure
    net: Figure
    tax: Figure
    gross: Figure
    tax_withheld: Figure
    withheld: Figure
    settled: Figure
    rounding: Figure
    payable: Figure


@attrs.frozen
class PluginUse:
    """A plugin that took part, with the version that ran."""

    name: str
    version: str


@attrs.frozen
class Billed:
    """A record that this bill claims.

    Attributes:
        key: Key of the record.
        content: SHA-256 of the record's values, to tell later whether it was changed.
        origin: Where it stood.
    """

    key: str
    content: str = ""
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen
class State:
    """Plugin state that the next document depends on, in the plugin's own type."""

    plugin: str
    value: object


@attrs.frozen(kw_only=True)
class Opening:
    """Opening balance: amounts billed elsewhere before the first bill of an account.

    Attributes:
        bills: How many bills it stands for: 6 when the next one is the seventh.
        net: What they came to before tax, as it stands in the books; compared with what the
            records come to.
        owed: What is not paid of them yet, tax included.
    """

    bills: int = 1
    net: Decimal | None = None
    owed: Decimal = Decimal(0)

    def __attrs_post_init__(self) -> None:
        if self.bills < 1:
            raise ValueError(f"an opening stands for {self.bills} bills; expected 1 or more")


@attrs.frozen(kw_only=True)
class Invoice:
    """One bill, whole.

    Attributes:
        type_code: Document type of UNTDID 1001: 380 invoice, 381 credit note, 875 … (BT-3).
        title: The printed title; empty takes the type's own name.
        job: Id of the job it was made from.
        subject: What history is kept of: a contract, a case, an account.
        seller: BG-4.
        buyer: BG-7.
        payer: Who pays, when it is not the buyer.
        deliver_to: BG-13.
        currency: ISO 4217 code (BT-5).
        date: Invoice date (BT-2).
        tax_point: Tax point date, if another (BT-7).
        period: Invoicing period (BG-14).
        locale: Locale of the printed document.
        lines: BG-25.
        adjustments: Amounts on the whole bill (BG-20, BG-21, withheld, settled).
        taxes: Tax breakdown (BG-23).
        totals: BG-22.
        terms: BT-9, BT-20.
        references: Orders, contracts, preceding documents.
        notes: BT-22, the user's own words.
        states: What the plugins keep for the next document.
        policy: How it was rounded.
        plugins: Who took part.
        records: The records that it claims.
        skipped: The records that were looked at and not billed.
        opening: What it stands for, when it is no bill but the opening of an account.
    """

    type_code: str = "380"
    title: Text = ""
    job: str
    subject: str
    seller: Party
    buyer: Party
    payer: Party | None = None
    deliver_to: Party | None = None
    currency: str
    date: dt.date
    tax_point: dt.date | None = None
    period: Period | None = None
    locale: str = "en_US"
    lines: tuple[Line, ...]
    adjustments: tuple[Applied, ...] = ()
    taxes: tuple[TaxLine, ...] = ()
    totals: Totals
    terms: Terms
    references: tuple[Reference, ...] = ()
    notes: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    policy: Policy
    plugins: tuple[PluginUse, ...] = ()
    records: tuple[Billed, ...] = ()
    skipped: tuple[Skip, ...] = ()
    opening: Opening | None = None
