from __future__ import annotations

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook_freight.rating.geography import key, rank, shape, spot
from billhook_freight.rating.lanes import LaneIndex, collisions
from billhook_freight.rating.tariff import Lane, Place, PlaceKind
from billhook_freight.validation.tariff import examine
from freight.samples import codes, draft, key500, one, plain


@pytest.mark.parametrize(
    ("origin", "destination", "base"),
    [
        (("02108", "MA"), ("60601", "IL"), "DOWNTOWN"),  # postcode before prefix
        (("02134", "MA"), ("60601", "IL"), "BOS-CHI"),  # prefix alone before a range of them
        (("02601", "MA"), ("60601", "IL"), "NE-IL"),  # prefixes before states
        (("02801", "MA"), ("63101", "IL"), "STATE"),  # states before the country
        (("02134", "MA"), ("98101", "WA"), "NATION"),
        (("60601", "IL"), ("02134", "MA"), "BOS-CHI"),  # both ways
        (("60601", "IL"), ("02108", "MA"), "BOS-CHI"),  # DOWNTOWN holds one way
    ],
)
def test_the_most_specific_lane_holds(origin, destination, base):
    index = LaneIndex(key500().lanes, "US")
    ends = [spot(postcode, region, "US") for postcode, region in (origin, destination)]

    assert [lane.rate_base for lane in index.best(*ends)] == [base]


@given(st.permutations(key500().lanes))
@settings(max_examples=30)
def test_the_order_of_lanes_decides_nothing(lanes):
    index = LaneIndex(lanes, "US")
    found = index.best(spot("02108", "MA", "US"), spot("60601", "IL", "US"))

    assert [lane.rate_base for lane in found] == ["DOWNTOWN"]


@pytest.mark.parametrize(
    ("postcode", "country", "prefix", "inside"),
    [
        ("02134", "US", "021", True),
        ("2134", "US", "021", False),  # the leading zero is part of the code
        ("02134-1000", "US", "021", True),
        ("H2X 1Y4", "CA", "H2X", True),
        ("86152", "DE", "86", True),
        ("1010", "AT", "10", True),
        ("30-552", "PL", "30", True),
        ("M1 1AA", "GB", "M1", True),
        ("M11 4AA", "GB", "M1", False),  # another district
        ("ME1 1AA", "GB", "M", False),  # another area
        ("M1 1AA", "GB", "M", True),
        ("SW1A 1AA", "GB", "SW1", True),
        ("SW11 1AA", "GB", "SW1", False),
    ],
)
def test_a_prefix_is_one_of_the_postcode_not_of_its_digits(postcode, country, prefix, inside):
    said = shape(Place(kind=PlaceKind.PREFIX, first=prefix, country=country), "")

    assert (key(spot(postcode, "", country), said) == prefix) is inside


def test_postcodes_of_another_country_do_not_fit():
    said = shape(Place(kind=PlaceKind.PREFIX, first="10", country="AT"), "DE")

    assert key(spot("10115", "", "DE"), said) is None


def lane(kind, first, last="", **more):
    return Lane(
        origin_kind=kind, origin_from=first, origin_to=last, rate_base=more.pop("base", "A"), **more
    )


def test_a_narrower_range_is_more_specific_than_a_wider_one():
    narrow, wide = lane(PlaceKind.PREFIX, "010", "019"), lane(PlaceKind.PREFIX, "010", "027")

    assert rank(narrow) > rank(wide)


def test_priority_decides_between_lanes_that_are_equally_specific():
    low, high = lane(PlaceKind.PREFIX, "021"), lane(PlaceKind.PREFIX, "021", priority=1, base="B")
    index = LaneIndex((low, high), "US")

    assert index.best(spot("02134", "", "US"), spot("60601", "", "US")) == [high]


def test_equally_specific_lanes_are_refused_when_the_tariff_is_read():
    twice = plain(lanes=(*key500().lanes, attrs.evolve(key500().lanes[0], rate_base="STATE")))

    assert [finding.code for finding in examine(twice)] == ["FRT204", "FRT204"]  # both ways


def test_lanes_that_meet_only_on_one_route_are_refused_there():
    # Neither "one postcode to a state" nor "a state to one postcode" is the narrower one.
    one_way = Lane(
        origin_kind=PlaceKind.POSTCODE, origin_from="02134",
        destination_kind=PlaceKind.REGION, destination_from="IL", rate_base="STATE",
    )  # fmt: skip
    other_way = Lane(
        origin_kind=PlaceKind.REGION, origin_from="MA",
        destination_kind=PlaceKind.POSTCODE, destination_from="60601", rate_base="NATION",
    )  # fmt: skip
    tariff = plain(lanes=(one_way, other_way))

    assert list(collisions(tariff.lanes, "US")) == []
    assert codes(draft(tariff, one("70", "500"))) == ["FRT204"]


def test_a_route_without_a_lane_names_what_is_near():
    worked = draft(plain(lanes=key500().lanes[:2]), one("70", "500", destination_postcode="98101"))

    assert codes(worked) == ["FRT103"]
    assert worked.findings[0].message == (
        "shipment 4711: KEY-500 2026-A has no lane for 02134 Boston – 98101 Chicago"
    )
    assert worked.findings[0].hint == "near: prefix 021 to prefix 606"


DIGITS = st.text("0123456789", min_size=3, max_size=3)


@given(st.lists(st.tuples(DIGITS, DIGITS, DIGITS, DIGITS), min_size=1, max_size=8), DIGITS, DIGITS)
@settings(max_examples=150)
def test_collisions_are_found_exactly_when_two_best_lanes_can_meet(ranges, one_code, two_code):
    lanes = [
        Lane(
            origin_kind=PlaceKind.PREFIX, origin_from=min(a, b), origin_to=max(a, b),
            destination_kind=PlaceKind.PREFIX, destination_from=min(c, d), destination_to=max(c, d),
            rate_base=str(number),
        )
        for number, (a, b, c, d) in enumerate(ranges)
    ]  # fmt: skip
    best = LaneIndex(lanes, "US").best(spot(one_code + "01", "", "US"), spot(two_code, "", "US"))
    brute = [each for each in lanes if _inside(each, one_code, two_code)]
    top = [each for each in brute if rank(each) == max(map(rank, brute))]

    assert sorted(each.rate_base for each in best) == sorted(each.rate_base for each in top)
    if len(best) > 1:
        assert list(collisions(lanes, "US")) != []


def _inside(lane, one_code, two_code):
    return (
        lane.origin_from <= one_code <= lane.origin_to
        and lane.destination_from <= two_code <= lane.destination_to
    )
