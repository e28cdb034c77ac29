"""What is printed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from billhook import Figure, Label
from billhook.blocks import Chart, Orientation, Pairs, RowStyle, Section, Slot, Table, TableRow
from billhook.explain.rules import catalogue
from billhook.kernel.figure import graph
from billhook_construction.events import Released
from billhook_construction.settings import Contract
from construction.site import ENGINE, Site, change, d, entry, row

PACKAGE = Path(__file__).parents[2] / "plugins/construction/billhook_construction"


def site() -> Site:
    return Site(
        schedule=[
            row("1.1", 1000, group="Groundworks"),
            row("1.2", 500, group="Groundworks"),
            row("2.1", 2000, group="Frame"),
            row("9", 60, change_order="CO-1"),
            row("10", 40, change_order="CO-1"),
        ],
        changes=[
            change("CO-1", 100, description="Gate", date=dt.date(2026, 1, 20)),
            change("CO-2", -30, description="No fence", date=dt.date(2026, 2, 20)),
            change("CO-3", 700, "pending", description="Porch"),
        ],
        contract=Contract(
            contract="C-7",
            project="Hall",
            certifier="A. Rey",
            retainage_work=d(5),
            retainage_stored=d(3),
            chart=True,
        ),
    )


def shown(contract: Site) -> dict[Slot, Section]:
    return {section.slot: section for section in ENGINE.sections(contract.documents[-1])}


def texts(section: Section) -> list[str]:
    return [str(text) for text in _texts(section)]


def _texts(value: object) -> Iterator[Label | str]:
    if isinstance(value, Label | str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Section | Table | TableRow | Pairs):
        for name in value.__attrs_attrs__:
            yield from _texts(getattr(value, name.name))


def two_months() -> Site:
    contract = site()
    contract.apply(entry("1.1", percent=50), entry("2.1", stored=800, note="On site, insured"))
    contract.apply(entry("1.1", percent=80), entry("9", percent=100))
    return contract


def test_the_summary_leads_from_the_contract_sum_to_the_payment() -> None:
    found = shown(two_months())[Slot.BEFORE_LINES].blocks[0]

    assert isinstance(found, Pairs)
    pairs = [(str(name), str(v.value)) for name, v in found.items if isinstance(v, Figure)]
    # Work 800 + 60, stored 800; held 5 % of 860 and 3 % of 800.
    assert pairs == [
        ("Contract sum before changes", "3500.00"),
        ("Approved changes", "70.00"),
        ("Contract sum with changes", "3570.00"),
        ("Completed and stored to date", "1660.00"),
        ("Retainage on completed work", "43.00"),
        ("Retainage on stored material", "24.00"),
        ("Total retainage", "67.00"),
        ("Earned less retainage", "1593.00"),
        ("Previous certificates", "1251.00"),
        ("Due for this application", "342.00"),
        ("Balance to finish, with retainage", "1977.00"),
    ]
    assert found.strong == {9}


def test_the_sheet_is_landscape_with_groups_subtotals_and_a_total() -> None:
    sheet = shown(two_months())[Slot.SHEET]
    table = sheet.blocks[0]

    assert sheet.orientation is Orientation.LANDSCAPE
    assert isinstance(table, Table)
    found = [
        (each.style.value, *(str(getattr(cell, "value", cell)) for cell in each.cells[:7]))
        for each in table.rows
    ]
    assert found == [
        ("group", "Groundworks"),
        ("normal", "1.1", "Work 1.1", "1000.00", "500.00", "300.00", "0.00", "800.00"),
        ("normal", "1.2", "Work 1.2", "500.00", "0.00", "0.00", "0.00", "0.00"),
        ("subtotal", "", "Total of Groundworks", "1500.00", "500.00", "300.00", "0.00", "800.00"),
        ("group", "Frame"),
        ("normal", "2.1", "Work 2.1", "2000.00", "0.00", "0.00", "800.00", "800.00"),
        ("subtotal", "", "Total of Frame", "2000.00", "0.00", "0.00", "800.00", "800.00"),
        ("group", "Change orders"),
        ("normal", "9", "CO-1: Work 9", "60.00", "0.00", "60.00", "0.00", "60.00"),
        ("normal", "10", "CO-1: Work 10", "40.00", "0.00", "0.00", "0.00", "0.00"),
        ("normal", "CO-2", "No fence", "-30.00", "0.00", "0.00", "0.00", "0.00"),
        ("subtotal", "", "Total of Change orders", "70.00", "0.00", "60.00", "0.00", "60.00"),
        ("total", "", "Total", "3570.00", "500.00", "360.00", "800.00", "1660.00"),
    ]
    assert all(len(each.cells) in {1, len(table.columns)} for each in table.rows)
    assert [column.carry for column in table.columns].count(True) == 7


def test_change_orders_are_told_apart_by_when_they_counted() -> None:
    after = shown(two_months())[Slot.AFTER_TOTALS]

    found = [text for text in texts(after) if text]
    assert found.index("In earlier applications") < found.index("CO-1")
    assert found.index("CO-1") < found.index("In this application") < found.index("CO-2")
    assert found.index("Not approved, not in the contract sum") < found.index("CO-3")


def test_drafts_and_rejected_change_orders_are_not_shown_to_the_client() -> None:
    contract = site()
    contract.changes += [
        change("CO-7", 100, "draft", description="Our own idea"),
        change("CO-8", 200, "rejected", description="Turned down"),
        change("CO-9", 300, "pending", description="Still talked about"),
    ]
    contract.apply(entry("1.1", percent=50))

    found = [text for text in texts(shown(contract)[Slot.AFTER_TOTALS]) if text]

    assert "CO-9" in found
    assert {"CO-7", "CO-8"}.isdisjoint(found)


def test_a_deduction_not_taken_yet_makes_no_percentage_of_its_group() -> None:
    contract = Site(
        schedule=[row("1", 1000, group="Frame")],
        changes=[change("CO-1", 300), change("CO-2", -200)],
        contract=Contract(chart=True),
    )
    contract.apply(entry("1", percent=50), entry("CO-1", percent=100))
    before = _percents(contract)
    contract.apply(entry("1", percent=60), entry("CO-2", percent=100))

    # 300 of 300 and 0 of -200 are no 300 % of 100; all of both is all of it
    assert before == (["50.00", "50.00", "100.00", "0.00", None, "72.73"], ["Frame"])
    assert _percents(contract)[0][-2:] == ["100.00", "63.64"]
    assert _percents(contract)[1] == ["Frame", "Change orders"]


def _percents(contract: Site) -> tuple[list[str | None], list[str]]:
    sections = shown(contract)
    table = sections[Slot.SHEET].blocks[0]
    chart = next(each for each in sections[Slot.AFTER_TOTALS].blocks if isinstance(each, Chart))
    assert isinstance(table, Table)
    cells = [each.cells[7] for each in table.rows if each.style is not RowStyle.GROUP]
    values = [str(cell.value) if isinstance(cell, Figure) else None for cell in cells]
    return values, [str(each) for each in chart.categories]


def test_a_note_stands_below_its_row() -> None:
    contract = site()
    contract.apply(entry("2.1", stored=800, note="On site, insured"))
    table = shown(contract)[Slot.LINES].blocks[0]

    assert isinstance(table, Table)
    assert [each.style for each in table.rows] == [RowStyle.GROUP, RowStyle.NORMAL, RowStyle.NOTE]
    assert table.rows[2].cells[1] == "On site, insured"


def test_the_wording_may_be_retention() -> None:
    contract = site()
    contract.set(wording="retention")
    contract.apply(entry("1.1", percent=50))
    sections = shown(contract)

    said = " ".join(text for section in sections.values() for text in texts(section))
    labels = [str(each.label) for each in contract.documents[-1].invoice.adjustments]
    assert "Retention" in said
    assert "etainage" not in said
    assert labels == ["Retention on completed work, 5%"]


def test_no_wording_is_of_a_copyrighted_form() -> None:
    words = [
        path.read_text(encoding="utf-8")
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix in {".py", ".toml", ".po"}
    ]
    marks = r"\bAIA\b|\bG70[23]\b|EJCDC|Architect's Certificate"
    titles = r"(?i:continuation sheet|application and certificate|contract sum to date)"

    assert not re.search(f"{marks}|{titles}", "\n".join(words))


def test_every_rule_of_the_state_and_the_sections_stands_in_the_catalogue() -> None:
    contract = two_months()
    rules = catalogue("billhook_construction")
    figures = [
        *_figures(contract.documents[-1].invoice.states),
        *_figures(tuple(ENGINE.sections(contract.documents[-1]))),
    ]

    used = {node.rule for node in graph(*figures)}
    assert len(used) > 20
    assert used - rules.keys() == set()


def _figures(value: object) -> Iterator[Figure]:
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _figures(item)
    else:
        for field in getattr(value, "__attrs_attrs__", ()):
            yield from _figures(getattr(value, field.name))


def test_every_rule_of_the_catalogue_is_used() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))

    unused = {
        rule for rule in own_rules() if f'"{rule}"' not in source and not re.search(PATTERNS, rule)
    }
    assert unused == set()


PATTERNS = (
    r"^construction\.(column\.|retainage\.(work|stored)|withheld\.|certified\.(work|stored)$)"
)


def own_rules() -> set[str]:
    return {rule for rule in catalogue("billhook_construction") if rule.startswith("construction.")}


def test_releases_are_shown_with_their_reasons() -> None:
    contract = site()
    contract.apply(entry("1.1", percent=100))
    contract.events.append(
        Released(
            subject="sample",
            at=dt.date(2026, 2, 3),
            by="owner",
            reason="Section 1 taken over",
            percent=d(50),
        )
    )
    contract.apply(entry("1.2", percent=100))

    table = next(
        block
        for block in shown(contract)[Slot.AFTER_TOTALS].blocks
        if isinstance(block, Table) and str(block.title) == "Retainage"
    )
    (cells,) = [each.cells for each in table.rows]
    assert cells[:2] == (dt.date(2026, 2, 3), "Section 1 taken over")
    assert isinstance(cells[2], Figure)
    assert cells[2].value == 50
    assert cells[3] is None
