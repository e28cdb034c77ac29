"""Composing: from a document and its sections to parts in print order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from billhook.explain.rules import Rule
from billhook.i18n import captions
from billhook.i18n.paper import A4, LETTER, Paper, paper
from billhook.kernel.text import Text
from billhook.model.document import Document
from billhook.model.invoice import Invoice
from billhook.model.party import Party
from billhook.model.section import Block, Chart, Note, Section, Slot
from billhook.project.print_settings import PrintSettings
from billhook.render.document.composition import BillPart, Composition, Role
from billhook.render.document.heading import (
    meta_pairs,
    other_parties,
    recipient_facts,
    recipient_of,
    seller_facts,
    title_of,
)
from billhook.render.document.lines_table import lines_table
from billhook.render.document.payment_blocks import payment_blocks, terms_blocks
from billhook.render.document.totals_block import (
    adjustments_block,
    tax_blocks,
    totals_block,
    words_block,
)

SEAL = 12
"""So many hexadecimal digits of the digest stand at the foot of each page."""


def compose(
    document: Document,
    sections: Iterable[Section] = (),
    settings: PrintSettings | None = None,
    *,
    mark: Text = "",
    rules: Mapping[str, Rule] | None = None,
) -> Composition:
    """Return a document composed of its own facts and the plugins' sections.

    Args:
        document: The document, issued or not.
        sections: What plugins show of it.
        settings: How it is printed; ``None`` takes the defaults.
        mark: A stamp such as `captions.COPY`; drafts are stamped by themselves.
        rules: The rule catalogue, for ``settings.explain``.
    """
    chosen = settings or PrintSettings()
    invoice = document.invoice
    shown = tuple(_select_sections(sections, chosen))
    languages = tuple(dict.fromkeys((invoice.locale, *chosen.languages)))
    appendix = _appendix(document, rules, languages) if chosen.explain else ()
    recipient = recipient_of(invoice)
    return Composition(
        title=title_of(document),
        number=document.number,
        mark=mark or _mark(document, chosen),
        locale=invoice.locale,
        languages=languages,
        currency=invoice.currency,
        seller=invoice.seller,
        seller_facts=seller_facts(invoice.seller),
        recipient=recipient,
        recipient_facts=recipient_facts(recipient),
        meta=meta_pairs(document),
        parties=other_parties(invoice),
        parts=tuple(_parts(document, shown, chosen)),
        sheets=tuple(_in(shown, Slot.SHEET)),
        appendix=tuple(appendix),
        footer=chosen.footer,
        seal=document.digest[:SEAL],
        subject=invoice.subject,
        paper=_paper(invoice.seller, chosen),
    )


def _select_sections(sections: Iterable[Section], settings: PrintSettings) -> Iterator[Section]:
    """Yield the sections, without charts if none are wanted."""
    for section in sections:
        if settings.charts:
            yield section
        else:
            kept = tuple(block for block in section.blocks if not isinstance(block, Chart))
            if kept:
                yield attrs.evolve(section, blocks=kept)


def _mark(document: Document, settings: PrintSettings) -> Text:
    """Return the stamp; a draft is never taken for the copy of a bill."""
    if document.number is None:
        return captions.DRAFT if settings.draft_mark else ""
    return captions.COPY if settings.copy else ""


def _appendix(
    document: Document, rules: Mapping[str, Rule] | None, languages: Sequence[str]
) -> Sequence[Section]:
    from billhook.explain.rules import catalogue
    from billhook.render.document.appendix import appendix

    return appendix(document, catalogue() if rules is None else rules, languages)


def _in(sections: Iterable[Section], slot: Slot) -> list[Section]:
    return sorted((s for s in sections if s.slot is slot), key=lambda section: section.order)


def _parts(
    document: Document, sections: tuple[Section, ...], settings: PrintSettings
) -> Iterator[BillPart]:
    invoice = document.invoice
    yield from _sections(sections, Slot.HEAD, Slot.BEFORE_LINES)
    yield from _lines(invoice, sections)
    yield from _sections(sections, Slot.AFTER_LINES)
    adjustments = adjustments_block(invoice)
    if adjustments is not None:
        yield BillPart(role=Role.ADJUSTMENTS, blocks=(adjustments,), title=captions.ADJUSTMENTS)
    several = len(invoice.taxes) > 1
    yield from _part(Role.TAXES, captions.TAXES if several else "", tax_blocks(invoice))
    said = words_block(invoice) if settings.words else None
    yield BillPart(role=Role.TOTALS, blocks=(totals_block(invoice), *([said] if said else [])))
    # How to pay stands beside what to pay, before summaries and charts of any length.
    yield from _part(Role.TERMS, captions.PAYMENT_TERMS, terms_blocks(invoice))
    yield from _part(Role.PAYMENT, captions.PAYMENT_DETAILS, payment_blocks(document))
    yield from _part(Role.NOTES, captions.NOTES, (Note(note) for note in invoice.notes))
    yield from _sections(sections, Slot.AFTER_TOTALS)


def _lines(invoice: Invoice, sections: tuple[Section, ...]) -> Iterator[BillPart]:
    own = _in(sections, Slot.LINES)
    if own:
        yield from (_section(section, Role.LINES) for section in own)
    else:
        yield BillPart(role=Role.LINES, blocks=(lines_table(invoice),))


def _sections(sections: tuple[Section, ...], *slots: Slot) -> Iterator[BillPart]:
    for slot in slots:
        for section in _in(sections, slot):
            yield _section(section, Role.SECTION)


def _section(section: Section, role: Role) -> BillPart:
    return BillPart(role=role, blocks=section.blocks, title=section.title)


def _part(role: Role, title: Text, blocks: Iterable[Block]) -> Iterator[BillPart]:
    found = tuple(blocks)
    if found:
        yield BillPart(role=role, blocks=found, title=title)


def _paper(seller: Party, settings: PrintSettings) -> Paper:
    """Return the paper that a document of a seller is printed on."""
    if settings.paper == "auto":
        return paper(seller.address.country)
    return LETTER if settings.paper == "letter" else A4
