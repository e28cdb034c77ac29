from __future__ import annotations

import shutil
from decimal import Decimal

import attrs
import pytest

from billhook import Engine
from billhook.kernel.diagnostics import Severity
from billhook.sources.declaration import Declaration
from billhook.sources.source import object_source, open_source
from billhook_freight import plugin
from billhook_freight.validation.tariff_package import KIND, read
from freight.samples import TARIFFS, amounts, draft, job, key500, one

BREAKS_OF_70 = "the weight breaks of class 70 in rate base 'BOS-CHI'"
BREAKS_OF_100 = "the weight breaks of class 100 in rate base 'BOS-CHI'"


@pytest.fixture
def package(tmp_path):
    """A copy of KEY-500 that a test may spoil."""
    return shutil.copytree(TARIFFS / "key500", tmp_path / "key500")


def opened(folder, **declared):
    return open_source(Declaration(kind=KIND, file="key500/tariff.toml", **declared), folder.parent)


def findings(folder, **declared):
    source = opened(folder, **declared)
    list(read(source))
    return list(source.findings)


def change(folder, file, old, new):
    path = folder / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_every_row_keeps_its_place():
    tariff = key500()

    assert str(tariff.origin) == "key500/tariff.toml"
    assert [str(row.origin) for row in tariff.rates[:2]] == [
        "key500/rates.csv:2",
        "key500/rates.csv:3",
    ]


def test_the_engine_reads_tariff_and_shipments_from_files(package):
    (package.parent / "shipments.csv").write_text(
        "key,account,pickup,delivered,origin_postcode,origin_region,destination_postcode,"
        "destination_region,freight_class,weight,accessorials\n"
        "4711,ACME,2026-06-02,2026-06-04,02134,MA,60601,IL,70,3000,LFT|DET:3\n"
    )
    shipments = Declaration(kind="freight.shipments", file="shipments.csv")
    sources = (opened(package), open_source(shipments, package.parent))
    worked = Engine.discover("freight", "tax_table").draft(job(sources=sources))

    assert amounts(worked) == {
        "4711-linehaul": Decimal("2250.00"),
        "4711-discount": Decimal("-562.50"),
        "4711-acc-LFT": Decimal("95.00"),
        "4711-acc-DET": Decimal("80.00"),
        "4711-fuel": Decimal("472.50"),
    }


def test_optional_tables_may_be_left_out(package):
    for name in ("minimums", "discounts", "fsc", "prices", "accessorials"):
        (package / f"{name}.csv").unlink()
    (tariff,) = read(opened(package))

    assert findings(package) == []
    assert amounts(draft(tariff, one("70", "3000"))) == {"4711-linehaul": Decimal("2250.00")}


def test_rates_may_not_be_left_out(package):
    (package / "rates.csv").unlink()
    found = findings(package)

    assert (found[0].code, str(found[0].origin)) == ("BH100", "key500/rates.csv")


