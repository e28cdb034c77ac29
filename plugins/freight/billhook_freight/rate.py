"""Rating: each shipment from its lane to its charges, and everything that keeps one from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import attrs

from billhook.kernel.diagnostics import Diagnostic, Severity, did_you_mean
from billhook.model.charge import Charge, Rating
from billhook.model.job import Job
from billhook.model.record import Records
from billhook_freight import codes
from billhook_freight.rating.accessorials import find_unserved, serve
from billhook_freight.rating.charges import ChargeMaker
from billhook_freight.rating.fuel import Quote, old_prices, quote, surcharge
from billhook_freight.rating.geography import Spot
from billhook_freight.rating.linehaul import Article, Goods, RatedWeights, rate_linehaul
from billhook_freight.rating.net_charge import net
from billhook_freight.rating.ratebook import Breaks, Ratebook, RateScale
from billhook_freight.rating.rated_shipment import Rated
from billhook_freight.rating.shipment_filter import Consignment, Selection, select
from billhook_freight.rating.tariff import Lane, Tariff, row_name
from billhook_freight.rating.tariff_version import Versions
from billhook_freight.records import Shipment, ShipmentItem
from billhook_freight.settings import FreightSettings
from billhook_freight.validation.tariff import examine


def rate(job: Job, records: Records) -> Rating:
    """Return the charges of the job's shipments; what could not be rated are findings."""
    selection = select(job, records)
    findings = [*selection.findings]
    charges: list[Charge] = []
    if selection.chosen:
        unsound = list(_unsound(job, records.of(Tariff)))
        findings.extend(unsound or _rate_all(job, records, selection, charges))
    return Rating(charges=tuple(charges), skipped=selection.skipped, findings=tuple(findings))


def _unsound(job: Job, tariffs: Sequence[Tariff]) -> Iterator[Diagnostic]:
    """Yield the errors of tariffs; those that were read from files have none any more."""
    for tariff in tariffs:
        cover = tariff.cover
        yield from (each for each in examine(tariff) if each.severity is Severity.ERROR)
        if cover.currency != job.currency and job.settings(FreightSettings).tariff in {
            "",
            cover.id,
        }:
            message = f"tariff {cover.id} is in {cover.currency}, the job in {job.currency}"
            hint = "bill shipments of each currency with a job of their own"
            yield Diagnostic(codes.OTHER_CURRENCY.id, message, origin=cover.origin, hint=hint)


def _rate_all(
    job: Job, records: Records, selection: Selection, charges: list[Charge]
) -> Iterator[Diagnostic]:
    settings = job.settings(FreightSettings)
    versions = Versions(records.of(Tariff), settings.tariff)
    quotes: list[tuple[Shipment, Quote]] = []
    makers = {book: ChargeMaker(book, settings) for book in versions.books}
    for consignment in selection.chosen:
        book = versions.find(consignment.shipment)
        if isinstance(book, Diagnostic):
            yield book
            continue
        done = rate_shipment(book, consignment)
        yield from done.findings
        if done.rated is not None:
            charges.extend(makers[book].make(done.rated))
            if done.rated.fuel is not None:
                quotes.append((consignment.shipment, done.rated.fuel.quote))
    yield from old_prices(quotes)


@attrs.frozen
class RatedOutcome:
    """A rated shipment, or what kept it from being rated."""

    rated: Rated | None
    findings: tuple[Diagnostic, ...] = ()


def rate_shipment(book: Ratebook, consignment: Consignment) -> RatedOutcome:
    """Rate one shipment by one tariff version."""
    shipment = consignment.shipment
    articles = _articles(consignment)
    spots = _spots(book, shipment)
    wrong_codes = list(_postcodes(shipment, spots))
    lane = None if wrong_codes else _lane(book, shipment, spots)
    quoted = quote(book, shipment)
    found = [each for each in (articles, lane, quoted) if isinstance(each, Diagnostic)]
    found.extend((*wrong_codes, *_dates(shipment)))
    if isinstance(articles, Diagnostic) or not isinstance(lane, Lane):
        return RatedOutcome(None, (*found, *find_unserved(book, shipment)))
    scales, unrated = _scales(book, shipment, lane, articles)
    if found or unrated or isinstance(quoted, Diagnostic):
        return RatedOutcome(None, (*found, *unrated, *find_unserved(book, shipment)))
    linehaul = rate_linehaul(book, articles, scales)
    freight = net(book, linehaul.charge, lane.rate_base, shipment.account, linehaul.weight)
    services, wrong = serve(book, shipment, linehaul.rated, freight.charge)
    fuel = None
    if quoted is not None:
        base = freight.charge if book.cover.fuel.basis == "net" else freight.gross
        bearing = [service.amount for service in services if service.row.fuel_bearing]
        fuel = surcharge(book, quoted, base, bearing)
    rated = Rated(shipment, book, lane, linehaul, freight, tuple(services), fuel)
    return RatedOutcome(None if wrong else rated, tuple(wrong))


