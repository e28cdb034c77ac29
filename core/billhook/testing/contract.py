"""The tests that every plugin must pass.

Subclass, name the plugin and give cases; pytest collects the inherited tests::

    class TestContract(PluginContract):
        plugin = "legal"

        def cases(self):
            yield Case(name="a month", job=..., records=...)
"""

from __future__ import annotations

import ast
import decimal
import hashlib
import importlib
import inspect
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import attrs

from billhook import archive, hookspecs
from billhook.builtin import tax_table
from billhook.codes import CODES
from billhook.draft import Draft
from billhook.engine import Engine
from billhook.explain import catalogue, named
from billhook.figure import graph, replay
from billhook.loading import Plugin, load_file, load_named, load_object
from billhook.model.document import Document, History
from billhook.model.record import Given
from billhook.money import currency, round_to
from billhook.plugin import API
from billhook.testing.case import Case
from billhook.testing.sandbox import sandbox

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
        if self.errors is None:
            return
        missing = [c.id for c in self._plugin().info.codes if not (self.errors / c.id).is_dir()]

        assert missing == []

    def test_hooks_match_their_specifications(self) -> None:
        """Names, arguments and annotations are those of the hook; no argument has a default."""
        wrong = [fault for name, function in self._hooks() for fault in _misfits(name, function)]

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
        found = [place for path in self._sources() for place in _clocks(path)]

        assert found == []

    # ── compute ──────────────────────────────────────────────────────────────

    def test_cases_are_worked_out(self) -> None:
        """Every case makes a bill without errors."""
        failed = {c.name: [str(e) for e in self._draft(c).errors] for c in self.cases()}

        assert failed == {c.name: [] for c in self.cases()}

    def test_every_record_is_billed_or_skipped_once(self) -> None:
        """Claims and skips together are the records, each once."""
        for case, draft in self._drafts():
            billed = [record.key for record in draft.invoice.records]
            skipped = [skip.key for skip in draft.skipped]
            expected = sorted(r.key for r in case.records if not isinstance(r, Given))

            assert sorted(billed + skipped) == expected, case.name
            assert all(str(skip.reason) for skip in draft.skipped), case.name

    def test_every_amount_replays(self) -> None:
        """The trace of each visible figure gives the figure."""
        for case, draft in self._drafts():
            for name, figure in named(draft.invoice).items():
                assert replay(figure) == figure.value, f"{case.name}: {name}"

    def test_rules_stand_in_the_catalogue(self) -> None:
        """Each rule in a trace bears the plugin's name, or the core's, and is explained."""
        plugin = self._plugin()
        rules = catalogue(*([plugin.info.package] if plugin.info.package else []))
        used = {
            node.rule
            for _, draft in self._drafts()
            for node in graph(*named(draft.invoice).values())
        }
        own = {rule for rule in used if rule.startswith(f"{plugin.name}.")}
        known = ("core.", *(f"{each.name}." for each in self._others()))
        foreign = {rule for rule in used - own if not rule.startswith(known)}

        assert foreign == set(), "rules bear the plugin's name"
        if plugin.info.package:
            assert own - rules.keys() == set(), "add them to rules.toml"

    def test_amounts_fit_every_currency(self) -> None:
        """With 0, 2 and 3 decimals, an amount is on the grid, or the job is refused."""
        for case in self.cases():
            for code in self.currencies:
                draft = self._draft(attrs.evolve(case, job=attrs.evolve(case.job, currency=code)))
                assert not _broken(draft), f"{case.name} in {code}: {draft.findings}"
                if draft.worked_out is None:
                    continue
                step = currency(code).step
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

        assert found == self.digests()

    def test_hooks_stay_inside(self) -> None:
        """No file and no network, once everything is imported."""
        self.digests()
        engine, cases = self._engine(), tuple(self.cases())
        with sandbox():
            drafts = [engine.draft(case.job, case.records, case.history) for case in cases]

        assert [draft.findings for draft in drafts if _broken(draft)] == []

    def test_archive_gives_the_document_back(self) -> None:
        """A document survives its archived form, which holds no float."""
        plugins = self._engine().plugins
        for case, draft in self._drafts():
            data = archive.dump(draft.document, plugins)

            assert archive.load(data, plugins) == draft.document, case.name
            assert _floats(archive.parse(data)) == [], case.name

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
        for steps, whole in self.steps():
            history = whole.history
            billed = decimal.Decimal(0)
            for step in steps:
                draft = self._draft(attrs.evolve(step, history=history))
                billed += draft.invoice.totals.lines.value
                done = archive.load(archive.dump(draft.document, plugins), plugins)
                history = History((*history.documents, done))

            assert billed == self._draft(whole).invoice.totals.lines.value, whole.name

    def test_empty_job_does_not_crash(self) -> None:
        """Without records there is a finding or an empty bill, not an exception."""
        for case in self.cases():
            draft = self._draft(attrs.evolve(case, records=()))

            assert not _broken(draft), f"{case.name}: {draft.findings}"

    # ── show ─────────────────────────────────────────────────────────────────

    def test_sections_draw_everywhere(self) -> None:
        """Every renderer draws the plugin's sections, in a language of each direction."""
        from billhook.printing import PrintSettings
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
            case.name: hashlib.sha256(archive.dump(draft.document, plugins)).hexdigest()
            for case, draft in self._drafts()
        }

    def _amounts(self, *, reverse: bool) -> dict[str, list[tuple[str, str]]]:
        return {
            case.name: sorted(
                (name, str(figure.value))
                for name, figure in named(self._draft(case, reverse=reverse).invoice).items()
            )
            for case in self.cases()
        }

    def _drafts(self) -> Iterator[tuple[Case, Draft]]:
        for case in self.cases():
            yield case, self._draft(case)

    def _draft(self, case: Case, *, reverse: bool = False) -> Draft:
        return self._engine(reverse=reverse).draft(case.job, case.records, case.history)

    def _engine(self, *, reverse: bool = False) -> Engine:
        loaded = (self._plugin(), *self._others())
        named = {each.name: each.module for each in loaded} | {"tax_table": tax_table}
        return Engine(reversed(named.items()) if reverse else named.items())

    def _plugin(self) -> Plugin:
        return _loaded(type(self).plugin)

    def _others(self) -> list[Plugin]:
        return [_loaded(each) for each in type(self).beside]

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


