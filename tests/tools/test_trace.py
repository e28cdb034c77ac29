"""``billhook plugin trace``: every hook call of a bill, with its arguments and its answer."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from billhook import Charge, Engine, Rating, given, hookimpl
from billhook.builtin import tax_table
from billhook.project import load_project
from billhook.testing import Inline, sample_job
from billhook.tools.trace import Trace


def charged() -> Charge:
    return Charge(
        id="one", description="One", amount=given(Decimal("10.00"), "USD", "sample.amount")
    )


@hookimpl
def billhook_rate(job):
    return Rating(charges=(charged(),))


def watched(**plugins: object) -> Trace:
    return Trace(Engine([*plugins.items(), ("tax_table", tax_table)]))


def test_the_hooks_of_a_bill_are_called_in_this_order():
    trace = watched(sample=Inline(billhook_rate=billhook_rate))
    trace.engine.draft(sample_job(), ())

    assert [(call.plugin, call.hook) for call in trace.calls] == [
        ("sample", "billhook_rate"),
        ("tax_table", "billhook_tax"),
        ("tax_table", "billhook_check"),
    ]


def test_watching_changes_no_bill():
    plain = Engine([("sample", Inline(billhook_rate=billhook_rate)), ("tax_table", tax_table)])
    trace = watched(sample=Inline(billhook_rate=billhook_rate))
    job = sample_job()

    assert trace.engine.draft(job, ()).invoice == plain.draft(job, ()).invoice


def test_only_the_arguments_that_were_asked_for_are_passed():
    trace = watched(sample=Inline(billhook_rate=billhook_rate))
    job = sample_job()
    trace.engine.draft(job, ())

    assert trace.calls[0].arguments == {"job": job}


def test_the_items_of_a_generator_are_the_answer():
    @hookimpl
    def billhook_adjust(job):
        yield from ()

    trace = watched(sample=Inline(billhook_rate=billhook_rate, billhook_adjust=billhook_adjust))
    trace.engine.draft(sample_job(), ())

    (adjust,) = (call for call in trace.calls if call.hook == "billhook_adjust")
    assert adjust.result == []


def test_a_wrapper_shows_what_it_got_and_what_it_made_of_it():
    @hookimpl(wrapper=True)
    def twice(job):
        ratings = yield
        return ratings * 1

    trace = watched(sample=Inline(billhook_rate=billhook_rate), firm=Inline(billhook_rate=twice))
    trace.engine.draft(sample_job(), ())

    outer, inner = trace.calls[:2]
    assert (outer.plugin, outer.wrapper, inner.plugin) == ("firm", True, "sample")
    assert outer.inner == [inner.result]
    assert outer.result == outer.inner


@pytest.mark.parametrize("late", [False, True], ids=["at once", "in a generator"])
def test_a_hook_that_breaks_is_named_and_its_error_is_kept(late):
    @hookimpl
    def billhook_adjust(job):
        raise ZeroDivisionError("broke")

    @hookimpl
    def later(job):
        yield 1 / 0

    broken = later if late else billhook_adjust
    trace = watched(
        sound=Inline(billhook_adjust=hookimpl(lambda job: ())),
        sample=Inline(billhook_rate=billhook_rate, billhook_adjust=broken),
    )
    draft = trace.engine.draft(sample_job(), ())

    (finding,) = draft.errors
    assert "plugin 'sample' failed in billhook_adjust" in finding.message
    assert [call.error.partition(":")[0] for call in trace.calls if call.error] == [
        "ZeroDivisionError"
    ]


# ── the command ──────────────────────────────────────────────────────────────


def test_people_read_who_was_asked_what_and_what_they_said(run_cli, firm):
    ran = run_cli("plugin", "trace", "jobs/first.toml", "--hook", "rate")

    assert ran.ok
    assert ran.out.splitlines() == [
        "  1  billfile.billhook_rate",
        "       job = job first",
        "       records = 3 records",
        "     → 3 charges: work-hours:1, work-hours:2, work-hours:3; 0 skipped; no state",
    ]


def test_programs_read_every_value(run_cli, firm):
    tree = json.loads(run_cli("plugin", "trace", "jobs/first.toml", "-f", "json").out)
    rate = next(call for call in tree["calls"] if call["hook"] == "billhook_rate")
    first = rate["result"]["charges"][0]

    assert tree["schema"] == "billhook.trace/1"
    assert rate["arguments"]["records"][0]["hours"] == "1.5"
    # 1.5 h × 120 USD
    assert first["amount"] == {
        "value": "180.0",
        "unit": "USD",
        "op": "times",
        "rule": "billfile.fee",
    }


def test_a_bill_with_errors_is_traced_up_to_there(run_cli, firm):
    text = (firm / "billfile.py").read_text()
    (firm / "billfile.py").write_text(text.replace("hours = given(", "hours = 1 / 0, given("))

    ran = run_cli("plugin", "trace", "jobs/first.toml")

    assert ran.code == 1
    assert "! ZeroDivisionError" in ran.out
    assert "BH209" in ran.err


def test_a_job_that_cannot_be_read_is_not_traced(run_cli, firm):
    (firm / "jobs" / "first.toml").write_text("x = 1\n")

    assert run_cli("plugin", "trace", "jobs/first.toml").code == 3


def test_one_job_is_traced_at_a_time(run_cli, firm):
    (firm / "jobs" / "second.toml").write_bytes((firm / "jobs" / "first.toml").read_bytes())

    ran = run_cli("plugin", "trace", "jobs")

    assert (ran.code, "has 2 jobs; name one" in ran.err) == (2, True)


EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("trade", ["legal", "construction", "freight"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_the_examples_are_traced_to_their_sections(run_cli, trade, form):
    job = load_project(EXAMPLES / trade).jobs()[0]
    ran = run_cli("plugin", "trace", str(job), "-f", form)

    assert ran.ok, ran.err
    assert "billhook_sections" in ran.out
    assert " object at 0x" not in ran.out


def test_a_misspelt_hook_is_told(run_cli, firm):
    assert firm.is_dir()
    ran = run_cli("plugin", "trace", "jobs/first.toml", "--hook", "sectoins")

    assert ran.code == 2
    assert "there is no hook 'sectoins'; did you mean 'billhook_sections'?" in ran.err


def test_a_hook_that_nobody_has_is_said(run_cli, firm):
    assert firm.is_dir()
    ran = run_cli("plugin", "trace", "jobs/first.toml", "--hook", "split")

    assert (ran.code, ran.out) == (0, "")
    assert "no plugin of the job has billhook_split, or none was called" in ran.err
