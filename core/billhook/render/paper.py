"""The paper of a document: by the settings, else by the seller's country."""

from __future__ import annotations

from billhook.i18n.paper import A4, LETTER, Paper, paper
from billhook.model.party import Party
from billhook.project.print_settings import PrintSettings


def paper_of(seller: Party, settings: PrintSettings) -> Paper:
    """Return the paper that a document of a seller is printed on."""
    if settings.paper == "auto":
        return paper(seller.address.country)
    return LETTER if settings.paper == "letter" else A4
