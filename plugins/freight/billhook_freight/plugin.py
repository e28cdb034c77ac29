"""The freight plugin: less-than-truckload rating with tariffs, fuel and accessorials.

Hooks only; what computes is imported here, because a hook that computes opens no file, and an
import would; what prints is imported when something is printed.
"""

from __future__ import annotations

from collections.abc import Iterable

from billhook.model.charge import Rating
from billhook.model.document import Document
from billhook.model.job import Job
from billhook.model.owner import Owner
from billhook.model.record import Record, Records
from billhook.model.section import Section
from billhook.model.source import Source
from billhook.model.subject import Subject
from billhook.plugins.info import PluginInfo, hookimpl
from billhook_freight.codes import CODES
from billhook_freight.details import Component
from billhook_freight.rate import rate
from billhook_freight.rating import ownership
from billhook_freight.records import ITEMS, SHIPMENTS, Shipment, ShipmentItem
from billhook_freight.settings import FreightSettings
from billhook_freight.validation.tariff_package import read


@hookimpl
def billhook_plugin() -> PluginInfo:
    """Say who this is."""
    return PluginInfo(
        name="freight",
        title="Freight: class rates, deficit weight, fuel, accessorials",
        version="1",
        prefix="FRT",
        package="billhook_freight",
        settings=FreightSettings,
        records={SHIPMENTS: Shipment, ITEMS: ShipmentItem},
        details=(Component,),
        codes=CODES,
        each=(ownership.ACCOUNT,),
    )


@hookimpl
def billhook_read(source: Source) -> Iterable[Record] | None:
    """Read tariff packages; shipments and items are read by the core."""
    return read(source)


@hookimpl
def billhook_owner(job: Job, record: Record) -> Owner | None:
    """Name the account of a shipment."""
    return ownership.find_owner(job, record)


@hookimpl
def billhook_subjects(job: Job, each: str) -> Iterable[Subject]:
    """List the accounts of the settings."""
    return ownership.list_subjects(job, each)


@hookimpl
def billhook_fit(job: Job, subject: Subject) -> Job | None:
    """Bill one account."""
    return ownership.fit(job, subject)


@hookimpl
def billhook_rate(job: Job, records: Records) -> Rating | None:
    """Rate the shipments of the job's account and period."""
    return rate(job, records)


@hookimpl
def billhook_sections(document: Document) -> Iterable[Section] | None:
    """Show shipments, fuel index and each line with its row of the tariff."""
    from billhook_freight.sections.build import sections

    return sections(document)
