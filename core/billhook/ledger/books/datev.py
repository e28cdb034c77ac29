"""DATEV format, booking batch (EXTF 700, category 21, format version 13).

Source of the header and columns: the description of the DATEV format in DATEV's developer portal.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

import attrs

from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError
from billhook.kernel.money import find_currency
from billhook.ledger import codes
from billhook.ledger.books.one_currency import take_currency
from billhook.ledger.books.transactions import AccountAmount, Transaction
from billhook.ledger.events import amount_of, refused


def _number_headings(word: str, last: int) -> tuple[str, ...]:
    return tuple(f"{word} - {part} {n}" for n in range(1, last + 1) for part in ("Art", "Inhalt"))


COLUMNS = (
    "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs", "Basis-Umsatz",
    "WKZ Basis-Umsatz", "Konto", "Gegenkonto (ohne BU-Schlüssel)", "BU-Schlüssel", "Belegdatum",
    "Belegfeld 1", "Belegfeld 2", "Skonto", "Buchungstext", "Postensperre",
    "Diverse Adressnummer", "Geschäftspartnerbank", "Sachverhalt", "Zinssperre", "Beleglink",
    *_number_headings("Beleginfo", 8), "KOST1 - Kostenstelle", "KOST2 - Kostenstelle", "Kost-Menge",
    "EU-Land u. UStID", "EU-Steuersatz", "Abw. Versteuerungsart", "Sachverhalt L+L",
    "Funktionsergänzung L+L", "BU 49 Hauptfunktionstyp", "BU 49 Hauptfunktionsnummer",
    "BU 49 Funktionsergänzung", *_number_headings("Zusatzinformation", 20), "Stück", "Gewicht",
    "Zahlweise", "Forderungsart", "Veranlagungsjahr", "Zugeordnete Fälligkeit", "Skontotyp",
    "Auftragsnummer", "Buchungstyp", "USt-Schlüssel (Anzahlungen)", "EU-Land (Anzahlungen)",
    "Sachverhalt L+L (Anzahlungen)", "EU-Steuersatz (Anzahlungen)", "Erlöskonto (Anzahlungen)",
    "Herkunft-Kz", "Buchungs GUID", "KOST-Datum", "SEPA-Mandatsreferenz", "Skontosperre",
    "Gesellschaftername", "Beteiligtennummer", "Identifikationsnummer", "Zeichnernummer",
    "Postensperre bis", "Bezeichnung SoBil-Sachverhalt", "Kennzeichen SoBil-Buchung",
    "Festschreibung", "Leistungsdatum", "Datum Zuord. Steuerperiode", "Fälligkeit",
    "Generalumkehr (GU)", "Steuersatz", "Land", "Abrechnungsreferent", "BVV-Position",
    "EU-Land u. UStID (Ursprung)", "EU-Steuersatz (Ursprung)", "Abw. Skontokonto",
)  # fmt: skip
"""The 125 columns of a booking, in their order; programs read them by place."""

_ACCOUNT = re.compile(r"[1-9]\d{3,8}|0\d{3,7}")
_DOCUMENT = re.compile(r"[A-Za-z0-9$&%*+\-/]{1,36}")
_TEXT_LENGTH = 60


@attrs.frozen(kw_only=True)
class DatevClient:
    """The client's and the tax adviser's DATEV numbers.

    Attributes:
        consultant: The adviser's number (Beraternummer), 1001 to 9999999.
        client: The client's number (Mandantennummer), 1 to 99999.
        year_begins: Month in which the financial year begins.
        length: Digits of impersonal accounts (Sachkontenlänge), 4 to 8.
        key: Posting key (BU-Schlüssel) of every booking; ``40`` keeps accounts that would take tax
            out by themselves from doing so, as tax is posted apart.
    """

    consultant: int
    client: int
    year_begins: int = 1
    length: int = 4
    key: str = ""

    def __attrs_post_init__(self) -> None:
        limits = {
            "consultant": (1001, 9999999),
            "client": (1, 99999),
            "year_begins": (1, 12),
            "length": (4, 8),
        }
        for name, (least, most) in limits.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} is {getattr(self, name)}, not {least} to {most}")


def write_datev(
    entries: Sequence[Transaction],
    client: DatevClient,
    currency: str | None = None,
    *,
    first: dt.date,
    last: dt.date,
) -> bytes:
    """Return a booking batch of one financial year, in Windows-1252.

    An entry of several amounts becomes bookings of one account against another, which share its
    document number.  The time of creation is the end of the last day, so that the same export
    gives the same bytes.

    Args:
        entries: The transactions.
        client: Whose books they are.
        currency: The currency of the books.
        first: First day of the batch.
        last: Last day of the batch, in the same financial year.

    Raises:
        RefusedError: BH791: an account is no number; BH792: several currencies, or one without
            cents; BH793: a number or text that DATEV does not take; BH794: two financial years.
    """
    unit, kept = take_currency(entries, currency, "DATEV")
    if unit and find_currency(unit).minor != 2:  # noqa: PLR2004 - DATEV's amounts have cents
        raise refused(
            codes.BOOKS_CURRENCY.id,
            f"DATEV has two decimals, and {unit} has not",
            "export another currency",
        )
    year = _year_of(first, client.year_begins)
    if _year_of(last, client.year_begins) != year:
        message = f"{first} and {last} are in two financial years"
        raise refused(codes.DATEV_YEAR.id, message, "export each year by itself: --from and --to")
    _require_suitable(kept)
    rows = [_header(client, unit or "EUR", year, first, last), ";".join(COLUMNS)]
    for entry in kept:
        rows += (_booking(entry, *pair, client.key) for pair in pair_up(entry.amounts))
    return "".join(f"{row}\r\n" for row in rows).encode("cp1252")


def _year_of(day: dt.date, month: int) -> dt.date:
    """Return the first day of the financial year of a day."""
    return dt.date(day.year if day.month >= month else day.year - 1, month, 1)


def _header(client: DatevClient, unit: str, year: dt.date, first: dt.date, last: dt.date) -> str:
    """Return the 31 fields of the header."""
    fields = [
        '"EXTF"', "700", "21", '"Buchungsstapel"', "13", f"{last:%Y%m%d}235959000", "", '"BH"',
        '""', '""', str(client.consultant), str(client.client), f"{year:%Y%m%d}",
        str(client.length), f"{first:%Y%m%d}", f"{last:%Y%m%d}", '"billhook"', '""', "1", "0", "0",
        f'"{unit}"', "", '""', "", "", '""', "", "", '""', '""',
    ]  # fmt: skip
    return ";".join(fields)


def pair_up(amounts: Sequence[AccountAmount]) -> Iterator[tuple[str, str, int, str]]:
    """Yield bookings that together post some amounts: debit account, credit account, units.

    The amounts come to nothing.  The largest debit meets the largest credit first, so that an
    entry of one amount against several has a booking for each of the several.
    """
    unit = amounts[0].currency
    debit = sorted(((a.units, a.account) for a in amounts if a.units > 0), key=_by_size)
    credit = sorted(((-a.units, a.account) for a in amounts if a.units < 0), key=_by_size)
    while debit:
        (more, into), (less, out) = debit.pop(0), credit.pop(0)
        units = min(more, less)
        yield into, out, units, unit
        if more > units:
            debit.insert(0, (more - units, into))
        if less > units:
            credit.insert(0, (less - units, out))


def _by_size(side: tuple[int, str]) -> tuple[int, str]:
    units, account = side
    return -units, account


def _booking(entry: Transaction, into: str, out: str, units: int, unit: str, key: str) -> str:
    words = _words(entry).replace('"', '""')
    fields = dict.fromkeys(COLUMNS, "")
    fields |= {
        COLUMNS[0]: str(amount_of(units, unit)).replace(".", ","),
        "Soll/Haben-Kennzeichen": '"S"',
        "WKZ Umsatz": f'"{unit}"',
        "Konto": into,
        "Gegenkonto (ohne BU-Schlüssel)": out,
        "BU-Schlüssel": f'"{key}"' if key else "",
        "Belegdatum": f"{entry.day:%d%m}",
        "Belegfeld 1": f'"{entry.id}"',
        "Buchungstext": f'"{words}"',
    }
    return ";".join(fields.values())


def _words(entry: Transaction) -> str:
    return f"{entry.kind} {entry.client}".strip()


def _require_suitable(entries: Sequence[Transaction]) -> None:
    """Refuse account numbers, document numbers and texts that DATEV does not take, all at once."""
    found = {
        account: Diagnostic(
            codes.BOOKS_FORMAT.id,
            f"DATEV takes no account {account!r}",
            hint="numbers of 4 to 9 digits, in [books.accounts] and its neighbours",
        )
        for entry in entries
        for account in (each.account for each in entry.amounts)
        if not _ACCOUNT.fullmatch(account)
    }
    for entry in entries:
        if not _DOCUMENT.fullmatch(entry.id):
            hint = "letters, digits and $&%*+-/ only, at most 36"
            message = f"DATEV takes no document number {entry.id!r}"
            found[entry.id] = Diagnostic(codes.DATEV_TEXT.id, message, hint=hint)
        if len(_words(entry)) > _TEXT_LENGTH:
            message = f"DATEV takes {_TEXT_LENGTH} characters of text, not {_words(entry)!r}"
            hint = "give the client a shorter id"
            found[entry.client] = Diagnostic(codes.DATEV_TEXT.id, message, hint=hint)
        try:
            _words(entry).encode("cp1252")
        except UnicodeEncodeError as error:
            sign = entry.client[error.start - len(entry.kind) - 1 :][:1]
            message = f"Windows-1252, which DATEV reads, has no {sign!r} of {entry.client!r}"
            hint = "give the client an id of Latin letters"
            found[entry.client] = Diagnostic(codes.DATEV_TEXT.id, message, hint=hint)
    if found:
        raise RefusedError(list(found.values()))
