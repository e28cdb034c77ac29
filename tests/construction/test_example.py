"""The example project, and how applications follow each other from files."""

from __future__ import annotations

import shutil
from pathlib import Path

import attrs
import pytest

from billhook import Document, Engine, Findings
from billhook.archive.writer import dump
from billhook.project.project import load_project
from billhook.render import render
from billhook.sources.source import object_source
from billhook.testing.golden import Golden
from billhook_construction.state import ConstructionState
from construction.site import ENGINE, Site, d, row

EXAMPLE = Path(__file__).parents[2] / "examples" / "construction"
GOLDEN = Path(__file__).parent / "golden"


def worked_out(root: Path, number: int) -> tuple[Document, ConstructionState]:
    loaded = load_project(root).job(root / f"jobs/application-{number}.toml")
    (draft,) = loaded.drafts()
    assert (loaded.findings, draft.findings) == ((), ())
    (document,) = loaded.documents([draft])
    (state,) = (each.value for each in document.invoice.states)
    assert isinstance(state, ConstructionState)
    return document, state


def test_three_applications_follow_each_other() -> None:
    found = [worked_out(EXAMPLE, number) for number in (1, 2, 3)]

    # April: 38,500 + 9,630 + 8,370 + 21,400 + 14,264.88 (410.5 × 34.75) + 26,532 + 1,973 + 2,910
    # is 123,579.88 of work; 5 % of it 6,178.99; 3 % of 32,000 stored 960; VAT 20 % of what is due.
    assert [_figures(document, state) for document, state in found] == [
        ("123579.88", "32000.00", "6178.99", "960.00", "148440.89", "148440.89", "29688.18"),
        ("323844.25", "63775.50", "16192.21", "1913.27", "369514.27", "221073.38", "44214.68"),
        ("524150.85", "70940.00", "26207.54", "2128.20", "566755.11", "197240.84", "39448.17"),
    ]
    assert [state.application for _, state in found] == [1, 2, 3]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_printed_application(number: int, golden: Golden) -> None:
    loaded = load_project(EXAMPLE).job(EXAMPLE / f"jobs/application-{number}.toml")
    (draft,) = loaded.drafts()
    (document,) = loaded.documents([draft])
    text = render(document, loaded.engine.sections(document), "text", loaded.print)

    golden.check(GOLDEN / f"application-{number}" / "expected.txt", text.decode())


def _figures(document: Document, state: ConstructionState) -> tuple[str, ...]:
    summary = state.summary
    figures = (
        summary.work,
        summary.stored,
        summary.retained_work,
        summary.retained_stored,
        summary.earned,
        summary.due,
        document.invoice.totals.tax,
    )
    return tuple(str(figure.value) for figure in figures)


def test_an_application_may_follow_the_json_of_the_one_before(tmp_path: Path) -> None:
    root = tmp_path / "copy"
    shutil.copytree(EXAMPLE, root)
    bill, _ = worked_out(root, 1)
    (root / "jobs/application-1.json").write_bytes(dump(bill, ENGINE.plugins))
    job = root / "jobs/application-2.toml"
    job.write_text(job.read_text().replace("application-1.toml", "application-1.json"))

    assert worked_out(root, 2)[0].invoice == worked_out(EXAMPLE, 2)[0].invoice


def test_the_same_words_in_two_applications_are_two_entries() -> None:
    site = Site(schedule=[row("1", 1000)])
    for number in (1, 2):
        job = site.job()
        source = object_source(
            "erp", "construction.progress", [{"item": "1", "this_period": d(100)}]
        )
        found = Findings()
        read = tuple(ENGINE.read(attrs.evolve(job, sources=(source,)), found))
        assert [each.key for each in read] == [
            f"construction.progress:sample:application-{number}:1"
        ]
        draft = ENGINE.draft(job, [*site.schedule, *read], site.history())
        site.documents.append(draft.document)

    assert [each.invoice.totals.payable.value for each in site.documents] == [100, 100]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_no_document_bears_the_marks_of_a_form(number: int) -> None:
    from billhook.project.print_settings import PrintSettings
    from billhook.render import render

    document, _ = worked_out(EXAMPLE, number)
    sections = Engine.discover("construction", "tax_table").sections(document)
    text = render(document, sections, "text", PrintSettings()).decode()

    assert "Application for payment no." in text
    assert not any(mark in text for mark in ("AIA", "G702", "G703", "G 702", "G 703"))
