from __future__ import annotations

import io
import json

import pytest

from billhook.kernel.diagnostics import did_you_mean

REMARKING = """

@hookimpl
def billhook_check(job):
    from billhook.kernel.diagnostics import Diagnostic, Severity

    return [
        Diagnostic("X1", "well done", Severity.INFO),
        Diagnostic("X2", "look here", Severity.WARNING),
    ]
"""


def test_a_total_is_told_by_its_lines(billhook) -> None:
    ran = billhook("explain", "jobs/first.toml")

    assert ran.code == 0
    assert ran.out == (
        "690.00 USD  amount due: 180.00 USD + 480.00 USD + 30.00 USD\n"
        "├─ 180.00 USD  Planning: 1.5 h × 120 USD/h  [records/hours.csv:2]\n"
        "├─ 480.00 USD  Workshop: 4 h × 120 USD/h  [records/hours.csv:3]\n"
        "└─ 30.00 USD  Questions by telephone: 0.25 h × 120 USD/h  [records/hours.csv:4]\n"
        "after EN 16931 BR-CO-16\n"
    )


def test_a_line_is_told_to_its_sources(billhook) -> None:
    ran = billhook("explain", "jobs/first.toml", "--line", "work-hours:1")

    assert ran.out == (
        "2026-06-02  Planning  [records/hours.csv:2]\n"
        "180.00 USD  fee: 1.5 h × 120 USD/h\n"
        "├─ 1.5 h  hours  [records/hours.csv:2]\n"
        "└─ 120 USD/h  rate  [billhook.toml:26:1]\n"
    )


def test_the_whole_trace_is_there_for_programs(billhook) -> None:
    ran = billhook("explain", "jobs/first.toml", "--line", "work-hours:1", "-f", "json")

    tree = json.loads(ran.out)
    assert (tree["schema"], tree["name"]) == ("billhook.explanation/1", "lines.work-hours:1")
    rounding = tree["explanation"]
    assert (rounding["value"], rounding["unit"], rounding["rule"]) == (
        "180.00",
        "USD",
        "core.line.amount",
    )
    assert rounding["sentence"] == "rounded half up to 0.01"
    assert rounding["steps"][0]["steps"][1]["origin"]["line"] == 26


@pytest.mark.parametrize(
    ("words", "start"),
    [
        (["--total", "net"], "690.00 USD  net total"),
        (["--figure", "lines.work-hours:2.quantity"], "4 h  hours"),
        (["--figure", "taxes.1"], "0.00 USD  no tax"),
    ],
)
def test_any_figure_can_be_asked_for(billhook, words, start) -> None:
    assert billhook("explain", "jobs/first.toml", *words).out.startswith(start)


def test_a_name_that_the_bill_does_not_have_is_a_usage_error(billhook) -> None:
    ran = billhook("explain", "jobs/first.toml", "--total", "payble")

    assert ran.code == 2
    assert "the bill has no total 'payble'; did you mean 'payable'?" in ran.err


def test_of_an_unknown_line_the_lines_are_listed_and_nothing_else(billhook) -> None:
    ran = billhook("explain", "jobs/first.toml", "--line", "dinner")

    known = "work-hours:1, work-hours:2, work-hours:3"
    assert f"the bill has no line 'dinner'; known here: {known}\n" in ran.err


def test_a_long_list_of_what_is_known_is_cut_short() -> None:
    names = [f"n{number:02}" for number in range(30)]

    hint = did_you_mean("zebra", names)

    assert hint == f"known here: {', '.join(names[:20])}, … (30 in all)"


def test_only_one_figure_at_a_time(billhook) -> None:
    assert billhook("explain", "jobs/first.toml", "--line", "a", "--total", "net").code == 2


def test_a_bill_in_json_explains_itself_without_its_job(billhook, firm) -> None:
    whole = billhook("explain", "jobs/first.toml", "--line", "work-hours:1").out
    billhook("bill", "-f", "json")
    (firm / "jobs" / "first.toml").unlink()

    assert billhook("explain", "out/first.json", "--line", "work-hours:1").out == whole


def test_a_bill_comes_through_a_pipe(billhook, firm, monkeypatch) -> None:
    whole = billhook("explain", "jobs/first.toml", "--line", "work-hours:1").out
    bill = billhook("bill", "-f", "json", "-o", "-").out.encode()

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(bill)))
    assert billhook("explain", "-", "--line", "work-hours:1").out == whole
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(bill)))
    assert billhook("diff", "-", "jobs/first.toml").err == "the bills are equal\n"