def _articles(consignment: Consignment) -> list[Article] | Diagnostic:
    shipment = consignment.shipment
    if consignment.items and (shipment.freight_class or shipment.weight):
        message = f"shipment {shipment.number} has items as well as a class or weight"
        hint = "leave class and weight of the shipment empty; the items have their own"
        return Diagnostic(codes.CLASS_AND_WEIGHT.id, message, origin=shipment.origin, hint=hint)
    if consignment.items:
        return _by_class(consignment.items)
    if not shipment.freight_class or shipment.weight is None:
        known = {"class": shipment.freight_class, "weight": shipment.weight}
        lacking = " and ".join(name for name, value in known.items() if not value)
        message = f"shipment {shipment.number} has no {lacking}, and no items"
        hint = "fill in freight_class and weight, or add its rows of kind freight.items"
        return Diagnostic(codes.CLASS_AND_WEIGHT.id, message, origin=shipment.origin, hint=hint)
    return [
        Article(shipment.freight_class, (Goods(shipment.weight, shipment.key, shipment.origin),))
    ]


def _by_class(items: Iterable[ShipmentItem]) -> list[Article]:
    """Return the goods of each class together: rows of one class are rated as one weight."""
    groups: dict[str, list[Goods]] = {}
    for item in items:
        goods = Goods(item.weight, item.key, item.origin)
        groups.setdefault(item.freight_class, []).append(goods)
    return [Article(name, tuple(goods)) for name, goods in groups.items()]


def _dates(shipment: Shipment) -> Iterator[Diagnostic]:
    if shipment.delivered is not None and shipment.delivered < shipment.pickup:
        message = (
            f"shipment {shipment.number} was delivered on {shipment.delivered}, before its pickup "
            f"on {shipment.pickup}"
        )
        hint = "correct the wrong date: versions, fuel prices and periods depend on it"
        yield Diagnostic(
            codes.DAYS_REVERSED.id, message, origin=shipment.origin, path="delivered", hint=hint
        )


def _postcodes(shipment: Shipment, spots: tuple[Spot, Spot]) -> Iterator[Diagnostic]:
    for end, place in zip(("origin", "destination"), spots, strict=True):
        if place.fault is not None:
            hint = "write the whole code as text, with its zeros; no lane fits a wrong code"
            yield Diagnostic(
                codes.WRONG_POSTCODE.id,
                f"shipment {shipment.number}: {place.fault}",
                origin=shipment.origin,
                path=f"{end}_postcode",
                hint=hint,
            )


def _lane(book: Ratebook, shipment: Shipment, spots: tuple[Spot, Spot]) -> Lane | Diagnostic:
    one, two = spots
    lanes = book.lanes.best(one, two)
    if len(lanes) == 1:
        return lanes[0]
    if not lanes:
        message = f"shipment {shipment.number}: {_name(book)} has no lane for {shipment.route}"
        near = "; ".join(str(lane) for lane in book.lanes.near(one, two))
        hint = f"near: {near}" if near else "add the lane to lanes.csv"
        return Diagnostic(codes.NO_LANE.id, message, origin=shipment.origin, hint=hint)
    rows = " and ".join(f"{row_name(lane)} ({lane})" for lane in lanes)
    message = f"shipment {shipment.number}: for {shipment.route} {rows} are equally specific"
    hint = "give the one that should apply a higher priority in lanes.csv"
    return Diagnostic(codes.EQUAL_LANES.id, message, origin=shipment.origin, hint=hint)


def _spots(book: Ratebook, shipment: Shipment) -> tuple[Spot, Spot]:
    place = book.places.find
    return (
        place(shipment.origin_postcode, shipment.origin_region, shipment.origin_country),
        place(
            shipment.destination_postcode,
            shipment.destination_region,
            shipment.destination_country,
        ),
    )


def _scales(
    book: Ratebook, shipment: Shipment, lane: Lane, articles: Sequence[Article]
) -> tuple[list[RateScale], list[Diagnostic]]:
    weight = RatedWeights(book, articles).whole
    found: list[RateScale] = []
    unrated: list[Diagnostic] = []
    for article in articles:
        scale = book.scale(lane.rate_base, article.freight_class)
        if scale is None:
            unrated.append(_no_class(book, shipment, lane, article))
        elif scale.position(weight) is None:
            unrated.append(_too_heavy(book, shipment, article, scale.bands, weight))
        else:
            found.append(scale)
    return found, unrated


def _no_class(book: Ratebook, shipment: Shipment, lane: Lane, article: Article) -> Diagnostic:
    message = (
        f"shipment {shipment.number}: {_name(book)} has no rate for class "
        f"{article.freight_class!r} in rate base {lane.rate_base!r}"
    )
    hint = did_you_mean(article.freight_class, book.classes(lane.rate_base))
    return Diagnostic(
        codes.NO_RATE.id, message, origin=article.goods[0].origin, path="freight_class", hint=hint
    )


def _too_heavy(
    book: Ratebook, shipment: Shipment, article: Article, breaks: Breaks, weight: Decimal
) -> Diagnostic:
    last = breaks[-1]
    message = (
        f"shipment {shipment.number}: {_name(book)} has no rate for {weight} {book.cover.unit} "
        f"of class {article.freight_class!r}: its rates end below {last.high}"
    )
    hint = f"leave break_to empty in {row_name(last.row)} if its rate has no upper end"
    return Diagnostic(
        codes.TOO_HEAVY.id, message, origin=article.goods[0].origin, path="weight", hint=hint
    )


def _name(book: Ratebook) -> str:
    return f"{book.cover.id} {book.cover.version}"
