"""Advice: what a document is printed without, although it was asked for."""

from __future__ import annotations

from collections.abc import Iterator

from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.model.invoice import Invoice
from billhook.project.print_settings import PrintSettings
from billhook.render.totals import words_block


def advice(invoice: Invoice, settings: PrintSettings) -> Iterator[Diagnostic]:
    """Yield the warnings of a bill that is about to be printed."""
    if settings.words and words_block(invoice) is None:
        yield _no_words(invoice)


def _no_words(invoice: Invoice) -> Diagnostic:
    amount, locale = invoice.totals.payable, invoice.locale
    message = f"{amount.value:,} {amount.unit} is not known in words in {locale!r}"
    hint = "the words are left out; set words = false in [print] of this job"
    return Diagnostic("BH604", message, Severity.WARNING, path="print.words", hint=hint)
