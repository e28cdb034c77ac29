"""Documents in the formats of plugins: written into one stream, and read back."""

from __future__ import annotations

import decimal
import io
from collections.abc import Sequence

import attrs

from billhook.kernel.diagnostics import Diagnostic, Severity, did_you_mean
from billhook.kernel.errors import BillhookError, RefusedError
from billhook.kernel.money import PLAIN
from billhook.model.document import Document
from billhook.model.source import SourceContent
from billhook.plugins.facade import Hooks
from billhook.plugins.info import Exporter
from billhook.plugins.loading import BREAKS


def exporter_of(hooks: Hooks, key: str) -> Exporter:
    """Return the format of that name.

    Raises:
        LookupError: No plugin offers it.
    """
    offered = {each.key: each for each in hooks.exporters()}
    if key not in offered:
        raise LookupError(f"there is no format {key!r}; {did_you_mean(key, offered) or ''}")
    return offered[key]


def write_documents(hooks: Hooks, key: str, documents: Sequence[Document]) -> bytes:
    """Return documents in a plugin's format, all in one stream.

    Args:
        hooks: Those of the engine whose plugins offer formats.
        key: The format's name.
        documents: At least one.

    Raises:
        LookupError: No plugin offers the format.
        ValueError: The format has one document in a file, and these are not one.
        RefusedError: The format cannot write one of them.
        PluginError: The format broke.
    """
    exporter = exporter_of(hooks, key)
    if len(documents) != 1 and not exporter.many:
        raise ValueError(f"a file of the format {key!r} has one document, got {len(documents)}")
    try:
        against = [
            _name_document(finding, document, documents)
            for document in documents
            for finding in exporter.accepts(document)
            if finding.severity is Severity.ERROR
        ]
        if against:
            raise RefusedError(against)
        stream = io.BytesIO()
        with decimal.localcontext(PLAIN):
            exporter.write(documents, stream)
    except BillhookError:
        raise
    except BREAKS as error:
        raise hooks.format_failed(key, error) from error
    return stream.getvalue()


def _name_document(
    finding: Diagnostic, document: Document, documents: Sequence[Document]
) -> Diagnostic:
    """Return a finding that says which of several documents it is about."""
    if len(documents) == 1 or not document.number:
        return finding
    return attrs.evolve(finding, message=f"{document.number}: {finding.message}")


def read_documents(hooks: Hooks, key: str, content: SourceContent) -> tuple[Document, ...]:
    """Return the documents in a file of a plugin's format; what is wrong is in its findings.

    Args:
        hooks: Those of the engine whose plugins offer formats.
        key: The format's name.
        content: The file, `billhook.sources.content.FileContent`.

    Raises:
        LookupError: No plugin offers the format, or it is only written.
        PluginError: The format broke.
    """
    exporter = exporter_of(hooks, key)
    if exporter.read is None:
        raise LookupError(f"documents of the format {key!r} are written, and not read back")
    try:
        with decimal.localcontext(PLAIN):
            found = tuple(exporter.read(content))
    except BillhookError:
        raise
    except BREAKS as error:
        raise hooks.format_failed(key, error) from error
    for each in found:
        if not isinstance(each, Document):
            raise hooks.format_failed(
                key, (f"it read {type(each).__name__}, which is not a Document")
            )
    return found
