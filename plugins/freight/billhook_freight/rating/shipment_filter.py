"""Which shipments a job bills, and why the others are left for another bill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar

import attrs

from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.text import Label, labels
from billhook.model.charge import Skip
from billhook.model.job import Job
from billhook.model.record import Record, Records
from billhook_freight import codes
from billhook_freight.records import Shipment, ShipmentItem
from billhook_freight.settings import FreightSettings

_ = labels("billhook_freight")
R = TypeVar("R", bound=Record)


@attrs.frozen
class Consignment:
    """A shipment with its items; a shipment of one class has none."""

    shipment: Shipment
    items: tuple[ShipmentItem, ...]


@attrs.frozen
class Selection:
    """Shipments to bill, shipments left out, and mismatches."""

    chosen: tuple[Consignment, ...]
    skipped: tuple[Skip, ...]
    findings: tuple[Diagnostic, ...]


def select(job: Job, records: Records) -> Selection:
    """Divide the shipments into those that the job bills and those that it leaves."""
    settings = job.settings(FreightSettings)
    items: dict[str, list[ShipmentItem]] = defaultdict(list)
    for item in records.of(ShipmentItem):
        items[item.shipment].append(item)
    shipments = records.of(Shipment)
    chosen: list[Consignment] = []
    skipped: list[Skip] = []
    for shipment in shipments:
        reason = _reason(job, settings, shipment)
        theirs = tuple(items.get(shipment.number, ()))
        if reason is None:
            chosen.append(Consignment(shipment, theirs))
        else:
            own = not settings.account or shipment.account == settings.account
            skipped.extend(
                Skip(each.key, reason, each.origin, own=own) for each in (shipment, *theirs)
            )
    findings = (*_orphans(shipments, items), *_twins(chosen))
    return Selection(tuple(chosen), tuple(skipped), findings)


def _reason(job: Job, settings: FreightSettings, shipment: Shipment) -> Label | None:
    if settings.account and shipment.account != settings.account:
        return _("belongs to account {account}", account=shipment.account)
    if shipment.delivered is None and not settings.undelivered:
        return _("not delivered yet")
    day = shipment.day(settings.billed_by) or shipment.pickup
    if not job.takes(day):
        return _("{day} lies outside the period", day=day)
    return None


def _orphans(
    shipments: Iterable[Shipment], items: dict[str, list[ShipmentItem]]
) -> Iterator[Diagnostic]:
    known = {shipment.number for shipment in shipments}
    for number, theirs in items.items():
        if number not in known:
            for item in theirs:
                message = f"there is no shipment {number!r} for this item"
                yield Diagnostic(
                    codes.ITEM_ALONE.id,
                    message,
                    origin=item.origin,
                    hint="correct the number, or add it",
                )


def _twins(chosen: Iterable[Consignment]) -> Iterator[Diagnostic]:
    first: dict[str, Shipment] = {}
    for shipment in (consignment.shipment for consignment in chosen):
        twin = first.setdefault(_plain(shipment.number), shipment)
        if twin is not shipment:
            message = f"shipment {shipment.number} repeats shipment {twin.number} at {twin.origin}"
            hint = "a shipment is billed once; a balance due is a shipment of its own"
            yield Diagnostic(codes.SHIPMENT_TWICE.id, message, origin=shipment.origin, hint=hint)


def _plain(number: str) -> str:
    """Return a number as duplicates are compared: without hyphens, blanks and leading zeros."""
    return "".join(sign for sign in number.upper() if sign.isalnum()).lstrip("0")
