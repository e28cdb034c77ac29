"""The typed facade of the hooks: one method each, and the culprit's name when one breaks.

pluggy's calls are untyped and do not say which plugin answered or failed.  Here every answer is
checked for its type, and an exception is laid at the door of the implementation whose code is in
the traceback.
"""

from __future__ import annotations

import decimal
import itertools
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar

import pluggy

from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import BillhookError, PluginError
from billhook.kernel.money import PLAIN
from billhook.kernel.origin import Origin
from billhook.model.adjustment import Adjustment, Share
from billhook.model.charge import Charge, Rating
from billhook.model.document import Document, History, Seal
from billhook.model.invoice import Invoice
from billhook.model.job import Job
from billhook.model.owner import Owner
from billhook.model.record import Event, Record, Records
from billhook.model.section import Section
from billhook.model.source import Source
from billhook.model.subject import Subject
from billhook.model.tax import Taxable, TaxRule
from billhook.plugins.info import App, Exporter
from billhook.plugins.loading import BREAKS, place_in

T = TypeVar("T")


class _WrongAnswerError(PluginError):
    """An answer is not of the hook's type."""


class Hooks:
    """Calls the hooks of one engine's plugins, in the order of the plugins."""

    def __init__(self, manager: pluggy.PluginManager) -> None:
        self._manager = manager

    # ── declare ──────────────────────────────────────────────────────────────

    def exporters(self) -> list[Exporter]:
        """Return the formats that plugins offer."""
        return self._many("billhook_exporters", Exporter, {})

    def format_failed(self, key: str, error: object) -> PluginError:
        """Return the fault of the plugin whose format broke."""
        hook, where = "billhook_exporters", f"the format {key!r}"
        for each in getattr(self._manager.hook, hook).get_hookimpls():
            offered = self._call(hook, self._alone(hook, each.plugin), {})
            if any(one.key == key for one in self._flat(hook, Exporter, offered)):
                return PluginError(str(each.plugin_name), where, error, _place(each.plugin, error))
        return PluginError(self._names(hook), where, error)

    def commands(self, cli: object, app: App) -> None:
        """Let plugins add their command groups."""
        self._raw("billhook_commands", {"cli": cli, "app": app})

    # ── compute ──────────────────────────────────────────────────────────────

    def read(self, job: Job, source: Source) -> list[Record] | None:
        """Return the records of a source, or ``None`` when no plugin reads it."""
        answer = self._raw("billhook_read", {"job": job, "source": source})
        return None if answer is None else self._require_items("billhook_read", Record, answer)

    def owner(self, job: Job, record: Record) -> Owner | None:
        """Return whose a record is, or ``None`` when no plugin says."""
        return self._first("billhook_owner", Owner, {"job": job, "record": record})

    def subjects(self, job: Job, each: str) -> list[Subject]:
        """Return the subjects that a job for many stands for, as far as settings know them."""
        return self._many("billhook_subjects", Subject, {"job": job, "each": each})

    def fit(self, job: Job, subject: Subject) -> Job | None:
        """Return the job as it bills one subject, or ``None`` when no plugin fits it."""
        return self._first("billhook_fit", Job, {"job": job, "subject": subject})

    def rate(self, job: Job, records: Records, history: History) -> list[Rating]:
        """Return each plugin's rating."""
        arguments = {"job": job, "records": records, "history": history}
        return self._each("billhook_rate", Rating, arguments)

    def adjust(
        self,
        job: Job,
        charges: Sequence[Charge],
        history: History,
        records: Records,
        only: Collection[str] | None = None,
    ) -> list[Adjustment]:
        """Return all adjustments, unsorted; ``only`` names the plugins that are asked."""
        arguments = {"job": job, "charges": charges, "history": history, "records": records}
        return self._many("billhook_adjust", Adjustment, arguments, only)

    def split(self, job: Job, charges: Sequence[Charge]) -> list[Share] | None:
        """Return the payers' shares, or ``None`` when the bill is not split."""
        answer = self._raw("billhook_split", {"job": job, "charges": charges})
        shares = None if answer is None else self._require_items("billhook_split", Share, answer)
        for charge in charges if shares else ():
            if not any(share.of(charge.id).value for share in shares or ()):
                why = f"charge {charge.id!r} has no payer"
                raise PluginError(self._names("billhook_split"), "billhook_split", why)
        return shares

    def tax(self, job: Job, taxable: Taxable) -> TaxRule | None:
        """Return the rule of a class, or ``None`` when no plugin knows it."""
        return self._first("billhook_tax", TaxRule, {"job": job, "taxable": taxable})

    def check(self, job: Job, draft: Invoice, history: History) -> list[Diagnostic]:
        """Return what plugins find fault with."""
        arguments = {"job": job, "draft": draft, "history": history}
        return self._many("billhook_check", Diagnostic, arguments)

    def check_event(self, event: Event, history: History) -> list[Diagnostic]:
        """Return what plugins find fault with in an event that is to be recorded."""
        arguments = {"event": event, "history": history}
        return self._many("billhook_check_event", Diagnostic, arguments)

    # ── issue ────────────────────────────────────────────────────────────────

    def number(self, job: Job, draft: Invoice, sequence: int) -> str | None:
        """Return the dressed number, or ``None`` to leave it to the series."""
        arguments = {"job": job, "draft": draft, "sequence": sequence}
        return self._first("billhook_number", str, arguments)

    def seal(self, document: Document, previous: Mapping[str, str]) -> list[Seal]:
        """Return the fiscal seals that plugins compute over a document."""
        arguments = {"document": document, "previous": previous}
        return self._each("billhook_seal", Seal, arguments)

    def notify_issued(self, document: Document) -> None:
        """Tell plugins that a document was issued."""
        self._raw("billhook_issued", {"document": document})

    # ── show ─────────────────────────────────────────────────────────────────

    def sections(self, document: Document) -> list[Section]:
        """Return all sections by slot, order and title."""
        found = self._many("billhook_sections", Section, {"document": document})
        return sorted(found, key=lambda section: (section.slot, section.order))

    # ── who else ─────────────────────────────────────────────────────────────

    def answering(self, hook: str, arguments: Mapping[str, object]) -> list[str]:
        """Return the plugins that would answer a first-result hook, in order.

        A plugin that implements it alone is not asked: nobody contests its answer.
        """
        implementations = [
            each
            for each in reversed(getattr(self._manager.hook, hook).get_hookimpls())
            if not (each.hookwrapper or each.wrapper)
        ]
        if len(implementations) < 2:  # noqa: PLR2004 - it takes two to disagree
            return [str(each.plugin_name) for each in implementations]
        return [
            str(each.plugin_name)
            for each in implementations
            if self._call(hook, self._alone(hook, each.plugin), arguments) is not None
        ]

    def _alone(self, hook: str, plugin: object) -> pluggy.HookCaller:
        others = [each for each in self._manager.get_plugins() if each is not plugin]
        return self._manager.subset_hook_caller(hook, others)

    # ── calling ──────────────────────────────────────────────────────────────

    def _first(self, hook: str, kind: type[T], arguments: Mapping[str, object]) -> T | None:
        answer = self._raw(hook, arguments)
        if answer is None or isinstance(answer, kind):
            return answer
        raise PluginError(self._names(hook), hook, _wrong(kind, answer))

    def _each(self, hook: str, kind: type[T], arguments: Mapping[str, object]) -> list[T]:
        return self._sorted_out(
            hook, arguments, lambda answers: self._require_items(hook, kind, answers)
        )

    def _many(
        self,
        hook: str,
        kind: type[T],
        arguments: Mapping[str, object],
        only: Collection[str] | None = None,
    ) -> list[T]:
        return self._sorted_out(
            hook, arguments, lambda answers: self._flat(hook, kind, answers), only
        )

    def _sorted_out(
        self,
        hook: str,
        arguments: Mapping[str, object],
        sort: Callable[[object], list[T]],
        only: Collection[str] | None = None,
    ) -> list[T]:
        """Return the answers of plugins; of one that is of a wrong type, say whose it is."""
        try:
            return sort(self._call(hook, self._caller(hook, only), arguments))
        except _WrongAnswerError as error:
            culprit = self._culprit(hook, arguments, sort, only)
            raise PluginError(culprit, hook, error.cause) from None

    def _caller(self, hook: str, only: Collection[str] | None) -> pluggy.HookCaller:
        """Return what calls a hook, of all plugins or of those named."""
        if only is None:
            caller: pluggy.HookCaller = getattr(self._manager.hook, hook)
            return caller
        others = [plugin for name, plugin in self._manager.list_name_plugin() if name not in only]
        return self._manager.subset_hook_caller(hook, others)

    def _culprit(
        self,
        hook: str,
        arguments: Mapping[str, object],
        sort: Callable[[object], list[T]],
        only: Collection[str] | None,
    ) -> str:
        """Ask each plugin alone; return the one whose answer is of a wrong type."""
        for each in self._caller(hook, only).get_hookimpls():
            try:
                sort(self._call(hook, self._alone(hook, each.plugin), arguments))
            except _WrongAnswerError:
                return str(each.plugin_name)
        return self._names(hook)

    def _flat(self, hook: str, kind: type[T], answers: object) -> list[T]:
        """Return the items of all answers, each of which has many."""
        listed = self._require_items(hook, object, answers)
        return [item for answer in listed for item in self._require_items(hook, kind, answer)]

    def _require_items(self, hook: str, kind: type[T], answer: object) -> list[T]:
        if not isinstance(answer, Iterable):
            raise _WrongAnswerError(self._names(hook), hook, _wrong(Iterable, answer))
        items = self._consume(hook, answer)
        for item in items:
            if not isinstance(item, kind):
                raise _WrongAnswerError(self._names(hook), hook, _wrong(kind, item))
        return [item for item in items if isinstance(item, kind)]

    def _consume(self, hook: str, answer: Iterable[object]) -> list[object]:
        try:
            with decimal.localcontext(PLAIN):
                return list(answer)
        except BillhookError:
            raise
        except BREAKS as error:
            raise self._broken(hook, error) from error

    def _raw(self, hook: str, arguments: Mapping[str, object]) -> object:
        return self._call(hook, getattr(self._manager.hook, hook), arguments)

    def _call(
        self, hook: str, caller: pluggy.HookCaller, arguments: Mapping[str, object]
    ) -> object:
        try:
            with decimal.localcontext(PLAIN):
                answer: object = caller(**arguments)
        except BillhookError:
            raise
        except BREAKS as error:
            raise self._broken(hook, error) from error
        return answer

    def _broken(self, hook: str, error: BaseException) -> PluginError:
        found = self._running(hook, error)
        if found is None:
            return PluginError(self._names(hook), hook, error)
        return PluginError(str(found.plugin_name), hook, error, place_in(found.plugin, error))

    def _running(self, hook: str, error: BaseException) -> pluggy.HookImpl | None:
        """Return the implementation that broke: the hook itself, or a generator that it gave."""
        known: list[pluggy.HookImpl] = getattr(self._manager.hook, hook).get_hookimpls()
        codes = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)]
        files = {code.co_filename for code in codes}
        themselves = (each for each in known if _code(each) in codes)
        of_their_files = (
            each for each in known if getattr(_code(each), "co_filename", "") in files
        )
        return next(itertools.chain(themselves, of_their_files), None)

    def _names(self, hook: str) -> str:
        implementations = getattr(self._manager.hook, hook).get_hookimpls()
        return " or ".join(str(each.plugin_name) for each in reversed(implementations))


def _place(plugin: object, cause: object) -> Origin | None:
    return place_in(plugin, cause) if isinstance(cause, BaseException) else None


def _code(implementation: pluggy.HookImpl) -> object:
    return getattr(implementation.function, "__code__", None)


def _wrong(kind: object, answer: object) -> str:
    wanted = getattr(kind, "__name__", str(kind))
    return f"answered with {type(answer).__name__}, expected {wanted}"
