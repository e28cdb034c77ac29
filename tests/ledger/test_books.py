"""Books: each file is read back by the program itself, or by a reader written for the test."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections import defaultdict
from decimal import Decimal

import attrs
import pytest
from beancount.core.data import Transaction as Entry
from beancount.loader import load_string

from billhook.credit.note import Correction
from billhook.credit.service import credit
from billhook.kernel.errors import RefusedError
from billhook.ledger.books.accounts import Accounts
from billhook.ledger.books.datev import COLUMNS, DatevClient, pair_up
from billhook.ledger.books.export import BooksFormat, BooksSettings, export_books
from billhook.ledger.books.transactions import AccountAmount
from billhook.ledger.funds import Fund, deposit, draw_down
from billhook.ledger.write_offs import reverse, write_off
from ledger.office import ENGINE, TWO_PERCENT, Office, june

NUMBERS = Accounts(
    roles={
        "receivable": "1400",
        "revenue": "8400",
        "tax": "1770",
        "bank": "1200",
        "bank fees": "4970",
        "unallocated": "1590",
        "discounts": "8730",
        "write-offs": "2400",
        "trust bank": "1210",
        "trust": "1700",
    },
    clients={"acme": "10001"},
    revenue={"exempt": "8200"},
    tax={"VAT 20": "1776"},
)
DATEV = BooksSettings(accounts=NUMBERS, datev=DatevClient(consultant=1001, client=7))


@pytest.fixture
def office(store) -> Office:
    """An office with a month of all kinds of entries, in dollars."""
    made = Office(store)
    paid = made.bill("100.00 standard", terms=TWO_PERCENT)
    made.settle(made.receive("117.60", 5, fee=Decimal("0.60")), paid, discount=True)
    lost = made.bill("50.00 standard", day=2)
    write_off(store, lost, made.act(), day=june(20))
    other = made.bill("10.00", "20.00 standard", day=3)
    wanted = Correction(amount=Decimal("4.00"), release=False, date=june(4))
    credit(ENGINE, store, other, wanted, made.act())
    fund = Fund(kind="trust", customer="acme", subject="acme", currency="USD")
    deposit(store, fund, Decimal("20.00"), made.act(), day=june(6))
    draw_down(store, fund, other, made.act(), day=june(7), amount=Decimal("15.00"))
    bounced = made.receive("5.00", 8)
    made.settle(bounced, other)
    reverse(store, bounced, made.act(), day=june(9))
    return made


def export(office: Office, program: BooksFormat, settings: BooksSettings = DATEV, **days) -> bytes:
    with office.store.read() as reading:
        return export_books(
            reading, settings, program, **{"first": june(1), "last": june(30), **days}
        ).data


# 100.00 + 20.00, 50.00 + 10.00, 30.00 + 4.00 billed, 4.00 credited of the last: of 34.00, its
# taxed part is 24.00, so 4.00 × 4.00 / 34.00 = 0.47 is tax.  117.60 came with 0.60 kept by the
# bank; the discount of 2.40 has 0.40 of tax, the loss of 60.00 has 10.00.  15.00 of 20.00 in trust
# went to the firm.  34.00 − 4.00 − 15.00 = 15.00 is open.
BALANCES = {
    "Assets:Receivable": Decimal("15.00"),
    "Assets:Bank": Decimal("132.00"),
    "Expenses:BankFees": Decimal("0.60"),
    "Income:Revenue": Decimal("-176.47"),
    "Liabilities:Tax": Decimal("-23.13"),
    "Expenses:Discounts": Decimal("2.00"),
    "Expenses:WriteOffs": Decimal("50.00"),
    "Assets:TrustBank": Decimal("5.00"),
    "Liabilities:Trust": Decimal("-5.00"),
}


def test_beancount_reads_the_journal_and_comes_to_the_same_balances(office) -> None:
    entries, errors, _ = load_string(export(office, "beancount", BooksSettings()).decode())
    balances: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        for posting in entry.postings if isinstance(entry, Entry) else ():
            balances[posting.account] += posting.units.number

    assert errors == []
    assert {name: units for name, units in balances.items() if units} == BALANCES


def test_months_of_a_beancount_book_open_their_accounts_once(office) -> None:
    first = export(office, "beancount", BooksSettings(), last=june(5))
    rest = export(office, "beancount", BooksSettings(), first=june(6))
    known = {line.split(" open ")[1] for line in first.decode().splitlines() if " open " in line}
    late = [line for line in rest.decode().splitlines() if line.partition(" open ")[2] not in known]
    closed = export(office, "beancount", BooksSettings(opens=False), first=june(6)).decode()

    assert " open " not in closed
    assert load_string(first.decode() + "\n".join(late))[1] == []


def test_beancount_refuses_a_journal_that_is_one_cent_off(office) -> None:
    text = export(office, "beancount", BooksSettings()).decode()

    _, errors, _ = load_string(text.replace("117.00 USD", "117.01 USD", 1))
    assert [error.message.split(":")[0] for error in errors] == ["Transaction does not balance"]


@pytest.mark.parametrize("program", ["hledger", "ledger"])
def test_hledger_and_ledger_come_to_the_same_balances(office, program, tmp_path) -> None:
    text = export(office, program, BooksSettings()).decode()
    assert _read_journal(text) == BALANCES
    if shutil.which(program) is None:
        return
    path = tmp_path / "books.journal"
    path.write_text(text)
    asked = ["bal", "--flat", *(["-N", "-O", "csv"] if program == "hledger" else ["--no-total"])]
    done = subprocess.run(
        [program, "-f", str(path), *asked], capture_output=True, text=True, check=True
    )

    if program == "hledger":
        rows = dict(list(csv.reader(io.StringIO(done.stdout)))[1:])
    else:
        lines = (line.split() for line in done.stdout.splitlines())
        rows = {name: f"{amount} {unit}" for amount, unit, name in lines}
    assert {name: Decimal(amount.split()[0]) for name, amount in rows.items()} == BALANCES
    path.write_text(text.replace("117.00 USD", "117.01 USD", 1))
    wrong = subprocess.run([program, "-f", str(path), *asked], check=False, capture_output=True)
    assert wrong.returncode == 1


def _read_journal(text: str) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for block in text.strip().split("\n\n"):
        legs = [line.strip().split("  ") for line in block.splitlines()[1:]]
        amounts = [(name, Decimal(amount.split()[0])) for name, amount in legs]
        assert sum(amount for _, amount in amounts) == 0
        for name, amount in amounts:
            sums[name] += amount
    return {name: amount for name, amount in sums.items() if amount}


def test_quickbooks_gets_entries_that_balance(office) -> None:
    rows = list(
        csv.reader(io.StringIO(export(office, "iif", BooksSettings()).decode()), "excel-tab")
    )
    sums: dict[str, Decimal] = defaultdict(Decimal)
    entry = Decimal(0)
    for row in rows[3:]:
        if row == ["ENDTRNS"]:
            assert entry == 0
            continue
        entry = (Decimal(0) if row[0] == "TRNS" else entry) + Decimal(row[5])
        sums[row[3]] += Decimal(row[5])

    assert rows[0] == ["!TRNS", "TRNSTYPE", "DATE", "ACCNT", "NAME", "AMOUNT", "DOCNUM", "MEMO"]
    assert rows[3][1:3] == ["GENERAL JOURNAL", "06/01/2026"]
    assert {name: units for name, units in sums.items() if units} == BALANCES


def test_xero_gets_journals_that_balance_by_narration_and_date(office) -> None:
    rows = list(csv.DictReader(io.StringIO(export(office, "xero").decode())))
    journals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    accounts: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        journals[row["*Narration"], row["*Date"]] += Decimal(row["*Amount"])
        accounts[row["*AccountCode"]] += Decimal(row["*Amount"])

    assert set(journals.values()) == {0}
    # the client's own account, and the tax by its own name
    assert accounts["10001"] == BALANCES["Assets:Receivable"]
    assert accounts["1776"] == BALANCES["Liabilities:Tax"]


def test_datev_gets_bookings_that_come_to_the_same_balances(office) -> None:
    text = export(office, "datev").decode("cp1252")
    head, columns, *rows = [line.split(";") for line in text.split("\r\n")[:-1]]
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        assert len(row) == len(COLUMNS) == 125
        amount = Decimal(row[0].replace(",", "."))
        assert amount > 0
        sums[row[6]] += amount
        sums[row[7]] -= amount

    assert (len(head), head[:5]) == (31, ['"EXTF"', "700", "21", '"Buchungsstapel"', "13"])
    assert head[10:16] == ["1001", "7", "20260101", "4", "20260601", "20260630"]
    assert columns == [*COLUMNS]
    assert rows[0][6:11] == ["10001", "8400", "", "0106", '"INV-2026-00001"']
    # 1.78 of the credited revenue is of the exempt 10.00 of 34.00: 4.00 × 10 / 34 = 1.18
    assert {name: units for name, units in sums.items() if units} == {
        "10001": Decimal("15.00"),
        "1200": Decimal("132.00"),
        "4970": Decimal("0.60"),
        "8400": Decimal("-167.65"),
        "8200": Decimal("-8.82"),
        "1776": Decimal("-23.13"),
        "8730": Decimal("2.00"),
        "2400": Decimal("50.00"),
        "1210": Decimal("5.00"),
        "1700": Decimal("-5.00"),
    }


@pytest.mark.parametrize("program", ["beancount", "hledger", "iif", "xero", "datev"])
def test_the_same_export_gives_the_same_bytes(office, program) -> None:
    settings = BooksSettings() if program == "beancount" else DATEV

    assert export(office, program, settings) == export(office, program, settings)


def test_a_period_that_was_exported_stays_as_it_is(office) -> None:
    before = export(office, "hledger", last=june(10))
    bill = office.bill("70.00", day=15)
    receipt = office.receive("70.00", 16)
    office.settle(receipt, bill)
    reverse(office.store, receipt, office.act(), day=june(18))

    assert export(office, "hledger", last=june(10)) == before


def test_cash_basis_earns_what_was_paid(store) -> None:
    office = Office(store)
    bill = office.bill("100.00 standard", "30.00", day=2)
    for day, amount in ((5, "50.00"), (6, "33.33"), (7, "66.67")):
        office.settle(office.receive(amount, day), bill)
    cash = attrs.evolve(DATEV, basis="cash")
    text = export(office, "datev", cash).decode("cp1252")
    rows = [line.split(";") for line in text.split("\r\n")[2:-1]]

    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        amount = Decimal(row[0].replace(",", "."))
        sums[row[6]] += amount
        sums[row[7]] -= amount
    # wholly paid: as billed, 100.00, 30.00 and 20.00
    assert {name: units for name, units in sums.items() if units} == {
        "1200": Decimal("150.00"),
        "8400": Decimal("-100.00"),
        "8200": Decimal("-30.00"),
        "1776": Decimal("-20.00"),
    }


def test_what_the_program_would_not_take_is_refused_all_at_once(office) -> None:
    with pytest.raises(RefusedError) as caught:
        export(office, "datev", attrs.evolve(DATEV, accounts=Accounts(roles={"bank": "12"})))
    assert {each.code for each in caught.value.findings} == {"BH790"}
    # receivable, revenue, tax, unallocated, bank fees, discounts, write-offs, trust and its bank
    assert len(caught.value.findings) == 9

    names = Accounts(roles={"bank": "assets", "tax": "Tax"})
    with pytest.raises(RefusedError) as caught:
        export(office, "beancount", BooksSettings(accounts=names))
    assert [each.code for each in caught.value.findings] == ["BH791", "BH791"]

    with pytest.raises(RefusedError) as caught:
        export(office, "datev", first=june(-200))
    assert [each.code for each in caught.value.findings] == ["BH794"]

    with pytest.raises(RefusedError) as caught:
        export(office, "datev", attrs.evolve(DATEV, datev=None))
    assert [each.code for each in caught.value.findings] == ["BH795"]


def test_a_file_of_one_currency_is_not_mixed(store) -> None:
    office = Office(store)
    office.bill("100.00", day=2)
    office.bill("80.00", day=2, currency="EUR")
    with pytest.raises(RefusedError) as caught:
        export(office, "iif", BooksSettings())
    assert [each.code for each in caught.value.findings] == ["BH792"]

    text = export(office, "iif", BooksSettings(currency="EUR")).decode()
    assert ("80.00" in text, "100.00" in text) == (True, False)
    # beancount keeps both
    assert load_string(export(office, "beancount", BooksSettings()).decode())[1] == []


def test_one_amount_against_several_has_a_booking_for_each() -> None:
    amounts = [
        AccountAmount("a", "EUR", 119),
        AccountAmount("b", "EUR", -100),
        AccountAmount("c", "EUR", -19),
    ]

    assert list(pair_up(amounts)) == [("a", "b", 100, "EUR"), ("a", "c", 19, "EUR")]
