"""Certificates and releases: what happens between applications."""

from __future__ import annotations

import datetime as dt

from billhook import Origin
from billhook_construction.events import Certified, CertifiedItem, Released
from billhook_construction.records import CertifiedRow, Release
from billhook_construction.settings import Contract
from construction.site import ENGINE, Site, codes_of, d, day, entry, row, state_of


def site_at_half() -> Site:
    """1,000 of 2,000 done, 10 % held: 900 paid, 100 held."""
    site = Site(schedule=[row("1", 2000)], contract=Contract(retainage_work=d(10)))
    site.apply(entry("1", percent=50))
    return site


def released(at: dt.date, **facts: object) -> Released:
    return Released(subject="sample", at=at, by="owner", **facts)


def test_the_next_application_starts_from_what_was_certified() -> None:
    site = site_at_half()
    site.events.append(
        Certified(
            subject="sample",
            at=day(1) + dt.timedelta(days=5),
            by="architect",
            application=1,
            items=(CertifiedItem(item="1", completed=d(900)),),
            due=d(810),
        )
    )

    state = site.apply(entry("1", percent=60))

    # 1,200 less 120 is 1,080; certified were 900 less 90, 810.
    assert state.rows[0].previous.value == 900
    assert state.rows[0].current.value == 300
    assert state.summary.previous_certificates.value == 810
    assert state.summary.due.value == 270
    assert site.documents[-1].invoice.totals.payable.value == 270


def test_a_certificate_that_names_no_item_certifies_all() -> None:
    site = site_at_half()
    site.events.append(Certified(subject="sample", at=day(1), by="a", application=1, due=d(900)))

    assert site.apply(entry("1", percent=60)).summary.previous_certificates.value == 900


def test_a_certificate_of_an_unknown_item_is_refused() -> None:
    site = site_at_half()
    cut = (CertifiedItem(item="7", completed=d(1)),)
    site.events.append(Certified(subject="sample", at=day(1), by="a", application=1, items=cut))

    assert codes_of(site.draft(entry("1", percent=60))) == ["CON123"]


def test_a_certificate_of_a_later_day_does_not_count_yet() -> None:
    site = site_at_half()
    later = Certified(
        subject="sample",
        at=day(2) + dt.timedelta(days=1),
        by="a",
        application=1,
        items=(CertifiedItem(item="1", completed=d(0)),),
    )
    site.events.append(later)

    assert site.apply(entry("1", percent=60)).summary.previous_certificates.value == 900


def test_half_and_then_half_again_leaves_a_quarter() -> None:
    site = site_at_half()
    found = []
    for _ in range(2):
        site.events.append(released(day(len(site.documents)), percent=d(50)))
        found.append(site.apply().summary)

    assert [each.retained.value for each in found] == [50, 25]
    assert [each.due.value for each in found] == [50, 25]
    assert site.documents[-1].invoice.lines[0].id == "no-work"
    assert site.documents[-1].invoice.totals.payable.value == 25


def test_work_after_a_release_is_held_of_as_before() -> None:
    site = site_at_half()
    site.events.append(released(day(1)))

    state = site.apply(entry("1", percent=60))

    # 10 % of 1,200 is 120, of which 100 were released: 20 on the 200 of new work.
    assert state.summary.retained.value == 20
    assert state.rows[0].retained.value == 20
    assert state.summary.due.value == 200 - 20 + 100


def test_a_release_is_honoured_once() -> None:
    site = site_at_half()
    site.events.append(released(day(1), amount=d(40)))
    site.apply(entry("1", percent=60))

    state = site.apply(entry("1", percent=70))

    assert state.retainage.released_work.value == 40
    assert state.summary.retained.value == 140 - 40


def test_a_sum_is_released_of_work_first() -> None:
    contract = Contract(retainage_work=d(10), retainage_stored=d(5))
    site = Site(schedule=[row("1", 2000)], contract=contract)
    site.apply(entry("1", percent=50, stored=400))
    site.events.append(released(day(1), amount=d(110)))

    state = site.apply()

    assert state.summary.retained_work.value == 0
    assert state.summary.retained_stored.value == 10
    assert [row.retained.value for row in state.rows] == [10]


def test_releases_that_do_not_fit_are_refused() -> None:
    wrong = (
        {"amount": d("100.01")},
        {"amount": d(-1)},
        {"percent": d(0)},
        {"percent": d(101)},
        {"percent": d(50), "amount": d(50)},
        {"of": "stored"},
    )
    for facts in wrong:
        site = site_at_half()
        site.events.append(released(day(1), **facts))

        assert codes_of(site.draft(entry("1", percent=60))) == ["CON124"], facts


def test_a_release_before_the_first_application_finds_nothing_held() -> None:
    site = Site(schedule=[row("1", 2000)], contract=Contract(retainage_work=d(10)))
    site.events.append(released(day(1)))

    assert codes_of(site.draft(entry("1", percent=60))) == ["CON124"]


def test_lowering_the_rate_pays_back_and_is_said() -> None:
    site = site_at_half()
    site.set(retainage_work=d(5))

    draft = site.draft(entry("1", percent=60))

    assert codes_of(draft) == ["CON125"]
    assert state_of(draft).summary.retained.value == 60
    assert draft.invoice.totals.payable.value == 240


def test_certificates_and_releases_may_stand_in_files() -> None:
    site = site_at_half()
    cut = CertifiedRow(
        key="c", origin=Origin("c.csv", 2), application=1, date=day(1), item="1", completed=d(900)
    )
    half = Release(key="r", origin=Origin("r.csv", 2), date=day(2), percent=d(50))
    records = [*site.records([entry("1", percent=60)]), cut, half]

    draft = ENGINE.draft(site.job(), records, site.history())
    summary = state_of(draft).summary

    # Certified 900 less 90; half of the 90 released, so 120 less 45 is held of 1,200.
    assert summary.previous_certificates.value == 810
    assert summary.retained.value == 75
    assert summary.due.value == 1200 - 75 - 810


def test_a_release_in_a_file_counts_once_even_when_its_reason_is_reworded() -> None:
    site = site_at_half()
    half = Release(key="r", origin=Origin("r.csv", 2), date=day(2), percent=d(50))
    for reason in ("taken over", "section 1 taken over"):
        again = Release(
            key="r", origin=Origin("x.csv", 3), date=half.date, percent=half.percent, reason=reason
        )
        records = [*site.records([entry("1", percent=50 + len(site.documents))]), again]
        draft = ENGINE.draft(site.job(), records, site.history())
        site.documents.append(draft.document)

    assert state_of(draft).retainage.released_work.value == 50
