from __future__ import annotations

import decimal
from decimal import Decimal as D
from pathlib import Path

import attrs
import pytest

from billhook import (
    Charge,
    Diagnostic,
    Document,
    Engine,
    History,
    Invoice,
    Job,
    LookupRecord,
    Origin,
    PluginInfo,
    Rating,
    Record,
    Records,
    RefusedError,
    Severity,
    Skip,
    given,
    hookimpl,
)
from billhook.builtin import tax_table
from billhook.testing import Inline, sample_job


@attrs.frozen(kw_only=True)
class Entry(Record):
    amount: D = D("10.00")


@attrs.frozen(kw_only=True)
class PriceList(LookupRecord):
    pass


def entry(key: str, line: int = 1) -> Entry:
    return Entry(key=key, origin=Origin("entries.csv", line))


def charge(record: Entry, *, part: str = "", suffix: str = "") -> Charge:
    amount = given(record.amount, "USD", "mine.amount", record.origin)
    id_ = f"{record.key}{part}{suffix}"
    return Charge(id=id_, description=id_, amount=amount, sources=(record.key,), part=part)


@hookimpl
def bill_all(records: Records) -> Rating:
    return Rating(charges=tuple(charge(record) for record in records.of(Entry)))


def engine(**hooks: object) -> Engine:
    return Engine([("mine", Inline(**hooks)), ("tax_table", tax_table)])


def codes(found: tuple[Diagnostic, ...]) -> list[str]:
    return [finding.code for finding in found]


def test_each_record_is_claimed_by_the_bill() -> None:
    draft = engine(billhook_rate=bill_all).draft(sample_job(), [entry("a"), entry("b")])

    assert draft.ok
    assert [record.key for record in draft.invoice.records] == ["a", "b"]


def test_a_forgotten_record_is_an_error_with_its_place() -> None:
    @hookimpl
    def rate(records: Records) -> Rating:
        return Rating(charges=tuple(charge(record) for record in records.of(Entry)[:1]))

    draft = engine(billhook_rate=rate).draft(sample_job(), [entry("a"), entry("b", 7)])

    assert [str(f) for f in draft.errors] == [
        "entries.csv:7: error[BH301]: record 'b' was neither billed nor skipped"
    ]
    with pytest.raises(RefusedError, match="BH301"):
        _ = draft.invoice


def test_a_record_in_two_charges_is_an_error_unless_they_bill_different_parts() -> None:
    @hookimpl
    def twice(records: Records) -> Rating:
        return Rating(charges=tuple(charge(r, suffix=s) for r in records.of(Entry) for s in "12"))

    @hookimpl
    def parts(records: Records) -> Rating:
        both = ("linehaul", "fuel")
        return Rating(charges=tuple(charge(r, part=p) for r in records.of(Entry) for p in both))

    assert codes(engine(billhook_rate=twice).draft(sample_job(), [entry("a")]).errors) == ["BH302"]
    assert engine(billhook_rate=parts).draft(sample_job(), [entry("a")]).ok


def test_a_record_both_billed_and_skipped_is_an_error() -> None:
    @hookimpl
    def rate(records: Records) -> Rating:
        made = tuple(charge(record) for record in records.of(Entry))
        return Rating(charges=made, skipped=(Skip("a", "no"),))

    assert codes(engine(billhook_rate=rate).draft(sample_job(), [entry("a")]).errors) == ["BH302"]


def test_two_plugins_that_bill_one_record_are_an_error() -> None:
    two = Engine([("one", Inline(billhook_rate=bill_all)), ("two", Inline(billhook_rate=bill_all))])

    assert "BH306" in codes(two.draft(sample_job(), [entry("a")]).errors)


def test_reference_records_need_no_bill() -> None:
    draft = engine(billhook_rate=bill_all).draft(
        sample_job(), [entry("a"), PriceList(key="p", origin=Origin("prices.csv", 1))]
    )

    assert draft.ok


def test_two_records_of_one_key_are_an_error_naming_both_places() -> None:
    draft = engine(billhook_rate=bill_all).draft(sample_job(), [entry("a", 2), entry("a", 9)])

    assert str(draft.errors[0]) == (
        "entries.csv:9: error[BH304]: record 'a' appears here and at entries.csv:2"
    )


