"""What the page on compatibility promises is held: deprecations, dates, and what is young."""

from __future__ import annotations

import pickle
import re
import warnings
from pathlib import Path

import pluggy
import pytest

import billhook
from billhook import blocks, hookimpl
from billhook.archive.payload_types import SCHEMA
from billhook.cli import plugin_description as description
from billhook.cli import report as findings_report
from billhook.cli.commands import explain, plugin, trace
from billhook.plugins import hookspecs
from billhook.plugins.deprecations import (
    BillhookDeprecationWarning,
    deprecation_warning,
    overdue,
    retirements,
)
from billhook.plugins.loading import load_object, register
from billhook.testing import Inline

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "compatibility.md").read_text(encoding="utf-8")

hookspec = pluggy.HookspecMarker("billhook")


def argument_gone():
    return deprecation_warning(
        "the argument draft of billhook_check",
        since="1.2",
        gone="1.4",
        instead="take document, which has it",
    )


def hook_gone():
    return deprecation_warning(
        "billhook_issued", since="1.2", gone="2.0", instead="use billhook_told"
    )


class Specifications:
    """The hooks of a release to come, with one argument and one hook that go."""

    @hookspec(warn_on_impl_args={"draft": argument_gone()})
    def billhook_check(self, job, draft, document):
        """Find fault."""

    @hookspec(warn_on_impl=hook_gone())
    def billhook_issued(self, document):
        """Hear of it."""


@hookimpl
def billhook_check(draft):
    """Find nothing, as plugins did before."""


@hookimpl
def brought_up_to_date(document):
    """Find nothing."""


@hookimpl
def billhook_issued(document):
    """Hear of it."""


def told(**hooks: object) -> list[warnings.WarningMessage]:
    """Register a plugin under those hooks; return the warnings."""
    manager = pluggy.PluginManager("billhook")
    manager.add_hookspecs(Specifications)
    (plugin,) = load_object("sample", Inline(**hooks)).plugins
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert register(manager, plugin) == []
    return caught


# ── deprecation ──────────────────────────────────────────────────────────────


def test_an_argument_that_goes_is_told_at_the_authors_line():
    (warning,) = told(billhook_check=billhook_check)

    assert str(warning.message) == (
        "the argument draft of billhook_check is deprecated since billhook 1.2 and goes in 1.4: "
        "take document, which has it"
    )
    assert warning.filename == __file__
    assert warning.lineno == billhook_check.__code__.co_firstlineno


def test_a_hook_that_goes_is_told_at_the_authors_line():
    (warning,) = told(billhook_issued=billhook_issued)

    assert str(warning.message).endswith("goes in 2.0: use billhook_told")
    assert (warning.filename, warning.category) == (__file__, BillhookDeprecationWarning)


def test_a_plugin_brought_up_to_date_is_told_nothing():
    assert told(billhook_check=brought_up_to_date) == []


def test_a_deprecated_argument_is_passed_all_the_same():
    manager = pluggy.PluginManager("billhook")
    manager.add_hookspecs(Specifications)

    @hookimpl
    def check(draft):
        return draft

    (plugin,) = load_object("sample", Inline(billhook_check=check)).plugins
    with pytest.warns(BillhookDeprecationWarning):
        register(manager, plugin)

    assert manager.hook.billhook_check(job="j", draft="d", document="e") == ["d"]


def test_what_is_deprecated_is_listed_with_its_dates():
    found = {name: (each.since, each.gone) for name, each in retirements(Specifications)}

    assert found == {"billhook_check(draft)": ("1.2", "1.4"), "billhook_issued": ("1.2", "2.0")}


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.3.9", []),
        ("1.4.0", ["billhook_check(draft)"]),
        ("2.0.0.dev1", ["billhook_check(draft)", "billhook_issued"]),
    ],
)
def test_what_should_be_gone_by_a_release(version, expected):
    assert overdue(Specifications, version) == expected


def test_nothing_in_this_release_should_be_gone():
    assert overdue(hookspecs, billhook.__version__) == []


def test_nothing_goes_sooner_than_promised():
    with pytest.raises(ValueError, match=r"deprecated in 1\.2, it cannot be gone in 1\.3"):
        deprecation_warning("x", since="1.2", gone="1.3", instead="y")


def test_a_warning_without_dates_is_a_mistake():
    class Careless:
        @hookspec(warn_on_impl=DeprecationWarning("goes"))
        def billhook_check(self, job):
            """Find fault."""

    with pytest.raises(
        TypeError, match=r"use billhook\.plugins\.deprecations\.deprecation_warning"
    ):
        list(retirements(Careless))


def test_a_warning_survives_the_way_between_processes():
    copy = pickle.loads(pickle.dumps(argument_gone()))  # noqa: S301 - our own bytes

    assert (str(copy), copy.since, copy.gone) == (str(argument_gone()), "1.2", "1.4")


# ── the page ─────────────────────────────────────────────────────────────────


def table(heading: str) -> set[str]:
    section = PAGE.partition(f"### {heading}")[2].partition("\n### ")[0]
    return set(re.findall(r"^\| `([\w.]+)` \|", section, re.MULTILINE))


def test_the_page_names_what_is_provisional():
    assert table("Provisional") == set(billhook.__provisional__)


def test_what_is_provisional_is_public():
    assert set(billhook.__provisional__) <= {
        *billhook.__all__,
        *vars(hookspecs),
        *(f"blocks.{name}" for name in blocks.__all__),
    }


def test_the_page_says_that_no_hook_is_deprecated_while_that_is_so():
    said = "No hook is deprecated at present." in PAGE

    assert said == (list(retirements(hookspecs)) == [])


FORMS = {
    SCHEMA,
    findings_report.SCHEMA,
    explain.SCHEMA,
    trace.SCHEMA,
    description.SCHEMA,
    plugin.LIST_SCHEMA,
}


@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_page_names_the_forms_of_output(form):
    assert f"`{form}`" in PAGE
