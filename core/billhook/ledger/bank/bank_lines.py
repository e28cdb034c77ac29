"""Bank lines: money that a bank says came in, recorded in the log once.

A line keeps an id when it is recorded; the receipt that is made of it has the same id, so no line
becomes two receipts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence

import attrs

from billhook.issue.actor import Actor
from billhook.issue.roles import OPEN, Roles
from billhook.ledger import events
from billhook.ledger.events import facts_of, given_facts, record
from billhook.ledger.journal import Ledger
from billhook.store.protocol import AuditEntry, Reading, Store


@attrs.frozen(kw_only=True)
class BankTransaction:
    """Money that came into an account.

    Attributes:
        account: The account, as the bank writes it.
        day: The booking date.
        currency: ISO 4217 code.
        units: The amount, in minor units.
        entry: Fingerprint of the bank's entry; an entry may have several lines.
        payer: Name of the payer.
        payer_account: The payer's account.
        references: Structured references.
        text: What the payer wrote.
        id: Its id in the log; empty before it is recorded.
    """

    account: str
    day: dt.date
    currency: str
    units: int
    entry: str
    payer: str = ""
    payer_account: str = ""
    references: tuple[str, ...] = ()
    text: str = ""
    id: str = ""


@attrs.frozen(kw_only=True)
class BankFile:
    """The contents of a bank's file.

    Attributes:
        lines: Money that came in.
        outgoing: How many booked entries took money out.
        pending: How many entries are not booked yet.
        returned: Earlier credits that the bank took back, as text.
    """

    lines: tuple[BankTransaction, ...]
    outgoing: int = 0
    pending: int = 0
    returned: tuple[str, ...] = ()


def entry_fingerprint(facts: Sequence[object], seen: dict[str, int]) -> str:
    """Return the fingerprint of a bank's entry; the same facts again in one file are another.

    Args:
        facts: Account, day, amount and what else distinguishes the entry.
        seen: How often each fingerprint occurred in the file so far; it is counted up.
    """
    text = json.dumps([str(each) for each in facts], ensure_ascii=False)
    print_ = hashlib.sha256(text.encode()).hexdigest()[:24]
    seen[print_] = seen.get(print_, 0) + 1
    return f"{print_}.{seen[print_]}"


def import_lines(
    store: Store, lines: Iterable[BankTransaction], actor: Actor, *, roles: Roles = OPEN
) -> tuple[BankTransaction, ...]:
    """Record the lines that are not known yet, all or none, and return them with their ids.

    An entry that was recorded before is known with all its lines, whatever file brings it again.

    Raises:
        RefusedError: BH508 not allowed.
    """
    roles.check(actor, "record")
    made = []
    with store.write() as writing:
        known = {facts_of(each)["entry"] for each in writing.audit_entries(kind=events.BANK_LINE)}
        for line in lines:
            if line.entry not in known:
                facts = _facts(line)
                subject = f"bank:{line.account}"
                id_ = record(writing, events.BANK_LINE, actor, facts, day=line.day, subject=subject)
                made.append(attrs.evolve(line, id=id_))
    return tuple(made)


def _facts(line: BankTransaction) -> dict[str, object]:
    return {
        "account": line.account,
        "currency": line.currency,
        "units": line.units,
        "entry": line.entry,
        **given_facts(
            payer=line.payer,
            payer_account=line.payer_account,
            references=list(line.references),
            text=line.text,
        ),
    }


def recorded_lines(reading: Reading) -> list[BankTransaction]:
    """Return every bank line that was recorded, in the order of the log."""
    return [_line_of(each) for each in reading.audit_entries(kind=events.BANK_LINE)]


def _line_of(entry: AuditEntry) -> BankTransaction:
    facts = facts_of(entry)
    return BankTransaction(
        id=facts["id"],
        account=facts["account"],
        day=entry.at,
        currency=facts["currency"],
        units=facts["units"],
        entry=facts["entry"],
        payer=facts.get("payer", ""),
        payer_account=facts.get("payer_account", ""),
        references=tuple(facts.get("references", ())),
        text=facts.get("text", ""),
    )


def unposted_lines(lines: Iterable[BankTransaction], ledger: Ledger) -> list[BankTransaction]:
    """Return the lines of which no receipt was made."""
    return [each for each in lines if each.id not in ledger.receipts]
