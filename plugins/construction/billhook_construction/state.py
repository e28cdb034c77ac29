"""State for the next application, stored in the document, figures and all."""

from __future__ import annotations

import datetime as dt

import attrs

from billhook.kernel.figure import Figure
from billhook_construction.events import Certified, Released
from billhook_construction.settings import RetainagePolicy, Wording


@attrs.frozen(kw_only=True)
class SheetRow:
    """One row of the schedule sheet.

    Attributes:
        item: Item number.
        description: The work.
        group: Trade or section.
        change_order: The change order that it belongs to.
        tax_class: The class that the tax is looked up by.
        value: Scheduled value.
        previous: Work completed before this application, without stored material.
        current: Work completed in this period.
        completed: Work completed to date.
        stored: Material stored now.
        to_date: Completed and stored to date.
        percent: ``to_date`` in percent of ``value``; ``None`` when that is nothing.
        balance: What is left to finish.
        quantity: Quantity completed to date, if that was measured.
        retained_work: Retainage on the row's work.
        retained_stored: Retainage on its stored material.
        retained: Both.
        rate: Percent held of the row, if it has a rate of its own.
    """

    item: str
    description: str
    group: str = ""
    change_order: str = ""
    tax_class: str = "standard"
    value: Figure
    previous: Figure
    current: Figure
    completed: Figure
    stored: Figure
    to_date: Figure
    percent: Figure | None = None
    balance: Figure
    quantity: Figure | None = None
    retained_work: Figure
    retained_stored: Figure
    retained: Figure
    rate: Figure | None = None


@attrs.frozen(kw_only=True)
class Summary:
    """The summary of an application, all before tax.

    Attributes:
        original: Contract sum before changes.
        changes: Approved changes.
        contract_sum: Both: the contract sum with changes.
        work: Work completed to date.
        stored: Material stored now.
        to_date: Completed and stored to date.
        retained_work: Retainage on work.
        retained_stored: Retainage on stored material.
        retained: Both.
        earned: ``to_date`` less retainage.
        previous_certificates: What was earned less retainage before, as it was certified.
        due: ``earned`` less ``previous_certificates``.
        balance: Balance to finish, with the retainage.
    """

    original: Figure
    changes: Figure
    contract_sum: Figure
    work: Figure
    stored: Figure
    to_date: Figure
    retained_work: Figure
    retained_stored: Figure
    retained: Figure
    earned: Figure
    previous_certificates: Figure
    due: Figure
    balance: Figure


@attrs.frozen(kw_only=True)
class ChangeRow:
    """A change order as it stands.

    Attributes:
        number: Its number.
        amount: What it adds to the contract sum.
        date: Day of its approval.
        description: What changes.
        application: The application that it first counted in; 0 while it is not approved.
    """

    number: str
    amount: Figure
    date: dt.date | None = None
    description: str = ""
    application: int = 0


@attrs.frozen(kw_only=True)
class Retainage:
    """The terms of retainage of an application, and what was released up to it.

    Attributes:
        rate_work: Percent held of work.
        rate_stored: Percent held of stored material.
        released_work: Released of the retainage on work, all told.
        released_stored: Released of that on stored material, all told.
        honoured: The releases that are counted in.
        policy: Steps and cap, if the contract has any.
    """

    rate_work: Figure
    rate_stored: Figure
    released_work: Figure
    released_stored: Figure
    honoured: tuple[Released, ...] = ()
    policy: RetainagePolicy | None = None


@attrs.frozen(kw_only=True)
class ApplicationAmounts:
    """The payment of one application, before tax.

    Attributes:
        application: Its number.
        applied: Applied for.
        certified: Certified; as applied for where no certificate says otherwise.
    """

    application: int
    applied: Figure
    certified: Figure


@attrs.frozen
class CertificateLog:
    """The certificates that an application takes into account.

    Attributes:
        known: The certificates of the applications before it.
        amounts: What was applied for and certified, of each application before it.
    """

    known: tuple[Certified, ...] = ()
    amounts: tuple[ApplicationAmounts, ...] = ()


@attrs.frozen(kw_only=True)
class ConstructionState:
    """An application as it was made.

    Attributes:
        application: Its number, from 1.
        contract: Number of the contract.
        project: Name of the project.
        certifier: Who certifies.
        wording: The word for retainage on the documents.
        chart: Whether a chart is drawn.
        rows: The schedule sheet.
        summary: The summary.
        changes: The change orders, also those not approved.
        retainage: The terms of retainage.
        certificates: The certificates that it takes into account; documents from before they were
            kept have ``None``.
    """

    application: int
    contract: str = ""
    project: str = ""
    certifier: str = ""
    wording: Wording = "retainage"
    chart: bool = False
    rows: tuple[SheetRow, ...]
    summary: Summary
    changes: tuple[ChangeRow, ...] = ()
    retainage: Retainage
    certificates: CertificateLog | None = None
