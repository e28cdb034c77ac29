"""Values of wrong types and units that a plugin gives: each is said at the author's line."""

from __future__ import annotations

import pytest

from plugins.own_plugin import add, change


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("date=work.date", "date=str(work.date)", "Charge.date needs date or None, got str"),
        ("sources=(work.key,)", "sources=work.key", "Charge.sources needs tuple, got str"),
        ("sources=(work.key,)", "sources=(5,)", "Charge.sources needs str, got int"),
        ("sources=(work.key,)", 'tags="fee"', "Charge.tags needs frozenset, got str"),
        ("sources=(work.key,)", "tax_class=None", "Charge.tax_class needs str, got NoneType"),
        ("sources=(work.key,)", "period=6", "Charge.period needs Period or None, got int"),
        (
            "charges=tuple(_charges(job, records))",
            "charges=_charges(job, records)",
            "Rating.charges needs tuple, got generator",
        ),
    ],
)
def test_a_charge_of_wrong_values_is_refused_where_it_is_made(
    billhook, firm, old, new, said
) -> None:
    change(firm, old, new)

    ran = billhook("check")

    assert ran.code == 1
    assert f"error[BH209]: plugin 'billfile' failed in billhook_rate: TypeError: {said}" in ran.out
    assert ran.out.startswith("billfile.py:")


def adjusting(amount: str, **changes: str) -> str:
    fields = {"id": '"off"', "label": '"Off"', "stage": "Stage.BEFORE_TAX"}
    fields |= {"kind": "AdjustmentKind.ALLOWANCE", "amount": amount, **changes}
    words = ", ".join(f"{name}={value}" for name, value in fields.items())
    return f"@hookimpl\ndef billhook_adjust():\n    yield Adjustment({words})\n"


FIVE = 'given(5, "USD", "billfile.off")'


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (adjusting(FIVE, stage='"before_tax"'), "Adjustment.stage needs Stage, got str"),
        (adjusting(FIVE, kind='"allowance"'), "Adjustment.kind needs AdjustmentKind, got str"),
        (adjusting(FIVE, order='"1"'), "Adjustment.order needs int, got str"),
        (adjusting(FIVE, label="5"), "Adjustment.label needs str or Label, got int"),
        (
            adjusting('Percentage(given(5, "USD", "billfile.off"))'),
            "Percentage.rate needs the unit '%', got 'USD'",
        ),
        (
            adjusting('Percentage(given(5, "%", "billfile.off"), "charges")'),
            "Percentage.of needs PercentBase, got str",
        ),
        (
            adjusting('Percentage(given(5, "%", "billfile.off"), tags="fee")'),
            "Percentage.tags needs frozenset, got str",
        ),
    ],
)
def test_an_adjustment_of_wrong_values_never_goes_missing(billhook, firm, code, said) -> None:
    add(firm, code)

    ran = billhook("check")

    assert ran.code == 1
    assert "billfile.py:" in ran.out
    assert "plugin 'billfile' failed in billhook_adjust: " in ran.out
    assert said in ran.out


@pytest.mark.parametrize(
    "amount", ['given(5, "EUR", "billfile.off")', 'UpTo(given(5, "EUR", "billfile.off"))']
)
def test_an_adjustment_in_another_currency_is_refused(billhook, firm, amount) -> None:
    add(firm, adjusting(amount, stage="Stage.AFTER_TAX", kind="AdjustmentKind.SETTLED"))

    ran = billhook("check")

    said = "jobs/first.toml: error[BH305]: adjustment 'off' is in EUR, the job in USD\n"
    assert ran.code == 1
    assert ran.out.startswith(said)
    assert "hint: name a rate from EUR into USD" in ran.out


