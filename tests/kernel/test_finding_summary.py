from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import attrs

from billhook import Charge, Diagnostic, Origin, Rating, Record, Records, hookimpl
from billhook.kernel.diagnostics import Severity
from billhook.kernel.figure import given
from billhook.kernel.finding_summary import sum_up
from billhook.testing import Inline, sample_engine, sample_job


def found(number: int, **changes: object) -> Diagnostic:
    origin = Origin("time.csv", number, 3)
    message = f"expected a number, got 'x{number}'"
    return attrs.evolve(Diagnostic("BH106", message, origin=origin, path="hours"), **changes)


def test_from_the_sixth_on_findings_of_one_kind_are_one() -> None:
    told = sum_up(found(number) for number in range(1, 1001))

    assert [each.origin.line for each in told if each.origin] == [1, 2, 3, 4, 5, 6]
    assert told[-1].message == (
        "995 more like this one, in rows 6 to 1000: expected a number, got 'x6'"
    )


def test_other_codes_columns_files_and_severities_are_other_kinds() -> None:
    several = [
        each
        for number in range(1, 7)
        for each in (
            found(number),
            found(number, code="BH112"),
            found(number, path="date"),
            found(number, origin=Origin("other.csv", number)),
            found(number, severity=Severity.WARNING),
        )
    ]

    assert sum_up(several) == tuple(several)


def test_the_index_of_an_item_and_the_cell_of_a_sheet_make_no_other_kind() -> None:
    items = [found(n, path=f"entries[{n}].hours") for n in range(1, 20)]
    cells = [found(n, path=f"June!B{n}: hours") for n in range(1, 20)]

    assert len(sum_up(items)) == 6
    assert len(sum_up(cells)) == 6


def test_rows_without_a_line_are_summed_up_without_saying_which() -> None:
    told = sum_up(
        found(n, origin=Origin("time.xlsx", path=f"row {n}: hours")) for n in range(1, 21)
    )

    assert told[-1].message == "15 more like this one: expected a number, got 'x6'"


def test_findings_without_a_place_are_told_one_by_one() -> None:
    several = [Diagnostic("BH201", f"plugin {number} is not installed") for number in range(20)]

    assert sum_up(several) == tuple(several)


def test_summing_up_twice_changes_nothing() -> None:
    once = sum_up(found(number) for number in range(1, 100))

    assert sum_up(once) == once


@attrs.frozen(kw_only=True)
class Row(Record):
    """A row."""


def test_what_a_plugin_finds_in_every_row_is_summed_up_in_the_draft() -> None:
    @hookimpl
    def rate(records: Records) -> Rating:
        amount = given(Decimal("1.00"), "USD", "rows.price")
        keys = [record.key for record in records]
        return Rating(
            charges=tuple(
                Charge(id=key, description=key, amount=amount, sources=(key,)) for key in keys
            )
        )

    @hookimpl
    def check() -> Iterator[Diagnostic]:
        for number in range(300):
            yield found(number + 2, code="ROW101", severity=Severity.WARNING)

    engine = sample_engine(Inline(billhook_rate=rate, billhook_check=check))
    rows = [Row(key=str(number), origin=Origin("time.csv", number + 2)) for number in range(300)]
    draft = engine.draft(sample_job(), rows)

    assert [each.code for each in draft.findings] == ["ROW101"] * 6
    assert "295 more like this one" in draft.findings[-1].message
