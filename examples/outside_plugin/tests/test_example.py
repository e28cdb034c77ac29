"""The example: one household, three quarters, printed, explained, estimated."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from billhook import Document, Figure, load_project
from billhook.blocks import Chart, Table
from billhook.testing import assert_replays

ROOT = Path(__file__).parents[1] / "example"
GOLDEN = Path(__file__).parent / "golden"
JOBS = ("quarter-1", "quarter-2", "quarter-3")


def worked_out(name: str):
    loaded = load_project(ROOT).job(ROOT / "jobs" / f"{name}.toml")
    (draft,) = loaded.drafts()
    return draft


def told(invoice) -> str:
    """Return the lines and the sum, in a form of our own: how billhook prints is its affair."""
    rows = [
        f"{line.id}  {line.description}  {line.period}  {_shown(line.quantity)}  "
        f"{_shown(line.unit_price)}  {line.amount.value}"
        for line in invoice.lines
    ]
    return "\n".join([*rows, f"payable  {invoice.totals.payable.value}", ""])


def _shown(cell) -> str:
    if isinstance(cell, Figure):
        return f"{cell.value} {cell.unit}"
    return "-" if cell is None else str(cell)


@pytest.mark.parametrize("name", JOBS)
def test_the_bill(name, golden) -> None:
    golden.check(GOLDEN / name / "expected.lines.txt", told(worked_out(name).invoice))


def blocks(section) -> str:
    """Return the tables and charts of a section, in a form of our own."""
    rows = [str(section.title)]
    for block in section.blocks:
        if isinstance(block, Table):
            rows += ["  ".join(_shown(cell) for cell in row.cells) for row in block.rows]
        elif isinstance(block, Chart):
            rows += [f"{block.title}: {', '.join(map(str, block.categories))}"]
            rows += [
                f"{each.name}  {'  '.join(_shown(value) for value in each.values)}"
                for each in block.series
            ]
    return "\n".join([*rows, ""])


@pytest.mark.parametrize("name", JOBS)
def test_the_section_of_the_meters(name, golden) -> None:
    loaded = load_project(ROOT).job(ROOT / "jobs" / f"{name}.toml")
    (section,) = loaded.engine.sections(Document(invoice=worked_out(name).invoice))

    golden.check(GOLDEN / name / "expected.meters.txt", blocks(section))


@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        ("quarter-2", "mill-water-use-2", "9,976 m3  your meter read: of 2026-03-31"),
        ("quarter-2", "mill-water-use-2", "10,000 m3  one whole round of the meter"),
        ("quarter-3", "mill-gas-use", "39.3 MJ/m3  calorific value"),
        ("quarter-3", "mill-gas-use", "9,005 m3  estimated meter read: for 2026-06-30"),
    ],
)
def test_a_line_explains_itself_down_to_the_reads(name, line, words, run_cli) -> None:
    outcome = run_cli("explain", f"jobs/{name}.toml", "--line", line, cwd=ROOT)

    assert words in outcome.out


@pytest.mark.parametrize("name", JOBS)
def test_every_figure_replays(name) -> None:
    assert_replays(worked_out(name).invoice)


def test_the_year_bills_what_the_meters_moved_by() -> None:
    # Reads of 31 December and 30 September; gas in m3 is 8721 − 8125 = 596, billed with each
    # quarter's calorific value; the old electricity meter went 48210 → 49473 by day, the new
    # one 0 → 214; the water meter 9948 → 10027.
    used: dict[str, int] = {}
    for name in JOBS:
        state = worked_out(name).invoice.states[0].value
        for reading in state.readings:
            key = f"{reading.closed.meter} {reading.closed.register}".rstrip()
            used[key] = used.get(key, 0) + int(reading.advance.value)

    assert used["G-2208"] == 8721 - 8125
    assert used["E-40117 1"] == 49_473 - 48_210
    assert used["E-77302 1"] == 214
    assert used["W-9153"] == 10_027 - 9948


@pytest.mark.parametrize(("locale", "word"), [("de", "Ihre Zähler"), ("fr", "Vos compteurs")])
def test_the_bill_speaks_the_customers_language(locale, word, tmp_path, run_cli) -> None:
    shutil.copytree(ROOT, tmp_path, dirs_exist_ok=True)
    job = tmp_path / "jobs" / "quarter-1.toml"
    job.write_text(f'locale = "{locale}"\n{job.read_text(encoding="utf-8")}', encoding="utf-8")
    outcome = run_cli("bill", "-f", "text", "-o", "-", "jobs/quarter-1.toml")

    assert word in outcome.out


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de_DE", "Ihre Ablesung des Zählers: vom 31.03.2026, von Ihnen gemeldet"),
        ("fr_FR", "votre relevé du compteur\u00a0: du 31 mars 2026, communiqué par vous"),
        ("es_ES", "su lectura del contador: del 31 mar 2026, comunicada por usted"),
        ("nl_NL", "your meter read: of 31 mrt 2026, as you told us"),
    ],
)
def test_a_line_explains_itself_in_the_customers_language(language, words, run_cli) -> None:
    line = ("--line", "mill-water-use-2", "--language", language)
    outcome = run_cli("explain", "jobs/quarter-2.toml", *line, cwd=ROOT)

    assert words in outcome.out


# ── commands ─────────────────────────────────────────────────────────────────


def test_reads_lists_what_a_job_would_bill(golden, run_cli) -> None:
    outcome = run_cli("utility", "reads", "jobs/quarter-3.toml", cwd=ROOT)

    golden.check(GOLDEN / "commands" / "expected.reads.txt", outcome.out)


def test_an_estimate_can_be_put_into_the_file_of_reads(tmp_path, run_cli) -> None:
    # Water: 4 figures, 9976 − 9948 = 28 m3 in 90 days of the first quarter; 91 days more are
    # 28 × 91 ÷ 90 = 28.3, so 9976 + 28 = 10004, which four dials show as 4.
    shutil.copytree(ROOT, tmp_path, dirs_exist_ok=True)
    reads = tmp_path / "records" / "reads.csv"
    kept = reads.read_text(encoding="utf-8").splitlines()[:11]
    reads.write_text("\n".join([*kept, ""]), encoding="utf-8")
    outcome = run_cli("utility", "estimate", "jobs/quarter-2.toml")
    head, *rows = outcome.out.splitlines()
    with reads.open("a", encoding="utf-8") as file:
        file.writelines(f"{row},read\n" for row in rows)
    checked = run_cli("check", "jobs/quarter-2.toml")

    assert head == "date,meter,register,value,kind"
    assert "2026-06-30,W-9153,,4,estimated" in rows
    assert len(rows) == 5
    assert checked.findings == ("UTL301",)


def test_a_job_with_errors_is_told_what_is_wrong(tmp_path, run_cli) -> None:
    shutil.copytree(ROOT, tmp_path, dirs_exist_ok=True)
    reads = tmp_path / "records" / "reads.csv"
    reads.write_text("date,meter,value\n2026-03-31,G-2208,many\n", encoding="utf-8")
    outcome = run_cli("utility", "reads", "jobs/quarter-1.toml")

    assert not outcome.ok
    assert "expected a number" in outcome.err
