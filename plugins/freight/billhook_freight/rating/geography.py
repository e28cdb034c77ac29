"""Geography: postcodes are texts, and the most specific lane holds, never the first match."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import attrs

from billhook_freight.rating.postcodes import (
    POSTCODE_DIGITS,
    normalize_code,
    normalize_postcode,
    postcode_fault,
    prefix_fault,
)
from billhook_freight.rating.tariff import Lane, Place, PlaceKind

_LEVEL = {
    PlaceKind.POSTCODE: 4,
    PlaceKind.PREFIX: 3,
    PlaceKind.REGION: 2,
    PlaceKind.COUNTRY: 1,
    PlaceKind.ANYWHERE: 0,
}
_CODES = frozenset({PlaceKind.POSTCODE, PlaceKind.PREFIX})
_UNITED_KINGDOM = "GB"
_INWARD = 3


@attrs.frozen(cache_hash=True)
class Spot:
    """A shipment's origin or destination, normalized.

    Attributes:
        country: ISO 3166-1 alpha-2.
        region: State or province.
        postcode: Capital letters and digits only.
        fault: What is wrong with the postcode, if anything.
    """

    country: str
    region: str
    postcode: str
    fault: str | None = attrs.field(default=None, eq=False)


@attrs.frozen
class PlaceShape:
    """The kind, country and code length of a lane's end; lanes of one shape are compared alike."""

    kind: PlaceKind
    country: str
    length: int


@attrs.frozen(order=True)
class Rank:
    """A lane's specificity; the greater rank applies.

    Attributes:
        level: Postcode over prefix over region over country over anywhere, both ends together.
        signs: How many signs of the postcodes are said.
        narrowness: Minus the number of codes in its ranges.
        priority: The tariff's own word on what is still equal.
    """

    level: int
    signs: int
    narrowness: int
    priority: int


def spot(postcode: str, region: str, country: str) -> Spot:
    """Return a normalized place of a shipment."""
    land = country.strip().upper()
    code = normalize_postcode(postcode, land)
    return Spot(land, region.strip().upper(), code, postcode_fault(code, land))


MOST_PLACES = 50_000
"""PostcodePlaces that are remembered; when they are so many, all are forgotten."""


class PostcodePlaces:
    """The places of shipments, normalized once for all that begin or end there.

    Args:
        home: Country of shipments that name none.
    """

    def __init__(self, home: str) -> None:
        self._home = home
        self._found: dict[tuple[str, str, str], Spot] = {}

    def find(self, postcode: str, region: str, country: str) -> Spot:
        """Return a normalized place."""
        said = (postcode, region, country)
        found = self._found.get(said)
        if found is None:
            if len(self._found) >= MOST_PLACES:
                self._found.clear()
            found = self._found[said] = spot(postcode, region, country or self._home)
        return found


def shape(place: Place, home: str) -> PlaceShape:
    """Return the shape of a lane's place; ``home`` is the tariff's own country."""
    if place.kind in {PlaceKind.COUNTRY, PlaceKind.ANYWHERE}:
        return PlaceShape(place.kind, "", 0)
    length = len(normalize_code(place.first)) if place.kind in _CODES else 0
    return PlaceShape(place.kind, (place.country or home).upper(), length)


def ends(place: Place) -> tuple[str, str]:
    """Return the first and last code of a lane's place, as `key` gives them for a shipment."""
    first = normalize_code(place.first) if place.kind in _CODES else place.first.strip().upper()
    last = normalize_code(place.last) if place.kind in _CODES else place.last.strip().upper()
    return first, last or first


def key(where: Spot, said: PlaceShape) -> str | None:
    """Return what a shape compares of a shipment's place; ``None`` when it cannot lie in it."""
    match said.kind:
        case PlaceKind.ANYWHERE:
            return ""
        case PlaceKind.COUNTRY:
            return where.country
        case PlaceKind.REGION:
            return where.region if where.country == said.country else None
        case PlaceKind.POSTCODE:
            whole = where.country == said.country and len(where.postcode) == said.length
            return where.postcode if whole else None
        case PlaceKind.PREFIX:
            return _prefix(where, said) if where.country == said.country else None


def _prefix(where: Spot, said: PlaceShape) -> str | None:
    code = where.postcode
    if said.country == _UNITED_KINGDOM:
        # Area and district: M is not ME, and M1 is not M11.
        code = code[:-_INWARD] if len(code) > _INWARD + 1 else code
        after = code[said.length : said.length + 1]
        before = code[said.length - 1 : said.length]
        if after and after.isdigit() == before.isdigit():
            return None
    return code[: said.length] if len(code) >= said.length else None


def rank(lane: Lane) -> Rank:
    """Return how specific a lane is."""
    places = (lane.place_from, lane.place_to)
    signs = sum(len(normalize_code(place.first)) for place in places if place.kind in _CODES)
    width = 1
    for place in places:
        width *= _width(place)
    return Rank(sum(_LEVEL[place.kind] for place in places), signs, -width, lane.priority)


def _width(place: Place) -> int:
    first, last = ends(place)
    if place.kind not in _CODES or first == last:
        return 1
    return _ordinal(last) - _ordinal(first) + 1


def _ordinal(code: str) -> int:
    """Return a code's place among the codes of its length, letters after digits."""
    if code.isascii() and code.isdigit():
        return int(code)
    return int(code, 36) if code.isascii() and code.isalnum() else 0


def fault(place: Place, home: str) -> str | None:
    """Return what is wrong with a lane's place, or nothing."""
    first, last = ends(place)
    if place.kind is PlaceKind.ANYWHERE:
        return "'anywhere' takes no codes" if first or last else None
    if not first:
        return f"a {place.kind} is missing"
    if place.kind is not PlaceKind.COUNTRY and not (place.country or home):
        return "the country is missing, here and on the tariff's cover"
    if place.kind not in _CODES:
        return f"a {place.kind} takes no range" if last != first else None
    return _code_fault(place.kind, first, last, (place.country or home).upper())


def _code_fault(kind: PlaceKind, first: str, last: str, country: str) -> str | None:
    find_fault = postcode_fault if kind is PlaceKind.POSTCODE else prefix_fault
    wrong = find_fault(first, country) or find_fault(last, country)
    if wrong is None and len(first) != len(last):
        return f"{first!r} and {last!r} have different lengths"
    if wrong is None and last < first:
        return f"{first!r} comes after {last!r}"
    return wrong


def suspects_lost_zeros(places: Iterable[Place], home: str) -> list[Place]:
    """Return the prefixes that may have lost zeros: shorter than others, and none begins with 0.

    A spreadsheet that takes prefixes for numbers drops the zeros of all of them, so a single prefix
    with a zero clears a country's others.
    """
    groups: dict[str, list[tuple[str, Place]]] = defaultdict(list)
    for place in places:
        country = (place.country or home).upper()
        if place.kind is PlaceKind.PREFIX and country in POSTCODE_DIGITS:
            groups[country].extend((code, place) for code in set(ends(place)))
    found: list[Place] = []
    for codes in groups.values():
        longest = max(len(code) for code, _ in codes)
        if not any(code.startswith("0") for code, _ in codes):
            found.extend(place for code, place in codes if len(code) < longest)
    return found
