"""The example's month, against an arithmetic of its own: whole tenths and cents, from the CSV."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from billhook.explain.rules import catalogue
from billhook.explain.tree import Node, explain
from billhook.project.project import load_project
from billhook.render import render
from billhook.testing import assert_replays

ROOT = Path(__file__).parents[2] / "examples" / "legal"
GOLDEN = Path(__file__).parent / "golden"
JOBS = ("june@2026-0114", "june@2026-0131")


def worked_out(name: str):
    loaded = load_project(ROOT).job(ROOT / "jobs" / f"{name}.toml")
    assert loaded.job is not None, [str(finding) for finding in loaded.findings]
    return loaded, loaded.engine.draft(loaded.job, loaded.records)


def rows(file: str, matter: str) -> list[dict[str, str]]:
    with (ROOT / "records" / file).open(encoding="utf-8", newline="") as lines:
        return [
            row
            for row in csv.DictReader(lines)
            if row["matter"] == matter and row["date"].startswith("2026-06")
        ]


def tenths(minutes: int) -> int:
    return -(-minutes // 6)


def expenses(matter: str) -> Decimal:
    return sum(
        (
            Decimal(row["amount"] or "0")
            + Decimal(row["quantity"] or "0") * Decimal(row["unit_price"] or "0")
            for row in rows("expenses.csv", matter)
        ),
        Decimal(0),
    )


def rate(row: dict[str, str]) -> Decimal:
    if row["rate"]:
        return Decimal(row["rate"])
    associate = 345 if row["date"] < "2026-06-15" else 365
    partner = 540 if row["matter"] == "2026-0131" else 595
    return Decimal({"EH": partner, "DW": 520, "PN": associate, "TO": 165}[row["timekeeper"]])


def test_the_litigation_bill_is_the_sum_of_its_entries_less_a_tenth() -> None:
    fees = Decimal(0)
    for row in rows("time.csv", "2026-0114"):
        if not row["billable"]:
            minutes = int(row["written_down_to"] or row["minutes"])
            fees += tenths(minutes) * rate(row) / 10
    _, draft = worked_out("june@2026-0114")
    totals = draft.invoice.totals

    assert totals.allowances.value == (fees / 10).quantize(Decimal("0.01"))
    assert totals.payable.value == fees - totals.allowances.value + expenses("2026-0114")


def test_the_purchase_bill_rounds_each_lawyers_day_once() -> None:
    days: dict[tuple[str, str], int] = defaultdict(int)
    price = {}
    for row in rows("time.csv", "2026-0131"):
        days[row["timekeeper"], row["date"]] += int(row["minutes"])
        price[row["timekeeper"], row["date"]] = rate(row)
    fees = sum((tenths(minutes) * price[day] / 10 for day, minutes in days.items()), Decimal(0))
    _, draft = worked_out("june@2026-0131")

    assert draft.invoice.totals.payable.value == fees + expenses("2026-0131")


@pytest.mark.parametrize("name", JOBS)
def test_the_example_has_no_findings_and_every_figure_replays(name) -> None:
    loaded, draft = worked_out(name)

    assert [str(finding) for finding in (*loaded.findings, *draft.findings)] == []
    assert_replays(draft.invoice)


def test_every_record_is_on_one_bill_or_left_out_for_a_reason_of_its_own() -> None:
    drafts = [worked_out(name)[1] for name in JOBS]
    billed = [record.key for draft in drafts for record in draft.invoice.records]
    reasons = defaultdict(set)
    for draft in drafts:
        for skip in draft.skipped:
            reasons[skip.key.rpartition(":")[2]].add(str(skip.reason))
    never = {
        key: said for key, said in reasons.items() if not any(each.endswith(key) for each in billed)
    }

    assert len(billed) == len(set(billed))
    assert never == {
        "T-2636": {"marked as not billable"},
        "T-2667": {"2026-07-01 is outside the period billed"},
    }


@pytest.mark.parametrize("name", JOBS)
def test_the_printed_bill(name, golden) -> None:
    loaded, draft = worked_out(name)
    document = draft.document
    text = render(document, loaded.engine.sections(document), "text", loaded.print)

    golden.check(GOLDEN / name / "expected.txt", text.decode())


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("june@2026-0114", "time-T-2609"),
        ("june@2026-0114", "time-T-2625"),
        ("june@2026-0114", "time-T-2637"),
        ("june@2026-0131", "time-T-2613"),
    ],
)
def test_how_a_line_explains_itself(name, line, golden) -> None:
    _, draft = worked_out(name)
    tree = explain(draft.figure(f"lines.{line}"), catalogue("billhook_legal"))

    golden.check(GOLDEN / name / f"expected.{line}.txt", "".join(told(tree)))


def told(node: Node, depth: int = 0):
    figure = node.figure
    place = f"  [{figure.origin}]" if figure.origin else ""
    facts = "".join(f"; {name}: {value}" for name, value in figure.params)
    yield f"{'  ' * depth}{figure.value} {figure.unit}  {node.rule.title}{facts}{place}\n"
    for step in node.steps:
        yield from told(step, depth + 1)
