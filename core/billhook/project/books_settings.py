"""Books of a project: the table ``[books]``, accounts for bookkeeping programs.

```toml
[books]
basis = "accrual"

[books.accounts]
receivable = "Assets:Clients"
bank = "Assets:Bank:Operating"

[books.tax]
"VAT 20" = "Liabilities:VAT:Standard"
```
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import attrs

from billhook.kernel.currencies import MINOR_UNITS
from billhook.kernel.diagnostics import Findings
from billhook.ledger.books.accounts import ACCOUNT_NAMES, Accounts, key_of
from billhook.ledger.books.datev import DatevClient
from billhook.ledger.books.export import Basis, BooksSettings
from billhook.project import codes
from billhook.project.layers import Layer, Layers
from billhook.project.settings import read_table
from billhook.sources.bad_value import BadValueError
from billhook.sources.document import LocatedDocument
from billhook.sources.location import report


@attrs.frozen(kw_only=True)
class AccountsTable:
    """The table ``[books.accounts]``: the account of each kind of posting.

    Attributes:
        receivable: Owed by clients, if not by account of the client.
        withheld: Withheld by clients until later, such as to the end of a job.
        deposits: Money of clients for work to come.
        tax_withheld: Tax that clients keep and pay to the authority.
        rounding: Cash rounding.
        revenue: Revenue, if not by tax class.
        tax: Tax charged, if not by tax.
        bank: Money that came in.
        bank_fees: Fees that the bank or card company took off.
        unallocated: Money that is not allocated to a bill.
        discounts: Early-payment discounts.
        write_offs: Amounts written off.
        overpayments_kept: Money that was paid too much and kept.
        exchange: Gain and loss by exchange.
        trust_bank: Money in trust at the bank.
        trust: Money owed to clients in trust.
        costs: Costs of collection that clients were charged.
        interest: Interest that clients were charged.
        opening: Owed since before the first bill.
    """

    receivable: str | None = None
    withheld: str | None = None
    deposits: str | None = None
    tax_withheld: str | None = None
    rounding: str | None = None
    revenue: str | None = None
    tax: str | None = None
    bank: str | None = None
    bank_fees: str | None = None
    unallocated: str | None = None
    discounts: str | None = None
    write_offs: str | None = None
    overpayments_kept: str | None = None
    exchange: str | None = None
    trust_bank: str | None = None
    trust: str | None = None
    costs: str | None = None
    interest: str | None = None
    opening: str | None = None


@attrs.frozen(kw_only=True)
class XeroTable:
    """The table ``[books.xero]``.

    Attributes:
        tax_rate: Name of the rate of no tax, as the organisation has it in Xero.
    """

    tax_rate: str = "Tax Exempt"


@attrs.frozen(kw_only=True)
class BooksTable:
    """The table ``[books]``.

    Attributes:
        basis: Revenue and tax are posted as they are billed, or as they are paid.
        currency: Currency of files that have one only.
        accounts: Accounts by kind of posting.
        clients: Receivables account of a client, by the client's id.
        revenue: Revenue account of a tax class.
        tax: Account of a tax, by its name and rate: ``"VAT 20"``.
        datev: Numbers of the tax adviser, for DATEV.
        xero: For Xero.
    """

    basis: Basis = "accrual"
    currency: str | None = None
    accounts: AccountsTable = attrs.field(factory=AccountsTable)
    clients: Mapping[str, str] = attrs.field(factory=dict)
    revenue: Mapping[str, str] = attrs.field(factory=dict)
    tax: Mapping[str, str] = attrs.field(factory=dict)
    datev: DatevClient | None = None
    xero: XeroTable = attrs.field(factory=XeroTable)


_ROLES = {key_of(role): role for role in ACCOUNT_NAMES}


def read_books(document: LocatedDocument, folder: Path, findings: Findings) -> BooksSettings | None:
    """Return how a project keeps its books, or nothing, after having said why.

    Args:
        document: The project's file.
        folder: The project's folder.
        findings: Where to report.
    """
    layers = Layers((Layer(document, folder),))
    table = read_table(layers, "books", BooksTable, findings)
    if table is None:
        return None
    if table.currency is not None and table.currency not in MINOR_UNITS:
        mistake = BadValueError(
            codes.CURRENCY,
            f"{table.currency!r} is not an ISO 4217 currency code",
            "three capital letters, such as USD",
        )
        report(findings, mistake, document.place(("books", "currency")))
        return None
    given = attrs.asdict(table.accounts)
    roles = {role: given[key] for key, role in _ROLES.items() if given[key] is not None}
    return BooksSettings(
        basis=table.basis,
        currency=table.currency,
        accounts=Accounts(roles=roles, clients=table.clients, revenue=table.revenue, tax=table.tax),
        datev=table.datev,
        xero_tax_rate=table.xero.tax_rate,
    )
