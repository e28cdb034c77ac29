"""Formats of bills: the renderers, the archive's JSON, and what plugins export."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import attrs

from billhook.engine import Engine, broken
from billhook.kernel.diagnostics import Diagnostic, did_you_mean
from billhook.kernel.errors import PluginError, RefusedError, UnknownNameError
from billhook.model.document import Document
from billhook.plugins.documents import write_documents
from billhook.plugins.info import Exporter
from billhook.project import LoadedJob
from billhook.project.print_settings import PrintSettings
from billhook.sources.filename import safe_name

if TYPE_CHECKING:
    from billhook.explain.rules import Rule
    from billhook.render.pdf.writer.pdf_file import Attachment

Write = Callable[[LoadedJob, Document], bytes]


@attrs.frozen
class Format:
    """A format.

    Attributes:
        name: As on the command line.
        suffix: Of its files, with the dot.
        write: Makes the file's bytes.
    """

    name: str
    suffix: str
    write: Write


def format_of(loaded: LoadedJob, name: str) -> Format:
    """Return a format by name.

    Raises:
        UnknownNameError: There is no such format.
    """
    own, others = {each.name: each for each in BUILT_IN}, _exporter_formats(loaded)
    if taken := sorted(own.keys() & {each.name for each in others}):
        why = f"it offers the format {taken[0]!r}, which is billhook's own"
        raise loaded.engine.hooks.format_failed(taken[0], why)
    known = own | {each.name: each for each in others}
    if name not in known:
        hint = did_you_mean(name, known) or ""
        raise UnknownNameError(f"there is no format {name!r}; {hint}")
    return known[name]


def format_document(
    document: Document,
    engine: Engine,
    format_: str = "pdf",
    look: PrintSettings | None = None,
) -> bytes:
    """Return a bill in a format: PDF, HTML, text, JSON, or one of its plugins'.

    Args:
        document: The bill, drafted or issued.
        engine: The plugins that worked it out.
        format_: Name of the format: ``pdf``, ``html``, ``text``, ``json``, or a plugin's.
        look: How it shall look.

    Raises:
        UnknownNameError: There is no such format.
        RefusedError: The bill cannot be written in it; the findings say why.
    """
    path = Path(document.invoice.job)
    loaded = LoadedJob(
        id=document.invoice.job,
        path=path,
        folder=path.parent,
        findings=(),
        engine=engine,
        print=look or PrintSettings(),
    )
    return format_of(loaded, format_).write(loaded, document)


def _exporter_formats(loaded: LoadedJob) -> list[Format]:
    return [
        Format(each.key, each.suffix, _export(each)) for each in loaded.engine.hooks.exporters()
    ]


def _export(exporter: Exporter) -> Write:
    def write(loaded: LoadedJob, document: Document) -> bytes:
        try:
            return write_documents(loaded.engine.hooks, exporter.key, [document])
        except RefusedError as error:
            raise RefusedError(loaded.placed(error.findings)) from error

    return write


def _renderer_of(format_: Literal["pdf", "html", "text"]) -> Write:
    def write(loaded: LoadedJob, document: Document) -> bytes:
        from billhook.render import render

        sections = loaded.engine.sections(document)
        wanted = loaded.print.attach and format_ == "pdf"
        attached = (_attachment(loaded, document),) if wanted else ()
        look, rules = loaded.print, _rules(loaded)
        try:
            return render(document, sections, format_, look, rules=rules, attachments=attached)
        except RefusedError as error:
            raise RefusedError(loaded.placed(error.findings)) from error

    return write


def unprintable(
    loaded: LoadedJob, document: Document, names: Collection[str] = ("pdf",)
) -> tuple[Diagnostic, ...]:
    """Return what keeps a bill from being printed, if PDF is among the formats.

    Args:
        loaded: Its job; names in the findings are relative to the project.
        document: The bill.
        names: Names of formats.
    """
    from billhook import render

    if "pdf" not in names:
        return ()
    try:
        sections = loaded.engine.sections(document)
    except PluginError as error:
        return loaded.placed([broken(error)])
    found = render.unprintable(document, sections, loaded.print, rules=_rules(loaded))
    return loaded.placed(found)


def _rules(loaded: LoadedJob) -> Mapping[str, Rule]:
    from billhook.explain.rules import catalogue

    packages = [p.info.package for p in loaded.engine.plugins if p.info.package]
    return catalogue(*packages) if loaded.print.explain else {}


def _attachment(loaded: LoadedJob, document: Document) -> Attachment:
    """Return the archive's JSON of a document, to be put into its PDF."""
    from billhook.render.pdf.typeset.pdf_renderer import moment_of
    from billhook.render.pdf.writer.pdf_file import Attachment

    return Attachment(
        name=safe_name(document.number or loaded.id, ".json"),
        data=_json(loaded, document),
        mime="application/json",
        relationship="Data",
        description="The bill's own data, as billhook reads and writes them",
        modified=moment_of(document),
    )


def _json(loaded: LoadedJob, document: Document) -> bytes:
    from billhook.archive.writer import dump

    return dump(document, loaded.engine.plugins, indent=2)


BUILT_IN = (
    Format("pdf", ".pdf", _renderer_of("pdf")),
    Format("html", ".html", _renderer_of("html")),
    Format("text", ".txt", _renderer_of("text")),
    Format("json", ".json", _json),
)