def test_tables_are_written_by_the_signs_of_the_declaration(package):
    for path in package.glob("*.csv"):
        path.write_text(path.read_text().replace(",", ";").replace(".", ","))
    (tariff,) = read(opened(package, delimiter=";", decimal=","))

    assert [row.rate for row in tariff.rates] == [row.rate for row in key500().rates]


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "line", "message"),
    [
        ("rates.csv", "70,0,499,110", "70,1,499,110", "FRT201", 2,
         "the weight breaks of class 70 in rate base 'BOS-CHI' begin at 1, not at 0"),
        ("rates.csv", "100,500,999", "100,500,989", "FRT201", 15,
         f"{BREAKS_OF_100} have a gap after 989: the next one begins at 1000"),
        ("rates.csv", "70,500,999", "70,500,1009", "FRT202", 4,
         "the weight breaks of class 70 in rate base 'BOS-CHI' overlap at 1000, with rates.csv:3"),
        ("rates.csv", "70,500,999", "70,0,999", "FRT202", 3,
         "the weight breaks of class 70 in rate base 'BOS-CHI' overlap at 0, with rates.csv:2"),
        ("rates.csv", "4999,75.00", "4999,57.00", "FRT203", 6,
         f"{BREAKS_OF_70}: the rate rises from 57.00 to 70.00 at 5000"),
        ("fsc.csv", "3.85,3.89", "3.85,3.88", "FRT201", 3,
         "the bands of the fuel table have a gap after 3.88: the next one begins at 3.90"),
        ("fsc.csv", "3.85,3.89", "3.85,3.899", None, None, None),
        ("fsc.csv", "3.85,3.89", "3.85,3.90", None, None, None),
        ("fsc.csv", "3.85,3.89", "3.85,3.91", "FRT202", 4,
         "the bands of the fuel table overlap at 3.90, with fsc.csv:3"),
        ("fsc.csv", "4.00,4.04", "4.00,3.04", "FRT208", 6,
         "the bands of the fuel table: one ends at 3.04, before it begins at 4.00"),
        ("rates.csv", "70,500,999", "70,500,99", "FRT208", 3,
         f"{BREAKS_OF_70}: one ends at 99, before it begins at 500"),
        ("accessorials.csv", "80.00,40.00", "80.00,400.01", "FRT208", 4,
         "accessorial 'DET' costs at least 400.01, at most 400.00"),
        ("lanes.csv", "prefix,021,,prefix", "prefix,021,02,prefix", "FRT205", 2,
         "origin of the lane: '021' and '02' have different lengths"),
        ("lanes.csv", "prefix,010,027", "prefix,027,010", "FRT205", 4,
         "origin of the lane: '027' comes after '010'"),
        ("lanes.csv", "region,MA", "region,", "FRT205", 5,
         "origin of the lane: a region is missing"),
        ("lanes.csv", "STATE", "STAT", "FRT206", 5, "rate base 'STAT' has no rates"),
        ("minimums.csv", "BOS-CHI", "BOS-CHX", "FRT206", 2, "rate base 'BOS-CHX' has no rates"),
        ("discounts.csv", "ACME,,500", "ACME,,0", "FRT202", 3,
         "the discounts of account 'ACME' in rate base 'any' overlap at 0, with discounts.csv:2"),
        ("discounts.csv", "0,20", "0,120", "FRT208", 2, "a discount of 120 percent"),
        ("prices.csv", "2026-06-08", "2026-06-01", "FRT207", 3,
         "a second fuel price for 2026-06-01: 3.900 after 3.899"),
        ("accessorials.csv", "RES", "LFT", "FRT207", 3,
         "accessorial 'LFT' is in accessorials.csv:2 too"),
        ("minimums.csv", "145.00", "145.00\nBOS-CHI,150.00", "FRT207", 3,
         "a second minimum for rate base 'BOS-CHI': 150.00"),
        ("tariff.toml", '"USD"', '"USX"', "FRT208", None, "'USX' is not an ISO 4217 currency code"),
        ("tariff.toml", "per = 100", "per = 3", "FRT208", None,
         "expected rates per 1, 10, 100 or 1000, got 3"),
        ("tariff.toml", "2027-01-01", "2025-01-01", "FRT208", None,
         "the tariff ends on 2025-01-01, before it begins on 2026-01-01"),
        ("tariff.toml", "[fuel]", "[rounding]\nstep = 0.005\n[fuel]", "FRT208", None,
         "amounts are rounded to 0.005, which is not a multiple of 0.01"),
    ],
)  # fmt: skip
def test_an_unsound_table_is_a_finding_at_its_row(package, file, old, new, code, line, message):
    change(package, file, old, new)
    found = findings(package)

    if code is None:
        assert found == []
        return
    assert [(each.code, each.message) for each in found] == [(code, message)]
    assert found[0].origin.file == f"key500/{file}"
    assert line is None or found[0].origin.line == line


def test_a_rising_rate_is_only_a_warning(package):
    change(package, "rates.csv", "4999,75.00", "4999,57.00")

    assert [each.severity for each in findings(package)] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("rows", "warned"),
    [
        (("ACME,,500,20", ",,0,10"), True),
        (("ACME,,0,0", "ACME,,500,20", ",,0,10"), False),
        (("ACME,,500,20",), False),
        ((",BOS-CHI,500,20", ",,0,10"), True),
        (("ACME,BOS-CHI,500,20", "ACME,,0,10"), True),
        (("ACME,,500,20", ",BOS-CHI,0,10"), True),
        (("ACME,BOS-CHI,500,20", "OTHER,BOS-CHI,0,10"), False),
        (("ACME,,500,20", "OTHER,,0,10"), False),
    ],
)
def test_a_discount_that_hides_a_more_general_one_is_warned_of(package, rows, warned):
    head = "account,rate_base,break_from,percent"
    (package / "discounts.csv").write_text("\n".join((head, *rows)) + "\n")
    found = findings(package)

    assert [each.code for each in found] == (["FRT210"] if warned else [])
    assert all(each.severity is Severity.WARNING for each in found)


def test_mistakes_in_a_table_are_found_where_they_stand(package):
    change(package, "rates.csv", "70,500,999,98.00", "70,500,999,ninety")
    found = findings(package)

    assert [(each.code, str(each.origin)) for each in found] == [("BH106", "key500/rates.csv:3:20")]


def test_mistakes_on_the_cover_are_found_where_they_stand(package):
    change(package, "tariff.toml", 'unit = "lb"', 'unit = "lbs"')
    found = findings(package)

    assert found[0].code == "BH116"
    assert found[0].origin.line == 7


def test_a_package_needs_files():
    source = object_source("erp", KIND, [])
    worked = Engine([("freight", plugin)]).draft(
        attrs.evolve(job(), plugins=("freight",), sources=(source,))
    )

    assert read(source) is None
    assert [each.code for each in worked.errors] == ["BH207"]


def test_an_unsound_tariff_keeps_the_bill_from_being_made(package):
    change(package, "fsc.csv", "3.85,3.89", "3.85,3.88")
    worked = Engine([("freight", plugin)]).draft(
        attrs.evolve(job(), plugins=("freight",), sources=(opened(package),))
    )

    assert [each.code for each in worked.errors] == ["FRT201"]
