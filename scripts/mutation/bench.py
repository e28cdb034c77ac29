"""The bench: tests collected once, and run for each mutant in a process of its own."""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, FrameType, FunctionType

import pytest
from hypothesis import HealthCheck, Phase, settings

from mutation.operators import Mutant

SECONDS = 60
"""Seconds of computing after which a mutant counts as noticed: it runs without an end."""
EXAMPLES = 10
"""Examples of each property at most, whatever the test asks for."""

PHASES = (Phase.explicit, Phase.generate)

Key = tuple[str, str, int]
"""A function: file, qualified name, first line."""
Record = Callable[[Mutant, str, str], None]


class Bench:
    """Tests that judge mutants, as a plugin of pytest.

    They are run once as they are, to learn which functions each calls and how long it takes; one
    that fails without any mutant judges none.
    """

    def __init__(self, left_out: Sequence[str], mutants: Sequence[Mutant], record: Record) -> None:
        self.left_out, self.mutants, self.record = left_out, mutants, record
        self.failed: list[str] = []

    def run(self, root: Path, tests: Sequence[str]) -> None:
        """Try the mutants with the tests of these files and folders."""
        sys.dont_write_bytecode = True
        paths = [str(root / each) for each in tests if (root / each).exists()]
        quiet = [
            "-q",
            "--no-header",
            "--no-summary",
            "--tb=no",
            "--assert=plain",
            "--rootdir",
            str(root),
        ]
        plain = ["-p", "no:xdist", "-p", "no:cacheprovider", "-s", "-m", "not slow"]
        pytest.main([*quiet, *plain, *paths], plugins=[self])

    def pytest_collection(self) -> None:
        """Make properties quick and alike in every run, before the tests are imported."""
        settings.register_profile(
            "mutants",
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=PHASES,
            suppress_health_check=list(HealthCheck),
        )
        settings.load_profile("mutants")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what is slow, and make every property short."""
        items[:] = [
            each
            for each in items
            if each.path.name not in self.left_out and each.name != "runTest"  # a state machine
        ]
        for each in items:
            test = getattr(each, "obj", None)
            if own := getattr(test, "_hypothesis_internal_use_settings", None):
                few = settings(own, max_examples=min(own.max_examples, EXAMPLES), phases=PHASES)
                test._hypothesis_internal_use_settings = few  # noqa: SLF001

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep which tests failed."""
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn what the tests call, then try each mutant."""
        called = self._learn(session.items)
        for mutant in self.mutants:
            keys = {key for _, key, _ in changed_codes(mutant)}
            tests = [item for item in session.items if keys & called.get(item.nodeid, set())]
            noticed, test = self._try(mutant, tests)
            self.record(mutant, "noticed" if noticed else "unnoticed", test)
        return True

    def _learn(self, items: list[pytest.Item]) -> dict[str, set[Key]]:
        """Return which functions each test calls, and put the quickest first."""
        files = {str(mutant.path) for mutant in self.mutants}

        def learn() -> object:
            return [self._watch(item, files) for item in items]

        rows = json.loads(in_child(learn) or "[]")
        called = {name: {tuple(key) for key in keys} for name, _, keys, passed in rows if passed}
        seconds = {name: took for name, took, _, _ in rows}
        items.sort(key=lambda item: seconds.get(item.nodeid, 0.0))
        return called

    def _watch(self, item: pytest.Item, files: set[str]) -> tuple[str, float, list[Key], bool]:
        codes: set[CodeType] = set()

        def on_call(frame: FrameType, event: str, _: object) -> None:
            if event == "call":
                codes.add(frame.f_code)

        start = time.process_time()
        sys.setprofile(on_call)
        passed = self._passes(item)
        sys.setprofile(None)
        keys = [_key(code) for code in codes if code.co_filename in files]
        return item.nodeid, time.process_time() - start, keys, passed

    def _passes(self, item: pytest.Item) -> bool:
        self.failed.clear()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        return not self.failed

    def _try(self, mutant: Mutant, tests: Sequence[pytest.Item]) -> tuple[bool, str]:
        def judge() -> object:
            change(mutant)
            return next((item.nodeid for item in tests if not self._passes(item)), "")

        answer = in_child(judge)
        if answer is None:
            return True, "no answer in time"
        found = json.loads(answer)
        return bool(found), found or f"{len(tests)} tests"


def in_child(work: Callable[[], object]) -> str | None:
    """Return a result, as JSON, of work that is done in a copy of this process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        try:
            os.write(writing, json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        answer = file.read().decode()
    os.waitpid(child, 0)
    return answer or None


def changed_codes(mutant: Mutant) -> Iterator[tuple[CodeType, Key, CodeType]]:
    """Return the code of each function that a mutant changes, before and after."""
    path = str(mutant.path)
    old = dict(_codes(compile(mutant.module, path, "exec", dont_inherit=True)))
    new = dict(_codes(compile(mutant.mutate()[0], path, "exec", dont_inherit=True)))
    for key, code in old.items():
        if key in new and new[key] != code and key[1].rpartition(".")[0] not in _outer(old, new):
            yield code, key, new[key]


def _outer(old: Mapping[Key, CodeType], new: Mapping[Key, CodeType]) -> set[str]:
    """Return the names under which only parts of a changed function stand."""
    return {f"{key[1]}.<locals>" for key, code in old.items() if key in new and new[key] != code}


def change(mutant: Mutant) -> None:
    """Put a mutant's code into the living functions of this process."""
    codes = {key: after for _, key, after in changed_codes(mutant)}
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and (after := codes.get(_key(each.__code__))):
            each.__code__ = after


def _key(code: CodeType) -> Key:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _codes(module: CodeType) -> Iterator[tuple[Key, CodeType]]:
    for code in module.co_consts:
        if isinstance(code, CodeType):
            if code.co_flags & 0x02:  # a function: it has local variables of its own
                yield _key(code), code
            yield from _codes(code)
