"""The findings of the sources: BH100 to BH119 and BH150 to BH155."""

from __future__ import annotations

from billhook.kernel import codes as kernel_codes
from billhook.kernel.diagnostics import Code

KIND = kernel_codes.KIND
MISSING = kernel_codes.MISSING
UNKNOWN_KEY = kernel_codes.UNKNOWN_KEY
SYNTAX = kernel_codes.SYNTAX
NUMBER = kernel_codes.NUMBER
RANGE = kernel_codes.RANGE
CHOICE = kernel_codes.CHOICE
CHARACTER = kernel_codes.CHARACTER
LIMIT = kernel_codes.LIMIT

UNREADABLE = Code(
    "BH100",
    "File cannot be read",
    "The file is missing, is not a regular file, or may not be opened. Paths are relative "
    "to the folder of the file that names them.",
)
UNKNOWN_TABLE = Code(
    "BH104",
    "Unknown table",
    "The file has a table that belongs to no plugin in use. Name the plugin under "
    "`plugins`, or correct the table's name.",
)
DUPLICATE = Code(
    "BH109",
    "Given twice",
    "The same key appears twice in one object, or two records have the same key. The key "
    "of a record is its identity and keeps it from being billed twice.",
)
SHAPE = Code(
    "BH110",
    "Wrong shape",
    "A row has more or fewer fields than the header, or the rows are not where they are expected. "
    "The usual cause is an unquoted delimiter inside a text.",
)
HEADER = Code(
    "BH111",
    "Faulty header",
    "The header names the columns: each name once, and with every column that the source "
    "declares under `columns`. It is the first row that is not empty, or the first row "
    "that has all declared columns, or the row given by `header_row`. A column without a "
    'name may hold nothing, unless `ignore = [""]` leaves it out.',
)
DATE = Code(
    "BH112",
    "Not a date",
    "Dates are written YYYY-MM-DD, in the years 1970 to 2199. A table can declare another form "
    '(`dates = "MM/DD/YYYY"`, `"DD/MM/YYYY"` or `"DD.MM.YYYY"`); it is never guessed. '
    "A point in time needs its offset from UTC, or the source a `timezone`; where a day is meant, "
    "`cut_times = true` takes the day of a point in time.",
)
ENCODING = Code(
    "BH113",
    "Wrong encoding",
    "The bytes are not text in the declared encoding. Files are UTF-8 unless the source "
    'declares `encoding = "cp1252"`, `"latin-1"` or `"utf-16"`.',
)
CONFLICT = Code(
    "BH114",
    "Values contradict each other",
    "Each value is right by itself, but not together with the others: a period that ends before "
    "it begins, for example.",
)
FORMAT = Code(
    "BH117",
    "Unknown format",
    "The format is known by the suffix (.csv .tsv .json .jsonl .ndjson .xlsx .toml) or declared: "
    '`format = "csv"`. Workbooks with macros and old .xls files are not opened.',
)
FORMULA = Code(
    "BH118",
    "Cell without a value",
    "The cell of the workbook holds a formula that was never calculated, or an error. "
    "Billhook does not calculate: open the workbook in a spreadsheet program, correct it "
    "and save.",
)
EMPTY = Code(
    "BH119",
    "Nothing in it",
    "The source has no rows. That may be right, but is worth checking.",
)
ROUNDED = Code(
    "BH150",
    "Computed numbers are rounded",
    "A workbook computes with binary numbers of some 15 digits, so one third is "
    "0.333333333333333. Such a number is rounded half up to 9 decimals, or to those that the "
    "source declares for the attribute: `decimals = { hours = 4 }`.",
)
LEFT_OUT = Code(
    "BH151",
    "Rows are left out",
    "The source's own rules (`only`, `skip`, `rows_with`, `hidden`, or those of its preset) leave "
    "these rows out. They are not billed by this job.",
)
HIDDEN = Code(
    "BH152",
    "Hidden rows or sheets",
    "What is hidden in a workbook is easily billed, or forgotten, without being seen. "
    'Hidden rows are read with a warning unless the source declares `hidden = "skip"`; '
    '`hidden = "read"` reads them without one. A hidden sheet is read only if it is named.',
)
NO_COLUMN = Code(
    "BH153",
    "Rule for a column that is not there",
    "A rule of the source (`only`, `skip`, `rows_with`, `join`, `spans`) names a column that the "
    "file does not have. A rule without effect could bill what it was written to leave out.",
)
TOTAL = Code(
    "BH154",
    "Looks like a total",
    "A row that will be billed reads like a total or subtotal of other rows. "
    "Leave such rows out with `rows_with` or `skip`, or give the cell another text.",
)
PRESET = Code(
    "BH155",
    "Not the preset's file",
    "The header is not that of an export for which the preset is made, or the preset is unknown. "
    "Exports are recognized by the English names of their columns.",
)

CODES: tuple[Code, ...] = tuple(
    value
    for value in globals().values()
    if isinstance(value, Code) and value not in kernel_codes.CODES
)
"""All of them, in order."""
