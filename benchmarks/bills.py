"""The bills that the benchmarks print: worked out by the engine, no two with the same words."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterable, Iterator
from decimal import Decimal

import attrs

from billhook import (
    Account,
    Address,
    Agreement,
    Charge,
    Contact,
    Document,
    Engine,
    Identifier,
    Job,
    Origin,
    Party,
    Rating,
    Record,
    given,
    hookimpl,
    times,
)
from billhook.builtin import tax_table
from billhook.builtin.tax_table import TaxRate, TaxTable

DAY = dt.date(2026, 6, 30)
VAT = TaxTable(rates=(TaxRate(name="VAT", percent=Decimal(19)),))
SELLER = Party(
    id="hale",
    name="Hale & Whitcombe LLP",
    address=Address(lines=("1 Court Street",), city="Boston", postcode="02108", country="US"),
    tax_ids=(Identifier("04-1234567", "EIN"),),
    contact=Contact(phone="+1 617 555 0142", email="billing@hale.example"),
    accounts=(Account(number="4401882736", bank="First Harbor Bank", routing="011000015"),),
)
BUYER = Party(
    id="acme",
    name="Acme Manufacturing Corporation",
    address=Address(
        lines=("Attn: General Counsel", "2200 Industrial Parkway"),
        city="Worcester",
        postcode="01608",
        country="US",
    ),
)
LOCALES = {"latin": "en_US", "arabic": "ar", "hindi": "hi"}
CURRENCIES = {"latin": "USD", "arabic": "EGP", "hindi": "INR"}
WORDS = {
    "latin": (
        "Telephone conference with client regarding discovery schedule; prepare notes for file.",
        (
            "Draft motion to compel and supporting memorandum of law, including review of "
            "authorities cited by opposing counsel and revision of statement of facts."
        ),
        "Review correspondence.",
        "Attend status hearing; travel to and from court.",
    ),
    "arabic": (
        "مكالمة هاتفية مع العميل بشأن الجدول الزمني وإعداد الملاحظات للملف.",
        (
            "صياغة الطلب والمذكرة القانونية المؤيدة له ومراجعة المراجع التي استشهد بها محامي الخصم "
            "وتنقيح بيان الوقائع."
        ),
        "مراجعة المراسلات.",
        "حضور الجلسة والسفر إلى المحكمة.",
    ),
    "hindi": (
        "मुवक्किल से समय-सारिणी के बारे में दूरभाष पर चर्चा और फ़ाइल के लिए टिप्पणियाँ तैयार करना।",
        (
            "आवेदन और समर्थक ज्ञापन का प्रारूप तैयार करना तथा विपक्षी अधिवक्ता द्वारा उद्धृत निर्णयों की "
            "समीक्षा करना।"
        ),
        "पत्राचार की समीक्षा।",
        "सुनवाई में उपस्थिति और न्यायालय तक यात्रा।",
    ),
}


@attrs.frozen(kw_only=True)
class Work(Record):
    """A day's work."""

    text: str
    hours: Decimal
    price: Decimal
    day: dt.date


@hookimpl
def billhook_rate(job: Job, records: Iterable[Record]) -> Rating:
    """Bill each day's work."""
    return Rating(charges=tuple(_charges(job, records)))


def _charges(job: Job, records: Iterable[Record]) -> Iterator[Charge]:
    for record in records:
        if isinstance(record, Work):
            hours = given(record.hours, "h", "work.hours", record.origin)
            price = given(record.price, f"{job.currency}/h", "work.price")
            yield Charge(
                id=record.key,
                description=record.text,
                date=record.day,
                quantity=hours,
                unit_price=price,
                amount=times(hours, price, "work.fee"),
                sources=(record.key,),
            )


def works(count: int, bill: int, script: str = "latin") -> list[Work]:
    """Return so many days' work, worded as on no other bill."""
    texts = WORDS[script]
    return [
        Work(
            key=f"{bill}-{place}",
            text=f"{bill}/{place} {texts[place % len(texts)]}",
            hours=Decimal(place % 13 + 1) / 4,
            price=Decimal(200 + (bill * 7 + place) % 90),
            day=dt.date(2026, 6, 1 + place * 29 // count),
            origin=Origin("work.csv", place + 2),
        )
        for place in range(count)
    ]


def bill_of(count: int, bill: int, script: str = "latin") -> Document:
    """Return a bill of so many lines."""
    module = types.ModuleType("work")
    module.billhook_rate = billhook_rate  # type: ignore[attr-defined]  # a plugin is any module
    engine = Engine([("work", module), ("tax_table", tax_table)])
    job = Job(
        id=f"job-{bill}",
        subject="acme-0042",
        seller=SELLER,
        buyer=BUYER,
        currency=CURRENCIES[script],
        date=DAY,
        plugins=("work", "tax_table"),
        locale=LOCALES[script],
        terms=Agreement(net_days=30),
        pockets=(VAT,),
    )
    draft = engine.draft(job, works(count, bill, script))
    if draft.invoice is None:
        raise ValueError(draft.findings)
    return Document(invoice=draft.invoice, number=f"2026-{bill:05}")
