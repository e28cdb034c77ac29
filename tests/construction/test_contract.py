"""What every plugin must pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import billhook_construction.plugin
from billhook import History
from billhook.testing import Case, PluginContract
from billhook_construction.settings import Contract
from construction.site import Site, change, d, entry, row


def site() -> Site:
    return Site(
        schedule=[
            row("1", "12345.67", group="Groundworks"),
            row("2", "5000.00", group="Frame", tax_class="other"),
            row("3", unit="m3", quantity=d(40), unit_price=d("18.125"), group="Groundworks"),
        ],
        changes=[
            change("CO-1", 250, date=dt.date(2026, 1, 20), description="Gate"),
            change("CO-2", 90, "pending"),
        ],
        contract=Contract(
            project="Hall",
            retainage_work=d(10),
            retainage_stored=d(5),
            tax_on="net_of_retainage",
            chart=True,
        ),
        vat=d(20),
    )


def case(name: str, contract: Site, *entries: object) -> Case:
    return Case(
        name=name,
        job=contract.job(),
        records=tuple(contract.records(entries)),
        history=History(contract.documents),
    )


class TestContract(PluginContract):
    plugin = billhook_construction.plugin
    errors = Path(__file__).parents[1] / "errors" / "construction"

    def cases(self) -> Iterator[Case]:
        yield case(
            "the first application",
            site(),
            entry("1", percent="12.5"),
            entry("2", stored=700),
            entry("3", quantity="10.5"),
        )
        later = site()
        later.apply(entry("1", percent="12.5"), entry("2", stored=700))
        yield case(
            "the second application",
            later,
            entry("1", percent=25),
            entry("2", amount=700, stored=0),
            entry("CO-1", percent=100),
            entry("3", quantity=0),
        )

    def steps(self) -> Iterator[tuple[tuple[Case, ...], Case]]:
        months = (
            (entry("1", percent="12.5"), entry("2", stored=700)),
            (entry("1", percent="33.3"), entry("2", amount="1234.56", stored=200)),
            (entry("1", percent="87.5"), entry("3", quantity="10.5"), entry("CO-1", percent=50)),
        )
        contract, steps = site(), []
        for number, month in enumerate(months, 1):
            steps.append(case(f"application {number}", contract, *month))
            if number < len(months):
                contract.apply(*month)
        at_once = (
            *months[2],
            entry("2", amount="1234.56", stored=200),
        )
        records = tuple(contract.records(at_once))
        yield tuple(steps), Case(name="all at once", job=contract.job(), records=records)
