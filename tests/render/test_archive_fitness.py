"""A printed bill is fit for an archive: it needs nothing from outside, and says what it holds."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from billhook.archive.reader import load
from billhook.project import load_project

ROOT = Path(__file__).parents[2]
LEGAL = ROOT / "examples/legal"
JOBS = {
    "granite": ("2026-0114", "granite-harbor", "2026-0587"),
    "bakehouse": ("2026-0131", "lowell-street", "2026-0588"),
}
"""Jobs of one matter each, with a number of its own."""
JOB = "jobs/granite.toml"


@pytest.fixture(scope="module")
def firm(tmp_path_factory) -> Path:
    """The example of a law firm, with a numbered job for each matter instead of one for all."""
    root = Path(shutil.copytree(LEGAL, tmp_path_factory.mktemp("firm") / "legal"))
    many = (root / "jobs/june.toml").read_text()
    (root / "jobs/june.toml").unlink()
    for name, (matter, client, number) in JOBS.items():
        one = f'subject = "{matter}"\nbuyer = "{client}"\nnumber = "{number}"'
        (root / f"jobs/{name}.toml").write_text(many.replace('each = "legal.matter"', one))
    return root


@pytest.fixture(scope="module")
def printed(firm, tmp_path_factory) -> bytes:
    """The bill of an example with its data inside, as the command line prints it."""
    return bill(firm, tmp_path_factory.mktemp("bill"), "--attach")


def bill(firm, folder, *words, **environment) -> bytes:
    subprocess.run(
        [sys.executable, "-m", "billhook", "bill", firm / JOB, "-o", folder, *words],
        capture_output=True,
        check=True,
        env={**os.environ, **environment},
    )
    (made,) = Path(folder).glob("*.pdf")
    return made.read_bytes()


def objects(reader: PdfReader) -> Iterator[object]:
    """Yield every object of a file."""
    for number in range(1, len(reader.xref[0]) + 1):
        yield IndirectObject(number, 0, reader).get_object()


def dictionaries(reader: PdfReader) -> list[dict]:
    return [each for each in objects(reader) if isinstance(each, dict)]


# ── PDF/A-3 ──────────────────────────────────────────────────────────────────


def test_the_file_names_its_standard_and_carries_its_colours(printed):
    root = PdfReader(io.BytesIO(printed)).trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    (intent,) = root["/OutputIntents"]

    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in xmp
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_data()[36:40] == b"acsp"
    assert "/Filter" not in root["/Metadata"]


def test_every_font_is_embedded_and_can_be_read_out(printed):
    fonts = [d for d in dictionaries(PdfReader(io.BytesIO(printed))) if d.get("/Type") == "/Font"]
    whole = [font for font in fonts if font["/Subtype"] == "/Type0"]
    parts = [font for font in fonts if font["/Subtype"] != "/Type0"]

    assert len(whole) == len(parts) >= 2
    assert all("/ToUnicode" in font for font in whole)
    for font in parts:
        descriptor = font["/FontDescriptor"]
        assert re.fullmatch(r"/[A-Z]{6}\+[\w-]+", descriptor["/FontName"])
        assert descriptor.get("/FontFile2") or descriptor.get("/FontFile3")


def test_nothing_is_hidden_run_or_fetched(printed):
    reader = PdfReader(io.BytesIO(printed))
    kinds = {d.get("/S") for d in dictionaries(reader) if d.get("/S")}

    assert not reader.is_encrypted
    assert kinds <= {"/GTS_PDFA1", "/URI", "/GoTo"}
    root = reader.trailer["/Root"]
    assert not {"/AA", "/OCProperties", "/AcroForm"} & set(root)
    assert set(root.get("/Names", {})) <= {"/EmbeddedFiles"}
    assert not isinstance(root.get("/OpenAction"), dict)  # a place to begin at, and no action
    assert all("/LZWDecode" not in str(d.get("/Filter")) for d in dictionaries(reader))


def test_the_file_has_an_id_and_no_moment_of_its_own(printed):
    reader = PdfReader(io.BytesIO(printed))
    xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()

    assert len(reader.trailer["/ID"]) == 2
    assert set(re.findall(r"Date>(.*?)<", xmp)) == {"2026-07-02T00:00:00+00:00"}


def test_qpdf_finds_no_fault(printed, tmp_path):
    file = tmp_path / "bill.pdf"
    file.write_bytes(printed)
    try:
        done = subprocess.run(
            ["qpdf", "--check", file], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        if "CI" in os.environ:
            raise
        pytest.skip("qpdf is not installed")

    assert (done.returncode, "No syntax or stream encoding errors found" in done.stdout) == (
        0,
        True,
    )


# ── the data inside ──────────────────────────────────────────────────────────


def test_on_request_the_bills_own_data_lie_inside_and_give_the_same_bill(firm, printed):
    reader = PdfReader(io.BytesIO(printed))
    project = load_project(firm)
    loaded = project.job(firm / JOB)
    (data,) = reader.attachments["2026-0587.json"]

    inside = load(data, loaded.engine.plugins)

    assert inside.invoice == loaded.documents()[0].invoice
    assert json.loads(data)["schema"].startswith("billhook.")


def test_the_data_say_how_they_relate_to_the_pages(printed):
    (file,) = PdfReader(io.BytesIO(printed)).trailer["/Root"]["/AF"]

    assert file["/AFRelationship"] == "/Data"
    assert file["/F"] == file["/UF"] == "2026-0587.json"
    assert file["/EF"]["/F"]["/Subtype"] == "/application/json"


def test_nothing_is_attached_unasked(firm, tmp_path):
    assert PdfReader(io.BytesIO(bill(firm, tmp_path))).attachments == {}


# ── finding one's way ────────────────────────────────────────────────────────


def test_mail_addresses_can_be_followed(printed):
    page = PdfReader(io.BytesIO(printed)).pages[0]
    links = [each.get_object() for each in page["/Annots"]]

    assert {link["/A"]["/URI"] for link in links} == {
        "mailto:billing@hale-whitcombe.example.com",
    }
    for link in links:
        left, low, right, high = link["/Rect"]
        assert 0 < left < right < page.mediabox.width
        assert 0 < low < high < page.mediabox.height


def test_a_long_bill_has_bookmarks_in_the_order_of_its_pages(printed):
    reader = PdfReader(io.BytesIO(printed))
    places = [(mark.title, reader.get_destination_page_number(mark)) for mark in reader.outline]

    assert len(reader.pages) >= 3
    assert [page for _, page in places] == sorted(page for _, page in places)
    assert {"Fees", "Expenses", "Payment terms"} <= {title for title, _ in places}


def test_a_bill_is_read_out_in_the_order_in_which_it_is_read(printed, tmp_path):
    file = tmp_path / "bill.pdf"
    file.write_bytes(printed)
    done = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, check=True)
    text = " ".join(done.stdout.decode().split())

    in_order = (
        "Granite Harbor Marine Supply, Inc.",
        "Invoice 2026-0587",
        "Fees DATE BY TASK DESCRIPTION",
        "Telephone conference with R. Castellano on 0.8 hr 595.00 476.00",
        "Research limitation of remedy clauses under 2.2 hr 345.00 759.00",
        "Carried forward 5,619.50",
        "Brought forward 5,619.50",
        "Amount due",
    )
    places = [text.index(words) for words in in_order]

    assert places == sorted(places)


# ── the same bytes ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland"},
        {"PYTHONHASHSEED": "77", "TZ": "America/Los_Angeles", "LC_ALL": "C"},
    ],
)
def test_another_process_prints_the_same_bytes(firm, printed, tmp_path, environment):
    assert bill(firm, tmp_path, "--attach", **environment) == printed


def test_what_was_printed_before_changes_no_byte(firm, printed, tmp_path):
    both = [firm / "jobs/bakehouse.toml", firm / JOB]
    subprocess.run(
        [sys.executable, "-m", "billhook", "bill", *both, "-o", tmp_path, "--attach"],
        capture_output=True,
        check=True,
    )

    assert (tmp_path / "2026-0587.pdf").read_bytes() == printed
