"""Sample bills, worked out by the engine with a tiny plugin of the tests' own."""

from __future__ import annotations

import datetime as dt
import types
from decimal import Decimal as D

import attrs

from billhook import (
    Account,
    Address,
    Adjustment,
    AdjustmentKind,
    Agreement,
    Charge,
    Contact,
    Document,
    EarlyPayment,
    Engine,
    Figure,
    Identifier,
    Job,
    Origin,
    Party,
    Percentage,
    PercentBase,
    Period,
    Portioning,
    Rating,
    Record,
    Reference,
    Stage,
    UpTo,
    given,
    hookimpl,
    less,
    times,
)
from billhook.blocks import (
    Chart,
    ChartKind,
    ChartSeries,
    Column,
    Note,
    Orientation,
    Pairs,
    RowStyle,
    Section,
    Signature,
    Slot,
    Table,
    TableRow,
)
from billhook.builtin import tax_table
from billhook.builtin.tax_table import TaxRate, TaxTable

DAY = dt.date(2026, 6, 30)


@attrs.frozen(kw_only=True)
class Work(Record):
    """A day's work."""

    text: str
    hours: D
    price: D
    day: dt.date
    group: str = ""
    tax_class: str = "standard"
    cut: D | None = None
    reason: str = ""


@attrs.frozen(kw_only=True)
class Deal:
    """What is agreed on the whole bill."""

    discount: D = D(0)
    held: D = D(0)
    fund: D = D(0)
    more: int = 0


def _rate(job, records):
    return Rating(charges=tuple(_charge(record, job.currency) for record in records.of(Work)))


def _charge(work, currency):
    hours = given(work.hours, "h", "sample.hours", work.origin)
    price = given(work.price, f"{currency}/h", "sample.rate")
    fee = times(hours, price, "sample.fee")
    facts = {} if work.cut is None else _cut(work, fee, currency)
    return Charge(
        id=work.key.rpartition(":")[2],
        description=work.text,
        date=work.day,
        quantity=hours,
        unit_price=price,
        amount=facts.pop("amount", fee),
        group=work.group,
        tax_class=work.tax_class,
        sources=(work.key,),
        **facts,
    )


def _cut(work, fee, currency):
    cut = given(work.cut, currency, "sample.cut")
    return {
        "gross": fee,
        "adjustment": given(-work.cut, currency, "sample.cut"),
        "adjustment_reason": work.reason,
        "amount": less(fee, cut, rule="sample.reduced"),
    }


def _adjust(job, charges):
    deal = job.settings(Deal)
    unit = job.currency
    rate = lambda value: given(value, "%", "sample.percent")  # noqa: E731
    if deal.discount:
        yield Adjustment(
            id="discount",
            label="Courtesy discount",
            stage=Stage.BEFORE_TAX,
            kind=AdjustmentKind.ALLOWANCE,
            amount=Percentage(rate(deal.discount)),
        )
    if deal.held:
        yield Adjustment(
            id="held",
            label="Security",
            stage=Stage.AFTER_TAX,
            kind=AdjustmentKind.WITHHELD,
            amount=Percentage(rate(deal.held), PercentBase.RUNNING),
        )
    if deal.fund:
        yield Adjustment(
            id="fund",
            label="Paid from your deposit",
            stage=Stage.AFTER_TAX,
            kind=AdjustmentKind.SETTLED,
            amount=UpTo(given(deal.fund, unit, "sample.fund")),
            order=200,
        )
    for place in range(deal.more):
        yield Adjustment(
            id=f"extra-{place}",
            label=f"Extra {place}",
            stage=Stage.BEFORE_TAX,
            kind=AdjustmentKind.SURCHARGE,
            amount=given(D("1.25") + place, unit, "sample.extra"),
        )


def plugin() -> types.ModuleType:
    """Return the plugin."""
    module = types.ModuleType("sample")
    module.billhook_rate = hookimpl(_renamed(_rate, "billhook_rate"))
    module.billhook_adjust = hookimpl(_renamed(_adjust, "billhook_adjust"))
    return module


def _renamed(function, name):
    function.__name__ = name
    return function