def test_what_comes_through_a_pipe_may_be_no_bill(billhook, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"%PDF-")))

    ran = billhook("explain", "-")

    assert (ran.code, ran.err.startswith("standard input:1:1: error[BH128]")) == (3, True)


@pytest.mark.parametrize("command", ["bill", "check"])
def test_a_job_does_not_come_through_a_pipe(billhook, command) -> None:
    ran = billhook(command, "-")

    assert ran.code == 2
    assert 'a source of it may be standard input: file = "-"' in ran.err


def test_remarks_are_left_to_check(billhook, firm) -> None:
    plugin = firm / "billfile.py"
    plugin.write_text(plugin.read_text() + REMARKING)

    assert "info[X1]: well done" in billhook("check").out
    ran = billhook("explain", "jobs/first.toml")
    assert "well done" not in ran.err
    assert "warning[X2]: look here" in ran.err


def test_why_a_line_was_adjusted_is_said(billhook, firm) -> None:
    plugin = firm / "billfile.py"
    reason = 'adjustment_reason="Courtesy", description=work.text'
    plugin.write_text(plugin.read_text().replace("description=work.text", reason))

    ran = billhook("explain", "jobs/first.toml", "--line", "work-hours:1")

    assert ran.out.splitlines()[-1] == "adjusted: Courtesy"


def test_a_job_with_errors_is_not_explained(billhook, firm) -> None:
    (firm / "records" / "hours.csv").unlink()

    ran = billhook("explain", "jobs/first.toml")

    assert (ran.code, ran.out, "error[BH100]" in ran.err) == (3, "", True)


def test_what_is_no_bill_is_invalid_input(billhook, firm) -> None:
    (firm / "x.json").write_text("{}")

    ran = billhook("explain", "x.json")

    assert (ran.code, "x.json: error[BH128]" in ran.err) == (3, True)


def test_of_several_bills_the_payer_is_named(billhook, split) -> None:
    ran = billhook("explain", "jobs/first.toml")
    assert (ran.code, "north, south" in ran.err) == (2, True)

    ran = billhook("explain", "jobs/first.toml", "--payer", "south")
    assert ran.out.startswith("276.00 USD  amount due")


def test_a_project_of_several_jobs_is_not_one_bill(billhook, firm) -> None:
    (firm / "jobs" / "b.toml").write_text((firm / "jobs" / "first.toml").read_text())

    assert billhook("explain", ".").code == 2


def test_the_story_can_be_cut_short(billhook) -> None:
    whole = billhook("explain", "jobs/first.toml").out.splitlines()

    short = billhook("explain", "jobs/first.toml", "--depth", "0").out.splitlines()

    assert short == [whole[0], whole[-1]]


def test_no_tax_is_told_with_its_reason(billhook) -> None:
    out = billhook("explain", "jobs/first.toml", "--total", "tax").out

    assert out.splitlines()[-1].startswith(("not taxed: ", "after "))
    assert "not taxed: " in out


def test_an_amount_is_explained_in_a_language_that_is_asked_for(billhook) -> None:
    ran = billhook("explain", "jobs/first.toml", "--language", "de_DE")

    assert ran.out == (
        "690,00\u00a0$  Zahlbetrag: 180,00\u00a0$ + 480,00\u00a0$ + 30,00\u00a0$\n"
        "├─ 180,00\u00a0$  Planning: 1,5 Std. × 120,00\u00a0$/h  [records/hours.csv:2]\n"
        "├─ 480,00\u00a0$  Workshop: 4 Std. × 120,00\u00a0$/h  [records/hours.csv:3]\n"
        "└─ 30,00\u00a0$  Questions by telephone: 0,25 Std. × 120,00\u00a0$/h"
        "  [records/hours.csv:4]\n"
        "nach EN 16931 BR-CO-16\n"
    )


def test_the_language_of_the_bill_is_not_that_of_the_terminal(billhook, firm) -> None:
    english = billhook("explain", "jobs/first.toml").out
    settings = firm / "billhook.toml"
    settings.write_text(settings.read_text().replace('locale = "en_US"', 'locale = "de_DE"'))

    assert billhook("explain", "jobs/first.toml").out == english


def test_programs_get_the_words_of_a_language_and_the_values_as_they_are(billhook) -> None:
    ran = billhook("explain", "jobs/first.toml", "--total", "net", "--locale", "fr", "-f", "json")

    told = json.loads(ran.out)["explanation"]
    assert (told["title"], told["value"]) == ("total HT", "690.00")


def test_a_language_that_there_is_not_is_a_usage_error(billhook) -> None:
    ran = billhook("explain", "jobs/first.toml", "--language", "klingon")

    assert ran.code == 2
    assert "there is no locale 'klingon'" in ran.err
