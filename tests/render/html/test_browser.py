"""Bills in a real browser: nothing leaves the page, and both directions of writing are right.

Debian's chromium is asked once, for all pages at once: each is laid out in a frame of its own, and
a script measures them all.
"""

from __future__ import annotations

import html
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from billhook.render import render

ROOT = Path(__file__).parents[3]
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
TRADES = ("legal", "construction", "freight")
LOCALES = ("en_US", "de_DE", "ar_EG", "he_IL", "hi_IN")
WIDTHS = (360, 820, 1280)
TABLET = 820

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        BROWSER is None and "CI" not in os.environ, reason="chromium is not installed"
    ),
]

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-first-run",
    "--virtual-time-budget=10000",
)

MEASURE = """
const box = (element) => {
  if (!element) return null;
  const within = element.ownerDocument.createRange();
  within.selectNodeContents(element);
  const found = within.getBoundingClientRect();
  return [found.left, found.right];
};
const report = {};
for (const frame of document.querySelectorAll("iframe")) {
  const page = frame.contentDocument, root = page.documentElement;
  const main = page.querySelector("main");
  const table = page.querySelector("table:has(thead)");
  const cells = [...table.querySelectorAll("td.end:last-child")].filter((c) => c.textContent);
  const heads = [...table.querySelectorAll("thead th")];
  report[frame.name] = {
    width: root.clientWidth,
    reach: [
      Math.min(...[...page.querySelectorAll("body *")].map((e) => scrolled(e) ? 0
        : e.getBoundingClientRect().left)),
      root.scrollWidth,
    ],
    scrolling: [...page.querySelectorAll("section")].filter((s) => s.scrollWidth > s.clientWidth)
      .map((s) => s.className),
    direction: frame.contentWindow.getComputedStyle(main).direction,
    main: box(main),
    title: box(page.querySelector("h1")),
    number: box(page.querySelector("h1 .number")),
    meta: box(page.querySelector(".meta")),
    recipient: box(page.querySelector(".recipient")),
    ends: cells.slice(0, 12).map(box),
    heads: heads.map((head) => box(head)[0]),
  };
}
function scrolled(element) {
  return element.closest("section, .unseen") !== null;
}
document.body.textContent = "";
const found = document.createElement("pre");
found.textContent = JSON.stringify(report);
document.body.append(found);
"""


def _gallery():
    spec = importlib.util.spec_from_file_location("gallery", ROOT / "scripts" / "gallery.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["gallery"] = module
    spec.loader.exec_module(module)
    return module


def page(trade, locale):
    document, sections, settings = _gallery().bill_of(trade)
    invoice = attrs.evolve(document.invoice, locale=locale)
    made = render(attrs.evolve(document, invoice=invoice), sections, "html", settings)
    return made.decode()


def chromium(folder, *words):
    if BROWSER is None:
        pytest.fail("chromium is not installed: apt-get install chromium")
    done = subprocess.run(
        [BROWSER, *FLAGS, f"--user-data-dir={folder / 'profile'}", *words],
        capture_output=True,
        timeout=120,
        check=True,
    )
    return done.stdout.decode()


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """What the browser makes of every page, by trade, locale and width."""
    folder = tmp_path_factory.mktemp("browser")
    frames = [
        f'<iframe name="{trade} {locale} {width}" width="{width}" height="900" '
        f'style="border:0" srcdoc="{html.escape(page(trade, locale))}"></iframe>'
        for trade in TRADES
        for locale in LOCALES
        for width in WIDTHS
    ]
    file = folder / "pages.html"
    script = f"<script>addEventListener('load', () => {{ {MEASURE} }});</script>"
    file.write_text(f"<!DOCTYPE html><meta charset=utf-8>{''.join(frames)}{script}")
    dom = chromium(folder, "--dump-dom", file.as_uri())
    found = re.search("<pre>(.*)</pre>", dom, re.DOTALL)
    assert found, dom[-500:]
    measured = json.loads(html.unescape(found[1]))
    assert len(measured) == len(frames)
    return measured


def pages(report, *, rtl=None, least=0):
    for name, facts in report.items():
        is_rtl = name.split()[1] in ("ar_EG", "he_IL")
        if facts["width"] >= least and rtl in (None, is_rtl):
            yield name, facts


def test_frames_are_as_wide_as_telephones_and_screens(report):
    assert {facts["width"] for facts in report.values()} == set(WIDTHS)


def test_no_page_is_wider_than_its_window(report):
    wide = [
        name
        for name, facts in pages(report)
        if facts["reach"][0] < -1 or facts["reach"][1] > facts["width"]
    ]

    assert wide == []


def test_on_a_tablet_only_turned_sheets_need_to_be_scrolled(report):
    scrolled = {
        name: [section for section in facts["scrolling"] if "sheet" not in section]
        for name, facts in pages(report, least=TABLET)
    }

    assert {name for name, sections in scrolled.items() if sections} == set()


def test_pages_run_in_the_direction_of_their_language(report):
    assert {facts["direction"] for _, facts in pages(report, rtl=True)} == {"rtl"}
    assert {facts["direction"] for _, facts in pages(report, rtl=False)} == {"ltr"}


def centre(box):
    return (box[0] + box[1]) / 2


def test_from_right_to_left_a_page_is_the_mirror_of_one_from_left_to_right(report):
    for name, facts in pages(report, least=TABLET):
        is_rtl = facts["direction"] == "rtl"
        edge = 1 if is_rtl else 0

        assert facts["title"][edge] == pytest.approx(facts["recipient"][edge], abs=2), name
        assert (centre(facts["meta"]) < centre(facts["recipient"])) == is_rtl, name
        assert (centre(facts["number"]) < centre(facts["title"])) == is_rtl, name


def test_columns_follow_the_direction(report):
    for name, facts in pages(report, least=TABLET):
        heads = facts["heads"]

        assert heads == sorted(heads, reverse=facts["direction"] == "rtl"), name


def test_amounts_end_below_each_other_in_both_directions(report):
    for name, facts in pages(report, least=TABLET):
        ends = {round(right) for _, right in facts["ends"]}

        assert len(ends) == 1, name


@pytest.mark.parametrize("locale", ["en_US", "ar_EG"])
def test_printed_from_the_browser_a_bill_keeps_its_text_and_its_paper(tmp_path, locale):
    source, target = tmp_path / "bill.html", tmp_path / "bill.pdf"
    source.write_text(page("legal", locale))

    chromium(tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={target}", source.as_uri())
    facts = subprocess.run(["pdfinfo", target], capture_output=True, text=True, check=True).stdout
    text = subprocess.run(["pdftotext", target, "-"], capture_output=True, text=True, check=True)

    assert 3 <= int(re.search(r"Pages:\s+(\d+)", facts)[1]) <= 8
    assert re.search(r"Page size:\s+(612 x 792|595\.\d+ x 841\.\d+|594\.\d+ x 841\.\d+)", facts)
    for words in ("2026-0587", "Granite Harbor Marine Supply, Inc.", "23,279.30"):
        assert words in text.stdout
