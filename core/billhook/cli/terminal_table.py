"""Tables for terminals: as wide as the terminal on one, as wide as they need elsewhere."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Sequence

from billhook.cli.console import coloured

UNLIMITED = 10_000


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    """Return rows under heads.

    Args:
        heads: The columns' heads.
        rows: The cells.
        right: Indexes of columns that are aligned to the right.
    """
    from rich.console import Console as Terminal
    from rich.table import Table
    from rich.text import Text

    terminal = sys.stdout.isatty()
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for index, head in enumerate(heads):
        made.add_column(head, justify="right" if index in set(right) else "left")
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    out = io.StringIO()
    Terminal(
        file=out,
        width=None if terminal else UNLIMITED,
        force_terminal=coloured(sys.stdout),
        color_system="standard" if coloured(sys.stdout) else None,
    ).print(made)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())
