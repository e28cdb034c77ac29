"""Make the contractor's workbook, ``records/schedule.xlsx``, as an estimator keeps it.

Usage: ``python schedule.py``
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from openpyxl import Workbook

ROWS = (
    ("General", None, None, None),
    ("01-100", "Site set-up", 20000, 0.5),
    ("01-200", "Groundworks", 30000, 1),
    (None, "Subtotal General", 50000, None),
    ("Finishes", None, None, None),
    ("09-100", "Plaster", 9000, 1 / 3),
    (None, "Subtotal Finishes", 9000, None),
    (None, "Total", 59000, None),
)


def main() -> None:
    """Write the workbook."""
    book = Workbook()
    book.properties.created = book.properties.modified = dt.datetime(2026, 6, 30)  # noqa: DTZ001
    sheet = book.active
    sheet.title = "Schedule of values"
    sheet.append(["Larch and Sons", None, None, None])
    sheet.append(["Schedule of values, June 2026", None, None, None])
    sheet.append([])
    sheet.append(["Item\nNo.", "Description of Work", "Scheduled\nValue", "Work Completed"])
    sheet.append([None, None, None, "% to date"])
    for letter in "ABC":
        sheet.merge_cells(f"{letter}4:{letter}5")
    for row in ROWS:
        sheet.append(row)
        sheet.cell(sheet.max_row, 4).number_format = "0%"
    notes = book.create_sheet("Notes")
    notes.append(["not for the client"])
    notes.sheet_state = "hidden"
    book.save(Path(__file__).parent / "records" / "schedule.xlsx")


if __name__ == "__main__":
    main()
