"""Disputes and promises: what a client contests of a bill, and what it has said it will pay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

import attrs

from billhook.issue.actor import Actor, require_reason
from billhook.issue.roles import OPEN, Roles
from billhook.ledger import codes, events
from billhook.ledger.events import amount_of, given_facts, record, refused, units_of
from billhook.ledger.journal import Ledger, LedgerEntry, read_items
from billhook.ledger.open_items import item_of, open_from, require_day, require_open
from billhook.store.protocol import Reading, Store

Outcome = Literal["upheld", "rejected", "split"]
"""The client is right and gets a credit note; is not; or is in part."""

OUTCOMES: tuple[Outcome, ...] = ("upheld", "rejected", "split")


@attrs.frozen(kw_only=True)
class Contested:
    """A dispute to be opened.

    Attributes:
        item: Number of the bill, or id of the fee.
        amount: What is contested; ``None`` is all that is open.
        lines: Ids of the contested lines.
        code: A reason code of the house: ``rate``, ``hours``, ``quality``.
        owner: Who looks after it.
        evidence: Where the client's letter is, or the proof.
        due: When it should be settled.
        key: The same key opens it once.
    """

    item: str
    amount: Decimal | None = None
    lines: tuple[str, ...] = ()
    code: str = ""
    owner: str = ""
    evidence: str = ""
    due: dt.date | None = None
    key: str = ""


def open_dispute(
    store: Store, dispute: Contested, actor: Actor, *, day: dt.date, roles: Roles = OPEN
) -> str:
    """Record that a client contests a bill; only that part stands apart.  Return its id.

    Raises:
        RefusedError: BH704 more than is open, BH710 no such bill, BH507 no reason, BH508 not
            allowed.
    """
    roles.check(actor, "record")
    require_reason(actor, "a dispute")
    with store.write() as writing:
        ledger = read_items(writing, [dispute.item])
        lines = [each.line for each in ledger.of_kind(events.DISPUTE)]
        if done := events.recorded_before(lines, events.DISPUTE, dispute.key):
            return done
        item = item_of(ledger, dispute.item)
        require_day(day, item.id, item.day)
        taken = _sum_disputed(ledger, item.id, day)
        left = open_from(ledger, item.id, day) - taken
        amount = amount_of(left, item.currency) if dispute.amount is None else dispute.amount
        units = units_of(amount, item.currency, "what is contested")
        require_open(ledger, item, units + taken, day)
        facts = {
            "customer": item.customer,
            "currency": item.currency,
            "units": units,
            **given_facts(
                lines=list(dispute.lines),
                code=dispute.code,
                owner=dispute.owner,
                evidence=dispute.evidence,
                due=dispute.due.isoformat() if dispute.due else "",
                key=dispute.key,
            ),
        }
        return record(writing, events.DISPUTE, actor, facts, day=day, document=item.id)


def _sum_disputed(ledger: Ledger, item: str, day: dt.date) -> int:
    """Return what is in dispute of an item on a day or later."""
    return sum(
        each.facts["units"]
        for each in ledger.of_kind(events.DISPUTE)
        if each.line.document == item and (each.undone is None or each.undone > day)
    )


def resolve_dispute(
    store: Store,
    id_: str,
    outcome: Outcome,
    actor: Actor,
    *,
    day: dt.date,
    upheld: Decimal | None = None,
    credit: str = "",
    roles: Roles = OPEN,
) -> str:
    """Record how a dispute ended; the bill goes on as before, less what is credited.

    Args:
        store: Where documents are kept.
        id_: The dispute's id.
        outcome: How it ended.
        actor: Who says so, when and why.
        day: The day it takes effect.
        upheld: Of a split, the part in which the client is right.
        credit: Number of the credit note that was issued for it.
        roles: Who may do what.

    Raises:
        RefusedError: BH713 no such dispute, BH714 it is settled, BH707 before it, BH704 more than
            was contested, BH507 no reason, BH508 not allowed.
    """
    roles.check(actor, "record")
    require_reason(actor, "the end of a dispute")
    with store.write() as writing:
        item = _item_of_dispute(writing, id_)
        entry = read_items(writing, [item]).entries[id_]
        if entry.undone is not None:
            message = f"dispute {id_} was settled on {entry.undone}"
            raise refused(
                codes.DISPUTE_SETTLED.id, message, hint="open a new one: billhook dispute open"
            )
        require_day(day, f"dispute {id_}", entry.day)
        currency, units = entry.facts["currency"], entry.facts["units"]
        part = {"upheld": units, "rejected": 0, "split": 0}[outcome]
        if outcome == "split":
            part = units_of(upheld or Decimal(0), currency, "the part that is upheld")
        if part > units:
            message = f"{upheld} is more than was disputed: {amount_of(units, currency)}"
            raise refused(codes.OPEN_EXCEEDED.id, message)
        facts = {"of": id_, "outcome": outcome, "upheld": part, **given_facts(credit=credit)}
        return record(writing, events.RESOLUTION, actor, facts, day=day, document=item)


def _item_of_dispute(reading: Reading, id_: str) -> str:
    for line in reading.audit_entries(kind=events.DISPUTE):
        if events.facts_of(line)["id"] == id_:
            return line.document
    raise refused(
        codes.NO_ENTRY.id, f"there is no dispute {id_!r}", hint="see billhook dispute list"
    )


@attrs.frozen(kw_only=True)
class DisputeStatus:
    """A dispute at the end of a day.

    Attributes:
        id: Its id.
        item: The bill.
        customer: The client.
        currency: ISO 4217 code.
        units: What is contested, in minor units.
        day: The day it was opened.
        code: Its reason code.
        reason: What the client says.
        lines: The contested lines.
        owner: Who looks after it.
        evidence: Where the proof is.
        due: When it should be settled, or empty.
        by: Who opened it.
        outcome: How it ended; empty while it is open.
        upheld: The part in which the client was right.
        credit: The credit note.
        settled: The day it ended, or ``None``.
    """

    id: str
    item: str
    customer: str
    currency: str
    units: int
    day: dt.date
    code: str
    reason: str
    lines: tuple[str, ...]
    owner: str
    evidence: str
    due: str
    by: str
    outcome: str = ""
    upheld: int = 0
    credit: str = ""
    settled: dt.date | None = None


def dispute_statuses(
    ledger: Ledger, day: dt.date, *, customer: str | None = None
) -> Iterator[DisputeStatus]:
    """Yield the disputes that were opened until a day, with how they ended by then."""
    ends = {each.facts["of"]: each for each in ledger.of_kind(events.RESOLUTION)}
    for entry in ledger.of_kind(events.DISPUTE):
        facts, line = entry.facts, entry.line
        if entry.day > day or customer not in {None, facts["customer"]}:
            continue
        end = ends.get(facts["id"])
        ended = end is not None and end.day <= day
        yield DisputeStatus(
            id=facts["id"],
            item=line.document,
            customer=facts["customer"],
            currency=facts["currency"],
            units=facts["units"],
            day=line.at,
            code=facts.get("code", ""),
            reason=line.reason,
            lines=tuple(facts.get("lines", ())),
            owner=facts.get("owner", ""),
            evidence=facts.get("evidence", ""),
            due=facts.get("due", ""),
            by=line.by,
            outcome=end.facts["outcome"] if ended and end else "",
            upheld=end.facts["upheld"] if ended and end else 0,
            credit=end.facts.get("credit", "") if ended and end else "",
            settled=end.day if ended and end else None,
        )


# ── promises ─────────────────────────────────────────────────────────────────


@attrs.frozen(kw_only=True)
class Promised:
    """A promise to pay.

    Attributes:
        item: Number of the bill, or id of the fee.
        amount: What will be paid; ``None`` is all that is open.
        until: By when.
        who: Who promised.
    """

    item: str
    until: dt.date
    amount: Decimal | None = None
    who: str = ""


def record_promise(
    store: Store, promise: Promised, actor: Actor, *, day: dt.date, roles: Roles = OPEN
) -> str:
    """Record that a client has promised to pay, and return the promise's id.

    Raises:
        RefusedError: BH704 more than is open, BH707 until a day that is past, BH710 no such bill,
            BH508 not allowed.
    """
    roles.check(actor, "record")
    if promise.until < day:
        raise refused(
            codes.ENTRY_DATE.id, f"a promise until {promise.until} is already past on {day}"
        )
    with store.write() as writing:
        ledger = read_items(writing, [promise.item])
        item = item_of(ledger, promise.item)
        require_day(day, item.id, item.day)
        left = amount_of(open_from(ledger, item.id, day), item.currency)
        amount = left if promise.amount is None else promise.amount
        units = units_of(amount, item.currency, "what is promised")
        require_open(ledger, item, units, day)
        facts = {
            "customer": item.customer,
            "currency": item.currency,
            "units": units,
            "until": promise.until.isoformat(),
            **given_facts(who=promise.who),
        }
        return record(writing, events.PROMISE, actor, facts, day=day, document=item.id)


@attrs.frozen(kw_only=True)
class PromiseStatus:
    """A promise at the end of a day.

    Attributes:
        id: Its id.
        item: The bill.
        customer: The client.
        currency: ISO 4217 code.
        units: What was promised, in minor units.
        paid: What was paid on the bill since, until the promised day.
        day: The day of the promise.
        until: By when.
        who: Who promised.
        state: ``active``, ``kept`` or ``broken``.
    """

    id: str
    item: str
    customer: str
    currency: str
    units: int
    paid: int
    day: dt.date
    until: dt.date
    who: str
    state: Literal["active", "kept", "broken"]


def promise_statuses(
    ledger: Ledger, day: dt.date, *, customer: str | None = None
) -> Iterator[PromiseStatus]:
    """Yield the promises that were made until a day, and whether they were kept."""
    paid_on: dict[str, list[LedgerEntry]] = {}
    for each in ledger.of_kind(events.ALLOCATION):
        paid_on.setdefault(each.line.document, []).append(each)
    for entry in ledger.of_kind(events.PROMISE):
        facts, item = entry.facts, entry.line.document
        if entry.day > day or customer not in {None, facts["customer"]}:
            continue
        until = dt.date.fromisoformat(facts["until"])
        paid = sum(
            each.facts["settles"]
            for each in paid_on.get(item, ())
            if each.line.position > entry.line.position
            if each.day <= min(day, until) and each.counts(day)
        )
        kept = paid >= facts["units"]
        yield PromiseStatus(
            id=facts["id"],
            item=item,
            customer=facts["customer"],
            currency=facts["currency"],
            units=facts["units"],
            paid=paid,
            day=entry.day,
            until=until,
            who=facts.get("who", ""),
            state="kept" if kept else "active" if day <= until else "broken",
        )
