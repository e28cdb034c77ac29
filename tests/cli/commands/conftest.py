from __future__ import annotations

from pathlib import Path

import pytest

SPLITTING = """

@hookimpl
def billhook_split(job):
    from billhook import Address, Party, Share, given

    for name, percent in (("north", 60), ("south", 40)):
        payer = Party(id=name, name=name.title(), address=Address(country="US"))
        yield Share(payer, given(percent, "1", "billfile.share"))
"""


@pytest.fixture
def split(firm: Path) -> Path:
    """The project with a plugin that divides each bill among two payers."""
    plugin = firm / "billfile.py"
    plugin.write_text(plugin.read_text() + SPLITTING)
    return firm
