"""The composition: a document in parts and blocks, before any paper, page or screen.

PDF, HTML and plain text draw the same composition, so they show the same facts in the same order.
Cells hold figures, dates and labels until the last moment; each renderer writes them in the
document's locale through `billhook.render.document.localized_text`.
"""

from __future__ import annotations

import enum

import attrs

from billhook.i18n.paper import Paper
from billhook.kernel.text import Text
from billhook.model.party import Party
from billhook.model.section import Block, Pairs, Section


class Role(enum.StrEnum):
    """The role of a part; renderers choose its place and its weight."""

    SECTION = "section"
    LINES = "lines"
    ADJUSTMENTS = "adjustments"
    TAXES = "taxes"
    TOTALS = "totals"
    TERMS = "terms"
    PAYMENT = "payment"
    NOTES = "notes"


@attrs.frozen(kw_only=True)
class BillPart:
    """A part of the body: blocks that belong together, under a heading or without."""

    role: Role
    blocks: tuple[Block, ...]
    title: Text = ""


@attrs.frozen
class NamedParty:
    """A party with what it is on this document: ``Ship to``."""

    label: Text
    party: Party


@attrs.frozen(kw_only=True)
class Composition:
    """A document, composed.

    Attributes:
        title: What it is: ``Invoice``.
        number: Its number; ``None`` while it is a draft.
        mark: Stamped across it: ``Draft``, ``Copy``, ``Void``; empty for the original.
        locale: In which numbers and dates are written.
        languages: In which labels are printed, the main one first.
        currency: ISO 4217 code; columns of this currency do without a sign.
        seller: Whose letterhead it is.
        seller_facts: Telephone, register and tax numbers of the seller.
        recipient: Who stands in the address window.
        recipient_facts: Tax and register numbers of the recipient.
        meta: Number, dates, period, references.
        parties: Further parties, such as the place of delivery.
        parts: The body, top down.
        sheets: Page runs of their own, each with its orientation.
        appendix: How the amounts came to be; page runs in small print.
        footer: The house's own words at the foot of each page.
        seal: First letters of the digest; empty without one.
        subject: What history is kept of, for the file's metadata.
        paper: What it is printed on, upright.
    """

    title: Text
    number: str | None
    mark: Text
    locale: str
    languages: tuple[str, ...]
    currency: str
    seller: Party
    seller_facts: Pairs
    recipient: Party
    recipient_facts: Pairs
    meta: Pairs
    parties: tuple[NamedParty, ...]
    parts: tuple[BillPart, ...]
    sheets: tuple[Section, ...]
    appendix: tuple[Section, ...]
    footer: str
    seal: str
    subject: str
    paper: Paper
