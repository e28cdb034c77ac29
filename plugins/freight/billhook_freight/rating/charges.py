"""Charges: each component of a shipment as a line of its own, naming its row of the tariff."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import attrs

from billhook.kernel.figure import PERCENT, Figure, less, negative
from billhook.kernel.text import Label, labels
from billhook.model.charge import Charge
from billhook_freight.details import Carriage, Component, FuelIndex
from billhook_freight.rating.accessorials import Service
from billhook_freight.rating.fuel import Surcharge
from billhook_freight.rating.linehaul import Deficit, Extension
from billhook_freight.rating.net_charge import Raise, Reduction
from billhook_freight.rating.ratebook import source
from billhook_freight.rating.rated_shipment import Rated
from billhook_freight.rating.tariff import Basis, TariffRow
from billhook_freight.settings import FreightSettings

_ = labels("billhook_freight")

LINEHAUL = "linehaul"
FUEL = "fuel"
ACCESSORIAL = "accessorial"


def charges_of(rated: Rated, settings: FreightSettings) -> Iterator[Charge]:
    """Yield the charges of a shipment: freight, what changes it, services, fuel."""
    bill = _Bill(rated, settings)
    for number, extension in enumerate(rated.linehaul.extensions, 1):
        yield bill.freight(extension, number)
    if rated.linehaul.deficit is not None:
        yield bill.deficit(rated.linehaul.deficit)
    if rated.net.minimum is not None:
        yield bill.lift("minimum", _("Lift to the minimum charge"), rated.net.minimum)
    if rated.net.discount is not None and rated.net.discount.amount.value:
        yield bill.discount(rated.net.discount)
    if rated.net.floor is not None:
        yield bill.lift("floor", _("Lift to the absolute minimum charge"), rated.net.floor)
    for service in rated.services:
        yield bill.service(service)
    if rated.fuel is not None and rated.fuel.amount.value:
        yield bill.fuel(rated.fuel)


@attrs.frozen
class _Bill:
    """The charges of one shipment."""

    rated: Rated
    settings: FreightSettings

    def freight(self, extension: Extension, number: int) -> Charge:
        article, row = extension.article, extension.row
        part = LINEHAUL if number == 1 else f"{LINEHAUL}-{number}"
        charge = self._charge(
            part,
            _(
                "Freight class {freight_class}, rate from {break_from} {unit}",
                freight_class=row.freight_class,
                break_from=row.break_from,
                unit=extension.weight.unit,
            ),
            self._freight_amount(extension),
            row,
            (row.rate, self._per_weight),
            first=number == 1,
        )
        own = self.rated.shipment.key
        also = tuple(each.key for each in article.goods if each.key != own)
        return attrs.evolve(
            charge,
            quantity=extension.weight,
            unit_price=extension.price,
            sources=(*charge.sources, *also),
        )

    def _freight_amount(self, extension: Extension) -> Figure:
        """Return the line's amount; of one class at its own break, the choice of the break."""
        linehaul = self.rated.linehaul
        alone = len(linehaul.extensions) == 1 and linehaul.deficit is None
        return linehaul.charge if alone else extension.amount

    def deficit(self, deficit: Deficit) -> Charge:
        linehaul = self.rated.linehaul
        # Billed is what is missing to the least candidate, so the line leads to all of them.
        parts = (each.amount for each in linehaul.extensions)
        amount = less(linehaul.charge, *parts, rule="freight.deficit.charge")
        charge = self._charge(
            "deficit",
            _(
                "Deficit weight {weight} {unit} to reach the rate from {break_from} {unit}",
                weight=deficit.weight.value,
                unit=deficit.weight.unit,
                break_from=linehaul.rated_break,
            ),
            amount,
            deficit.row,
            (deficit.row.rate, self._per_weight),
        )
        return attrs.evolve(charge, quantity=deficit.weight, unit_price=deficit.price)

    def lift(self, part: str, title: Label, lift: Raise) -> Charge:
        return self._charge(part, title, lift.amount, lift.row, (lift.floor.value, lift.floor.unit))

    def discount(self, discount: Reduction) -> Charge:
        amount = negative(discount.amount, "freight.discount.line")
        title = _("Discount {percent}%", percent=discount.row.percent)
        return self._charge(
            "discount", title, amount, discount.row, (discount.row.percent, PERCENT)
        )

    def service(self, service: Service) -> Charge:
        row = service.row
        code = row.code
        charge = self._charge(
            f"acc-{code}",
            _("{title} ({code})", title=row.title, code=code),
            service.amount,
            row,
            (row.rate, self._per_weight if row.basis is Basis.WEIGHT else service.price.unit),
            tag=ACCESSORIAL,
        )
        tax_class = self.settings.tax_classes.get(code, charge.tax_class)
        priced = row.basis is not Basis.PERCENT
        return attrs.evolve(
            charge,
            tax_class=tax_class,
            quantity=service.quantity,
            unit_price=service.price if priced else None,
        )

    def fuel(self, fuel: Surcharge) -> Charge:
        price, row = fuel.quote.price, fuel.quote.band.row
        program = self.rated.book.cover.fuel
        title = _(
            "Fuel surcharge {percent}%, index {price} of {effective}",
            percent=row.percent,
            price=price.price,
            effective=price.effective,
        )
        charge = self._charge("fuel", title, fuel.amount, row, (row.percent, PERCENT), tag=FUEL)
        index = FuelIndex(
            index=program.index,
            unit=program.unit,
            effective=price.effective,
            price=price.price,
            percent=row.percent,
        )
        return attrs.evolve(charge, detail=attrs.evolve(_component(charge), fuel=index))

    def _charge(
        self,
        part: str,
        title: Label,
        amount: Figure,
        row: TariffRow,
        rate: tuple[Decimal, str],
        *,
        tag: str = LINEHAUL,
        first: bool = False,
    ) -> Charge:
        shipment = self.rated.shipment
        origin = source(self.rated.book, row)
        detail = Component(
            shipment=shipment.number,
            tariff=origin.tariff,
            version=origin.version,
            row=origin.row,
            rate=rate[0],
            rate_unit=rate[1],
            carriage=self._carriage() if first else None,
        )
        return Charge(
            id=f"{shipment.number}-{part}",
            description=_("{what} ({source})", what=title, source=str(origin)),
            amount=amount,
            date=shipment.day(self.settings.billed_by) or shipment.pickup,
            tax_class=self.settings.tax_class,
            tags=frozenset({tag}),
            group=f"{shipment.number} · {shipment.route}",
            sources=(shipment.key,),
            part=part,
            detail=detail,
        )

    @property
    def _per_weight(self) -> str:
        cover = self.rated.book.cover
        per = cover.unit if cover.per == 1 else f"{cover.per} {cover.unit}"
        return f"{cover.currency}/{per}"

    def _carriage(self) -> Carriage:
        shipment, linehaul = self.rated.shipment, self.rated.linehaul
        cover = self.rated.book.cover
        return Carriage(
            pickup=shipment.pickup,
            delivered=shipment.delivered,
            place_from=shipment.place_from,
            place_to=shipment.place_to,
            classes=tuple(
                dict.fromkeys(each.article.freight_class for each in linehaul.extensions)
            ),
            weight=linehaul.weight.value,
            unit=cover.unit,
            per=cover.per,
            weight_step=cover.weight_step,
            pieces=shipment.pieces,
            reference=shipment.reference,
            own_break=linehaul.own_break,
            rated_break=linehaul.rated_break,
        )


def _component(charge: Charge) -> Component:
    if not isinstance(charge.detail, Component):
        raise TypeError(f"charge {charge.id!r} has no component")
    return charge.detail
