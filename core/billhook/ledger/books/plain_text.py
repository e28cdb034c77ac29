"""Journals of plain-text accounting: beancount, and one that hledger and ledger both read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError
from billhook.ledger import codes
from billhook.ledger.books.transactions import Transaction
from billhook.ledger.events import amount_of

_BEANCOUNT_ACCOUNT = re.compile(
    r"(Assets|Liabilities|Equity|Income|Expenses)(:[^\W_a-z][\w-]*)+", re.UNICODE
)
_LEDGER_ACCOUNT = re.compile(r"[^\s;:*!()\[\]](?!.*(\s\s|\t|;)).*\S|\S")


def write_beancount(entries: Sequence[Transaction], *, opens: bool = True) -> bytes:
    """Return a beancount 3 journal.

    Args:
        entries: The transactions.
        opens: Whether accounts are opened, on the first day.

    Raises:
        RefusedError: BH791: beancount takes no account of such a name.
    """
    accounts = sorted({each.account for entry in entries for each in entry.amounts})
    hint = "five roots, parts that begin with a capital or a digit: Income:Fees:Reduced"
    _require_names(accounts, _BEANCOUNT_ACCOUNT, "beancount", hint)
    lines = (
        [f"{entries[0].day} open {account}" for account in accounts] if opens and entries else []
    )
    for entry in entries:
        tag = re.sub(r"[^\w/.-]", "-", entry.id, flags=re.ASCII)
        lines += ["", f"{entry.day} * {_quote(entry.client)} {_quote(_narration(entry))} ^{tag}"]
        lines += (f"  {account}  {amount}" for account, amount in _sides(entry))
    return _text(lines)


def write_ledger(entries: Sequence[Transaction]) -> bytes:
    """Return a journal that hledger and ledger read.

    Raises:
        RefusedError: BH791: neither takes an account of such a name.
    """
    accounts = sorted({each.account for entry in entries for each in entry.amounts})
    hint = "no semicolon, tab or two spaces in a row: Income:Fees"
    _require_names(accounts, _LEDGER_ACCOUNT, "ledger", hint)
    lines: list[str] = []
    for entry in entries:
        words = " | ".join(filter(None, (entry.client, _narration(entry))))
        lines += [f"{entry.day} * ({_code(entry.id)}) {words.replace(';', ',')}"]
        lines += (f"    {account}  {amount}" for account, amount in _sides(entry))
        lines.append("")
    return _text(lines)


def _require_names(accounts: Sequence[str], form: re.Pattern[str], program: str, hint: str) -> None:
    wrong = [
        Diagnostic(
            codes.BOOKS_FORMAT.id, f"{program} takes no account named {account!r}", hint=hint
        )
        for account in accounts
        if not form.fullmatch(account)
    ]
    if wrong:
        raise RefusedError(wrong)


def _narration(entry: Transaction) -> str:
    return f"{entry.kind} {entry.id}"


def _sides(entry: Transaction) -> Iterator[tuple[str, str]]:
    for each in entry.amounts:
        yield each.account, f"{amount_of(each.units, each.currency)} {each.currency}"


def _quote(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _code(id_: str) -> str:
    return re.sub(r"[()\n]", "-", id_)


def _text(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
