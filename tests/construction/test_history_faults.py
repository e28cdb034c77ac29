"""A contract that is changed after it was billed on: found, placed, and told how to mend."""

from __future__ import annotations

import attrs
import pytest

from billhook.kernel.diagnostics import Severity
from construction.site import Site, change, codes_of, d, entry, row


def billed() -> Site:
    """A contract of 1,100.00 after its first application."""
    site = Site(
        schedule=[row("1", 600), row("2", 400)],
        changes=[change("CO-1", 100), change("CO-2", -40, "pending")],
    )
    site.apply(entry("1", percent=50), entry("CO-1", percent=50))
    return site


def found(site: Site) -> list[tuple[str, str, str]]:
    """Return code, place and message of what is found with the next application."""
    draft = site.draft(entry("1", percent=60))
    assert all(each.hint for each in draft.findings)
    return [
        (each.code, each.origin.file if each.origin else "the job", each.message)
        for each in draft.findings
        if each.severity is not Severity.INFO
    ]


def test_a_contract_that_stayed_as_it_was_says_nothing() -> None:
    assert found(billed()) == []


def test_a_row_that_was_changed_is_named_beside_the_sum() -> None:
    site = billed()
    site.schedule[1] = attrs.evolve(site.schedule[1], value=d(450))

    assert [each[:2] for each in found(site)] == [("CON119", "the job"), ("CON120", "schedule.csv")]
    assert found(site)[1][2] == "item '2' is 450.00 USD, in application 1 it was 400.00"


def test_a_row_that_was_added_without_a_change_order_is_named() -> None:
    site = billed()
    site.schedule.append(row("3", 25))

    assert found(site)[1] == (
        "CON120",
        "schedule.csv",
        "item '3', 25.00 USD, was not in the schedule of application 1",
    )


def test_a_row_that_is_gone_is_named() -> None:
    site = billed()
    del site.schedule[0]
    draft = site.draft(entry("2", percent=60))

    assert codes_of(draft) == ["CON119", "CON119"]
    assert draft.findings[0].message == "item '1' of application 1 is no longer in the schedule"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"amount": d(120)},
            "change order 'CO-1' is 120.00 USD, in application 1 it was 100.00",
        ),
        (
            {"status": "rejected"},
            "change order 'CO-1' counted in application 1 and is no longer approved",
        ),
    ],
)
def test_a_change_order_that_was_billed_on_stays(changed: dict[str, object], message: str) -> None:
    site = billed()
    site.changes[0] = attrs.evolve(site.changes[0], **changed)

    assert ("CON119", "changes.csv", message) in found(site)


def test_a_new_breakdown_of_the_same_sum_is_a_warning() -> None:
    site = billed()
    site.schedule[0] = attrs.evolve(site.schedule[0], value=d(550))
    site.schedule[1] = attrs.evolve(site.schedule[1], value=d(425))
    site.schedule.append(row("3", 25))
    draft = site.draft(entry("1", percent=60))

    assert draft.errors == ()
    assert [each[0] for each in found(site)] == ["CON120"] * 3
