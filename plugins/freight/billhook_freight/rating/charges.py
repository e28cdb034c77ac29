"""Charges: each component of a shipment as a line of its own, naming its row of the tariff."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from billhook.kernel.figure import PERCENT, Figure, less, negative
from billhook.kernel.text import Label, labels
from billhook.model.charge import Charge
from billhook_freight.details import Carriage, Component, FuelIndex
from billhook_freight.rating.accessorials import Service
from billhook_freight.rating.fuel import Surcharge
from billhook_freight.rating.linehaul import Deficit, Extension
from billhook_freight.rating.net_charge import Raise, Reduction
from billhook_freight.rating.ratebook import Ratebook, TariffSource, source
from billhook_freight.rating.rated_shipment import Rated
from billhook_freight.rating.tariff import Basis, Minimum, TariffRow
from billhook_freight.settings import FreightSettings

_ = labels("billhook_freight")

LINEHAUL = "linehaul"
FUEL = "fuel"
ACCESSORIAL = "accessorial"


class ChargeMaker:
    """Makes the charges of shipments rated by one tariff version.

    Texts that are the same for each shipment, such as a rate's, are made once.
    """

    def __init__(self, book: Ratebook, settings: FreightSettings) -> None:
        self._book = book
        self._settings = settings
        # By the identity of rows: the book holds the tariff, so that none goes.
        self._rows: dict[int, _Row] = {}
        cover = book.cover
        per = cover.unit if cover.per == 1 else f"{cover.per} {cover.unit}"
        self._per_weight = f"{cover.currency}/{per}"

    def make(self, rated: Rated) -> Iterator[Charge]:
        """Yield the charges of a shipment: freight, what changes it, services, fuel."""
        net, linehaul = rated.net, rated.linehaul
        bill = _Bill(self, rated, self._settings)
        for number, extension in enumerate(linehaul.extensions, 1):
            yield self._freight(bill, extension, number)
        if linehaul.deficit is not None:
            yield self._deficit(bill, linehaul.deficit)
        if net.minimum is not None:
            yield self._lift(bill, "minimum", _("Lift to the minimum charge"), net.minimum)
        if net.discount is not None and net.discount.amount.value:
            yield self._discount(bill, net.discount)
        if net.floor is not None:
            title = _("Lift to the absolute minimum charge")
            if isinstance(net.floor.row, Minimum):
                title = _("Lift to the minimum charge")
            yield self._lift(bill, "floor", title, net.floor)
        for service in rated.services:
            yield self._service(bill, service)
        if rated.fuel is not None and rated.fuel.amount.value:
            yield self._fuel(bill, rated.fuel)

    def row(self, row: TariffRow) -> _Row:
        """Return a row as charges name it."""
        found = self._rows.get(id(row))
        if found is None:
            found = self._rows[id(row)] = _Row(source(self._book, row))
        return found

    def _freight(self, bill: _Bill, extension: Extension, number: int) -> Charge:
        row, linehaul = extension.row, bill.rated.linehaul
        # Of one class at its own break, the line is the choice of the break.
        alone = len(linehaul.extensions) == 1 and linehaul.deficit is None
        return bill.charge(
            LINEHAUL if number == 1 else f"{LINEHAUL}-{number}",
            lambda: _(
                "Freight class {freight_class}, rate from {break_from} {unit}",
                freight_class=row.freight_class,
                break_from=row.break_from,
                unit=extension.weight.unit,
            ),
            linehaul.charge if alone else extension.amount,
            row,
            (row.rate, self._per_weight),
            quantity=extension.weight,
            unit_price=extension.price,
            also=tuple(each.key for each in extension.article.goods if each.key != bill.key),
            carriage=_carriage(bill.rated) if number == 1 else None,
        )

    def _deficit(self, bill: _Bill, deficit: Deficit) -> Charge:
        linehaul = bill.rated.linehaul
        # Billed is what is missing to the least candidate, so the line leads to all of them.
        parts = (each.amount for each in linehaul.extensions)
        title = _(
            "Deficit weight {weight} {unit} to reach the rate from {break_from} {unit}",
            weight=deficit.weight.value,
            unit=deficit.weight.unit,
            break_from=linehaul.rated_break,
        )
        return bill.charge(
            "deficit",
            title,
            less(linehaul.charge, *parts, rule="freight.deficit.charge"),
            deficit.row,
            (deficit.row.rate, self._per_weight),
            quantity=deficit.weight,
            unit_price=deficit.price,
        )

    def _lift(self, bill: _Bill, part: str, title: Label, lift: Raise) -> Charge:
        return bill.charge(part, title, lift.amount, lift.row, (lift.floor.value, lift.floor.unit))

    def _discount(self, bill: _Bill, discount: Reduction) -> Charge:
        row = discount.row
        return bill.charge(
            "discount",
            lambda: _("Discount {percent}%", percent=row.percent),
            negative(discount.amount, "freight.discount.line"),
            row,
            (row.percent, PERCENT),
        )

    def _service(self, bill: _Bill, service: Service) -> Charge:
        row = service.row
        return bill.charge(
            f"acc-{row.code}",
            lambda: _("{title} ({code})", title=row.title, code=row.code),
            service.amount,
            row,
            (row.rate, self._per_weight if row.basis is Basis.WEIGHT else service.price.unit),
            tag=ACCESSORIAL,
            quantity=service.quantity,
            unit_price=None if row.basis is Basis.PERCENT else service.price,
            tax_class=self._settings.tax_classes.get(row.code, ""),
        )

    def _fuel(self, bill: _Bill, fuel: Surcharge) -> Charge:
        price, row = fuel.quote.price, fuel.quote.band.row
        program = self._book.cover.fuel
        title = _(
            "Fuel surcharge {percent}%, index {price} of {effective}",
            percent=row.percent,
            price=price.price,
            effective=price.effective,
        )
        index = FuelIndex(
            index=program.index,
            unit=program.unit,
            effective=price.effective,
            price=price.price,
            percent=row.percent,
        )
        return bill.charge(
            "fuel", title, fuel.amount, row, (row.percent, PERCENT), tag=FUEL, fuel=index
        )


class _Row:
    """A row of the tariff as charges name it; ``description`` is there once it was asked for."""

    def __init__(self, origin: TariffSource) -> None:
        self.origin = origin
        self.name = str(origin)
        self.description: Label | None = None

    def describe(self, title: Label | Callable[[], Label]) -> Label:
        """Return a title with the row it comes from; one that is called is the same each time."""
        if isinstance(title, Label):
            return _("{what} ({source})", what=title, source=self.name)
        if self.description is None:
            self.description = _("{what} ({source})", what=title(), source=self.name)
        return self.description


class _Bill:
    """Data shared by the charges of one shipment."""

    def __init__(self, maker: ChargeMaker, rated: Rated, settings: FreightSettings) -> None:
        shipment = rated.shipment
        self.rated = rated
        self.key = shipment.key
        self._maker = maker
        self._number = shipment.number
        self._group = f"{self._number} · {shipment.route}"
        self._date = shipment.day(settings.billed_by) or shipment.pickup
        self._tax_class = settings.tax_class

    def charge(
        self,
        part: str,
        title: Label | Callable[[], Label],
        amount: Figure,
        row: TariffRow,
        rate: tuple[Decimal, str],
        *,
        tag: str = LINEHAUL,
        quantity: Figure | None = None,
        unit_price: Figure | None = None,
        tax_class: str = "",
        also: tuple[str, ...] = (),
        carriage: Carriage | None = None,
        fuel: FuelIndex | None = None,
    ) -> Charge:
        """Return one charge of the shipment; ``also`` are keys of records beside its own."""
        cited = self._maker.row(row)
        detail = Component(
            shipment=self._number,
            tariff=cited.origin.tariff,
            version=cited.origin.version,
            row=cited.origin.row,
            rate=rate[0],
            rate_unit=rate[1],
            carriage=carriage,
            fuel=fuel,
        )
        return Charge(
            id=f"{self._number}-{part}",
            description=cited.describe(title),
            amount=amount,
            quantity=quantity,
            unit_price=unit_price,
            date=self._date,
            tax_class=tax_class or self._tax_class,
            tags=_TAGS[tag],
            group=self._group,
            sources=(self.key, *also),
            part=part,
            detail=detail,
        )


_TAGS = {tag: frozenset({tag}) for tag in (LINEHAUL, FUEL, ACCESSORIAL)}


def _carriage(rated: Rated) -> Carriage:
    shipment, linehaul, cover = rated.shipment, rated.linehaul, rated.book.cover
    return Carriage(
        pickup=shipment.pickup,
        delivered=shipment.delivered,
        place_from=shipment.place_from,
        place_to=shipment.place_to,
        classes=tuple(dict.fromkeys(each.article.freight_class for each in linehaul.extensions)),
        weight=linehaul.weight.value,
        unit=cover.unit,
        per=cover.per,
        weight_step=cover.weight_step,
        pieces=shipment.pieces,
        reference=shipment.reference,
        own_break=linehaul.own_break,
        rated_break=linehaul.rated_break,
    )
