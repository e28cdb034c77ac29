"""``billhook books`` posts what the commands before it recorded."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def run(billhook, firm):
    def run(*words: str, code: int = 0) -> str:
        ran = billhook(firm, *words)
        assert ran.code == code, ran.err
        return ran.out + ran.err

    run("issue", "-y", "--format", "none")
    run("payment", "add", "acme", "500", "--for", "1", "--date", "2026-07-10")
    return run


def rows(run, *arguments: str) -> list[tuple[str, ...]]:
    tree = json.loads(run("books", "list", "--to", "2026-07-31", "-f", "json", *arguments))
    return [(r["what"], r["account"], r["debit"], r["credit"]) for r in tree["rows"]]


def test_accrual_posts_the_bill_and_cash_what_was_paid(run) -> None:
    assert ("bill", "Income:Revenue", "", "690.00") in rows(run)
    # 500.00 of 690.00 without tax
    assert rows(run, "--basis", "cash") == [
        ("receipt", "Assets:Bank", "500.00", ""),
        ("receipt", "Liabilities:Unallocated", "", "500.00"),
        ("allocation", "Liabilities:Unallocated", "500.00", ""),
        ("allocation", "Income:Revenue", "", "500.00"),
    ]


def test_a_credit_note_and_a_voided_bill_are_posted_back(run) -> None:
    run("credit", "1", "--amount", "90", "--keep", "-y", "--reason", "agreed", "--format", "none")
    found = rows(run, "--to", "2099-01-01")

    assert ("credit", "Income:Revenue", "90.00", "") in found
    assert ("credit", "Assets:Receivable", "", "90.00") in found


def test_the_accounts_of_the_project_are_used_and_mistakes_are_found(run, firm) -> None:
    path = firm / "billhook.toml"
    before = path.read_text()
    path.write_text(before + '\n[books]\nbasis = "cash"\n[books.accounts]\nbank = "Assets:Giro"\n')
    assert rows(run)[0] == ("receipt", "Assets:Giro", "500.00", "")

    path.write_text(before + '\n[books]\ncurrency = "EURO"\n[books.accounts]\nbanc = "x"\n')
    said = run("check", code=1)
    assert "unknown key 'banc'" in said
    assert "bank" in said


def test_days_are_given_once_and_in_order(run) -> None:
    assert "not both" in run("books", "list", "--period", "2026-07", "--to", "2026-07-31", code=2)
    late = run("books", "list", "--from", "2026-08-01", "--to", "2026-07-31", code=2)
    assert "before it begins" in late
    assert "nothing was posted" in run("books", "list", "--period", "2020-01")


def test_a_file_is_written_whole(run, firm) -> None:
    assert "july.journal: 2 entries" in run(
        "books", "export", "hledger", "--period", "2026-07", "-o", "july.journal"
    )
    text = (firm / "july.journal").read_text()

    assert text.startswith("2026-07-10 * (R2) acme | receipt R2\n    Assets:Bank  500.00 USD\n")
