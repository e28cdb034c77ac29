"""Static checks of a plugin: hook signatures, clocks, floats."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from billhook.plugins import hookspecs


def misfits(name: str, function: object) -> Iterator[str]:
    """Say in what a hook's implementation differs from its specification."""
    spec = getattr(hookspecs, name, None)
    if spec is None or not callable(function):
        yield f"{name}: there is no such hook"
        return
    known = inspect.signature(spec).parameters
    for argument in inspect.signature(function).parameters.values():
        if argument.name not in known:
            yield f"{name}: {argument.name} is not an argument of the hook"
            continue
        wanted, found = known[argument.name].annotation, argument.annotation
        if argument.default is not inspect.Parameter.empty:
            yield f"{name}: {argument.name} has a default, so it would never be passed"
        if found is not inspect.Parameter.empty and _bare(found) != _bare(wanted):
            yield f"{name}: {argument.name} is annotated {found}, the hook says {wanted}"


def _bare(annotation: object) -> str:
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
    return text.rpartition(".")[2] if "[" not in text else text


_CLOCKS = {"now", "utcnow", "today"}
"""Methods of dates, by whatever name their class was imported."""
_TIME = {"time", "time_ns", "localtime", "gmtime", "ctime", "monotonic", "perf_counter"}
"""Functions of the module `time`; other things have a ``time`` too."""


def clocks(path: Path) -> Iterator[str]:
    """Name each call of a source that asks for the current time."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules, functions = _times(tree)
    for node in ast.walk(tree):
        name = _find_call(node, modules, functions)
        if name and isinstance(node, ast.Call):
            yield f"{path.name}:{node.lineno}: {name}()"


def _times(tree: ast.AST) -> tuple[set[str], set[str]]:
    """Return the names that a source has for the module `time`, and for its functions."""
    modules, functions = set[str](), set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {each.asname or each.name for each in node.names if each.name == "time"}
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            functions |= {each.asname or each.name for each in node.names if each.name in _TIME}
    return modules, functions


def _find_call(node: ast.AST, modules: set[str], functions: set[str]) -> str:
    call = node.func if isinstance(node, ast.Call) else None
    if isinstance(call, ast.Name):
        return call.id if call.id in functions else ""
    if not isinstance(call, ast.Attribute):
        return ""
    of_module = isinstance(call.value, ast.Name) and call.value.id in modules
    return call.attr if call.attr in (_TIME if of_module else _CLOCKS) else ""


def floats(tree: object) -> list[float]:
    """Return the floats in parsed JSON."""
    if isinstance(tree, dict):
        return [found for value in tree.values() for found in floats(value)]
    if isinstance(tree, list):
        return [found for value in tree for found in floats(value)]
    return [tree] if isinstance(tree, float) else []
