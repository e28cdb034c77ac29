"""The settings of a contract: the table ``[construction]``."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

import attrs

from billhook.kernel.origin import Origin
from billhook.sources.ranges import above, between

Wording = Literal["retainage", "retention"]
TaxBase = Literal["net_of_retainage", "gross"]
Rate = Annotated[Decimal, between(0, 100)]


@attrs.frozen(kw_only=True)
class RetainageStep:
    """A step of the retainage.

    Attributes:
        at: Percent of the contract sum from which it counts.
        work: Percent held of work from there.
        stored: Percent held of stored material; left out, as for work.
    """

    at: Annotated[Decimal, above(0)]
    work: Rate
    stored: Rate | None = None


@attrs.frozen(kw_only=True)
class RetainagePolicy:
    """Terms of retainage beyond a single rate.

    Attributes:
        mode: ``flat``: one rate; ``prospective``: each band of the work has its own rate, a rate
            of 0 stops; ``recompute``: the rate that is reached counts for all work to date, so a
            lower one pays back at its step.
        steps: The steps of the other two modes.
        reached_by: What reaches a step.
        of: The contract sum that steps and cap apply to: with changes, or before them.
        cap: At most this percent of it is held in total.
        cap_amount: Or at most this sum.
    """

    mode: Literal["flat", "prospective", "recompute"]
    steps: tuple[RetainageStep, ...] = ()
    reached_by: Literal["work", "work_and_stored"] = "work"
    of: Literal["contract_sum", "original_sum"] = "contract_sum"
    cap: Rate | None = None
    cap_amount: Annotated[Decimal, above(0)] | None = None


@attrs.frozen(kw_only=True)
class ListedContract:
    """A contract and its customer, for a job that stands for every contract.

    Its own terms stand in ``subjects/ID.toml``.

    Attributes:
        id: Number of the contract: what history is kept of.
        customer: Id of the customer who is billed.
        project: Name of the project.
        locale: Locale of its bills; empty takes the customer's.
        origin: Where it is set.
    """

    id: str
    customer: str
    project: str = ""
    locale: str = ""
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class Contract:
    """The agreed terms of the contract.

    Attributes:
        contract: Number of the contract.
        project: Name of the project.
        certifier: Who certifies: architect, engineer, contract administrator.
        original_sum: Contract sum before changes; checked against the schedule.
        retainage_work: Percent held of the work completed.
        retainage_stored: Percent held of stored material; left out, as for work.
        retainage: Steps and a cap of the retainage.
        quantum: Amounts of work are rounded to this step, for owners who want whole dollars.
        tax_on: Tax base: the bill less retainage, or the gross amount; required when the bill
            has tax.  After a change, retainage that was held before is taxed once: what was not
            taxed yet is taxed with the bill that changes it.
        final: The application is the last: it totals the contract sum, as does a final
            construction bill, type 877.
        wording: The word on the documents.
        chart: Draw the progress of each group.
        contracts: The contracts there are, and their customers.
        origin: Where the table stands.
    """

    contract: str = ""
    project: str = ""
    certifier: str = ""
    original_sum: Decimal | None = None
    retainage_work: Rate = Decimal(0)
    retainage_stored: Rate | None = None
    retainage: RetainagePolicy | None = None
    quantum: Annotated[Decimal, above(0)] | None = None
    tax_on: TaxBase | None = None
    final: bool = False
    wording: Wording = "retainage"
    chart: bool = False
    contracts: tuple[ListedContract, ...] = ()
    origin: Origin | None = attrs.field(default=None, eq=False)

    @property
    def stored_rate(self) -> Decimal:
        """Percent held of stored material."""
        rate = self.retainage_stored
        return self.retainage_work if rate is None else rate
