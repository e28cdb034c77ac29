"""UTBMS: the codes of tasks, activities and expenses, and what is a mistake in using them.

The table is data, with a column that says how well each row is confirmed and one that says where
it was read.  Tables with invented meanings circulate; a test pins this one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs

from billhook.kernel.diagnostics import Diagnostic, Severity, closest
from billhook.kernel.origin import Origin
from billhook_legal.details import ExpenseDetail, TimeDetail
from billhook_legal.settings import TaskSet

EDISCOVERY = "ediscovery_LOC_2011"
TASKS: Mapping[TaskSet, frozenset[str]] = {
    # Discovery of electronic documents is coded with L600s beside the litigation set's L100-L500s.
    "litigation": frozenset({"litigation", "litigation_dri_optional", EDISCOVERY}),
    "counseling": frozenset({"counseling"}),
    "project": frozenset({"project"}),
    "bankruptcy": frozenset({"bankruptcy"}),
    "ediscovery": frozenset({EDISCOVERY}),
    "patent": frozenset({"patent_IP_2007"}),
    "trademark": frozenset({"trademark_IP_2007"}),
}
ACTIVITIES = frozenset({"activity", "activity_LOC_2013_revised"})
EXPENSES = frozenset({"expense", "expense_IP_2007", "expense_LOC_2013_revised"})
WITHOUT_HEADINGS = frozenset({"expense_LOC_2013_revised"})
DATA = Path(__file__).parents[1] / "data" / "utbms.csv"


@attrs.frozen(kw_only=True)
class UtbmsCode:
    """A row of the table.

    Attributes:
        code: The code.
        name: Its official name.
        set: The set it belongs to.
        verified: How well the row is confirmed: ``official``, ``two-sources``, ``one-source`` …
        source: Where it was read.
        heading: It names a phase, and stands on no line.
    """

    code: str
    name: str
    set: str
    verified: str
    source: str
    heading: bool = False


def _read() -> Mapping[str, UtbmsCode]:
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    stems = {(row["set"], stem) for row in rows for stem in _stems(row["set"], row["code"])}
    return {
        row["code"]: UtbmsCode(heading=(row["set"], row["code"]) in stems, **row) for row in rows
    }


def _stems(set_: str, code: str) -> Iterator[str]:
    """Yield the codes that are phases if this code is one of their tasks."""
    if set_ in WITHOUT_HEADINGS or not code[-3:].isdigit():
        return
    if not code.endswith("00"):
        yield f"{code[:-2]}00"
    if set_ == EDISCOVERY and not code.endswith("0"):
        yield f"{code[:-1]}0"


TABLE: Mapping[str, UtbmsCode] = _read()
"""The codes that ship with the plugin.  Read on import, because hooks that compute open no file."""


def name_of(code: str) -> str:
    """Return the name of a code; empty when it is unknown."""
    return TABLE[code].name if code in TABLE else ""


def check_time(
    detail: TimeDetail, task_set: TaskSet | None, origin: Origin | None
) -> Iterator[Diagnostic]:
    """Yield what is wrong with the codes of a time entry."""
    sets = TASKS[task_set] if task_set else frozenset[str]().union(*TASKS.values())
    yield from _check("task", detail.task, sets, origin)
    yield from _check("activity", detail.activity, ACTIVITIES, origin)
    if detail.activity and not detail.task:
        message = f"activity {detail.activity} has no task"
        hint = "name the task that the activity was part of"
        yield Diagnostic("LGL303", message, Severity.ERROR, origin, "task", hint)
    elif task_set and not detail.task:
        message = f"the entry has no task, and its matter is coded with the {task_set} set"
        hint = f"name one of the tasks of the {task_set} set"
        yield Diagnostic("LGL304", message, Severity.WARNING, origin, "task", hint)


def check_expense(detail: ExpenseDetail, origin: Origin | None) -> Iterator[Diagnostic]:
    """Yield what is wrong with the code of an expense."""
    yield from _check("expense", detail.code, EXPENSES, origin)


def _check(
    what: str, code: str, sets: frozenset[str], origin: Origin | None
) -> Iterator[Diagnostic]:
    if not code:
        return
    known = TABLE.get(code)
    path = "code" if what == "expense" else what
    usable = {each.code: each for each in TABLE.values() if each.set in sets and not each.heading}
    if known is None or known.set not in sets:
        meaning = f"; {code} is {known.name!r} of another set" if known else ""
        message = f"{code!r} is not a {what} code{_of(sets)}{meaning}"
        hint = _guess_code(code, usable) if known is None else f"name a {what} code of the set"
        yield Diagnostic("LGL301", message, Severity.ERROR, origin, path, hint)
    elif known.heading:
        below = ", ".join(_below(code, usable))
        message = f"{code} ({known.name}) is a heading, which no line may use"
        hint = f"name one of its codes: {below}"
        yield Diagnostic("LGL302", message, Severity.ERROR, origin, path, hint)
    elif known.verified == "numbers-unverified":
        message = f"lists of codes differ on the meaning of {code}; here it is {known.name!r}"
        hint = "ask the client which list they use"
        yield Diagnostic("LGL305", message, Severity.INFO, origin, path, hint)


def _guess_code(code: str, usable: Mapping[str, UtbmsCode]) -> str | None:
    """Return what was probably meant; letters that look like digits are the usual slip."""
    digits = code[1:].upper().replace("O", "0").replace("I", "1").replace("L", "1")
    best = f"{code[:1].upper()}{digits}"
    found = best if best in usable else closest(code, usable)
    return f"did you mean {found!r}?" if found else None


def _of(sets: frozenset[str]) -> str:
    for name, members in TASKS.items():
        if members == sets:
            return f" of the {name} set"
    return ""


def _below(heading: str, usable: Mapping[str, UtbmsCode]) -> list[str]:
    return [code for code in usable if heading in _stems(TABLE[code].set, code)]
