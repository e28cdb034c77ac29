from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal as D

import attrs
import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from billhook import (
    Charge,
    Document,
    Engine,
    Event,
    Label,
    Origin,
    PluginInfo,
    Rating,
    given,
    hookimpl,
    replay,
)
from billhook.archive.payload_types import ArchiveError, Sealed
from billhook.archive.reader import load, parse
from billhook.archive.writer import dump, to_bytes
from billhook.builtin import tax_table
from billhook.explain.tree import figures_by_name
from billhook.testing import Inline, sample_job
from billhook.testing.strategies import charges, currencies


@attrs.frozen(kw_only=True)
class Detail:
    hours: D
    on: dt.date
    tags: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True)
class Progress:
    to_date: dict[str, D]


@attrs.frozen(kw_only=True)
class Noted(Event):
    note: str = ""


def made(rating: Rating) -> Inline:
    @hookimpl
    def billhook_plugin() -> PluginInfo:
        return PluginInfo(
            name="mine",
            title="Mine",
            version="1",
            state=Progress,
            details=(Detail,),
            events=(Noted,),
        )

    @hookimpl
    def billhook_rate() -> Rating:
        return rating

    return Inline(billhook_plugin=billhook_plugin, billhook_rate=billhook_rate)


def rating() -> Rating:
    label = Label("mine", "{n} hours on {day}", (("day", dt.date(2026, 6, 1)), ("n", D("1.3"))))
    charge = Charge(
        id="a",
        description=label,
        amount=given(D("10.005"), "USD", "mine.amount", Origin("a.csv", 2, 3, "amount")),
        detail=Detail(hours=D("1.3"), on=dt.date(2026, 6, 1), tags=frozenset({"z", "b"})),
    )
    return Rating(charges=(charge,), state=Progress(to_date={"1": D("0.50")}))


def document(engine: Engine) -> Document:
    return engine.draft(sample_job(), []).document


def test_a_document_survives_with_pockets_labels_and_origins() -> None:
    engine = Engine([("mine", made(rating())), ("tax_table", tax_table)])
    before = document(engine)
    data = dump(before, engine.plugins)
    after = load(data, engine.plugins)

    assert after == before
    assert dump(after, engine.plugins) == data
    assert after.invoice.lines[0].detail == rating().charges[0].detail
    assert replay(after.invoice.totals.payable) == D("10.01")


def test_a_figure_stands_once_and_amounts_are_strings() -> None:
    engine = Engine([("mine", made(rating())), ("tax_table", tax_table)])
    tree = parse(dump(document(engine), engine.plugins))
    assert isinstance(tree, dict)
    assert isinstance(tree["trace"], list)

    payable = tree["document"]["invoice"]["totals"]["payable"]  # type: ignore[index,call-overload]
    assert (payable["value"], payable["unit"]) == ("10.01", "USD")
    nodes = [json.dumps(node, sort_keys=True) for node in tree["trace"]]
    inputs = [place for node in tree["trace"] for place in node.get("inputs", [])]  # type: ignore[union-attr]
    assert all(
        place < i for i, node in enumerate(tree["trace"]) for place in node.get("inputs", [])
    )  # type: ignore[union-attr]
    assert len(inputs) >= len(nodes) / 3


def test_a_pocket_of_an_absent_plugin_is_kept() -> None:
    engine = Engine([("mine", made(rating())), ("tax_table", tax_table)])
    data = dump(document(engine), engine.plugins)
    after = load(data, [])

    assert isinstance(after.invoice.states[0].value, Sealed)
    assert dump(after, []) == data


def test_an_undeclared_pocket_is_refused() -> None:
    engine = Engine([("mine", made(rating())), ("tax_table", tax_table)])

    with pytest.raises(ArchiveError, match="no plugin declares Detail"):
        dump(document(engine), [])


@settings(max_examples=40)
@examples(st.data())
def test_any_bill_survives(data: st.DataObject) -> None:
    code = data.draw(currencies())
    table = tax_table.TaxTable(
        rates=tuple(
            tax_table.TaxRate(tax_class=c, name="VAT", percent=D("8.1"))
            for c in ("standard", "reduced", "exempt")
        )
    )
    engine = Engine(
        [("mine", made(Rating(charges=data.draw(charges(code))))), ("tax_table", tax_table)]
    )
    before = engine.draft(sample_job(currency=code, pockets=(table,)), []).document
    after = load(dump(before, engine.plugins), engine.plugins)

    assert after == before
    assert {n: replay(f) for n, f in figures_by_name(after.invoice).items()} == {
        n: f.value for n, f in figures_by_name(before.invoice).items()
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"schema": "other/1"}',
        b'{"schema": "billhook.invoice/1"}',
        b"[" * 100_000,
        b'{"schema": "billhook.invoice/1", "document": {"x": 1.5}}',
        b'{"schema": "billhook.invoice/1", "trace": [{"value": "1"}], "document": {}}',
    ],
)
def test_what_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(ArchiveError):
        load(data, [])


def test_indented_json_is_what_pythons_own_encoder_writes() -> None:
    tree = {
        "b": [{"value": "1.00", "n": 3, "none": None, "yes": True, "e": [], "t": {}}, [1, [2]]],
        "a": 'ü "quoted"\n\t\\ \u2028',
    }
    expected = json.dumps(tree, sort_keys=True, ensure_ascii=False, indent=2) + "\n"

    assert to_bytes(tree, indent=2).decode() == expected
