from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # the contract runs this file by itself, too

from billhook.testing import Case, PluginContract
from billhook_legal.settings import FeeDiscount, Markup, Matter
from legal.office import D, entry, expense, job


class TestContract(PluginContract):
    plugin = "legal"
    errors = Path(__file__).parents[1] / "errors" / "legal"

    def cases(self) -> Iterable[Case]:
        yield Case(name="entry", job=job(), records=(entry(),))
        yield Case(
            name="a month",
            job=job(
                matters=(Matter(id="sample", name="Berth lease", task_set="litigation"),),
                discount=FeeDiscount(percent=D(10)),
                markup=Markup(percent=D("12.5"), agreed="letter of May 4"),
                charts=True,
                tasks=True,
            ),
            records=(
                entry("1", task="L120", activity="A103"),
                entry("2", 22, billable="no-charge", reason="courtesy", task="L120"),
                entry("3", 200, on=17, by="PN", written_down_to=D(60), reason="training"),
                entry("4", 50, on=18, by="PN", write_down=D("7.77"), reason="by agreement"),
                entry("5", 50, on=19, rate=D("99.99"), rate_reason="travel"),
                entry("6", 50, billable="no"),
                expense("x1"),
                expense("x2", None, quantity=D(7), unit_price=D("0.333"), unit="mi", kind="soft"),
            ),
        )
        yield Case(
            name="days by thirds",
            job=job(
                scope="timekeeper-day",
                increment=D(10),
                group="matter",
                bill=("A", "B"),
                long_day=D(20),
            ),
            records=(
                entry("1", None, matter="A", duration="0:07:20"),
                entry("2", 12, matter="B", narrative="Quite another piece of work here"),
                entry("3", None, matter="B", hours=D("0.33"), by="PN"),
                expense("x1", matter="B", billable="no-charge", reason="overhead"),
            ),
        )

    def steps(self) -> Iterable[tuple[tuple[Case, ...], Case]]:
        early = (entry("1", 22), entry("2", 8, narrative="Quite another piece of work here"))
        late = (
            entry("3", 50, on=19, by="PN", write_down=D("7.77"), reason="by agreement"),
            expense("x1", None, quantity=D(7), unit_price=D("0.333")),
        )
        office = job(scope="timekeeper-day", increment=D(10))
        yield (
            (
                Case(name="the first half", job=office, records=early),
                Case(name="the second half", job=office, records=late),
            ),
            Case(name="the month", job=office, records=(*late, *early)),
        )
