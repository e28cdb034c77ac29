"""Blocks of a section: what a plugin shows of a bill, without knowing how it is drawn.

```python
from billhook import blocks

blocks.Table(columns=..., rows=...)
```
"""

from __future__ import annotations

from billhook.model.section import (
    Block,
    Break,
    Cell,
    Chart,
    ChartKind,
    ChartSeries,
    Column,
    Drawn,
    Note,
    Orientation,
    Pairs,
    RowStyle,
    Section,
    Signature,
    Slot,
    Table,
    TableRow,
)

__all__ = [
    "Block",
    "Break",
    "Cell",
    "Chart",
    "ChartKind",
    "ChartSeries",
    "Column",
    "Drawn",
    "Note",
    "Orientation",
    "Pairs",
    "RowStyle",
    "Section",
    "Signature",
    "Slot",
    "Table",
    "TableRow",
]
