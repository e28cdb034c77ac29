"""Exchange rates: agreed or published, dated, and with their source."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs

from billhook.kernel.money import find_currency
from billhook.kernel.origin import Origin


@attrs.frozen(kw_only=True)
class ExchangeRate:
    """Exchange rate: the value of one unit of a currency in another.

    Attributes:
        currency: ISO 4217 code of the price: one unit of it …
        into: … is so much of this currency.
        rate: How much: 1.0845 for EUR into USD.
        source: Who says so, for the explanation: ``ECB reference rate``.
        since: First day in force.
        until: First day no longer in force.
        origin: Where the rate stands.

    Raises:
        ValueError: A currency is none, both are the same, the rate is not above 0, nobody says so,
            or it ends before it begins.
    """

    currency: str
    into: str
    rate: Decimal
    source: str
    since: dt.date | None = None
    until: dt.date | None = None
    origin: Origin | None = attrs.field(default=None, eq=False)

    def __attrs_post_init__(self) -> None:
        if find_currency(self.currency) == find_currency(self.into):
            raise ValueError(f"{self.currency} needs no rate into itself")
        if self.rate <= 0:
            raise ValueError(f"expected a rate above 0, got {self.rate}")
        if not self.source:
            raise ValueError("expected a source: who says the rate")
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise ValueError(f"the rate ends ({self.until}) before it begins ({self.since})")

    def covers(self, day: dt.date) -> bool:
        """Return whether the rate is in force on a day."""
        begun = self.since is None or self.since <= day
        return begun and (self.until is None or day < self.until)


@attrs.frozen(kw_only=True)
class Exchange:
    """The table ``[exchange]``.

    Attributes:
        rates: The rates that amounts in other currencies are converted by.
    """

    rates: tuple[ExchangeRate, ...] = ()
