"""Parties: seller, buyer and payee (EN 16931: BG-4 seller, BG-7 buyer, BG-10 payee)."""

from __future__ import annotations

import attrs

from billhook.kernel.countries import check_country


@attrs.frozen
class Identifier:
    """An identifier with its scheme.

    Attributes:
        value: The identifier.
        scheme: ISO/IEC 6523 ICD or EAS code, or a plain word (``VAT``, ``EIN``, ``SCAC``).
    """

    value: str
    scheme: str | None = None


@attrs.frozen(kw_only=True)
class Address:
    """A postal address (BG-5, BG-8).

    Attributes:
        lines: Street, building, box: as printed, top down (BT-35, BT-36, BT-162).
        city: BT-37.
        postcode: BT-38.
        region: State, province or canton (BT-39).
        country: ISO 3166-1 alpha-2 code (BT-40).

    Raises:
        ValueError: The country is none.
    """

    lines: tuple[str, ...] = ()
    city: str = ""
    postcode: str = ""
    region: str = ""
    country: str

    def __attrs_post_init__(self) -> None:
        check_country(self.country)


@attrs.frozen(kw_only=True)
class Contact:
    """Contact person (BG-6, BG-9)."""

    name: str = ""
    phone: str = ""
    email: str = ""


@attrs.frozen(kw_only=True)
class Account:
    """Bank account for payments (BG-17).

    Attributes:
        number: IBAN or national account number (BT-84).
        name: Name of the account (BT-85).
        bank: Name of the bank.
        bic: BIC of the bank (BT-86).
        routing: National bank code (ABA routing number, sort code, BLZ).
    """

    number: str
    name: str = ""
    bank: str = ""
    bic: str = ""
    routing: str = ""


@attrs.frozen(kw_only=True)
class Party:
    """A seller, buyer, payer, or another party of a document.

    Attributes:
        id: The short id in the user's own files.
        name: Legal name (BT-27, BT-44).
        trading_name: Name it is known by (BT-28, BT-45).
        address: Postal address.
        legal_id: Company register number (BT-30, BT-47).
        tax_ids: VAT and other tax numbers, scheme first (``VAT``, ``EIN``) (BT-31, BT-32, BT-48).
        ids: Further identifiers (BT-29, BT-46).
        endpoint: Electronic address (BT-34, BT-49).
        contact: Whom to ask.
        accounts: Where to pay; of the seller or payee.
        website: Printed in the letterhead.
        locale: Locale of documents to this party, ``de_CH``; ``None`` takes the project's.
        reference: Buyer reference, printed on each bill to this party (BT-10).
    """

    id: str
    name: str
    address: Address
    trading_name: str = ""
    legal_id: Identifier | None = None
    tax_ids: tuple[Identifier, ...] = ()
    ids: tuple[Identifier, ...] = ()
    endpoint: Identifier | None = None
    contact: Contact | None = None
    accounts: tuple[Account, ...] = ()
    website: str = ""
    locale: str | None = None
    reference: str = ""
