"""CAMT.053 statements and CAMT.054 notifications of ISO 20022, of any version."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from itertools import chain
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

import attrs

from billhook.kernel.diagnostics import Findings
from billhook.kernel.errors import RefusedError
from billhook.kernel.money import find_currency
from billhook.kernel.origin import Origin
from billhook.ledger import codes
from billhook.ledger.bank.bank_lines import BankFile, BankTransaction, entry_fingerprint

_KIND = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:(camt\.05[34]\.001\.\d\d)\}Document\Z")
_AMOUNT = re.compile(r"\d{1,18}(\.\d{1,17})?\Z")
_TEXTS = (
    "RmtInf/Ustrd",
    "RmtInf/Strd/AddtlRmtInf",
    "Refs/EndToEndId",
    "RmtInf/Strd/RfrdDocInf/Nb",
    "AddtlTxInf",
)
NOT_READ = codes.BANK_FILE.id


def read_camt(data: bytes, file: str) -> BankFile:
    """Return the contents of a CAMT.053 or CAMT.054 file.

    Args:
        data: The file's bytes.
        file: Its name, for findings.

    Raises:
        RefusedError: BH716: it is no such file, or a booked entry lacks its amount or day.
    """
    findings = Findings()
    reader = _Reader(file, findings)
    root = reader.parse(data)
    if root is not None:
        reader.read(root)
    if findings.errors:
        raise RefusedError(list(findings))
    return BankFile(
        lines=tuple(reader.lines),
        outgoing=reader.outgoing,
        pending=reader.pending,
        returned=tuple(reader.returned),
    )


@attrs.define
class _Reader:
    """One pass over a file."""

    file: str
    findings: Findings
    lines: list[BankTransaction] = attrs.field(factory=list)
    outgoing: int = 0
    pending: int = 0
    returned: list[str] = attrs.field(factory=list)
    _places: dict[Element, int] = attrs.field(factory=dict)
    _seen: dict[str, int] = attrs.field(factory=dict)

    def parse(self, data: bytes) -> Element | None:
        """Return the root of the document; entities and document types are refused."""
        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import DefusedXMLParser

        places = self._places

        class Builder(TreeBuilder):
            """Builds the tree and remembers the line of each element."""

            def start(self, tag: Any, attrs: Any, /) -> Element:
                element = super().start(tag, attrs)
                places[element] = parser.parser.CurrentLineNumber
                return element

        parser = DefusedXMLParser(target=Builder(), forbid_dtd=True)
        try:
            parser.feed(data)
            root: Element = parser.close()
        except ParseError as error:
            line, column = error.position
            place = Origin(self.file, line, column + 1)
            self.findings.error(NOT_READ, f"not well-formed XML: {error.msg}", origin=place)
            return None
        except (DefusedXmlException, ValueError, LookupError) as error:
            message = f"XML that is not read: {error}"
            self.findings.error(NOT_READ, message, origin=Origin(self.file))
            return None
        return root

    def read(self, root: Element) -> None:
        if _KIND.match(root.tag) is None:
            message = f"expected a camt.053 or camt.054 document, got {root.tag!r}"
            self._wrong(root, message, "ask the bank for booked statements: camt.053 or camt.054")
            return
        statements = [
            *_all(root, "BkToCstmrStmt/Stmt"),
            *_all(root, "BkToCstmrDbtCdtNtfctn/Ntfctn"),
        ]
        if not statements:
            self._wrong(root, "the document has no statement: expected Stmt or Ntfctn")
        for statement in statements:
            account = _text(statement, "Acct/Id/IBAN") or _text(statement, "Acct/Id/Othr/Id")
            if not account:
                self._wrong(statement, "the statement names no account: expected Acct/Id")
            for entry in _all(statement, "Ntry"):
                self._entry(account.replace(" ", ""), entry)

    def _entry(self, account: str, entry: Element) -> None:
        status = _text(entry, "Sts/Cd") or _text(entry, "Sts/Prtry") or _text(entry, "Sts")
        if not status:
            self._wrong(entry, "the entry has no status: expected Sts, such as BOOK")
        if status != "BOOK":
            self.pending += 1
            return
        sign, day = _text(entry, "CdtDbtInd"), self._day(entry)
        amount = self._amount(entry)
        if sign not in {"CRDT", "DBIT"}:
            self._wrong(entry, f"expected CRDT or DBIT in CdtDbtInd, got {sign!r}")
        if amount is None or day is None:
            return
        if sign == "DBIT":
            self._went_out(entry, day, *amount)
        elif amount[1]:
            self._came_in(account, entry, day, *amount)

    def _went_out(self, entry: Element, day: dt.date, currency: str, units: int) -> None:
        self.outgoing += 1
        if _text(entry, "RvslInd") in {"true", "1"}:
            amount = Decimal(units).scaleb(-find_currency(currency).minor)
            details = _all(entry, "NtryDtls/TxDtls")
            about = " ".join(_words(entry, details))
            self.returned.append(f"{day}: {amount:,} {currency} {about}".rstrip())

    def _came_in(
        self, account: str, entry: Element, day: dt.date, currency: str, units: int
    ) -> None:
        own = [_text(entry, "AcctSvcrRef")]
        if own[0] in {"", "NOTPROVIDED", "NONREF"}:
            own = [_text(entry, "NtryRef"), *(each.strip() for each in entry.itertext())]
        print_ = entry_fingerprint([account, day, currency, units, *own], self._seen)
        whole = BankTransaction(
            account=account, day=day, currency=currency, units=units, entry=print_
        )
        details = _all(entry, "NtryDtls/TxDtls")
        parts = [self._part(each, currency) for each in details]
        sums = [each for each in parts if each is not None]
        if len(details) > 1 and len(sums) == len(details) and sum(sums) == units:
            for detail, part in zip(details, sums, strict=True):
                self.lines.append(_describe(attrs.evolve(whole, units=part), entry, [detail]))
        else:
            self.lines.append(_describe(whole, entry, details))

    def _part(self, detail: Element, currency: str) -> int | None:
        """Return a detail's amount in the entry's currency, or ``None`` where it has none."""
        for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
            for found in _all(detail, path):
                if found.get("Ccy") == currency:
                    units = self._units(found)
                    credit = _text(detail, "CdtDbtInd") in {"", "CRDT"}
                    return units if credit else None
        return None

    def _amount(self, entry: Element) -> tuple[str, int] | None:
        found = _all(entry, "Amt")
        if not found:
            self._wrong(entry, "the entry has no amount: expected Amt")
            return None
        units = self._units(found[0])
        return None if units is None else (found[0].get("Ccy", ""), units)

    def _units(self, element: Element) -> int | None:
        text, currency = (element.text or "").strip(), element.get("Ccy", "")
        try:
            minor = find_currency(currency).minor
        except ValueError as error:
            self._wrong(element, str(error))
            return None
        units = Decimal(text).scaleb(minor) if _AMOUNT.match(text) else None
        if units is None or units != units.to_integral_value():
            wanted = f"an amount of {currency} with at most {minor} decimals"
            self._wrong(element, f"expected {wanted}, got {text!r}")
            return None
        return int(units)

    def _day(self, entry: Element) -> dt.date | None:
        paths = ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
        text = next(filter(None, (_text(entry, path) for path in paths)), "")
        try:
            return dt.date.fromisoformat(text[:10])
        except ValueError:
            self._wrong(entry, f"expected a booking date, such as 2026-06-30, got {text!r}")
            return None

    def _wrong(self, element: Element, message: str, hint: str | None = None) -> None:
        place = Origin(self.file, self._places.get(element))
        self.findings.error(NOT_READ, message, origin=place, hint=hint)


def _describe(line: BankTransaction, entry: Element, details: list[Element]) -> BankTransaction:
    """Return a line with its payer, references and text; of several details all of them."""
    first = details[0] if len(details) == 1 else None
    payer = account = ""
    if first is not None:
        payer = _text(first, "RltdPties/Dbtr/Nm") or _text(first, "RltdPties/Dbtr/Pty/Nm")
        account = _text(first, "RltdPties/DbtrAcct/Id/IBAN") or _text(
            first, "RltdPties/DbtrAcct/Id/Othr/Id"
        )
    references = (_all(each, "RmtInf/Strd/CdtrRefInf/Ref") for each in details)
    own = [(each.text or "").strip() for each in chain.from_iterable(references)]
    return attrs.evolve(
        line,
        payer=payer,
        payer_account=account.replace(" ", ""),
        references=tuple(dict.fromkeys(filter(None, own))),
        text=" ".join(_words(entry, details)),
    )


def _words(entry: Element, details: list[Element]) -> list[str]:
    """Return the texts of an entry's details, or its own where they have none."""
    words = [text for each in details for text in _texts(each)] or _texts(entry)
    return list(dict.fromkeys(words))


def _texts(element: Element) -> list[str]:
    found = [each for path in (*_TEXTS, "AddtlNtryInf") for each in _all(element, path)]
    texts = [" ".join((each.text or "").split()) for each in found]
    return [each for each in texts if each and each != "NOTPROVIDED"]


def _all(element: Element, path: str) -> list[Element]:
    return element.findall("/".join(f"{{*}}{step}" for step in path.split("/")))


def _text(element: Element, path: str) -> str:
    found = _all(element, path)
    return (found[0].text or "").strip() if found else ""
