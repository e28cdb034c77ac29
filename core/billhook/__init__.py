"""billhook: bills that are right to the cent and explain themselves.

A small core turns records of work into an invoice through plugins' hooks; every amount is a
`Figure` that can be traced to its source and computed again.
"""

from __future__ import annotations

import importlib
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billhook.calculate.draft import Draft
    from billhook.engine import Engine
    from billhook.i18n.explanation import explain_amount
    from billhook.issue.actor import Actor
    from billhook.issue.request import (
        IssueOutcome,
        IssueRequest,
        issue_requests,
        read_request,
        rehearse_requests,
    )
    from billhook.kernel.diagnostics import Code, Diagnostic, Findings, Severity, did_you_mean
    from billhook.kernel.errors import (
        BillhookError,
        BusyError,
        ConflictError,
        InputError,
        PluginError,
        RefusedError,
        StoreError,
        UnknownNameError,
    )
    from billhook.kernel.figure import (
        PERCENT,
        PURE,
        Figure,
        banded,
        given,
        greatest,
        least,
        less,
        negative,
        percent_of,
        ratio,
        replay,
        rounded,
        rounded_money,
        shares,
        times,
        total,
    )
    from billhook.kernel.money import Currency, Mode, Policy, Rounding, allocate, find_currency
    from billhook.kernel.origin import Origin
    from billhook.kernel.text import Dated, Label, Period, Text, in_force, labels, overlaps
    from billhook.model.adjustment import (
        Adjustment,
        AdjustmentKind,
        Applied,
        Excess,
        LinePart,
        Percentage,
        PercentBase,
        Share,
        Shortfall,
        Stage,
        UpTo,
    )
    from billhook.model.charge import Charge, LineAdjustment, Rating, Skip
    from billhook.model.document import Document, History, LazyDocuments, Seal
    from billhook.model.exchange import Exchange, ExchangeRate
    from billhook.model.invoice import Invoice, Line, Opening, Reference, Totals
    from billhook.model.job import Job
    from billhook.model.owner import Owner
    from billhook.model.party import Account, Address, Contact, Identifier, Party
    from billhook.model.record import BilledRecord, Event, LookupRecord, Record, Records, part_key
    from billhook.model.source import ParsedRow, Source, SourceContent
    from billhook.model.subject import Subject
    from billhook.model.tax import Category, Taxable, TaxComponent, TaxLine, TaxRule
    from billhook.model.terms import Agreement, EarlyPayment, Portioning, Terms
    from billhook.plugins.info import API, App, Exporter, PluginInfo, hookimpl
    from billhook.project import LoadedJob, Project, load_project
    from billhook.project.drafting import JobDraft, draft_job
    from billhook.project.issue_request import request_issue
    from billhook.render.formats import format_document
    from billhook.sources.ranges import above, at_least, at_most, below, between
    from billhook.sources.source import object_source
    from billhook.store.database import joined, open_store
    from billhook.store.memory import memory_store

__version__ = "0.1.0"

__all__ = [
    "API",
    "PERCENT",
    "PURE",
    "Account",
    "Actor",
    "Address",
    "Adjustment",
    "AdjustmentKind",
    "Agreement",
    "App",
    "Applied",
    "BilledRecord",
    "BillhookError",
    "BusyError",
    "Category",
    "Charge",
    "Code",
    "ConflictError",
    "Contact",
    "Currency",
    "Dated",
    "Diagnostic",
    "Document",
    "Draft",
    "EarlyPayment",
    "Engine",
    "Event",
    "Excess",
    "Exchange",
    "ExchangeRate",
    "Exporter",
    "Figure",
    "Findings",
    "History",
    "Identifier",
    "InputError",
    "Invoice",
    "IssueOutcome",
    "IssueRequest",
    "Job",
    "JobDraft",
    "Label",
    "LazyDocuments",
    "Line",
    "LineAdjustment",
    "LinePart",
    "LoadedJob",
    "LookupRecord",
    "Mode",
    "Opening",
    "Origin",
    "Owner",
    "ParsedRow",
    "Party",
    "PercentBase",
    "Percentage",
    "Period",
    "PluginError",
    "PluginInfo",
    "Policy",
    "Portioning",
    "Project",
    "Rating",
    "Record",
    "Records",
    "Reference",
    "RefusedError",
    "Rounding",
    "Seal",
    "Severity",
    "Share",
    "Shortfall",
    "Skip",
    "Source",
    "SourceContent",
    "Stage",
    "StoreError",
    "Subject",
    "TaxComponent",
    "TaxLine",
    "TaxRule",
    "Taxable",
    "Terms",
    "Text",
    "Totals",
    "UnknownNameError",
    "UpTo",
    "above",
    "allocate",
    "at_least",
    "at_most",
    "banded",
    "below",
    "between",
    "did_you_mean",
    "draft_job",
    "explain_amount",
    "find_currency",
    "format_document",
    "given",
    "greatest",
    "hookimpl",
    "in_force",
    "issue_requests",
    "joined",
    "labels",
    "least",
    "less",
    "load_project",
    "memory_store",
    "negative",
    "object_source",
    "open_store",
    "overlaps",
    "part_key",
    "percent_of",
    "ratio",
    "read_request",
    "rehearse_requests",
    "replay",
    "request_issue",
    "rounded",
    "rounded_money",
    "shares",
    "times",
    "total",
]

