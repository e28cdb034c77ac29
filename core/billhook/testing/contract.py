"""The tests that every plugin must pass.

Subclass, name the plugin and give cases; pytest collects the inherited tests::

    class TestContract(PluginContract):
        plugin = "legal"

        def cases(self):
            yield Case(name="a month", job=..., records=...)
"""

from __future__ import annotations

import decimal
import hashlib
import importlib
import inspect
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import attrs
import pytest

from billhook.archive.reader import load, parse
from billhook.archive.writer import dump
from billhook.builtin import tax_table
from billhook.calculate.draft import Draft
from billhook.engine import Engine
from billhook.explain.rule_text import find_unfilled
from billhook.explain.rules import Rule, catalogue, rule_of
from billhook.explain.tree import figures_by_name
from billhook.kernel import codes as kernel_codes
from billhook.kernel.codes import CODES
from billhook.kernel.figure import Figure, graph, replay
from billhook.kernel.money import find_currency, round_to
from billhook.model.document import Document, History
from billhook.model.record import LookupRecord
from billhook.plugins.info import API
from billhook.plugins.loading import Plugin
from billhook.testing.case import Case
from billhook.testing.conformity import clocks, floats, misfits
from billhook.testing.samples import load_plugin
from billhook.testing.sandbox import sandbox
from billhook.testing.tracebacks import tracebacks

HEAVY = ("fpdf", "fontTools", "PIL", "sqlalchemy", "rich", "openpyxl", "babel")
"""Packages that importing a plugin must not load."""


