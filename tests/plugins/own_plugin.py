"""The local plugin of a firm, changed by its author."""

from __future__ import annotations

from pathlib import Path


def change(firm: Path, old: str, new: str) -> int:
    """Change the plugin, and return the line where the new text begins."""
    plugin = firm / "billfile.py"
    text = plugin.read_text()
    assert old in text
    plugin.write_text(text.replace(old, new))
    return plugin.read_text()[: plugin.read_text().index(new)].count("\n") + 1


def add(firm: Path, code: str) -> None:
    """Write more hooks at the end of the plugin."""
    plugin = firm / "billfile.py"
    imports = "from billhook import *\nfrom billhook.blocks import *"
    plugin.write_text(f"{plugin.read_text()}\n\n{imports}\n\n\n{code}\n")