def test_two_adjustments_of_one_id_are_refused(billhook, firm) -> None:
    twice = adjusting(FIVE).replace("    yield", "    for _ in (1, 2):\n        yield")
    add(firm, twice)

    ran = billhook("check")

    said = "jobs/first.toml: error[BH306]: 2 adjustments have the id 'off'\n"
    assert (ran.code, ran.out) == (1, said)


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ('("x",)', "Section.blocks needs Table or Pairs or Note"),
        ('Note("x")', "Section.blocks needs tuple, got Note"),
        ("(Note(5),)", "Note.text needs str or Label, got int"),
        ('(Table(("A",), ()),)', "Table.columns needs Column, got str"),
        ('(Table((Column("A"),), (("x",),)),)', "Table.rows needs TableRow, got tuple"),
        ('(Table((Column("A"),), (TableRow("x"),)),)', "TableRow.cells needs tuple, got str"),
        (
            '(Table((Column("A"),), (TableRow((2.5,)),)),)',
            "TableRow.cells needs Label or str or Figure",
        ),
        ('(Table((Column("A"),), (TableRow((1, 2)),)),)', "a row has 2 cells, the table 1 column"),
        ('(Pairs({"a": "b"}),)', "Pairs.items needs tuple, got dict"),
        (
            '(Pairs((("a", 2.5),)),)',
            "Pairs.items needs a text and what a cell holds, got str and f",
        ),
        ('(Pairs((("a",),)),)', "Pairs.items needs a name and a value"),
        ('(Signature("you"),)', "Signature.places needs tuple, got str"),
        ('(Note("x"),), title=5', "Section.title needs str or Label, got int"),
        ('(Note("x"),), order="1"', "Section.order needs int, got str"),
    ],
)
def test_a_section_of_wrong_values_is_refused_where_it_is_made(
    billhook, firm, blocks, said
) -> None:
    section = f"Section(slot=Slot.AFTER_TOTALS, blocks={blocks})"
    add(firm, f"@hookimpl\ndef billhook_sections():\n    return [{section}]\n")
    line = (firm / "billfile.py").read_text().count("\n") - 1

    ran = billhook("bill", "--format", "text")

    assert ran.code == 6
    assert f"billfile.py:{line}: error: plugin 'billfile' failed in billhook_sections: " in ran.err
    assert said in ran.err


def test_a_section_of_an_unknown_slot_is_refused(billhook, firm) -> None:
    section = 'Section(slot="after_totals", blocks=(Note("x"),))'
    add(firm, f"@hookimpl\ndef billhook_sections():\n    return [{section}]\n")

    assert "Section.slot needs Slot, got str" in billhook("bill", "--format", "text").err


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        ("19", "TaxComponent.rate needs Figure, got int"),
        ('given(19, "USD", "billfile.vat")', "TaxComponent.rate needs the unit '%', got 'USD'"),
    ],
)
def test_a_tax_rate_is_a_percentage(billhook, firm, rate, said) -> None:
    rule = f'TaxRule(components=(TaxComponent(name="VAT", rate={rate}),))'
    add(firm, f"@hookimpl(tryfirst=True)\ndef billhook_tax():\n    return {rule}\n")

    assert said in billhook("check").out


def test_a_tax_category_is_one_of_the_standard(billhook, firm) -> None:
    rule = 'TaxRule(category="exempt", reason="because")'
    add(firm, f"@hookimpl(tryfirst=True)\ndef billhook_tax():\n    return {rule}\n")

    assert "TaxRule.category needs Category, got str" in billhook("check").out


def test_a_chart_has_a_value_for_each_category(billhook, firm) -> None:
    series = 'ChartSeries("use", (given(1, "h", "billfile.use"),))'
    chart = f'Chart(title="Use", kind=ChartKind.BARS, categories=("a", "b"), series=({series},))'
    section = f"Section(slot=Slot.AFTER_TOTALS, blocks=({chart},))"
    add(firm, f"@hookimpl\ndef billhook_sections():\n    return [{section}]\n")

    ran = billhook("bill", "--format", "text")

    assert "a series has a value for each category, got 1 for 2 categories" in ran.err
