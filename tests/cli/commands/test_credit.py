from __future__ import annotations

import json

import pytest


@pytest.fixture
def issued(billhook, firm):
    billhook(firm, "issue", "-y", "--format", "none")
    return firm


def rows(ran) -> list[dict[str, object]]:
    return json.loads(ran.out)["rows"]


def states(billhook, firm) -> list[tuple[object, object]]:
    found = rows(billhook(firm, "invoice", "list", "--format", "json"))
    return [(row["number"], row["state"]) for row in found]


def test_a_credit_by_lines_takes_their_records_back(billhook, issued) -> None:
    done = billhook(
        issued, "credit", "1", "--lines", "2", "--release", "--reason", "not held", "-y",
        "--format", "none",
    )  # fmt: skip

    assert done.code == 0
    assert "CRN-2026-00001: credits INV-2026-00001; 1 record released" in done.err
    assert states(billhook, issued) == [
        ("CRN-2026-00001", "issued"),
        ("INV-2026-00001", "part credited"),
    ]
    again = billhook(issued, "issue", "-y", "--format", "none", "--date", "2026-07-01")
    assert "issued 1 document: 480.00 USD" in again.err
    assert billhook(issued, "verify").code == 0


def test_a_credit_says_what_happens_to_the_records(billhook, issued) -> None:
    assert billhook(issued, "credit", "1", "--reason", "x", "-y").code == 2


def test_more_than_is_left_is_refused(billhook, issued) -> None:
    refused = billhook(issued, "credit", "1", "--amount", "690.01", "--reason", "x", "-y", "--keep")

    assert refused.code == 4
    assert "[BH504]" in refused.err
    assert states(billhook, issued) == [("INV-2026-00001", "issued")]


def test_a_credit_rehearses(billhook, issued) -> None:
    shown = billhook(issued, "credit", "1", "--amount", "90", "--reason", "x", "-n")

    assert shown.code == 0
    assert "credit on INV-2026-00001: 1 line, 90.00 USD with tax" in shown.err
    assert states(billhook, issued) == [("INV-2026-00001", "issued")]


def test_rebilling_shows_the_corrected_draft(billhook, issued) -> None:
    hours = issued / "records/hours.csv"
    hours.write_text(hours.read_text().replace("03,4,", "03,3,"))

    done = billhook(
        issued, "credit", "1", "--rebill", "--reason", "three hours", "-y", "--format", "json"
    )
    again = billhook(issued, "issue", "-y", "--format", "none", "--date", "2026-07-01")

    assert done.code == 0
    assert "corrected draft of first: 3 lines, 570.00 USD" in done.err
    assert "issue it: billhook issue jobs/first.toml" in done.err
    assert "issued 1 document: 570.00 USD" in again.err
    assert billhook(issued, "verify").code == 0


def test_void_keeps_the_number_with_its_reason(billhook, issued) -> None:
    done = billhook(issued, "void", "1", "--release", "--reason", "wrong client", "-y")

    assert done.code == 0
    assert states(billhook, issued) == [("INV-2026-00001", "void")]
    assert "void: wrong client (kim, 2026-07-01)" in billhook(issued, "invoice", "show", "1").err


def test_what_was_sent_is_not_voided(billhook, issued) -> None:
    billhook(issued, "invoice", "sent", "1", "--how", "mail", "--at", "2026-06-30")

    refused = billhook(issued, "void", "1", "--release", "--reason", "x", "-y")

    assert refused.code == 4
    assert "INV-2026-00001 was sent on 2026-06-30 by kim" in refused.err
    assert states(billhook, issued) == [("INV-2026-00001", "sent")]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("credit", "9", "--keep", "--reason", "x", "-y"), 4),
        (("credit", "1", "--keep", "-y"), 4),
        (("credit", "1", "--keep", "--reason", "x"), 4),
        (("credit", "1", "--lines", "1", "--amount", "5", "--keep", "--reason", "x"), 2),
        (("credit", "1", "--rebill", "--keep", "--reason", "x", "-y"), 2),
        (("void", "1", "--reason", "x", "-y"), 2),
        (("void", "1", "--keep", "-y"), 4),
        (("replay",), 2),
        (("replay", "--all"), 0),
        (("replay", "9"), 4),
        (("invoice", "show", "9"), 4),
    ],
)
def test_exit_codes(billhook, issued, words, code) -> None:
    assert billhook(issued, *words).code == code


def test_show_has_the_sealed_document_for_programs(billhook, issued) -> None:
    billhook(issued, "credit", "1", "--amount", "90", "--reason", "x", "-y", "--format", "none")

    tree = json.loads(billhook(issued, "invoice", "show", "INV", "--format", "json").out)

    assert (tree["schema"], tree["left"], tree["credits"]) == (
        "billhook.issued/1",
        "600.00",
        ["CRN-2026-00001"],
    )
    assert tree["sealed"]["document"]["number"] == "INV-2026-00001"


@pytest.mark.parametrize(("choice", "unbilled"), [("--release", ["first"]), ("--keep", [])])
def test_a_job_taken_back_is_unbilled_again_unless_its_work_is_settled(
    billhook, issued, choice, unbilled
) -> None:
    billhook(issued, "credit", "1", "--reason", "x", "-y", choice, "--format", "none")

    assert json.loads(billhook(issued, "status", "-f", "json").out)["unbilled"] == unbilled


def unsent(billhook, folder) -> list[str]:
    return json.loads(billhook(folder, "status", "--format", "json").out)["unsent"]


def test_what_the_buyer_should_have_is_to_be_sent_credit_notes_too(billhook, issued) -> None:
    def credited(*words: str) -> None:
        ran = billhook(issued, "credit", "INV", *words, "--reason", "x", "-y", "--format", "none")
        assert ran.code == 0, ran.err

    credited("--lines", "1", "--keep")
    assert unsent(billhook, issued) == ["CRN-2026-00001", "INV-2026-00001"]

    billhook(issued, "invoice", "sent", "INV-2026-00001", "--how", "mail")
    assert unsent(billhook, issued) == ["CRN-2026-00001"]

    credited("--keep")
    assert unsent(billhook, issued) == ["CRN-2026-00001", "CRN-2026-00002"]


def test_a_bill_that_was_taken_back_unsent_is_not_to_be_sent(billhook, issued) -> None:
    billhook(issued, "credit", "INV", "--keep", "--reason", "x", "-y", "--format", "none")

    assert unsent(billhook, issued) == []


def test_what_was_taken_back_is_not_among_all_that_is_replayed(billhook, issued) -> None:
    billhook(issued, "credit", "INV", "--keep", "--reason", "x", "-y", "--format", "none")

    assert "0 documents: 0 would differ today" in billhook(issued, "replay", "--all").err
    assert "1 document: 0 would differ today" in billhook(issued, "replay", "INV").err
