"""Plugins and documents of the first release go on working: what is in ``frozen`` stays for ever.

A new major version of the hooks gets a folder of its own; the old ones are never edited, which
their ``SHA256SUMS`` shows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import sys
from pathlib import Path

import attrs
import click
import pytest

from billhook import API, Document, Engine, History
from billhook.archive.reader import load
from billhook.audit.verify import verify
from billhook.cli.console import Console
from billhook.explain.tree import figures_by_name
from billhook.issue.actor import Actor
from billhook.issue.issue import issue
from billhook.issue.numbering import NumberSeries
from billhook.kernel.figure import disagreements
from billhook.plugins import hookspecs
from billhook.plugins.loading import Plugin, load_file
from billhook.project import LoadedJob, load_project
from billhook.render import RENDERERS, render
from billhook.store.digests import document_digest
from billhook.store.memory import MemoryStore

pytestmark = pytest.mark.filterwarnings(
    "ignore::billhook.plugins.deprecations.BillhookDeprecationWarning"
)

FROZEN = Path(__file__).parent / "frozen"
API1 = FROZEN / "api1"
JOBS = ("june", "shared")
NOW = dt.datetime(2026, 7, 1, 9, 30, tzinfo=dt.UTC)


def plugin() -> Plugin:
    loaded = load_file(API1 / "parking.py")
    assert loaded.findings == ()
    return loaded.plugins[0]


def loaded(job: str) -> LoadedJob:
    return load_project(API1).job(API1 / f"{job}.toml")


def amounts(document: Document) -> dict[str, str]:
    figures = figures_by_name(document.invoice).items()
    return {name: f"{figure.value} {figure.unit}" for name, figure in figures}


def billed() -> dict[str, dict[str, str]]:
    bills = {}
    for job in JOBS:
        for document in loaded(job).documents():
            invoice = document.invoice
            bills[f"{job} {(invoice.payer or invoice.buyer).id}"] = amounts(document)
    return bills


def archived() -> Document:
    return load((API1 / "document.json").read_bytes(), [plugin()])


# ── what is frozen ───────────────────────────────────────────────────────────


def test_the_frozen_files_are_what_they_were():
    said = dict(reversed(line.split()) for line in (API1 / "SHA256SUMS").read_text().splitlines())
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in API1.iterdir()
        if path.is_file() and path.name != "SHA256SUMS"
    }

    assert found == said


def test_there_is_a_folder_for_each_version_of_the_hooks():
    assert {path.name for path in FROZEN.iterdir()} == {f"api{n}" for n in range(1, API + 1)}


# ── the plugin ───────────────────────────────────────────────────────────────


def test_the_plugin_fits_and_has_every_hook_of_its_time():
    engine = Engine([("parking", plugin().module)])
    hooks = {name for name in vars(plugin().module) if name.startswith("billhook_")}

    assert engine.findings == ()
    assert len(hooks) == 13
    assert hooks <= vars(hookspecs).keys()


def test_the_plugin_bills_the_same_amounts():
    assert billed() == json.loads((API1 / "amounts.json").read_text())


def test_the_plugin_finds_the_same_fault():
    (draft,) = loaded("june").drafts()

    assert [(each.code, each.message) for each in draft.findings] == [
        ("PRK101", "stay-4 is of more than a day")
    ]
    assert [skip.key for skip in draft.skipped] == ["parking.stays:5"]


def test_the_plugin_hears_of_events_and_of_its_own_state():
    module = sys.modules[plugin().module.__name__]
    waived = module.Waived(subject="garage", at=dt.date(2026, 6, 30), by="me", plate="HB-A 1")
    job = loaded("june")
    history = History([archived()], [waived], billed={})
    draft = job.engine.draft(job.job, history=history)

    # HB-A 1 is let off: stays 2 (1.25 h) and 3 (3.5 h) are left; 30.75 h were billed before
    assert [line.id for line in draft.invoice.lines] == ["stay-2", "stay-3"]
    (state,) = draft.invoice.states
    assert (state.value.bills, str(state.value.hours.value)) == (2, "35.50")


def issued() -> tuple[MemoryStore, Document]:
    job, store = loaded("june"), MemoryStore()
    (draft,) = job.drafts()
    done = issue(
        job.engine, store, draft, series=NumberSeries(id="P"), actor=Actor(by="me", at=NOW)
    )
    return store, done.document


def test_the_plugin_numbers_seals_and_hears_of_the_issue():
    heard = sys.modules[plugin().module.__name__].HEARD
    heard.clear()
    store, document = issued()

    assert document.number == "P26-0001"
    assert heard == ["P26-0001"]
    assert verify(store, [plugin()]).findings == ()


def test_the_plugin_exports():
    (exporter,) = Engine([("parking", plugin().module)]).hooks.exporters()
    stream = io.BytesIO()
    exporter.write([archived()], stream)

    assert list(exporter.accepts(archived())) == []
    assert stream.getvalue().splitlines()[0] == b"stay-1 2.40"


def test_the_plugin_adds_its_command(capsys):
    cli = click.Group()
    Engine([("parking", plugin().module)]).hooks.commands(cli, Console())
    cli.main(["parking", "hello"], standalone_mode=False)

    assert capsys.readouterr().out == "hello\n"


@pytest.mark.parametrize("kind", sorted(RENDERERS))
def test_the_plugins_sections_are_drawn(kind):
    job = loaded("june")

    assert render(archived(), job.engine.sections(archived()), kind, job.print)


# ── the document ─────────────────────────────────────────────────────────────


def test_the_archived_document_is_read():
    document = archived()

    assert document.number == "P26-0001"
    assert amounts(document) == json.loads((API1 / "amounts.json").read_text())["june fleet"]
    assert [type(state.value).__name__ for state in document.invoice.states] == ["Standing"]


def test_the_archived_document_is_read_without_its_plugin():
    document = load((API1 / "document.json").read_bytes(), [])

    assert document.invoice.totals == archived().invoice.totals


def test_the_archived_document_verifies():
    payload = (API1 / "document.json").read_bytes()
    figures = figures_by_name(archived().invoice).values()

    assert list(disagreements(*figures)) == []
    assert document_digest("", payload) == (API1 / "digest.txt").read_text().strip()


def test_a_changed_document_does_not_verify():
    document = archived()
    totals = document.invoice.totals
    forged = attrs.evolve(totals.gross, value=totals.gross.value + 1)

    assert list(disagreements(forged)) == [forged]