SELLERS = {
    "en_US": Party(
        id="hale",
        name="Hale & Whitcombe LLP",
        address=Address(
            lines=("1 Court Street", "Suite 400"),
            city="Boston",
            region="MA",
            postcode="02108",
            country="US",
        ),
        tax_ids=(Identifier("04-1234567", "EIN"),),
        contact=Contact(name="Accounts", phone="+1 617 555 0142", email="billing@hale.example"),
        website="hale.example",
        accounts=(
            Account(
                number="4401882736",
                name="Hale & Whitcombe LLP",
                bank="First Harbor Bank",
                routing="011000015",
            ),
        ),
    ),
    "de_DE": Party(
        id="brandt",
        name="Brandt & Söhne Ingenieure GmbH",
        address=Address(lines=("Lindenstraße 14",), city="Köln", postcode="50674", country="DE"),
        legal_id=Identifier("HRB 48213"),
        tax_ids=(Identifier("DE123456788", "VAT"),),
        contact=Contact(phone="+49 221 5550 142", email="rechnung@brandt.example"),
        accounts=(
            Account(number="DE89370400440532013000", bank="Rheinbank Köln", bic="COBADEFFXXX"),
        ),
    ),
    "ar": Party(
        id="nour",
        name="شركة النور للاستشارات",
        address=Address(lines=("شارع التحرير 12",), city="القاهرة", postcode="11511", country="EG"),
        tax_ids=(Identifier("123-456-789"),),
        contact=Contact(phone="+20 2 1234-5678", email="info@nour.example"),
        accounts=(Account(number="EG380019000500000000263180002", bank="بنك النيل"),),
    ),
}

BUYERS = {
    "en_US": Party(
        id="acme",
        name="Acme Manufacturing Corporation",
        address=Address(
            lines=("Attn: General Counsel", "2200 Industrial Parkway"),
            city="Worcester",
            region="MA",
            postcode="01608",
            country="US",
        ),
        reference="PO 77-1182",
    ),
    "de_DE": Party(
        id="stadt",
        name="Stadtwerke Musterhausen AöR",
        address=Address(lines=("Am Markt 1",), city="Musterhausen", postcode="12345", country="DE"),
        tax_ids=(Identifier("DE987654321", "VAT"),),
    ),
    "ar": Party(
        id="ahram",
        name="Acme Ltd.",
        address=Address(lines=("شارع الهرم 7",), city="الجيزة", postcode="12511", country="EG"),
    ),
}

CURRENCIES = {"en_US": "USD", "de_DE": "EUR", "ar": "EGP"}

NARRATIVES = (
    "Telephone conference with client regarding discovery schedule; prepare notes for file.",
    (
        "Draft motion to compel and supporting memorandum of law, including review of "
        "authorities cited by opposing counsel and revision of statement of facts."
    ),
    "Review correspondence.",
    "Attend status hearing before Judge Ortega; travel to and from court.",
    "Prepare and revise second set of interrogatories and requests for production of documents.",
)

VAT = TaxTable(
    rates=(
        TaxRate(name="VAT", percent=D(19)),
        TaxRate(tax_class="low", name="VAT", percent=D(7)),
        TaxRate(tax_class="none", category="E", reason="Exempt under § 4 No. 21 UStG"),
        TaxRate(tax_class="outside", category="O", reason="Not subject to sales tax"),
    )
)


