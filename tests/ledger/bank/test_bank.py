"""Bank statements are read exactly, recorded once, and matched with a reason."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from billhook.credit.note import Correction
from billhook.credit.service import credit
from billhook.kernel.errors import RefusedError
from billhook.ledger.bank.bank_lines import import_lines, recorded_lines
from billhook.ledger.bank.camt import read_camt
from billhook.ledger.bank.creditor_reference import numeric_bodies, rf_bodies, rf_reference
from billhook.ledger.bank.matching import Match, match_lines
from billhook.ledger.write_offs import reverse
from ledger.office import ENGINE, TWO_PERCENT, Office, june

HEAD = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
TAIL = "</BkToCstmrStmt></Document>"


@pytest.fixture
def office(store) -> Office:
    return Office(store)


def entry(
    amount: str,
    text: str = "",
    *,
    bank: str = "",
    payer: str = "",
    account: str = "",
    reference: str = "",
    currency: str = "USD",
    day: str = "2026-06-05",
    sign: str = "CRDT",
    status: str = "<Cd>BOOK</Cd>",
    more: str = "",
) -> str:
    strd = f"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>" if reference else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{more}'
        f"<Sts>{status}</Sts><BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{bank}</AcctSvcrRef>"
        f"<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>{payer}</Nm></Pty></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{account}</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RmtInf><Ustrd>{text}</Ustrd>{strd}</RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def statement(*entries: str) -> bytes:
    account = "<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>"
    return f"{HEAD}<Stmt>{account}{''.join(entries)}</Stmt>{TAIL}".encode()


def load(office: Office, *entries: str) -> list[str]:
    """Import a statement and return the ids of its new lines."""
    lines = read_camt(statement(*entries), "bank.xml").lines
    return [each.id for each in import_lines(office.store, lines, office.act())]


def match(office: Office, *named: str, **more: object) -> list[Match]:
    return match_lines(office.store, office.act(), named=named, **more)


def told(found: list[Match]) -> list[tuple[str, int, bool]]:
    return [(each.rule, each.confidence, bool(each.receipt)) for each in found]


# ── reading ──────────────────────────────────────────────────────────────────


def test_only_booked_credits_are_money_that_came_in() -> None:
    returned = "<RvslInd>true</RvslInd>"
    file = read_camt(
        statement(
            entry("10.50", "in"),
            entry("3.00", "out", sign="DBIT"),
            entry("9.00", "no funds", sign="DBIT", more=returned),
            entry("4.00", "later", status="<Cd>PDNG</Cd>"),
            entry("5.00", "old form", status="BOOK"),
        ),
        "bank.xml",
    )

    assert [each.units for each in file.lines] == [1050, 500]
    assert (file.outgoing, file.pending) == (2, 1)
    assert file.returned == ("2026-06-05: 9.00 USD no funds",)


def test_a_batch_is_read_by_its_payments_if_they_come_to_its_amount() -> None:
    def batch(*amounts: str) -> str:
        details = "".join(
            f'<TxDtls><Amt Ccy="EUR">{each}</Amt><RmtInf><Ustrd>p{each}</Ustrd></RmtInf></TxDtls>'
            for each in amounts
        )
        whole = entry("30.00", currency="EUR")
        return whole[: whole.index("<NtryDtls>")] + f"<NtryDtls>{details}</NtryDtls></Ntry>"

    exact = read_camt(statement(batch("10.00", "20.00")), "a.xml").lines
    other = read_camt(statement(batch("10.00", "19.00")), "a.xml").lines

    assert [(each.units, each.text) for each in exact] == [(1000, "p10.00"), (2000, "p20.00")]
    # 10.00 + 19.00 is not 30.00: the entry stays whole
    assert [(each.units, each.text) for each in other] == [(3000, "p10.00 p19.00")]


def test_amounts_have_the_decimals_of_their_currency() -> None:
    file = statement(entry("1000", currency="JPY"), entry("1.2500", currency="KWD"))

    assert [each.units for each in read_camt(file, "a.xml").lines] == [1000, 1250]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not well-formed XML"),
        (b"<Document>", "not well-formed XML"),
        (b"<Document/>", "expected a camt.053 or camt.054 document, got 'Document'"),
        (f"{HEAD}{TAIL}".encode(), "the document has no statement"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "XML that is not read"),
        (b'<?xml version="1.0" encoding="what"?><a/>', "a.xml"),
        (statement(entry("1.005")), "at most 2 decimals, got '1.005'"),
        (statement(entry("-1.00")), "got '-1.00'"),
        (statement(entry("1e2")), "got '1e2'"),
        (statement(entry("1.00", currency="XXQ")), "XXQ"),
        (statement(entry("1.00", day="2026-02-30")), "got '2026-02-30'"),
        (statement(entry("1.00", sign="PLUS")), "expected CRDT or DBIT in CdtDbtInd, got 'PLUS'"),
        (statement(entry("1.00", status="")), "the entry has no status"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(data: bytes, said: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read_camt(data, "a.xml")

    findings = list(caught.value.findings)
    assert {each.code for each in findings} == {"BH716"}
    assert any(said in str(each) for each in findings)
    assert all(str(each).startswith("a.xml") for each in findings)


# ── recording ────────────────────────────────────────────────────────────────


def test_the_same_or_an_overlapping_file_adds_nothing(office) -> None:
    first, second, third = entry("1.00", bank="A"), entry("2.00", "x"), entry("3.00", bank="C")

    assert len(load(office, first, second)) == 2
    assert load(office, first, second) == []
    assert len(load(office, second, third)) == 1


def test_two_equal_payments_of_a_day_are_two(office) -> None:
    same = entry("5.00", "coffee")
    load(office, same)

    assert len(load(office, same, same)) == 1
    assert load(office, same, same) == []
    with office.store.read() as reading:
        assert [each.units for each in recorded_lines(reading)] == [500, 500]


def test_a_notification_of_a_booked_entry_adds_nothing_to_the_statement(office) -> None:
    data = statement(entry("5.00", bank="ACSR1"))
    notice = (
        data.replace(b"camt.053", b"camt.054")
        .replace(b"BkToCstmrStmt", b"BkToCstmrDbtCdtNtfctn")
        .replace(b"<Stmt>", b"<Ntfctn>")
        .replace(b"</Stmt>", b"</Ntfctn>")
    )
    import_lines(office.store, read_camt(data, "a.xml").lines, office.act())
    [line] = read_camt(notice, "b.xml").lines

    assert import_lines(office.store, [line], office.act()) == ()


# ── references ───────────────────────────────────────────────────────────────


def test_references_pass_their_published_check_digits() -> None:
    # ISO 11649's own example; the Swiss implementation guidelines' QR reference;
    # OGM: 0000002026 mod 97 = 86; KID of 12345678: Luhn gives 2 (1+4+3+8+5+3+7+7 = 38)
    assert rf_reference("539007547034") == "RF18539007547034"
    assert "539007547034" in list(rf_bodies("RF18 5390 0754 7034"))
    assert list(rf_bodies("RF19539007547034"))[:1] != ["539007547034"]
    assert ("QR reference", "21000000000313947143000901"[:26]) in list(
        numeric_bodies("210000000003139471430009017")
    )
    assert ("structured communication (OGM)", "2026") in list(numeric_bodies("000000202686"))
    assert ("KID", "12345678") in list(numeric_bodies("123456782"))
    assert list(numeric_bodies("000000202687")) != [("structured communication (OGM)", "2026")]


# ── matching ─────────────────────────────────────────────────────────────────


def test_a_right_reference_settles_its_bill_and_a_wrong_one_does_not(office) -> None:
    bill = office.bill("100.00")
    good = rf_reference(bill)
    bad = f"RF{(int(good[2:4]) + 1) % 98:02}{good[4:]}"
    load(office, entry("100.00", reference=bad), entry("100.00", reference=good))
    wrong, right = match(office)

    assert (right.rule, right.confidence, right.line.id) == ("reference", 100, right.receipt)
    assert not wrong.receipt
    assert office.open() == {}
    assert office.receipt(right.receipt) == {"amount": "100.00", "allocated": "100.00"}


def test_a_number_in_the_text_is_found_however_it_is_separated(office) -> None:
    bills = [office.bill("100.00") for _ in range(3)]
    texts = [bills[0].lower(), f"re. {bills[1].replace('-', ' ')}, thanks", f"no.{bills[2]}."]
    load(office, *(entry("100.00", each) for each in texts))

    assert told(match(office)) == [("number", 97, True)] * 3
    assert office.open() == {}


def test_a_number_that_is_part_of_a_longer_one_is_not_named(office) -> None:
    bill = office.bill("100.00")
    load(office, entry("100.00", f"{bill}7"), entry("100.00", f"9{bill.replace('-', '')}"))

    assert [each.receipt for each in match(office)] == ["", ""]


def test_a_part_payment_by_text_is_proposed_and_posted_when_it_is_named(office) -> None:
    bill = office.bill("100.00")
    [line] = load(office, entry("60.00", bill))

    assert told(match(office)) == [("number", 85, False)]
    assert office.open() == {bill: "100.00"}
    assert told(match(office, line)) == [("number", 85, True)]
    assert office.open() == {bill: "40.00"}


def test_the_second_payment_of_a_bill_is_measured_by_what_the_first_left(office) -> None:
    bill = office.bill("100.00")
    good = rf_reference(bill)
    same = [entry(amount, reference=good, bank=amount) for amount in ("60.00", "40.00", "40.01")]
    load(office, *same)

    # 60.00 of 100.00 is a part, 40.00 is the rest, for the third nothing is open
    assert told(match(office)) == [
        ("reference", 92, True),
        ("reference", 100, True),
        ("reference", 30, False),
    ]
    assert office.total() == "0.00"


def test_a_credit_in_between_counts(office) -> None:
    bill = office.bill("100.00")
    taken = Correction(amount=Decimal("30.00"), release=False, date=june(2))
    credit(ENGINE, office.store, bill, taken, office.act())
    load(office, entry("70.00", bill))

    # 100.00 − 30.00 = 70.00 is what is open
    assert told(match(office)) == [("number", 97, True)]


def test_more_than_is_open_is_proposed_and_the_rest_stays_on_account(office) -> None:
    bill = office.bill("100.00")
    [line] = load(office, entry("130.00", bill))

    assert told(match(office)) == [("number", 70, False)]
    match(office, line)
    assert office.receipt(line) == {
        "amount": "130.00",
        "allocated": "100.00",
        "on_account": "30.00",
    }


def test_two_bills_named_are_both_settled_by_their_sum_alone(office) -> None:
    one, other = office.bill("30.00"), office.bill("50.00")
    load(office, entry("70.00", f"{one} {other}"), entry("80.00", f"{one} {other}"))

    assert told(match(office)) == [("number", 60, False), ("number", 97, True)]
    assert office.open() == {}


def test_bills_of_two_clients_in_one_text_are_left(office) -> None:
    one, other = office.bill("30.00"), office.bill("50.00", client="bolt")
    [line] = load(office, entry("80.00", f"{one} {other}"))
    [found] = match(office)

    assert (found.customer, found.receipt) == ("", "")
    with pytest.raises(RefusedError) as caught:
        match(office, line)
    assert [each.code for each in caught.value.findings] == ["BH717"]
    match(office, line, customer="bolt")
    assert office.receipt(line) == {"amount": "80.00", "on_account": "80.00"}


def test_money_less_the_discount_in_time_settles_the_whole_bill(office) -> None:
    bill = office.bill("100.00", terms=TWO_PERCENT)
    late = entry("98.00", bill, day="2026-06-20")
    load(office, late, entry("98.00", bill, day="2026-06-10"))

    # 2 % of 100.00 until ten days after 1 June
    assert told(match(office)) == [("number", 85, False), ("number", 96, True)]
    assert office.open() == {}


def test_another_currency_is_never_posted_by_itself(office) -> None:
    bill = office.bill("100.00")
    load(office, entry("100.00", bill, currency="EUR"))

    assert told(match(office)) == [("number", 40, False)]
    assert office.open() == {bill: "100.00"}


def test_amount_and_payer_are_a_proposal_that_an_account_makes_surer(office) -> None:
    office.bill("100.00")
    office.bill("70.00")
    paid = {"payer": "ACME", "account": "NL91ABNA0417164300"}
    [line] = load(office, entry("100.00", "thanks", **paid))

    assert told(match(office)) == [("amount and payer", 75, False)]
    match(office, line)
    other = {**paid, "payer": "A. Cme Holding"}
    load(office, entry("70.00", "again", **other), entry("1.00", "who", payer="Nobody"))

    assert told(match(office)) == [("amount and payer", 80, False), ("", 0, False)]
    assert told(match(office, threshold=80))[0] == ("amount and payer", 80, True)


def test_two_bills_of_one_amount_are_not_chosen_between(office) -> None:
    office.bill("100.00")
    office.bill("100.00")
    load(office, entry("100.00", "thanks", payer="Acme"))
    [found] = match(office)

    assert (found.rule, found.settlements) == ("payer", ())
    assert found.reason == "name of acme, and several bills have this amount open"


def test_a_line_is_posted_once_even_if_its_receipt_bounced(office) -> None:
    bill = office.bill("100.00")
    [line] = load(office, entry("100.00", bill))
    match(office)
    reverse(office.store, line, office.act(), day=office.ledger.receipts[line].day)

    assert match(office) == []
    assert office.open() == {bill: "100.00"}
    with pytest.raises(RefusedError) as caught:
        match(office, line)
    assert [each.code for each in caught.value.findings] == ["BH717"]


# ── the command ──────────────────────────────────────────────────────────────


def test_the_command_imports_matches_and_reports(billhook, firm) -> None:
    def run(*words: str, code: int = 0) -> str:
        ran = billhook(*words)

        assert ran.code == code, ran.err
        return ran.out + ran.err

    run("issue", "-y", "--format", "none")
    [row] = json.loads(run("aging", "--items", "-f", "json", "--as-of", "2027-01-01"))["rows"]
    bill, amount, unit = row["number"], row["open"], row["currency"]
    text = [
        entry(amount, f"bill {bill}", day="2027-01-10", currency=unit),
        entry("5.00", day="2027-01-11", currency=unit),
    ]
    (firm / "bank.xml").write_bytes(statement(*text))

    assert "dry run: bank.xml: 2 new" in run("payment", "import", "bank.xml", "-n")
    assert "bank.xml: 2 new" in run("payment", "import", "bank.xml")
    assert "bank.xml: 0 new, 2 known" in run("payment", "import", "bank.xml")
    assert "dry run: 1 posted, 1 left" in run("payment", "match", "-n", "-f", "csv")
    said = run("payment", "match", "-f", "csv")
    assert f'{bill},97,number,posted,"the text names {bill}, and the amount is what' in said
    assert ",left,no reference and no number of a bill; no payer" in said
    assert "0 posted, 1 left" in run("payment", "match", "-f", "csv")
    assert "1 posted, 0 left" in run("payment", "match", "L3", "--client", row["client"])
    assert "--client needs the lines" in run("payment", "match", "--client", "x", code=2)
