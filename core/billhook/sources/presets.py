"""Presets: the exports of well-known time trackers, recognized by the names of their columns.

Where the names come from, all in the English of the program:

* Toggl Track: detailed report as CSV, as its help page on editing and uploading CSV files shows it.
* Clockify: detailed report as CSV, column names of its export in 2024 to 2026.
* Harvest: "Detailed time" export, as its help page on detailed reports lists the columns.
* Kimai: ``DefaultTemplate`` and ``ColumnConverter`` in Kimai's ``src/Export``, with the names of
  ``translations/messages.en.xlf``.
* Clio Manage: export of activities as CSV, as importers of that file read it.
* timewarrior: ``timew export``, as its manual page timew-export(1) shows it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

import attrs

from billhook.kernel.diagnostics import did_you_mean
from billhook.sources import codes
from billhook.sources.bad_value import BadValueError
from billhook.sources.declaration import ALL, ClockUnit, Declaration
from billhook.sources.row_rules import fold

ROLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "key": ("key",),
        "date": ("date", "day"),
        "person": ("timekeeper", "person", "employee", "user", "who"),
        "text": ("narrative", "description", "text", "note"),
        "project": ("matter", "project", "case"),
        "client": ("client", "customer"),
        "billable": ("billable",),
    }
)
"""What a preset's columns are about, and the names under which records may have it; the first
name that the record has is taken."""

_EXACT: Mapping[str, ClockUnit | None] = MappingProxyType(
    {"duration": None, "minutes": "minutes", "hours": "hours"}
)
"""Attributes that take a time, the most exact first, and what a time is counted in there."""

_YES_NO = MappingProxyType(
    {"Yes": "yes", "No": "no", "true": "yes", "false": "no", "1": "yes", "0": "no"}
)
_NO = ("No", "false", "0")


@attrs.frozen(kw_only=True)
class Preset:
    """One form of a program's export.

    Attributes:
        name: The program, as sources declare it.
        title: The program's own name.
        signature: Columns by which the form is recognized: all must be there.
        columns: Columns by role; those that the file does not have are left out.
        person: Columns that make the name of who worked, when these are several.
        hours: The column of decimal hours.
        clock: The column of the time as ``H:MM`` or ``H:MM:SS``.
        span: The columns of begin and end, when there is no time between.
        only: Words by column, as in a source.
        skip: Words by column, as in a source: what the program has billed already.
    """

    name: str
    title: str
    signature: tuple[str, ...]
    columns: Mapping[str, str]
    person: tuple[str, ...] = ()
    hours: str = ""
    clock: str = ""
    span: tuple[str, str] | None = None
    only: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    skip: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)


PRESETS: tuple[Preset, ...] = (
    Preset(
        name="toggl",
        title="Toggl Track",
        signature=("User", "Client", "Project", "Description", "Start date", "Duration"),
        columns={
            "date": "Start date",
            "person": "User",
            "text": "Description",
            "project": "Project",
            "client": "Client",
            "billable": "Billable",
        },
        clock="Duration",
    ),
    Preset(
        name="clockify",
        title="Clockify",
        signature=("Project", "Client", "Description", "User", "Start Date", "Duration (h)"),
        columns={
            "date": "Start Date",
            "person": "User",
            "text": "Description",
            "project": "Project",
            "client": "Client",
            "billable": "Billable",
        },
        clock="Duration (h)",
        hours="Duration (decimal)",
    ),
    Preset(
        name="harvest",
        title="Harvest",
        signature=(
            "Date",
            "Client",
            "Project",
            "Task",
            "Notes",
            "Hours",
            "First Name",
            "Last Name",
        ),
        columns={
            "date": "Date",
            "text": "Notes",
            "project": "Project",
            "client": "Client",
            "billable": "Billable?",
        },
        person=("First Name", "Last Name"),
        hours="Hours",
        skip={"Invoiced?": ("Yes",)},
    ),
    Preset(
        name="kimai",
        title="Kimai",
        signature=("Date", "Duration", "Customer", "Project", "Activity", "Description"),
        columns={
            "date": "Date",
            "person": "User",
            "text": "Description",
            "project": "Project",
            "client": "Customer",
            "billable": "Billable",
        },
        hours="Duration",
        skip={"Exported": ("Yes", "true", "1")},
    ),
    Preset(
        name="clio",
        title="Clio Manage",
        signature=("Type", "Date", "Hours", "Description", "Matter number", "User", "Bill state"),
        columns={
            "key": "ID",
            "date": "Date",
            "person": "User",
            "text": "Description",
            "project": "Matter number",
        },
        hours="Hours",
        only={"Type": ("TimeEntry",)},
        skip={"Bill number": (ALL,)},
    ),
    Preset(
        name="timewarrior",
        title="timewarrior",
        signature=("start", "end"),
        columns={"date": "start", "text": "annotation"},
        span=("start", "end"),
    ),
)


def preset_of(name: str) -> Sequence[Preset]:
    """Return the forms of a program's exports.

    Raises:
        BadValueError: There is no such preset (BH155).
    """
    found = [each for each in PRESETS if each.name == name]
    if not found:
        hint = did_you_mean(name, dict.fromkeys(each.name for each in PRESETS))
        raise BadValueError(codes.PRESET, f"there is no preset {name!r}", hint)
    return found


def recognize(columns: Iterable[str]) -> Preset | None:
    """Return the preset whose signature a header has, if there is one."""
    known = set(map(fold, columns))
    found = [each for each in PRESETS if known.issuperset(each.signature)]
    return max(found, key=lambda each: len(each.signature), default=None)


def apply_preset(
    declaration: Declaration, columns: Collection[str], attributes: Collection[str]
) -> Declaration:
    """Return a declaration with what its preset adds, for a header and a class of records.

    Args:
        declaration: What the source declares itself; it wins over the preset.
        columns: The file's own names of columns.
        attributes: The attributes of the records.

    Raises:
        BadValueError: The header is not that of such an export (BH155).
    """
    if declaration.preset is None:
        return declaration
    forms = preset_of(declaration.preset)
    form = next((each for each in forms if set(columns).issuperset(each.signature)), None)
    if form is None:
        raise _other_file(forms[0], columns)
    return _extend(declaration, form, columns, attributes)


def _extend(
    declaration: Declaration, form: Preset, columns: Collection[str], attributes: Collection[str]
) -> Declaration:
    own = {*declaration.columns, *declaration.constants, *declaration.join, *declaration.spans}
    taken = {fold(each) for each in declaration.columns.values()}
    found = {
        attribute: column
        for role, column in form.columns.items()
        if (attribute := _attribute(role, attributes)) and column in columns
    }
    time = _time(form, attributes)
    found |= time.columns
    person = _attribute("person", attributes)
    billable = form.columns.get("billable", "")
    values, skip = dict(declaration.values), {**form.skip, **declaration.skip}
    if "billable" in found:
        values.setdefault("billable", _YES_NO)
    elif billable in columns:
        skip.setdefault(billable, _NO)
    return attrs.evolve(
        declaration,
        columns={
            **{k: v for k, v in found.items() if k not in own and v not in taken},
            **declaration.columns,
        },
        join={
            **({person: form.person} if form.person and person and person not in own else {}),
            **declaration.join,
        },
        spans={**{k: v for k, v in time.spans.items() if k not in own}, **declaration.spans},
        clock={**time.clock, **declaration.clock},
        values=values,
        only={**{k: v for k, v in form.only.items() if k in columns}, **declaration.only},
        skip={k: v for k, v in skip.items() if k in columns or k in declaration.skip},
        ignore=(*declaration.ignore, ALL),
        cut_times=declaration.cut_times or form.span is not None,
        fold_lines=True,
    )


@attrs.frozen(kw_only=True)
class _Time:
    """Form in which a record takes the time worked."""

    columns: Mapping[str, str] = attrs.field(factory=dict)
    spans: Mapping[str, tuple[str, str]] = attrs.field(factory=dict)
    clock: Mapping[str, ClockUnit] = attrs.field(factory=dict)


def _time(form: Preset, attributes: Collection[str]) -> _Time:
    """Return the most exact way: as a duration, then in minutes, then in decimal hours."""
    exact = next((each for each in _EXACT if each in attributes), None)
    if exact and (form.span or form.clock):
        unit = _EXACT[exact]
        clock: dict[str, ClockUnit] = {exact: unit} if unit else {}
        if form.span:
            return _Time(spans={exact: form.span}, clock=clock)
        return _Time(columns={exact: form.clock}, clock=clock)
    if form.hours and "hours" in attributes:
        return _Time(columns={"hours": form.hours}, clock={"hours": "hours"})
    return _Time()


def _attribute(role: str, attributes: Collection[str]) -> str | None:
    return next((name for name in ROLES[role] if name in attributes), None)


def _other_file(form: Preset, columns: Collection[str]) -> BadValueError:
    missing = [repr(name) for name in form.signature if name not in columns]
    other = recognize(columns)
    hint = (
        f'it looks like an export of {other.title}: declare preset = "{other.name}"'
        if other
        else "export the detailed report in English, or declare columns instead of the preset"
    )
    message = f"this is not an export of {form.title}: it has no column {', '.join(missing)}"
    return BadValueError(codes.PRESET, message, hint)