def works(count: int, *, groups: int = 0, classes: tuple[str, ...] = ("standard",)) -> list[Work]:
    """Return so many days' work."""
    return [
        Work(
            key=f"sample.work:{place}",
            text=NARRATIVES[place % len(NARRATIVES)],
            hours=D(place % 13 + 1) / 4,
            price=(D("250.00"), D("325.50"), D("410.00"))[place % 3],
            day=dt.date(2026, 6, 1) + dt.timedelta(days=place * 29 // max(1, count)),
            group=f"Phase {place * groups // count + 1}" if groups else "",
            tax_class=classes[place % len(classes)],
            origin=Origin("work.csv", place + 2),
        )
        for place in range(count)
    ]


def document(
    records: list[Work],
    *,
    locale: str = "en_US",
    deal: Deal | None = None,
    number: str | None = "2026-031",
    terms: Agreement | None = None,
    taxes: TaxTable = VAT,
    digest: str = "",
    **facts: object,
) -> Document:
    """Return a document worked out by the engine."""
    engine = Engine([("sample", plugin()), ("tax_table", tax_table)])
    job = Job(
        id="job",
        subject="acme-0042",
        seller=SELLERS[locale],
        buyer=BUYERS[locale],
        currency=CURRENCIES[locale],
        date=DAY,
        plugins=("sample", "tax_table"),
        period=Period(dt.date(2026, 6, 1), DAY),
        locale=locale,
        terms=terms or Agreement(net_days=30),
        pockets=(taxes, deal or Deal()),
        **facts,
    )
    return Document(invoice=engine.draft(job, records).invoice, number=number, digest=digest)


def small(locale: str = "en_US") -> Document:
    """Return a bill of three lines, one of them written down and one at no charge."""
    first, second, third = works(3)
    records = [
        attrs.evolve(first, text=NARRATIVES[0]),
        attrs.evolve(second, cut=D("50.25"), reason="Agreed cap"),
        attrs.evolve(third, cut=D("307.50"), reason="courtesy"),
    ]
    return document(records, locale=locale, references=(Reference(kind="order", number="77-1182"),))


def rich() -> Document:
    """Return a bill with everything: groups, tax rates, discount, security, deposit, terms."""
    return document(
        works(12, groups=3, classes=("standard", "low", "none")),
        locale="de_DE",
        deal=Deal(discount=D(5), held=D(10), fund=D(500)),
        terms=Agreement(
            net_days=30,
            discounts=(EarlyPayment(percent=D(2), days=10),),
            text="Please state the number of the bill with your payment.",
        ),
        notes=("Delivered in June 2026 as agreed.",),
        digest="3f2a9c41d0b7" + "0" * 52,
    )


def instalments() -> Document:
    """Return a bill payable in three parts."""
    parts = (
        Portioning(percent=D(30), days=10),
        Portioning(percent=D(30), days=40),
        Portioning(days=70),
    )
    return document(works(4), terms=Agreement(instalments=parts))


def money(value: str, unit: str = "USD"):
    """Return a given amount."""
    return given(D(value), unit, "sample.money")


def sections() -> tuple[Section, ...]:
    """Return sections of every slot and block."""
    return (
        Section(
            slot=Slot.BEFORE_LINES,
            title="Summary",
            blocks=(
                Note(
                    "For professional services rendered through June 30, 2026, in the matter of "
                    "Acme Manufacturing Corporation against Blackstone Supply."
                ),
                Pairs(
                    (
                        ("Contract sum", money("120000.00")),
                        ("Changes", money("-2500.00")),
                        ("Contract sum to date", money("117500.00")),
                    ),
                    strong=frozenset({2}),
                ),
            ),
        ),
        Section(
            slot=Slot.AFTER_TOTALS,
            title="Progress",
            blocks=(
                chart(ChartKind.STACKED),
                chart(ChartKind.PROGRESS),
                Signature(("Signature of the contractor", "Date")),
            ),
        ),
        landscape(8),
    )


def chart(kind: ChartKind) -> Chart:
    """Return a chart of a kind."""
    values = (("12500.00", "14200.50", "9800.00"), ("3000.00", "2500.00", "4100.25"))
    whole = (("20000.00", "15000.00", "9800.00"),)
    chosen = (values[0], *whole) if kind is ChartKind.PROGRESS else values
    names = ("Done", "Whole") if kind is ChartKind.PROGRESS else ("Fees", "Expenses")
    return Chart(
        title="By phase",
        kind=kind,
        categories=("Phase 1", "Phase 2", "Phase 3"),
        series=tuple(
            ChartSeries(name, tuple(money(value) for value in row))
            for name, row in zip(names, chosen, strict=True)
        ),
    )


def landscape(count: int) -> Section:
    """Return a wide sheet with carried columns."""
    columns = (
        Column("No."),
        Column("Description of work", width=1),
        Column("Scheduled value", carry=True),
        Column("From previous"),
        Column("This period", carry=True),
        Column("Stored"),
        Column("Completed to date", carry=True),
        Column("%"),
        Column("Balance"),
    )
    rows = tuple(
        TableRow(
            (
                f"{place + 1:03}",
                f"Division {place + 1}: concrete, formwork and reinforcement",
                money("12500.00"),
                money("2500.00"),
                money("1250.50"),
                money("0.00"),
                money("3750.50"),
                given(D("30.00"), "%", "sample.done"),
                money("8749.50"),
            )
        )
        for place in range(count)
    )
    total = TableRow(
        ("", "Total", money(f"{12500 * count}.00"), money(f"{2500 * count}.00")), RowStyle.TOTAL
    )
    return Section(
        slot=Slot.SHEET,
        title="Continuation sheet",
        orientation=Orientation.LANDSCAPE,
        blocks=(Table(columns, (*rows, total)),),
    )


def printed(figures: dict[str, Figure]):
    """Yield the figures that every rendering of a bill shows: what is zero may be left out."""
    hidden = ("totals.", "adjustments.", "taxes.")
    shown = ("totals.lines", "totals.payable", "totals.gross")
    for name, figure in figures.items():
        if (
            name in shown
            or (name.startswith("totals.") and figure.value)
            or not name.startswith(hidden)
            or figure.value
        ):
            yield name, figure


def shown(figure: Figure, locale: str) -> str:
    """Return a figure's digits as a document of a locale has them, without sign and unit."""
    from billhook.i18n.numbers import formatter
    from billhook.kernel.money import find_currency

    numbers = formatter(locale)
    money = figure.unit.partition("/")[0]
    if len(money) == 3 and money.isupper():
        return numbers.quantity(abs(figure.value), find_currency(money).minor)
    return numbers.quantity(abs(figure.value))