__provisional__: tuple[str, ...] = (
    "App",
    "Seal",
    "billhook_commands",
    "billhook_seal",
    "blocks.Chart",
    "blocks.ChartKind",
    "blocks.ChartSeries",
    "blocks.Drawn",
)
"""Public names and hooks that may still change in a minor release; all others keep the promise of
``docs/reference/compatibility.md``."""

_HOMES = {
    "billhook.kernel.diagnostics": "Code Diagnostic Findings Severity did_you_mean",
    "billhook.calculate.draft": "Draft",
    "billhook.engine": "Engine",
    "billhook.kernel.errors": (
        "BillhookError BusyError ConflictError InputError PluginError RefusedError StoreError "
        "UnknownNameError"
    ),
    "billhook.kernel.figure": (
        "Figure PERCENT PURE banded given greatest least less negative percent_of ratio replay "
        "rounded rounded_money shares times total"
    ),
    "billhook.model.adjustment": (
        "Adjustment AdjustmentKind Applied Excess LinePart PercentBase Percentage Share Shortfall "
        "Stage UpTo"
    ),
    "billhook.model.charge": "Charge LineAdjustment Rating Skip",
    "billhook.model.document": "Document History LazyDocuments Seal",
    "billhook.model.invoice": "Invoice Line Opening Reference Totals",
    "billhook.model.job": "Job",
    "billhook.model.owner": "Owner",
    "billhook.model.party": "Account Address Contact Identifier Party",
    "billhook.model.record": "BilledRecord Event LookupRecord Record Records part_key",
    "billhook.model.source": "ParsedRow Source SourceContent",
    "billhook.model.subject": "Subject",
    "billhook.model.tax": "Category TaxComponent TaxLine TaxRule Taxable",
    "billhook.model.exchange": "Exchange ExchangeRate",
    "billhook.model.terms": "Agreement EarlyPayment Portioning Terms",
    "billhook.kernel.money": "Currency Mode Policy Rounding allocate find_currency",
    "billhook.kernel.origin": "Origin",
    "billhook.plugins.info": "API App Exporter PluginInfo hookimpl",
    "billhook.project": "LoadedJob Project load_project",
    "billhook.sources.ranges": "above at_least at_most below between",
    "billhook.i18n.explanation": "explain_amount",
    "billhook.issue.actor": "Actor",
    "billhook.issue.request": (
        "IssueOutcome IssueRequest issue_requests read_request rehearse_requests"
    ),
    "billhook.project.drafting": "JobDraft draft_job",
    "billhook.project.issue_request": "request_issue",
    "billhook.render.formats": "format_document",
    "billhook.sources.source": "object_source",
    "billhook.store.database": "joined open_store",
    "billhook.store.memory": "memory_store",
    "billhook.kernel.text": "Dated Label Period Text in_force labels overlaps",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}

_FORMER = {
    "Given": "billhook.LookupRecord",
    "Kind": "billhook.AdjustmentKind",
    "Of": "billhook.PercentBase",
    "Percent": "billhook.Percentage",
    "Row": "billhook.blocks.TableRow",
    "Series": "billhook.blocks.ChartSeries",
    "currency": "billhook.find_currency",
    "percent": "billhook.percent_of",
} | {
    name: f"billhook.blocks.{name}"
    for name in [
        "Block",
        "Break",
        "Cell",
        "Chart",
        "ChartKind",
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
    ]
}
"""What plugins wrote before names said what they are and blocks stood apart; gone in 0.3."""


if not TYPE_CHECKING:  # a type checker would take it to have every name there is

    def __getattr__(name: str) -> object:
        """Import a public name when it is first used: starting needs few of them."""
        if name not in _HOME:
            return _former(name)
        value: object = getattr(importlib.import_module(_HOME[name]), name)
        globals()[name] = value
        return value

    def _former(name: str) -> object:
        """Return what a name of before stands for, with a warning at the line that uses it."""
        if name not in _FORMER:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from billhook.plugins.deprecations import deprecation_warning

        home, now = _FORMER[name].rsplit(".", 1)
        instead = f"import {now} from {home}"
        warning = deprecation_warning(f"billhook.{name}", since="0.1", gone="0.3", instead=instead)
        warnings.warn(warning, stacklevel=3)
        value: object = getattr(importlib.import_module(home), now)
        return value

    def __dir__() -> list[str]:
        """List every public name, so that completion shows what was not imported yet."""
        return sorted({*globals(), *_HOME})
