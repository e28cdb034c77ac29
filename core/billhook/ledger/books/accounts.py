"""Chart of accounts: the names that a bookkeeping program has for the roles of postings."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from billhook.ledger import postings
from billhook.ledger.postings import Posting

ACCOUNT_NAMES: Mapping[str, str] = {
    postings.RECEIVABLE: "Assets:Receivable",
    postings.WITHHELD: "Assets:Withheld",
    postings.DEPOSITS: "Liabilities:Deposits",
    postings.TAX_WITHHELD: "Assets:TaxWithheld",
    postings.ROUNDING: "Income:Rounding",
    postings.REVENUE: "Income:Revenue",
    postings.TAX: "Liabilities:Tax",
    postings.BANK: "Assets:Bank",
    postings.BANK_FEES: "Expenses:BankFees",
    postings.UNALLOCATED: "Liabilities:Unallocated",
    postings.DISCOUNTS: "Expenses:Discounts",
    postings.WRITE_OFFS: "Expenses:WriteOffs",
    postings.KEPT: "Income:OverpaymentsKept",
    postings.EXCHANGE: "Equity:Exchange",
    postings.TRUST_BANK: "Assets:TrustBank",
    postings.TRUST: "Liabilities:Trust",
    "costs": "Income:Costs",
    "interest": "Income:Interest",
    "opening": "Equity:Opening",
}
"""Account names where the project gives none, by role, for programs that have no numbers."""


@attrs.frozen(kw_only=True)
class Accounts:
    """Names, or numbers, of accounts.

    Attributes:
        roles: By role: ``bank``, ``write-offs``.
        clients: Receivables by client, instead of one account for all.
        revenue: Revenue by tax class, instead of one account for all.
        tax: Tax by its name and rate: ``VAT 20``.
        defaults: Names for roles that are not given.
    """

    roles: Mapping[str, str] = attrs.field(factory=dict)
    clients: Mapping[str, str] = attrs.field(factory=dict)
    revenue: Mapping[str, str] = attrs.field(factory=dict)
    tax: Mapping[str, str] = attrs.field(factory=dict)
    defaults: Mapping[str, str] = ACCOUNT_NAMES

    def find(self, posting: Posting) -> str | None:
        """Return the account of a posting; nothing where the chart has none."""
        role = posting.account
        if role == postings.RECEIVABLE and posting.customer in self.clients:
            return self.clients[posting.customer]
        if role == postings.REVENUE and posting.detail in self.revenue:
            return self.revenue[posting.detail]
        if role == postings.TAX and posting.detail in self.tax:
            return self.tax[posting.detail]
        return self.roles.get(role, self.defaults.get(role))


def key_of(role: str) -> str:
    """Return the key of ``[books.accounts]`` that names the account of a role."""
    return role.replace(" ", "_").replace("-", "_")
