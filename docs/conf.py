"""How the site is built: ``python -m sphinx -n -W -b html docs site``."""

from __future__ import annotations

import sys
from pathlib import Path

from pygments.lexers.special import TextLexer  # type: ignore[import-untyped]  # has no stubs
from sphinx.application import Sphinx

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "core"))

import billhook  # noqa: E402 - the checkout's own

project = "billhook"
author = "the billhook authors"
project_copyright = "2026, the billhook authors"
version = release = billhook.__version__

extensions = ["myst_parser"]
myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3
nitpicky = True
# The reference of findings shows files that are wrong on purpose.
suppress_warnings = ["misc.highlighting_failure"]
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"billhook {version}"
html_static_path = ["_static"]
html_css_files = ["billhook.css"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#1f3a5f",
        "color-brand-content": "#1f5f8b",
    },
    "dark_css_variables": {
        "color-brand-primary": "#9cc3e6",
        "color-brand-content": "#9cc3e6",
    },
}


def setup(app: Sphinx) -> None:
    """Take CSV as it is."""
    app.add_lexer("csv", TextLexer)
