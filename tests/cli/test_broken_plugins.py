"""A local plugin that is broken in every way that a first try is: it is named, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

RATE = "    return Rating(charges=tuple(_charges(job, records)))"
AMOUNT = 'amount=times(hours, price, "billfile.fee")'


def change(firm: Path, old: str, new: str) -> int:
    """Change the plugin, and return the line where the new text begins."""
    plugin = firm / "billfile.py"
    text = plugin.read_text()
    assert old in text
    plugin.write_text(text.replace(old, new))
    return plugin.read_text()[: plugin.read_text().index(new)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (RATE, "    raise RuntimeError('boom')", "RuntimeError: boom"),
        (RATE, "    raise SystemExit(0)", "SystemExit: 0"),
        (
            RATE,
            "    return Rating(charges=({},))",
            "TypeError: Rating.charges needs Charge, got dict",
        ),
        (AMOUNT, "amount=12.5", "TypeError: Charge.amount needs Figure, got float"),
        (
            "description=work.text",
            "description=5",
            "Charge.description needs str or Label, got int",
        ),
        (AMOUNT, 'amount=given(Decimal("NaN"), "USD", "x.y")', "x.y: a figure needs a number"),
        (AMOUNT, 'amount=times(price, Decimal(2), "x.y")', "AttributeError"),
        (
            "quantity=hours",
            'quantity=given(hours.value / 7, "h", "x")',
            "Charge.quantity has more",
        ),
    ],
)
def test_a_hook_that_breaks_is_named_with_its_line(billhook, firm, old, new, said) -> None:
    change(firm, old, new)

    ran = billhook("check")

    assert (ran.code, ran.err) == (1, "1 job checked: 1 error\n")
    assert ran.out.startswith("billfile.py:")
    assert "error[BH209]: plugin 'billfile' failed in billhook_rate: " in ran.out
    assert said in ran.out


def test_the_line_is_that_of_the_plugin_where_it_broke(billhook, firm) -> None:
    line = change(firm, "    price = given(", "    price = 1 / 0, given(")

    assert billhook("check").out.startswith(f"billfile.py:{line}: error[BH209]")


@pytest.mark.parametrize(
    ("top", "said"),
    [
        ("x = 1 / 0", "billfile.py:1: error[BH202]: plugin 'billfile' cannot be loaded: ZeroDiv"),
        ("import sys\nsys.exit(0)", "billfile.py:2: error[BH202]: plugin 'billfile' cannot be"),
        ("\ndef f(:\n", "billfile.py:2: error[BH202]: plugin 'billfile' cannot be loaded: Syntax"),
    ],
)
def test_a_file_that_cannot_be_run_is_named_with_its_line(billhook, firm, top, said) -> None:
    (firm / "billfile.py").write_text(top)

    ran = billhook("check")

    assert ran.code == 1
    assert ran.out.startswith(said)


def test_an_argument_that_a_hook_does_not_give_is_named(billhook, firm) -> None:
    change(firm, "def billhook_rate(job: Job, records: Records)", "def billhook_rate(job, rows)")

    ran = billhook("check")

    assert "billhook_rate asks for 'rows', which it is not given" in ran.out
    assert "hint: it may ask for job, records, history" in ran.out


def test_all_hooks_that_do_not_fit_are_named_at_once(billhook, firm) -> None:
    change(firm, "def billhook_rate(job: Job, records: Records)", "def billhook_rat(job, rows)")
    plugin = firm / "billfile.py"
    plugin.write_text(f"{plugin.read_text()}\n\n@hookimpl\ndef billhook_tax(job, klass): ...\n")

    ran = billhook("check")

    assert "there is no hook 'billhook_rat'" in ran.out
    assert "billhook_tax asks for 'klass'" in ran.out
