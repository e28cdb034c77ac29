"""Matching: which client a bank line is from and what it settles, with a confidence and a reason.

The rules, in their order: a structured reference, a bill's number in the text, the amount with the
payer, the payer alone.  Money is posted by itself only from a threshold on; everything else is a
proposal that somebody posts by naming the line.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import attrs

from billhook.issue.actor import Actor
from billhook.issue.roles import OPEN, Roles
from billhook.issue.seal import minor_units, unseal
from billhook.kernel.errors import RefusedError
from billhook.ledger import codes
from billhook.ledger.allocation import Settlement, discounts_of, receive
from billhook.ledger.bank.bank_lines import BankTransaction, recorded_lines, unposted_lines
from billhook.ledger.bank.creditor_reference import (
    LONGEST_BODY,
    compress,
    digits,
    numeric_bodies,
    rf_bodies,
    written_references,
)
from billhook.ledger.events import amount_of, refused, shown
from billhook.ledger.journal import BILL, Ledger, Receivable, read_ledger
from billhook.ledger.open_items import open_amounts
from billhook.ledger.receipts import Incoming
from billhook.store.protocol import Reading, Store

Rule = Literal["reference", "number", "amount and payer", "payer", "by hand", ""]

THRESHOLD = 90
"""Confidence from which a line is posted by itself."""
SHORTEST_NUMBER = 5
"""Shorter numbers of bills are not searched for in texts: days and sums look like them."""


@attrs.frozen(kw_only=True)
class Match:
    """The client and the open items of a bank line, with a confidence and a reason.

    Attributes:
        line: The line.
        customer: Whose money it is; empty where nobody is known.
        settlements: What it settles; the rest stays on account.
        confidence: 0 to 100.
        rule: The rule that found it.
        reason: Why, or why nothing was found.
        receipt: The receipt that was made of it; empty for a proposal.
    """

    line: BankTransaction
    customer: str = ""
    settlements: tuple[Settlement, ...] = ()
    confidence: int = 0
    rule: Rule = ""
    reason: str = ""
    receipt: str = ""


def match_lines(
    store: Store,
    actor: Actor,
    *,
    threshold: int = THRESHOLD,
    named: Iterable[str] = (),
    customer: str = "",
    roles: Roles = OPEN,
) -> list[Match]:
    """Match every line without a receipt, post what is sure, and return all in the log's order.

    Args:
        store: Where documents are kept.
        actor: Who does so.
        threshold: The confidence from which a line is posted by itself.
        named: Ids of lines; only these are matched, and posted whatever their confidence.
        customer: Whose money the named lines are, against what the rules say.
        roles: Who may do what.

    Raises:
        RefusedError: BH717 a named line is not known, was posted, or nobody is known whose money it
            is; BH508 not allowed.
    """
    roles.check(actor, "record")
    wanted = tuple(named)
    with store.read() as reading:
        ledger = read_ledger(reading)
        known = recorded_lines(reading)
        lines = unposted_lines(known, ledger)
        _require_lines(wanted, known, lines)
        matcher = Matcher(reading, ledger, known)
        found = [
            matcher.match(line, customer=customer, threshold=0 if wanted else threshold)
            for line in lines
            if not wanted or line.id in wanted
        ]
    lost = [each.line.id for each in found if wanted and not each.customer]
    if lost:
        message = f"nobody is known whose money {', '.join(lost)} is"
        raise refused(codes.BANK_LINE.id, message, hint="say whose it is: --client ID")
    least = 1 if wanted else max(threshold, 1)
    return [
        _post(store, each, actor, roles) if each.customer and each.confidence >= least else each
        for each in found
    ]


def _require_lines(
    wanted: Iterable[str], known: list[BankTransaction], left: list[BankTransaction]
) -> None:
    ids, open_ids = {each.id for each in known}, {each.id for each in left}
    for id_ in wanted:
        if id_ not in open_ids:
            what = "was posted already" if id_ in ids else "is not known"
            message = f"bank line {id_!r} {what}"
            raise refused(
                codes.BANK_LINE.id, message, hint="billhook payment match -n lists what is left"
            )


def _post(store: Store, match: Match, actor: Actor, roles: Roles) -> Match:
    line = match.line
    money = Incoming(
        customer=match.customer,
        amount=amount_of(line.units, line.currency),
        currency=line.currency,
        day=line.day,
        method="transfer",
        reference=" ".join(line.references) or line.text,
        key=line.id,
    )
    try:
        receipt = receive(store, money, actor, match.settlements, roles=roles)
    except RefusedError as error:
        why = "; ".join(each.message for each in error.findings)
        return attrs.evolve(match, reason=f"{match.reason}; not posted: {why}")
    return attrs.evolve(match, receipt=receipt)


class Matcher:
    """Open items and payers, and how much of the items the lines matched so far have taken."""

    def __init__(
        self, reading: Reading, ledger: Ledger, lines: Iterable[BankTransaction] = ()
    ) -> None:
        """Index what is open.

        Args:
            reading: The store.
            ledger: Its ledger.
            lines: Recorded lines; those with a receipt say which account belongs to which client.
        """
        self._reading, self._items = reading, ledger.items
        self._left = {
            item.id: units
            for item, units, *_ in open_amounts(ledger, dt.date.max)
            if units > 0 and item.id not in ledger.voided
        }
        self._numbers = _unique((compress(each), each) for each in ledger.items)
        self._digits = _unique((digits(each), each) for each in ledger.items if digits(each))
        self._names = _unique(self._payer_names())
        self._accounts = _unique(
            (each.payer_account, ledger.receipts[each.id].customer)
            for each in lines
            if each.id in ledger.receipts and ledger.entries[each.id].undone is None
            if each.payer_account
        )
        self._open: dict[tuple[str, str], list[Receivable]] = {}
        for id_ in self._left:
            item = ledger.items[id_]
            self._open.setdefault((item.customer, item.currency), []).append(item)

    def _payer_names(self) -> Iterator[tuple[str, str]]:
        """Yield the names of clients who owe something, from a bill of each."""
        seen = set()
        for id_ in self._left:
            item = self._items[id_]
            if item.kind == BILL and item.customer not in seen:
                seen.add(item.customer)
                entry = self._reading.entry(id_)
                if entry is not None:
                    invoice = unseal(entry, ()).invoice
                    yield compress((invoice.payer or invoice.buyer).name), item.customer

    def match(
        self, line: BankTransaction, *, customer: str = "", threshold: int = THRESHOLD
    ) -> Match:
        """Return what a line is taken for.

        What it settles is taken from what is left for the lines after it, if its confidence
        reaches the threshold.
        """
        found = self._by_reference(line) or self._by_number(line) or self._by_payer(line)
        if customer and found.customer != customer:
            reason = f"said to be of {customer}"
            found = Match(
                line=line, customer=customer, confidence=100, rule="by hand", reason=reason
            )
        if found.confidence >= threshold:
            self._take(found)
        return found

    def _take(self, match: Match) -> None:
        rest = match.line.units
        for each in match.settlements:
            gone = self._left[each.item] if each.discount else min(rest, self._left[each.item])
            rest -= gone
            self._left[each.item] -= gone

    # ── the rules ────────────────────────────────────────────────────────────

    def _by_reference(self, line: BankTransaction) -> Match | None:
        for kind, id_ in self._find_references(line):
            return self._match_named(line, [id_], "reference", f"{kind} of {id_}", sure=True)
        return None

    def _find_references(self, line: BankTransaction) -> Iterator[tuple[str, str]]:
        for text in (*line.references, line.text):
            for body in rf_bodies(text):
                if self._numbers.get(body):
                    yield "RF reference", self._numbers[body]
        for reference in line.references:
            if self._numbers.get(compress(reference)):
                yield "reference", self._numbers[compress(reference)]
        for reference in (*line.references, *written_references(line.text)):
            for kind, body in numeric_bodies(reference):
                if self._digits.get(body):
                    yield kind, self._digits[body]

    def _by_number(self, line: BankTransaction) -> Match | None:
        found = list(dict.fromkeys(self._find_numbers(line.text)))
        if not found:
            return None
        return self._match_named(
            line, found, "number", f"the text names {', '.join(found)}", sure=False
        )

    def _find_numbers(self, text: str) -> Iterator[str]:
        """Yield bills whose number stands in a text, however it is separated."""
        words = re.findall(r"[^\W_]+", text.upper())
        for start in range(len(words)):
            packed = ""
            for word in words[start : start + 6]:
                packed += word
                if len(packed) > LONGEST_BODY:
                    break
                if len(packed) >= SHORTEST_NUMBER and self._numbers.get(packed):
                    yield self._numbers[packed]

    def _match_named(
        self, line: BankTransaction, ids: list[str], rule: Rule, why: str, *, sure: bool
    ) -> Match:
        """Return the match of a line that names bills, by what is open on them."""
        items = [self._items[each] for each in ids]
        found = Match(line=line, customer=items[0].customer, rule=rule)
        if len({each.customer for each in items}) > 1:
            return attrs.evolve(found, customer="", reason=f"{why}, of several clients")
        if {each.currency for each in items} != {line.currency}:
            unit = items[0].currency
            reason = f"{why} in {unit}, and the money is in {line.currency}"
            return attrs.evolve(found, confidence=40, reason=reason)
        left = sum(self._left.get(each, 0) for each in ids)
        unpaid = [each for each in ids if self._left.get(each, 0)]
        if not unpaid:
            return attrs.evolve(found, confidence=30, reason=f"{why}, on which nothing is open")
        settlements = tuple(Settlement(item=each) for each in unpaid)
        open_ = f"{shown(left, line.currency)} are open"
        if line.units == left:
            settled, confidence = settlements, 100 if sure else 97
            why = f"{why}, and the amount is what is open"
        elif line.units > left:
            settled, confidence = settlements, 70
            why = f"{why}, and of it only {open_}"
        elif len(unpaid) > 1:
            settled, confidence, why = (), 60, f"{why}, on which {open_}: which, is not said"
        elif self._in_time(line, unpaid[0]):
            settled, confidence = (Settlement(item=unpaid[0], discount=True),), 96
            why = f"{why}, and the amount is what is open less the discount, in time"
        else:
            settled, confidence = settlements, 92 if sure else 85
            why = f"{why}, on which {open_}: a part payment"
        return attrs.evolve(found, settlements=settled, confidence=confidence, reason=why)

    def _in_time(self, line: BankTransaction, id_: str) -> bool:
        """Return whether the amount is a whole bill less a discount, in time."""
        item = self._items[id_]
        if self._left[id_] != item.units:
            return False
        return any(
            line.day <= each.until and minor_units(each.payable) == line.units
            for each in discounts_of(self._reading, item)
        )

    def _by_payer(self, line: BankTransaction) -> Match:
        account = self._accounts.get(line.payer_account) if line.payer_account else ""
        customer = account or self._names.get(compress(line.payer)) or ""
        if not customer:
            who = (
                f"payer {line.payer!r} is no client who owes anything" if line.payer else "no payer"
            )
            return Match(line=line, reason=f"no reference and no number of a bill; {who}")
        how = f"account of {customer}" if account else f"name of {customer}"
        found = Match(line=line, customer=customer, confidence=40, rule="payer", reason=how)
        items = self._open.get((customer, line.currency), [])
        exact = [each for each in items if self._left[each.id] == line.units]
        if len(exact) == 1:
            wanted, why = exact, f"{how}, and the amount is what is open on {exact[0].id}"
        elif not exact and items and sum(self._left[e.id] for e in items) == line.units:
            wanted, why = items, f"{how}, and the amount is all that is open"
        elif exact:
            return attrs.evolve(found, reason=f"{how}, and several bills have this amount open")
        else:
            return attrs.evolve(found, reason=f"{how}, and no bill has this amount open")
        return attrs.evolve(
            found,
            settlements=tuple(Settlement(item=each.id) for each in wanted if self._left[each.id]),
            confidence=80 if account else 75,
            rule="amount and payer",
            reason=why,
        )


def _unique(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Return what each key stands for; what stands for two things stands for none."""
    found: dict[str, str] = {}
    for key, value in pairs:
        found[key] = "" if found.get(key, value) != value else value
    return found
