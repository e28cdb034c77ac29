"""Formats of bills: the renderers, the archive's JSON, and what plugins export."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import attrs
import click

from billhook.cli.report import located
from billhook.engine import broken
from billhook.kernel.diagnostics import Diagnostic, did_you_mean
from billhook.kernel.errors import PluginError, RefusedError
from billhook.model.document import Document
from billhook.plugins.documents import write_documents
from billhook.plugins.info import Exporter
from billhook.project import LoadedJob
from billhook.sources.filename import safe_name

if TYPE_CHECKING:
    from billhook.explain.rules import Rule
    from billhook.render.pdf.document import Attachment

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
        click.UsageError: There is no such format.
    """
    own, others = {each.name: each for each in BUILT_IN}, _exported(loaded)
    if taken := sorted(own.keys() & {each.name for each in others}):
        why = f"it offers the format {taken[0]!r}, which is billhook's own"
        raise loaded.engine.hooks.format_failed(taken[0], why)
    known = own | {each.name: each for each in others}
    if name not in known:
        hint = did_you_mean(name, known) or ""
        raise click.UsageError(f"there is no format {name!r}; {hint}")
    return known[name]


def _exported(loaded: LoadedJob) -> list[Format]:
    return [
        Format(each.key, each.suffix, _export(each)) for each in loaded.engine.hooks.exporters()
    ]


def _export(exporter: Exporter) -> Write:
    def write(loaded: LoadedJob, document: Document) -> bytes:
        try:
            return write_documents(loaded.engine.hooks, exporter.key, [document])
        except RefusedError as error:
            raise RefusedError(_placed(loaded, error.findings)) from error

    return write


def _rendered(format_: Literal["pdf", "html", "text"]) -> Write:
    def write(loaded: LoadedJob, document: Document) -> bytes:
        from billhook.render import render

        sections = loaded.engine.sections(document)
        wanted = loaded.print.attach and format_ == "pdf"
        attached = (_attachment(loaded, document),) if wanted else ()
        look, rules = loaded.print, _rules(loaded)
        try:
            return render(document, sections, format_, look, rules=rules, attachments=attached)
        except RefusedError as error:
            raise RefusedError(_placed(loaded, error.findings)) from error

    return write


def unprintable(
    loaded: LoadedJob, document: Document, names: Collection[str] = ("pdf",)
) -> tuple[Diagnostic, ...]:
    """Return what keeps a bill from being printed, if PDF is among the formats."""
    from billhook import render

    if "pdf" not in names:
        return ()
    try:
        sections = loaded.engine.sections(document)
    except PluginError as error:
        return _placed(loaded, [broken(error)])
    found = render.unprintable(document, sections, loaded.print, rules=_rules(loaded))
    return _placed(loaded, found)


def _placed(loaded: LoadedJob, findings: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    return located(loaded.placed(findings), loaded.folder)


def _rules(loaded: LoadedJob) -> Mapping[str, Rule]:
    from billhook.explain.rules import catalogue

    packages = [p.info.package for p in loaded.engine.plugins if p.info.package]
    return catalogue(*packages) if loaded.print.explain else {}


def _attachment(loaded: LoadedJob, document: Document) -> Attachment:
    """Return the archive's JSON of a document, to be put into its PDF."""
    from billhook.render.layout.press import moment_of
    from billhook.render.pdf.document import Attachment

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
    Format("pdf", ".pdf", _rendered("pdf")),
    Format("html", ".html", _rendered("html")),
    Format("text", ".txt", _rendered("text")),
    Format("json", ".json", _json),
)