def _loaded(named_as: str | Path | ModuleType) -> Plugin:
    if isinstance(named_as, str):
        loaded = load_named([named_as])
    elif isinstance(named_as, Path):
        loaded = load_file(named_as)
    else:
        loaded = load_object(named_as.__name__.rpartition(".")[2], named_as)
    assert loaded.findings == (), [str(finding) for finding in loaded.findings]
    return loaded.plugins[0]


def _broken(draft: Draft) -> bool:
    return any(finding.code == "BH209" for finding in draft.findings)


def _misfits(name: str, function: object) -> Iterator[str]:
    spec = getattr(hookspecs, name, None)
    if spec is None or not callable(function):
        yield f"{name}: there is no such hook"
        return
    known = inspect.signature(spec).parameters
    for argument in inspect.signature(function).parameters.values():
        if argument.name not in known:
            yield f"{name}: {argument.name} is no argument of the hook"
            continue
        wanted, found = known[argument.name].annotation, argument.annotation
        if argument.default is not inspect.Parameter.empty:
            yield f"{name}: {argument.name} has a default, so it would never be passed"
        if found is not inspect.Parameter.empty and _bare(found) != _bare(wanted):
            yield f"{name}: {argument.name} is annotated {found}, the hook says {wanted}"


def _bare(annotation: object) -> str:
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
    return text.rpartition(".")[2] if "[" not in text else text


_CLOCKS = {"now", "utcnow", "today", "time_ns", "localtime", "gmtime", "perf_counter"}


def _clocks(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        call = node.func if isinstance(node, ast.Call) else None
        if isinstance(call, ast.Attribute) and call.attr in _CLOCKS:
            yield f"{path.name}:{call.lineno}: {call.attr}()"


def _floats(tree: object) -> list[float]:
    if isinstance(tree, dict):
        return [found for value in tree.values() for found in _floats(value)]
    if isinstance(tree, list):
        return [found for value in tree for found in _floats(value)]
    return [tree] if isinstance(tree, float) else []
