"""How the contract speaks to an author: a case that is broken fails one test, with its reason."""

from __future__ import annotations

import attrs
import pytest

from billhook import Code, PluginInfo, Rating, Record, Skip, hookimpl
from billhook.testing import Case, Inline, PluginContract, sample_job
from billhook.testing.conformity import clocks
from billhook.tools.scaffold.author import plugin_file

PROJECT = """[project]
currency = "USD"
plugins = ["tax_table"]
local = "lessons.py"
[seller]
id = "own"
name = "Own"
address = { country = "US" }
[[tax_table.rates]]
category = "E"
reason = "not taxed"
[lessons]
per_hour = 120
"""
JOB = """subject = "ann"
buyer = { name = "Ann", address = { country = "US" } }
date = 2026-06-30
[[sources]]
kind = "lessons.work"
file = "work.csv"
"""
WORK = "key,date,hours,text\n1,2026-06-01,1.5,Lesson\n"


@pytest.fixture
def school(tmp_path):
    """A project with a local plugin, the scaffold's."""
    files = {"billhook.toml": PROJECT, "june.toml": JOB, "work.csv": WORK}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "lessons.py").write_bytes(plugin_file("lessons"))
    return tmp_path


def break_it(school, old, new):
    plugin = school / "lessons.py"
    text = plugin.read_text()
    assert old in text
    plugin.write_text(text.replace(old, new))


def test_without_jobs_what_needs_them_is_skipped_not_passed(run_cli, school):
    ran = run_cli("plugin", "test", str(school / "lessons.py"))

    assert ran.ok, ran.out
    assert "7 passed, 13 skipped" in ran.out


def test_with_a_job_nothing_is_skipped(run_cli, school):
    ran = run_cli("plugin", "test", "lessons.py", "june.toml")

    assert ran.ok, ran.out
    assert "20 passed" in ran.out


def test_a_plugin_that_breaks_fails_one_test_with_its_line(run_cli, school):
    break_it(school, '"lessons.price"', '"lessons.price" + 1')

    ran = run_cli("plugin", "test", "lessons.py", "june.toml")

    assert not ran.ok
    assert "test_cases_are_worked_out" in ran.out
    assert 'price = given(per_hour, f"{job.currency}/h", "lessons.price" + 1)' in ran.out
    assert "test_every_amount_replays" not in ran.out


def test_a_failing_test_says_what_was_found(run_cli, school):
    break_it(school, "description=work.text", "description=__file__ and open(__file__).read(3)")

    ran = run_cli("plugin", "test", "lessons.py", "june.toml")

    assert "a compute hook must not reach outside: open" in ran.out


def test_what_a_test_compares_is_shown(run_cli, school):
    break_it(school, '"lessons.fee"', '"fee"')

    ran = run_cli("plugin", "test", "lessons.py", "june.toml")

    assert "rules bear the plugin's name" in ran.out
    assert "'fee'" in ran.out


# ── what was not given is not passed ─────────────────────────────────────────


@attrs.frozen(kw_only=True)
class Work(Record):
    """Nothing but a key."""


@attrs.frozen
class Count:
    """What the next bill starts from."""

    bills: int = 0


@hookimpl
def billhook_plugin() -> PluginInfo:
    codes = (Code("CNT101", "never found", "It is never found."),)
    return PluginInfo(
        name="counter", title="Counts", version="1", prefix="CNT", state=Count, codes=codes
    )


@hookimpl
def billhook_rate(records) -> Rating:
    rows = records.of(Work)
    return Rating(skipped=tuple(Skip(row.key, "counted", row.origin) for row in rows))


class Bare(PluginContract):
    """A contract with nothing but the plugin."""

    plugin = Inline(billhook_plugin=billhook_plugin, billhook_rate=billhook_rate)

    def cases(self):
        return ()


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("codes_have_a_page", "name the folder of the codes' examples"),
        ("steps_come_to_the_whole", "a bill depends on the one before: give steps()"),
        ("cases_are_worked_out", "there are no cases"),
        ("empty_job_does_not_crash", "there are no cases"),
        ("every_amount_replays", "there are no cases"),
        ("amounts_fit_every_currency", "there are no cases"),
        ("hooks_stay_inside", "there are no cases"),
    ],
)
def test_what_was_not_given_is_said_and_not_passed(test, said):
    with pytest.raises(pytest.skip.Exception, match=said.replace("(", r"\(").replace(")", r"\)")):
        getattr(Bare(), f"test_{test}")()


def test_a_case_that_makes_no_bill_is_told_once():
    class Empty(Bare):
        def cases(self):
            yield Case(name="nothing", job=sample_job(), records=())

    with pytest.raises(
        pytest.skip.Exception, match="nothing has no bill: see test_cases_are_worked_out"
    ):
        Empty().test_every_amount_replays()


# ── clocks ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import datetime as dt\ndt.date.today()\n", ["x.py:2: today()"]),
        ("from datetime import datetime\ndatetime.now()\n", ["x.py:2: now()"]),
        ("import time\ntime.time()\n", ["x.py:2: time()"]),
        ("import time as clock\nclock.monotonic()\n", ["x.py:2: monotonic()"]),
        ("from time import time_ns as ticks\nticks()\n", ["x.py:2: ticks()"]),
        ("import datetime as dt\ndt.datetime(2026, 1, 1).time()\n", []),
        ("def time(): ...\ntime()\n", []),
    ],
)
def test_a_clock_is_found_by_whatever_name(tmp_path, source, found):
    path = tmp_path / "x.py"
    path.write_text(source)

    assert list(clocks(path)) == found


def test_the_command_says_what_was_left_out(run_cli, school):
    ran = run_cli("plugin", "test", "lessons.py")

    assert "there are no cases" in ran.out