def test_what_was_billed_before_is_skipped_and_named() -> None:
    mine = engine(billhook_rate=bill_all)
    first = mine.draft(sample_job(), [entry("a")])
    history = History([Document(invoice=first.invoice)])
    second = mine.draft(sample_job(), [entry("a"), entry("b")], history)

    assert [record.key for record in second.invoice.records] == ["b"]
    assert [(skip.key, str(skip.reason)) for skip in second.skipped] == [("a", "billed before")]


@attrs.frozen(kw_only=True)
class Piece(Entry):
    whole: str

    @property
    def part_of(self) -> str:
        return self.whole


def test_a_part_is_billed_with_its_whole() -> None:
    pieces = [
        Piece(key=f"piece-{whole}", origin=Origin("pieces.csv", 1), whole=whole) for whole in "ab"
    ]
    history = History(billed={"a": "INV-1"})

    draft = engine(billhook_rate=bill_all).draft(
        sample_job(), [entry("a"), entry("b"), *pieces], history
    )

    assert [line.id for line in draft.invoice.lines] == ["b", "piece-b"]
    assert [(skip.key, str(skip.reason)) for skip in draft.skipped] == [
        ("a", "billed on INV-1"),
        ("piece-a", "billed on INV-1"),
    ]


def test_nothing_to_bill_is_a_warning_not_a_crash() -> None:
    draft = engine(billhook_rate=bill_all).draft(sample_job(), [])

    assert (draft.worked_out, codes(draft.findings)) == (None, ["BH402"])


def test_no_tax_rule_is_an_error_never_zero() -> None:
    draft = Engine([("mine", Inline(billhook_rate=bill_all))]).draft(sample_job(), [entry("a")])

    assert (draft.worked_out, codes(draft.errors)) == (None, ["BH401"])


def test_another_currency_than_the_jobs_is_an_error() -> None:
    draft = engine(billhook_rate=bill_all).draft(sample_job(currency="EUR"), [entry("a")])

    assert codes(draft.errors) == ["BH305"]


def test_a_broken_plugin_is_named_with_its_hook() -> None:
    @hookimpl
    def rate(records: Records) -> Rating:
        raise ZeroDivisionError("minutes")

    draft = Engine(
        [("fine", Inline(billhook_rate=bill_all)), ("bad", Inline(billhook_rate=rate))]
    ).draft(sample_job(), [entry("a")])

    assert [f.message for f in draft.errors] == [
        "plugin 'bad' failed in billhook_rate: ZeroDivisionError: minutes"
    ]


def test_a_generator_that_breaks_is_laid_at_its_own_door() -> None:
    @hookimpl
    def fine(job: Job) -> list[object]:
        return []

    @hookimpl
    def adjust(job: Job) -> object:
        yield from ()
        raise RuntimeError("late")

    draft = Engine(
        [
            ("fine", Inline(billhook_rate=bill_all, billhook_adjust=fine)),
            ("late", Inline(billhook_adjust=adjust)),
        ]
    ).draft(sample_job(), [entry("a")])

    assert [f.message for f in draft.errors] == [
        "plugin 'late' failed in billhook_adjust: RuntimeError: late"
    ]


def test_an_answer_of_the_wrong_type_is_a_finding() -> None:
    @hookimpl
    def rate() -> object:
        return {"charges": []}

    draft = engine(billhook_rate=rate).draft(sample_job(), [])

    assert codes(draft.errors) == ["BH209"]
    assert "answered with dict, expected Rating" in draft.errors[0].message


def test_a_misspelt_hook_is_found_with_a_hint() -> None:
    @hookimpl
    def rte() -> None:
        return None

    found = engine(billhook_rte=rte).findings

    assert [(f.code, f.hint) for f in found] == [("BH204", "did you mean 'billhook_rate'?")]


def test_a_hook_that_is_not_marked_is_found() -> None:
    assert codes(engine(billhook_rate=lambda records: None).findings) == ["BH205"]


def test_an_argument_that_does_not_exist_is_found() -> None:
    @hookimpl
    def rate(recrods: Records) -> None:
        return None

    found = engine(billhook_rate=rate).findings

    assert codes(found) == ["BH206"]
    assert "recrods" in found[0].message


def test_a_plugin_for_other_hooks_is_refused_by_name() -> None:
    @hookimpl
    def plugin() -> PluginInfo:
        return PluginInfo(name="old", title="Old", api=99)

    found = engine(billhook_plugin=plugin).findings

    assert [(f.code, "99" in f.message) for f in found] == [("BH203", True)]