class PluginContract:
    """Inherit from this class, set ``plugin``, give `cases`.

    Attributes:
        plugin: Name of an installed plugin, path of a local file, or the module itself.
        beside: Plugins that work along, for one that only adjusts or checks: names of installed
            ones, paths of local files.
        errors: Folder with a subfolder for each of the plugin's codes; ``None`` leaves it out.
        currencies: Currencies that amounts must fit, one each of 0, 2 and 3 decimals.
    """

    plugin: ClassVar[str | Path | ModuleType]
    beside: ClassVar[tuple[str | Path, ...]] = ()
    errors: ClassVar[Path | None] = None
    currencies: ClassVar[tuple[str, ...]] = ("JPY", "MXN", "KWD")

    def cases(self) -> Iterable[Case]:
        """Give jobs that the plugin can work out without errors."""
        raise LookupError("a contract needs cases()")

    def steps(self) -> Iterable[tuple[tuple[Case, ...], Case]]:
        """Give bills in steps, and the one bill that they must come to."""
        return ()

    # ── declare ──────────────────────────────────────────────────────────────

    def test_info_is_complete(self) -> None:
        """Name, title, version, and a prefix when there are codes; a local file may do without."""
        info = self._plugin().info
        declared = any(name == "billhook_plugin" for name, _ in self._hooks())
        if isinstance(type(self).plugin, Path) and not declared:
            return

        assert info.name
        assert info.title, "give a title"
        assert info.version != "0", "give a version"
        assert info.api == API
        assert not info.codes or info.prefix, "codes need a prefix"

    def test_codes_bear_the_prefix_and_are_unique(self) -> None:
        """Each code is the prefix and digits, once, and none is the core's."""
        info = self._plugin().info
        ids = [code.id for code in info.codes]

        assert len(ids) == len(set(ids))
        assert not {code.id for code in CODES} & set(ids)
        strange = [
            i
            for i in ids
            if not (i.startswith(info.prefix) and i.removeprefix(info.prefix).isdigit())
        ]
        assert strange == []

    def test_codes_have_a_page(self) -> None:
        """Each code has a folder that provokes it, from which the reference page is made."""
        codes = self._plugin().info.codes
        if self.errors is None:
            if codes:
                pytest.skip("name the folder of the codes' examples: errors = …")
            return
        missing = [c.id for c in codes if not (self.errors / c.id).is_dir()]

        assert missing == []

    def test_hooks_match_their_specifications(self) -> None:
        """Names, arguments and annotations are those of the hook; no argument has a default."""
        wrong = [fault for name, function in self._hooks() for fault in misfits(name, function)]

        assert wrong == []

    def test_importing_is_cheap(self) -> None:
        """Importing the plugin loads no heavy package."""
        module = self._module_name()
        if module is None:
            return
        code = f"import sys, {module}; print(*(set({HEAVY!r}) & sys.modules.keys()))"
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )

        assert done.stdout.split() == []

    def test_no_hook_reads_a_clock(self) -> None:
        """The plugin's sources ask for no current time."""
        found = [place for path in self._sources() for place in clocks(path)]

        assert found == []

    # ── compute ──────────────────────────────────────────────────────────────

    def test_cases_are_worked_out(self) -> None:
        """Every case makes a bill without errors."""
        cases = self._cases()
        with tracebacks() as shown:
            failed = {c.name: [str(e) for e in self._draft(c).errors] for c in cases}

        assert failed == {c.name: [] for c in cases}, "\n".join(shown)

    def test_every_record_is_billed_or_skipped_once(self) -> None:
        """Claims and skips together are the records, each once."""
        for case, draft in self._drafts():
            billed = [record.key for record in draft.invoice.records]
            skipped = [skip.key for skip in draft.skipped]
            expected = sorted(r.key for r in case.records if not isinstance(r, LookupRecord))

            assert sorted(billed + skipped) == expected, case.name
            assert all(str(skip.reason) for skip in draft.skipped), case.name

    def test_every_amount_replays(self) -> None:
        """The trace of each visible figure gives the figure."""
        for case, draft in self._drafts():
            for name, figure in figures_by_name(draft.invoice).items():
                assert replay(figure) == figure.value, f"{case.name}: {name}"

    def test_rules_stand_in_the_catalogue(self) -> None:
        """Each rule and phrase in a trace bears the plugin's name, or the core's, and is said."""
        plugin = self._plugin()
        rules = catalogue(*([plugin.info.package] if plugin.info.package else []))
        used = {
            id_
            for _, draft in self._drafts()
            for node in graph(*figures_by_name(draft.invoice).values())
            for id_ in (node.rule, *_phrases(node, rules))
        }
        own = {rule for rule in used if rule.startswith(f"{plugin.name}.")}
        known = ("core.", *(f"{each.name}." for each in self._others()))
        foreign = {rule for rule in used - own if not rule.startswith(known)}

        assert foreign == set(), "rules bear the plugin's name"
        if plugin.info.package:
            lacking = sorted(own - rules.keys())
            assert lacking == [], f"say them in rules.toml of {plugin.info.package}"

    def test_every_place_of_a_rule_is_filled(self) -> None:
        """Every placeholder in a rule's text has a value for each figure."""
        plugin = self._plugin()
        rules = catalogue(*([plugin.info.package] if plugin.info.package else []))
        empty = {
            f"{node.rule}: nothing fills {{{name}}}"
            for _, draft in self._drafts()
            for node in graph(*figures_by_name(draft.invoice).values())
            if (name := find_unfilled(node, rules)) is not None
        }

        assert empty == set(), "give the figure the parameter, or take the place out of the text"

    def test_amounts_fit_every_currency(self) -> None:
        """With 0, 2 and 3 decimals, an amount is on the grid, or the job is refused."""
        for case in self._cases():
            for code in self.currencies:
                draft = self._draft(attrs.evolve(case, job=attrs.evolve(case.job, currency=code)))
                assert not _broken(draft), f"{case.name} in {code}: {_findings_text(draft)}"
                if draft.worked_out is None:
                    continue
                step = find_currency(code).step
                totals = attrs.asdict(draft.worked_out.totals, recurse=False)
                off = {n: f.value for n, f in totals.items() if round_to(f.value, step) != f.value}
                off |= {
                    line.id: line.amount.value
                    for line in draft.worked_out.lines
                    if round_to(line.amount.value, step) != line.amount.value
                }
                assert off == {}, f"{case.name} in {code}"

    def test_same_input_gives_the_same_bytes(self) -> None:
        """Twice, under another decimal context, and with the plugins in reverse order."""
        digests = self.digests()

        assert self.digests() == digests
        with decimal.localcontext(decimal.Context(prec=6, rounding=decimal.ROUND_FLOOR)):
            assert self.digests() == digests
        assert self._amounts(reverse=True) == self._amounts(reverse=False)

    def test_another_process_gives_the_same_bytes(self) -> None:
        """With another hash seed, time zone and locale."""
        digests = self.digests()
        file = inspect.getfile(type(self))
        done = subprocess.run(
            [sys.executable, "-m", "billhook.testing.replica", file, type(self).__name__],
            capture_output=True,
            text=True,
            check=False,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
                "PYTHONHASHSEED": "4711",
                "TZ": "Pacific/Kiritimati",
                "LC_ALL": "C",
            },
        )
        assert done.returncode == 0, done.stderr

        found = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines())

        assert found == digests

    def test_hooks_stay_inside(self) -> None:
        """No file and no network, once everything is imported."""
        self.digests()
        engine, cases = self._engine(), self._cases()
        with sandbox():
            drafts = [engine.draft(case.job, case.records, case.history) for case in cases]

        broken = [_findings_text(draft) for draft in drafts if _broken(draft)]
        assert broken == [], "\n".join(broken)

    def test_archive_gives_the_document_back(self) -> None:
        """A document survives its archived form, which holds no float."""
        plugins = self._engine().plugins
        for case, draft in self._drafts():
            data = dump(draft.document, plugins)

            assert load(data, plugins) == draft.document, case.name
            assert floats(parse(data)) == [], case.name

    def test_second_run_bills_nothing(self) -> None:
        """On a history that has the bill, the same records are not billed again."""
        for case, draft in self._drafts():
            history = History((*case.history.documents, Document(invoice=draft.invoice)))
            again = self._draft(attrs.evolve(case, history=history))

            if again.worked_out is not None:
                assert again.worked_out.records == (), case.name
                assert again.worked_out.totals.payable.value == 0, case.name

    def test_steps_come_to_the_whole(self) -> None:
        """Bills in steps, each archived before the next, come to the one bill of all."""
        plugins = self._engine().plugins
        given = tuple(self.steps())
        if not given and self._plugin().info.state is not None:
            pytest.skip("a bill depends on the one before: give steps()")
        for steps, whole in given:
            history = whole.history
            billed = decimal.Decimal(0)
            for step in steps:
                draft = self._draft(attrs.evolve(step, history=history))
                billed += draft.invoice.totals.lines.value
                done = load(dump(draft.document, plugins), plugins)
                history = History((*history.documents, done))

            assert billed == self._draft(whole).invoice.totals.lines.value, whole.name

    def test_empty_job_does_not_crash(self) -> None:
        """Without records there is a finding or an empty bill, not an exception."""
        for case in self._cases():
            draft = self._draft(attrs.evolve(case, records=()))

            assert not _broken(draft), f"{case.name}: {_findings_text(draft)}"

    # ── show ─────────────────────────────────────────────────────────────────

    def test_sections_draw_everywhere(self) -> None:
        """Every renderer draws the plugin's sections, in a language of each direction."""
        from billhook.project.print_settings import PrintSettings
        from billhook.render import RENDERERS, render

        for _, draft in self._drafts():
            for locale in ("en_US", "de_DE", "ar_EG"):
                document = Document(invoice=attrs.evolve(draft.invoice, locale=locale))
                sections = self._engine().sections(document)
                for kind in RENDERERS:
                    assert render(document, sections, kind, PrintSettings())

    # ── working the cases out ────────────────────────────────────────────────

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of each case's archived document."""
        plugins = self._engine().plugins
        return {
            case.name: hashlib.sha256(dump(draft.document, plugins)).hexdigest()
            for case, draft in self._drafts()
        }

    def _amounts(self, *, reverse: bool) -> dict[str, list[tuple[str, str]]]:
        return {
            case.name: sorted(
                (name, str(figure.value))
                for name, figure in figures_by_name(
                    self._draft(case, reverse=reverse).invoice
                ).items()
            )
            for case in self._cases()
        }

    def _cases(self) -> tuple[Case, ...]:
        """Return the cases; without any there is nothing to test."""
        return tuple(self.cases()) or pytest.skip("there are no cases")

    def _drafts(self) -> Iterator[tuple[Case, Draft]]:
        """Yield what each case is worked out to; what is not, fails one test and not each."""
        for case in self._cases():
            draft = self._draft(case)
            if draft.worked_out is None:
                pytest.skip(f"{case.name} has no bill: see test_cases_are_worked_out")
            yield case, draft

    def _draft(self, case: Case, *, reverse: bool = False) -> Draft:
        return self._engine(reverse=reverse).draft(case.job, case.records, case.history)

    def _engine(self, *, reverse: bool = False) -> Engine:
        loaded = (self._plugin(), *self._others())
        named = {each.name: each.module for each in loaded} | {"tax_table": tax_table}
        return Engine(reversed(named.items()) if reverse else named.items())

    def _plugin(self) -> Plugin:
        return load_plugin(type(self).plugin)

    def _others(self) -> list[Plugin]:
        return [load_plugin(each) for each in type(self).beside]

    def _module_name(self) -> str | None:
        module = self._plugin().module
        if isinstance(type(self).plugin, Path) or not isinstance(module, ModuleType):
            return None
        return module.__name__

    def _hooks(self) -> Iterator[tuple[str, object]]:
        for name, function in vars(self._plugin().module).items():
            if name.startswith("billhook_") and hasattr(function, "billhook_impl"):
                yield name, function

    def _sources(self) -> list[Path]:
        plugin = self._plugin()
        if plugin.info.package is None:
            return [Path(inspect.getfile(plugin.module))] if inspect.ismodule(plugin.module) else []
        package = importlib.import_module(plugin.info.package)
        return [p for folder in package.__path__ for p in sorted(Path(folder).rglob("*.py"))]


def _findings_text(draft: Draft) -> str:
    return "\n".join(map(str, draft.findings))


def _phrases(figure: Figure, rules: Mapping[str, Rule]) -> set[str]:
    """Return the phrases that a figure's rule is told with, and those that these hold."""
    params, found, told = dict(figure.params), set[str](), [figure.rule]
    while told:
        rule = rule_of(told.pop(), rules)
        new = {params[name] for name in rule.phrases if name in params} - found
        found |= new
        told.extend(new)
    return found


def _broken(draft: Draft) -> bool:
    return any(finding.code == kernel_codes.BROKEN_PLUGIN.id for finding in draft.findings)
