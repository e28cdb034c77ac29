"""Terms of customers and subjects: one job for many uses them, and says where they stand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from billhook import Period, load_project
from project.test_each import CUSTOMER, PROJECT, billhook, edit, firm

__all__ = ["billhook", "firm"]

JUNE = Period(dt.date(2026, 6, 1), dt.date(2026, 6, 30))


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text(text)


def member(root: Path, subject: str):
    return load_project(root).job(root / "jobs" / f"month@{subject}.toml", period=JUNE)


def payable(root: Path, subject: str) -> Decimal:
    (draft,) = member(root, subject).drafts()
    return draft.invoice.totals.payable.value


def test_a_matter_has_language_discount_increment_and_payment_terms_of_its_own(firm) -> None:
    terms = (
        'locale = "fr_FR"\nnotes = ["Merci."]\n[terms]\nnet_days = 5\n'
        "[legal]\nincrement = 15\ndiscount = { percent = 20 }\n"
    )
    write(firm, "subjects/M2.toml", terms)
    edit(firm, "billhook.toml", ', locale = "de_DE"', "")

    loaded = member(firm, "M2")
    (draft,) = loaded.drafts()

    assert [str(each) for each in loaded.findings] == []
    # 31 minutes are 45 in quarters of an hour: 225.00, less 20 % is 180.00
    assert draft.invoice.totals.payable.value == Decimal("180.00")
    assert draft.invoice.terms.due == dt.date(2026, 7, 5)
    assert (loaded.job.locale, draft.invoice.notes) == ("fr_FR", ("Merci.",))
    # 60 minutes at 300.00: the other matter has none of it
    assert payable(firm, "M1") == Decimal("300.00")


def test_the_job_goes_before_the_matter_before_the_customer_before_the_project(firm) -> None:
    def discount(percent: int) -> str:
        return f"\n[legal]\ndiscount = {{ percent = {percent} }}\n"

    # 31 minutes are 36 in units of six: 180.00
    assert payable(firm, "M2") == Decimal("180.00")
    edit(firm, "billhook.toml", "increment = 6", "increment = 6\ndiscount = { percent = 5 }")
    assert payable(firm, "M2") == Decimal("171.00")
    write(firm, "customers/birch.toml", CUSTOMER.format("Birch") + discount(10))
    assert payable(firm, "M2") == Decimal("162.00")
    write(firm, "subjects/M2.toml", discount(15))
    assert payable(firm, "M2") == Decimal("153.00")
    write(firm, "jobs/month.toml", (firm / "jobs/month.toml").read_text() + discount(20))
    assert payable(firm, "M2") == Decimal("144.00")


def test_tables_merge_key_by_key_so_that_a_matter_adds_to_its_customers_terms(firm) -> None:
    write(firm, "customers/birch.toml", CUSTOMER.format("Birch") + "[legal]\nincrement = 15\n")
    write(firm, "subjects/M2.toml", "[legal]\ndiscount = { percent = 10 }\n")

    # 45 minutes of 31: 225.00, less 10 %
    assert payable(firm, "M2") == Decimal("202.50")


def test_an_explanation_leads_to_the_file_where_a_term_stands(billhook, firm) -> None:
    write(firm, "subjects/M2.toml", "[legal]\ndiscount = { percent = 10 }\n")

    out = billhook("explain", "jobs/month@M2.toml", "--period", "2026-06")[1]

    assert "[subjects/M2.toml:2:1]" in out


def test_a_customers_bills_are_split_among_payers_without_a_plugin(firm) -> None:
    split = 'split = [{ payer = "alder", weight = 1 }, { payer = "birch", weight = 2 }]\n'
    write(firm, "customers/birch.toml", split + CUSTOMER.format("Birch"))

    bills = member(firm, "M2").documents()

    # 180.00 as 1 : 2
    assert [(b.invoice.payer.id, b.invoice.totals.payable.value) for b in bills] == [
        ("alder", Decimal("60.00")),
        ("birch", Decimal("120.00")),
    ]
    assert len(member(firm, "M1").documents()) == 1


def test_a_payer_of_a_split_that_nobody_knows_is_refused(firm) -> None:
    write(firm, "subjects/M2.toml", 'split = [{ payer = "aldre", weight = 1 }]\n')

    (finding,) = member(firm, "M2").errors

    assert (finding.code, finding.origin.file) == ("BH121", "subjects/M2.toml")
    assert finding.hint == "did you mean 'alder'?"


def test_delivery_and_payer_of_a_matter_and_its_currency_stand_with_it(firm) -> None:
    write(firm, "subjects/M1.toml", 'payer = "birch"\ndeliver_to = "birch"\nlate = "bill"\n')

    job = member(firm, "M1").job

    assert (job.payer.id, job.deliver_to.id, job.buyer.id) == ("birch", "birch", "alder")
    assert job.late == "bill"
    assert member(firm, "M2").job.late == "leave"


def test_a_job_for_one_uses_the_terms_of_its_subject_too(firm) -> None:
    write(firm, "subjects/M1.toml", "[legal]\ndiscount = { percent = 10 }\n")
    job = (firm / "jobs/month.toml").read_text()
    one = job.replace('each = "legal.matter"', 'subject = "M1"\nbuyer = "alder"')
    write(firm, "jobs/one.toml", one)

    (draft,) = load_project(firm).job(firm / "jobs/one.toml", date=JUNE.last, period=JUNE).drafts()

    assert draft.invoice.totals.payable.value == Decimal("270.00")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("M22", "[terms]\nnet_days = 3\n", "warning[BH340]: no job bills the subject 'M22'"),
        ("M2", 'locale = "fr_FR"\n', "error[BH341]: locale of 'M2' is 'fr_FR' here and 'de_DE'"),
        ("M2", 'buyer = "alder"\n', "error[BH341]: buyer of 'M2' is 'alder' here and 'birch'"),
        (
            "M2",
            'payer = "alder"\nsplit = [{ payer = "alder", weight = 1 }]\n',
            "error[BH341]: the bill has one payer and is split",
        ),
        ("M2", "discount = 10\n", "unknown key 'discount'"),
        ("M2", "[legal]\nincremnt = 3\n", "subjects/M2.toml:2:1: error[BH103]"),
        ("M2", "[legl]\nincrement = 3\n", "did you mean 'legal'?"),
    ],
)
def test_terms_that_contradict_or_mean_nothing_are_found_by_check(
    billhook, firm, name, text, said
) -> None:
    write(firm, f"subjects/{name}.toml", text)

    out = billhook("check")[1]

    assert f"subjects/{name}.toml" in out
    assert said in out
    assert PROJECT
