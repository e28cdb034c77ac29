"""Mutants: each a copy of a module's syntax tree with one change in one function."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
TWINS = (
    ("min", "max"),
    ("any", "all"),
    ("least", "greatest"),
    ("add", "subtract"),
    ("multiply", "divide"),
    ("times", "ratio"),
)
NAMES = {one: other for pair in TWINS for one, other in (pair, pair[::-1])}
ORDERLESS = frozenset(
    {"isinstance", "getattr", "setattr", "hasattr", "zip", "times", "min", "max", "add", "multiply"}
)
"""Functions whose arguments are not swapped: nothing changes, or nothing runs."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@attrs.frozen
class Mutant:
    """One change of one function.

    Attributes:
        path: The file.
        name: What the mutant is called, whatever line it is on.
        place: The file and line.
        module: The module as it is.
        before: What is changed.
        after: What stands in its place; ``None`` if it is dropped.
        statement: The statement that has it.
    """

    path: Path
    name: str
    place: str
    module: ast.Module = attrs.field(repr=False, eq=False)
    before: ast.stmt | ast.expr = attrs.field(repr=False, eq=False)
    after: ast.expr | None = attrs.field(repr=False, eq=False)
    statement: ast.stmt = attrs.field(repr=False, eq=False)

    def mutate(self) -> tuple[ast.Module, ast.stmt]:
        """Return a copy of the module with the change, and the changed statement."""
        new = ast.Pass() if self.after is None else copy.deepcopy(self.after)
        ast.copy_location(new, self.before)
        copies: dict[int, Any] = {id(self.before): new}
        module = copy.deepcopy(self.module, copies)
        ast.fix_missing_locations(module)
        return module, copies[id(self.statement)]

    @property
    def diff(self) -> str:
        """The beginning of the statement before and after."""
        _, changed = self.mutate()
        return "\n".join(
            f"  {sign} {line}"
            for sign, statement in (("-", self.statement), ("+", changed))
            for line in ast.unparse(statement).splitlines()[:3]
        )


def find_mutants(root: Path, path: Path) -> Iterator[Mutant]:
    """Return the mutants of a file's functions, in the order of the source."""
    module = ast.parse(path.read_text("utf-8"))
    short = path.relative_to(root).as_posix()
    seen: Counter[str] = Counter()
    for qualified, function in _functions(module):
        for before, after, statement in _changes(function):
            name = f"{short} {qualified}: {_words(before)} -> {_words(after)}"
            seen[name] += 1
            unique = name if seen[name] == 1 else f"{name} ({seen[name]})"
            place = f"{short}:{before.lineno}"
            yield Mutant(path, unique, place, module, before, after, statement)


def _words(node: ast.AST | None) -> str:
    return "" if node is None else " ".join(ast.unparse(node).split())


def _functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    for node in tree.body:
        if isinstance(node, Function):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, Function):
                    yield f"{node.name}.{inner.name}", inner


def _changes(function: Function) -> Iterator[tuple[ast.stmt | ast.expr, ast.expr | None, ast.stmt]]:
    for statement in ast.walk(function):
        if not isinstance(statement, ast.stmt) or statement is function:
            continue
        if isinstance(statement, ast.Raise | ast.Assert):
            continue
        if _droppable(statement):
            yield statement, None, statement
        for node in _own_expressions(statement):
            for after in _alternatives(node):
                yield node, after, statement
        test = getattr(statement, "test", None)
        if isinstance(test, ast.Name | ast.Call | ast.Attribute | ast.BoolOp):
            yield test, ast.UnaryOp(ast.Not(), test), statement


def _droppable(statement: ast.stmt) -> bool:
    called = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    return called or isinstance(statement, ast.AugAssign | ast.Continue)


def _own_expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    """Return the expressions of a statement: not its inner statements', nor annotations."""
    left = [node for node in ast.iter_child_nodes(statement) if isinstance(node, ast.expr)]
    if isinstance(statement, ast.AnnAssign):
        left = [] if statement.value is None else [statement.value]
    while left:
        node = left.pop(0)
        yield node
        if not isinstance(node, ast.JoinedStr):  # words of a message
            left += [each for child in ast.iter_child_nodes(node) for each in _expressions(child)]


def _expressions(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.expr):
        return [node]
    if isinstance(node, ast.comprehension):
        return [node.iter, *node.ifs]
    if isinstance(node, ast.keyword) and node.arg != "strict":  # an assertion of equal lengths
        return [node.value]
    return []


def _alternatives(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Constant(value=bool() | int() as value):
            yield ast.Constant(not value if isinstance(value, bool) else value + 1)
        case ast.Compare(ops=[op]) if type(op) in COMPARED:
            yield ast.Compare(node.left, [COMPARED[type(op)]()], node.comparators)
        case ast.BinOp(op=op) if type(op) in OPERATORS and not _types(node):
            yield ast.BinOp(node.left, OPERATORS[type(op)](), node.right)
        case ast.BoolOp(op=op, values=values):
            other = ast.And() if isinstance(op, ast.Or) else ast.Or()
            yield ast.BoolOp(other, values)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.IfExp(test=test):
            yield ast.IfExp(test, node.orelse, node.body)
        case ast.ListComp() | ast.GeneratorExp():
            yield from _unfiltered(node)
        case ast.Call():
            yield from _calls(node)


def _unfiltered(node: ast.ListComp | ast.GeneratorExp) -> Iterator[ast.expr]:
    match node.generators:
        case [ast.comprehension(ifs=[_]) as only]:
            every = ast.comprehension(only.target, only.iter, [], only.is_async)
            yield type(node)(node.elt, [every])


def _types(node: ast.BinOp) -> bool:
    """Tell whether a binary operator joins types or words rather than amounts."""
    sides = (node.left, node.right)
    words = [s for s in sides if isinstance(s, ast.JoinedStr | ast.Constant)]
    return any(not isinstance(getattr(s, "value", None), int) for s in words)


def _calls(node: ast.Call) -> Iterator[ast.expr]:
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    if name in NAMES:
        func = copy.copy(node.func)
        setattr(func, "id" if isinstance(func, ast.Name) else "attr", NAMES[name])
        yield ast.Call(func, node.args, node.keywords)
    fixed = any(isinstance(each, ast.Starred | ast.Constant) for each in node.args[:2])
    if len(node.args) > 1 and name not in ORDERLESS and not fixed:
        one, other, *rest = node.args
        yield ast.Call(node.func, [other, one, *rest], node.keywords)
    if name == "sorted" and node.keywords:
        yield ast.Call(node.func, node.args, [])
    elif name == "sorted":
        yield ast.Call(ast.Name("list", ast.Load()), node.args, [])
