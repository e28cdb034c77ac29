"""What rules say is filled in wholly, or not said."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path

import pytest

from billhook import Charge, Engine, Rating, given, hookimpl
from billhook.builtin import tax_table
from billhook.builtin.tax_table import TaxRate, TaxTable
from billhook.explain.narration import draw, narrate
from billhook.explain.rule_text import find_unfilled
from billhook.explain.rules import catalogue, rules_in
from billhook.explain.tree import figures_by_name
from billhook.kernel.errors import InputError
from billhook.kernel.figure import graph
from billhook.kernel.money import POLICIES
from billhook.testing import Inline, sample_job

RULES = catalogue()


def billed(policy: str, *values: str):
    """Return a bill of amounts at 20 %."""

    @hookimpl
    def billhook_rate():
        amounts = [given(D(value), "EUR", "test.amount") for value in values]
        return Rating(
            charges=tuple(
                Charge(id=f"c{number}", description="Work", amount=amount)
                for number, amount in enumerate(amounts)
            )
        )

    table = TaxTable(rates=(TaxRate(name="VAT", percent=D(20)),))
    job = sample_job(currency="EUR", policy=POLICIES[policy], pockets=(table,))
    engine = Engine([("made", Inline(billhook_rate=billhook_rate)), ("tax_table", tax_table)])
    return engine.draft(job, []).invoice


def test_the_story_of_tax_by_line_has_no_braces():
    invoice = billed("tax-per-line", "55.55", "11.11")
    story = "\n".join(map(str, draw(narrate(invoice.totals.payable, RULES))))

    # 20 % of 55.55 is 11.11; of 11.11 it is 2.222, rounded 2.22
    assert invoice.totals.tax.value == D("13.33")
    assert "{" not in story


@pytest.mark.parametrize("policy", POLICIES)
def test_every_place_of_the_cores_rules_is_filled(policy):
    figures = figures_by_name(billed(policy, "96.033", "0.01")).values()

    assert [node for node in graph(*figures) if find_unfilled(node, RULES)] == []


@pytest.mark.parametrize("text", ["rounded {Mode}", "rounded { mode }", "rounded {mode", "a}"])
def test_a_place_that_could_never_be_filled_is_refused_when_the_rules_are_read(
    tmp_path: Path, text: str
):
    path = tmp_path / "rules.toml"
    path.write_text(f'["acme.fee"]\ntitle = "fee"\nsentence = "{text}"\n')

    with pytest.raises(InputError, match="no place to be filled in"):
        rules_in(path, "acme")
