from __future__ import annotations

import json


def payable(site, name: str) -> str:
    bill = json.loads((site / f"out/{name}.json").read_bytes())
    return json.dumps(bill["invoice"]["totals"]["payable"])


def issued(billhook, site, *names: str) -> None:
    for name in names:
        assert billhook(site, "issue", f"jobs/{name}.toml", "-y", "--format", "none").code == 0


def test_a_bill_can_go_on_from_what_was_issued(billhook, site) -> None:
    issued(billhook, site, "application-1", "application-2")
    progress = site / "records/progress-1.csv"
    before = billhook(site, "bill", "jobs/application-3.toml", "--store", "-n")
    progress.write_text(progress.read_text().replace("1.2,15,", "1.2,14,"))
    after = billhook(site, "bill", "jobs/application-3.toml", "--store", "-n")

    # as in the example: 236,689.01 is due in June
    assert (before.code, after.code) == (0, 0)
    assert "MC-2026-07/3: 12 lines, 236,689.01 GBP" in before.err
    assert after.err == before.err


def test_a_job_that_was_issued_has_nothing_left(billhook, site) -> None:
    issued(billhook, site, "application-1")

    ran = billhook(site, "bill", "jobs/application-1.toml", "--store", "-n")

    assert ran.code == 1
    assert "there is nothing left to bill, it was issued as INV-2026-00001" in ran.err


def test_what_a_job_follows_must_be_issued(billhook, site) -> None:
    ran = billhook(site, "bill", "jobs/application-2.toml", "--store", "-n")

    assert ran.code == 4
    assert "[BH510]" in ran.err
    assert not (site / "billhook.db").exists()