def test_a_plugin_that_is_not_installed_is_an_error_with_a_hint() -> None:
    found = Engine.discover("tax_tabel").findings

    assert [str(f) for f in found] == ["error[BH201]: plugin 'tax_tabel' is not installed"]
    assert found[0].hint == "did you mean 'tax_table'?"


def test_a_job_is_not_billed_without_a_plugin_that_it_names() -> None:
    draft = engine(billhook_rate=bill_all).draft(sample_job(plugins=("mine", "fuel")), [entry("a")])

    assert codes(draft.errors) == ["BH201"]


def test_a_local_file_that_breaks_takes_no_other_down(tmp_path: Path) -> None:
    (tmp_path / "billfile.py").write_text("import nothing_of_the_kind\n")
    found = Engine.discover("tax_table", local=tmp_path / "billfile.py")

    assert [plugin.name for plugin in found.plugins] == ["tax_table"]
    assert codes(found.findings) == ["BH202"]
    assert "nothing_of_the_kind" in found.findings[0].message


def test_a_useful_plugin_is_four_lines(tmp_path: Path) -> None:
    (tmp_path / "billfile.py").write_text(
        "from billhook import Adjustment, AdjustmentKind, Percentage, Stage, given, hookimpl\n"
        "@hookimpl\n"
        "def billhook_adjust():\n"
        "    yield Adjustment(id='loyal', label='Loyalty discount', stage=Stage.BEFORE_TAX,"
        " kind=AdjustmentKind.ALLOWANCE, amount=Percentage(given(5, '%', 'billfile.loyal')))\n"
    )
    local = Engine.discover("tax_table", local=tmp_path / "billfile.py")
    both = Engine(
        [("mine", Inline(billhook_rate=bill_all)), *((p.name, p.module) for p in local.plugins)]
    )
    invoice = both.draft(sample_job(), [entry("a")]).invoice

    assert (invoice.totals.allowances.value, invoice.totals.payable.value) == (D("0.50"), D("9.50"))


def test_two_plugins_that_answer_for_tax_are_reported() -> None:
    two = Engine(
        [
            ("mine", Inline(billhook_rate=bill_all)),
            ("tax_table", tax_table),
            ("other", Inline(billhook_tax=tax_table.billhook_tax)),
        ]
    )
    draft = two.draft(sample_job(), [entry("a")])

    assert [(f.code, f.severity) for f in draft.findings] == [("BH303", Severity.WARNING)]
    assert "'tax_table' is used" in draft.findings[0].message


def test_what_a_plugin_finds_fault_with_is_collected() -> None:
    @hookimpl
    def check(draft: Invoice) -> object:
        yield Diagnostic("MIN101", f"{len(draft.lines)} line", Severity.INFO)

    draft = engine(billhook_rate=bill_all, billhook_check=check).draft(sample_job(), [entry("a")])

    assert [(f.code, f.message) for f in draft.findings] == [("MIN101", "1 line")]


def test_two_engines_live_side_by_side() -> None:
    one, two = engine(billhook_rate=bill_all), Engine([("tax_table", tax_table)])

    assert one.draft(sample_job(), [entry("a")]).ok
    assert codes(two.draft(sample_job(), [entry("a")]).errors) == ["BH301"]


def test_plugins_are_asked_in_the_order_of_the_job() -> None:
    asked: list[str] = []

    def noting(name: str) -> object:
        @hookimpl
        def check(job: Job) -> None:
            asked.append(name)

        return Inline(billhook_check=check)

    Engine(
        [
            ("mine", Inline(billhook_rate=bill_all)),
            ("tax_table", tax_table),
            ("b", noting("b")),
            ("a", noting("a")),
        ]
    ).draft(sample_job(), [entry("x")])

    assert asked == ["b", "a"]


def test_a_clash_of_names_is_found() -> None:
    twice = Engine([("tax_table", tax_table), ("tax_table", tax_table)])

    assert "BH208" in codes(twice.findings)


def test_plugins_are_not_asked_in_the_callers_decimal_context() -> None:
    @hookimpl
    def rate(records: Records) -> Rating:
        third = (D(100) / 3).quantize(D("0.01"))
        return Rating(charges=(charge(attrs.evolve(entry("a"), amount=third)),))

    with decimal.localcontext(decimal.Context(prec=2, rounding=decimal.ROUND_UP)):
        draft = engine(billhook_rate=rate).draft(sample_job(), [entry("a")])

    assert [line.amount.value for line in draft.invoice.lines] == [D("33.33")]
