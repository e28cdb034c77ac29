"""The plugin's findings: LGL1 keeps a bill from being right, LGL2 wants eyes, LGL3 is of codes."""

from __future__ import annotations

from billhook.kernel.diagnostics import Code

CODES = (
    Code(
        "LGL101",
        "No hourly rate",
        "No rate is in force for the timekeeper, on this matter, on the day of the work. "
        "Time is never billed at zero by accident. Add a rate, or correct its `since` and "
        "`until`.",
    ),
    Code(
        "LGL102",
        "Overlapping rates",
        "Two rates for the same work are in force on the same day. End the earlier one "
        "with `until`, the first day on which it no longer applies.",
    ),
    Code(
        "LGL103",
        "Written down by too much",
        "A write-down takes off at most what is billed. `written_down_to` is in minutes, "
        "and at most the minutes billed; `write_down` is an amount, and at most the fee.",
    ),
    Code(
        "LGL104",
        "Unknown matter to bill",
        "The job bills a matter that `[[legal.matters]]` does not list. The matters of a job are "
        "named by `bill`; without it, the job's subject is the matter.",
    ),
    Code(
        "LGL105",
        "Record of an unknown matter",
        "The record names a matter that `[[legal.matters]]` does not list. If it is misspelt, the "
        "work would never be billed.",
    ),
    Code(
        "LGL106",
        "Record without a matter",
        "A record may leave out its matter only if the job bills a single one.",
    ),
    Code(
        "LGL107",
        "Unknown timekeeper",
        "The entry is by a person whom `[[legal.timekeepers]]` does not list, so neither "
        "the name to print nor the class for rates is known.",
    ),
    Code(
        "LGL108",
        "Rate for an unknown name",
        "The rate is for a matter, timekeeper or class that the settings do not list. If "
        "it is misspelt, another rate would be used in its place.",
    ),
    Code(
        "LGL109",
        "More than 24 hours on a day",
        "The entries of one person on one day, over all matters, add up to more hours than "
        "a day has. Most often a date is wrong, or hours were entered as minutes.",
    ),
    Code(
        "LGL110",
        "Duplicate name",
        "Two timekeepers or two matters have the same id, so only one of them would count.",
    ),
    Code(
        "LGL201",
        "Very long day",
        "The entries of one person on one day, over all matters, add up to more than "
        "`long_day` hours, 16 unless set otherwise.",
    ),
    Code(
        "LGL202",
        (
            "One person has two entries on the same day with the same words. It may be right, "
            "but is often one piece of work that was entered twice, or billed to two matters."
        ),
        "One person has two entries of the same day with the same words. It may be right, but "
        "is often one piece of work that was entered twice, or billed to two matters.",
    ),
    Code(
        "LGL203",
        "Work after the bill's date",
        "The day of the work, or of the expense, is after the date of the bill.",
    ),
    Code(
        "LGL204",
        "Very short narrative",
        "A narrative of fewer than five words rarely tells a client what was done. Many clients "
        "refuse such entries.",
    ),
    Code(
        "LGL205",
        "Several tasks under one time",
        "An entry of more than an hour lists several tasks, or a narrative holds several times "
        "in brackets. Clients call this block billing and ask for a time for each task.",
    ),
    Code(
        "LGL206",
        "Expense without a receipt",
        "A third-party expense of `receipt_from` or more names no receipt.",
    ),
    Code(
        "LGL207",
        "Gap between rates",
        "The rates agreed for a matter, client or person leave out days between them, and "
        "work on such a day was billed at a more general rate. Close the gap, unless it is "
        "intended.",
    ),
    Code(
        "LGL301",
        "Unknown UTBMS code",
        "The code is not in the table, or belongs to another set: tasks of the matter's "
        "`task_set`, activities A101 and on, expenses E101 and on or X101 and on.",
    ),
    Code(
        "LGL302",
        "UTBMS heading on a line",
        "Phases such as L100, A100 and E100 are headings of the code list. A line has one "
        "of the codes below them.",
    ),
    Code(
        "LGL303",
        "Activity without a task",
        "An activity says how something was done, and needs the task that it was part of.",
    ),
    Code(
        "LGL304",
        "Entry without a task",
        "The matter names a set of tasks, so each of its time entries should have one.",
    ),
    Code(
        "LGL305",
        "Code that lists disagree on",
        "Later lists number the activities A112 to A128 differently. Make sure that the "
        "client reads the code as you do.",
    ),
)
"""All of them, in order."""
