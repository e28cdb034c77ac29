"""Draw the architecture from the code: ``docs/explanation/rings.svg`` and ``hooks.svg``.

Usage: ``python scripts/pictures.py``

The rings follow from the imports: the kernel is what the engine reaches, the edges are what
imports the command line's or the printer's packages, and all between are services.  The way of a
bill follows from the order and the signatures of the hooks.
"""

from __future__ import annotations

import ast
import functools
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

import attrs

ROOT = Path(__file__).resolve().parents[1]
CORE = ROOT / "core" / "billhook"
PLUGINS = ("legal", "construction", "freight")
TARGET = ROOT / "docs" / "explanation"
EDGES = frozenset({"cli", "tools", "testing", "render", "builtin"})
"""Packages of the outer ring: what people, printers and test runners touch."""

WHOLE = frozenset({"__init__", "__main__"})
"""The package's own front door belongs to no ring."""

FONT = "font-family='system-ui, sans-serif'"


# ── imports ──────────────────────────────────────────────────────────────────


def imports(path: Path, package: str) -> Iterator[str]:
    """Yield the top-level parts of ``package`` that a file imports, wherever in it."""
    for node in ast.walk(_without_typing(path)):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module == package:
                yield from (alias.name for alias in node.names)
            elif node.module.startswith(f"{package}."):
                yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
            yield from (each[1] for each in names if each[0] == package and len(each) > 1)


def _without_typing(path: Path) -> ast.Module:
    """Return a file's tree without what is imported for type checkers only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tree.body = [
        node
        for node in tree.body
        if not (
            isinstance(node, ast.If)
            and isinstance(node.test, ast.Name)
            and node.test.id == "TYPE_CHECKING"
        )
    ]
    return tree


def parts(folder: Path) -> dict[str, list[Path]]:
    """Return the files of each module or package directly in a package."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*.py")):
        relative = path.relative_to(folder)
        name = relative.parts[0] if len(relative.parts) > 1 else relative.stem
        if name not in WHOLE and "plain" not in relative.parts:
            found.setdefault(name, []).append(path)
    return found


@functools.cache
def dependencies() -> dict[str, Counter[str]]:
    """Return for each part of the core how often it imports each other part."""
    files = parts(CORE)
    return {
        name: Counter(
            other
            for path in paths
            for other in imports(path, "billhook")
            if other in files and other != name
        )
        for name, paths in files.items()
    }


def rings() -> dict[str, int]:
    """Return the ring of each part of the core: 1 kernel, 2 services, 3 edges."""
    needs = dependencies()
    kernel = _reached("engine", needs)
    return {name: 1 if name in kernel else 3 if name in EDGES else 2 for name in needs}


def _reached(start: str, needs: Mapping[str, Iterable[str]]) -> set[str]:
    found, waiting = set[str](), [start]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(needs.get(name, ()))
    return found


def outward() -> list[tuple[str, str]]:
    """Return the parts that import a part of a ring further out, each with that part."""
    ring = rings()
    return [
        (name, other)
        for name, needs in dependencies().items()
        for other in needs
        if ring[name] < ring[other]
    ]


def plugin_imports() -> dict[str, list[int]]:
    """Return for each bundled plugin the rings that it imports."""
    ring = rings()
    found = {}
    for name in PLUGINS:
        folder = ROOT / "plugins" / name / f"billhook_{name}"
        used = {part for path in sorted(folder.rglob("*.py")) for part in imports(path, "billhook")}
        found[name] = sorted({ring[part] for part in used if part in ring})
    return found


# ── a small writer of SVG ────────────────────────────────────────────────────


@attrs.define
class Drawing:
    """A picture, shape by shape; lengths in pixels."""

    width: int
    height: int
    title: str
    shapes: list[str] = attrs.field(factory=list)

    def box(self, x: int, y: int, width: int, height: int, fill: str, line: str) -> None:
        """Draw a box with round corners."""
        place = f"x='{x}' y='{y}' width='{width}' height='{height}' rx='8'"
        self.shapes.append(f"<rect {place} fill='{fill}' stroke='{line}'/>")

    def text(
        self, x: int, y: int, words: str, *, size: int = 13, anchor: str = "start", more: str = ""
    ) -> None:
        """Write words; ``y`` is their base line."""
        place = f"x='{x}' y='{y}' font-size='{size}' text-anchor='{anchor}'"
        self.shapes.append(f"<text {place} {more}>{escape(words)}</text>")

    def arrow(self, *points: tuple[int, int]) -> None:
        """Draw an arrow along points."""
        path = " ".join(f"{x},{y}" for x, y in points)
        self.shapes.append(
            f"<polyline points='{path}' fill='none' stroke='#5b6470' marker-end='url(#head)'/>"
        )

    def svg(self) -> str:
        """Return the picture as SVG."""
        size = (
            f"width='{self.width}' height='{self.height}' viewBox='0 0 {self.width} {self.height}'"
        )
        head = (
            "<defs><marker id='head' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='8' "
            "markerHeight='8' orient='auto-start-reverse'><path d='M0,0 L8,4 L0,8 z' "
            "fill='#5b6470'/></marker></defs>"
        )
        lines = [
            f"<svg xmlns='http://www.w3.org/2000/svg' {size} role='img' {FONT} fill='#1c1d20'>",
            "<!-- Made by scripts/pictures.py; do not edit. -->",
            f"<title>{escape(self.title)}</title>",
            head,
            f"<rect width='{self.width}' height='{self.height}' fill='#ffffff'/>",
            *self.shapes,
            "</svg>",
        ]
        return "\n".join(lines) + "\n"


def wrapped(names: Sequence[str], width: int) -> list[str]:
    """Return names with commas between, in lines of at most ``width`` characters."""
    lines = [""]
    for name in names:
        word = f"{name}, " if name != names[-1] else name
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] += word
    return [line.rstrip() for line in lines]


# ── the rings ────────────────────────────────────────────────────────────────

RINGS = {
    3: ("Edges: command line, printing, author's kit, bundled parts", "#eef3f8", "#9cb3c9"),
    2: ("Services: files, languages, archive, store", "#e3efe7", "#92b8a0"),
    1: ("Kernel: figures, model, arithmetic, hooks, engine", "#fbf0d9", "#d3b475"),
}
INSET = 26
LINE = 19


def rings_picture() -> str:
    """Return the picture of the rings, one inside the other, and of the plugins beside them."""
    ring = rings()
    names = {n: sorted(name for name, value in ring.items() if value == n) for n in RINGS}
    lines = {n: wrapped(names[n], 86 - 6 * (3 - n)) for n in RINGS}
    heights = {n: 44 + LINE * len(lines[n]) for n in RINGS}
    whole = sum(heights.values()) + 2 * INSET
    drawing = Drawing(944, whole + 64, "The rings of billhook and the imports between them")
    y = 16
    for number, (title, fill, edge) in RINGS.items():
        inset = (3 - number) * INSET
        drawing.box(16 + inset, y, 640 - 2 * inset, 16 + whole - inset - y, fill, edge)
        drawing.text(36 + inset, y + 26, title, size=15, more="font-weight='bold'")
        for row, words in enumerate(lines[number]):
            drawing.text(36 + inset, y + 50 + LINE * row, words, more="fill='#3d434b'")
        y += heights[number]
    against = ", ".join(f"{name} → {other}" for name, other in outward()) or "none"
    words = f"Imports go inward.  Outward: {against}."
    drawing.text(16, whole + 46, words, size=12)
    _plugins(drawing)
    return drawing.svg()


def _ring_name(number: int) -> str:
    return RINGS[number][0].partition(":")[0].lower()


def _plugins(drawing: Drawing) -> None:
    for row, (name, used) in enumerate(plugin_imports().items()):
        y = 50 + 96 * row
        drawing.box(720, y, 208, 72, "#f6ecf3", "#c49bb6")
        drawing.text(736, y + 28, f"billhook_{name}", size=14, more="font-weight='bold'")
        words = ", ".join(_ring_name(number) for number in used)
        drawing.text(736, y + 52, f"imports {words}", size=12, more="fill='#3d434b'")
        drawing.arrow((720, y + 36), (662, y + 36))
    drawing.text(720, 36, "Plugins know only the core.", size=13)


# ── a bill's way through the hooks ───────────────────────────────────────────


@attrs.frozen
class Hook:
    """A hook as its specification says.

    Attributes:
        name: Without its prefix.
        group: Declare, compute, issue or show.
        takes: Names of the arguments.
        gives: The result's type.
        first: The first answer counts.
    """

    name: str
    group: str
    takes: tuple[str, ...]
    gives: str
    first: bool


def hooks() -> list[Hook]:
    """Return the hooks in the order of their specifications."""
    path = CORE / "plugins" / "hookspecs.py"
    text = path.read_text(encoding="utf-8")
    heads = [
        (number, line.split()[2].rstrip(":"))
        for number, line in enumerate(text.splitlines(), 1)
        if line.startswith("# ── ")
    ]
    return [
        _hook(node, max(head for head in heads if head[0] < node.lineno)[1])
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    ]


def _hook(node: ast.FunctionDef, group: str) -> Hook:
    gives = ast.unparse(node.returns).removesuffix(" | None") if node.returns else ""
    return Hook(
        name=node.name,
        group=group,
        takes=tuple(each.arg for each in node.args.args),
        gives="" if gives == "None" else gives,
        first="firstresult" in ast.unparse(node.decorator_list[0]),
    )


GROUPS = {"declare": "#eef3f8", "compute": "#fbf0d9", "issue": "#f6ecf3", "show": "#e3efe7"}
STEPS = {
    "read": "every record has a key and a place",
    "rate": "each record is billed or skipped, once; lines are rounded",
    "adjust": "worked out by stage, order and id",
    "split": "shares by largest remainder, one draft for each payer",
    "tax": "rate × base of each class, totals, terms",
    "check": "an error refuses the bill: here a dry run ends",
    "number": "one transaction: claim records, take a number",
    "seal": "chained to the document before, then committed",
    "issued": "a failure is told, and undoes nothing",
    "sections": "drawn as PDF, HTML and text",
}
"""What the core does behind a hook."""


def hooks_picture() -> str:
    """Return the picture of a bill's way through the hooks."""
    found = hooks()
    groups = list(dict.fromkeys(hook.group for hook in found))
    height = 60 + 50 * len(found) + 34 * len(groups)
    drawing = Drawing(920, height, "A bill's way through the hooks")
    for x, words in (
        (130, "what goes in"),
        (430, "hook"),
        (640, "what comes out, and the core's part"),
    ):
        drawing.text(x, 26, words, size=12, more="fill='#6f747b'")
    y = 40
    for group in groups:
        y = _group(drawing, group, [hook for hook in found if hook.group == group], y)
    return drawing.svg()


def _group(drawing: Drawing, group: str, found: Sequence[Hook], y: int) -> int:
    """Draw a group, and return where the next one begins."""
    drawing.box(16, y, 888, 50 * len(found) + 20, GROUPS[group], "#b9bec5")
    drawing.text(32, y + 30, group, size=15, more="font-weight='bold'")
    for row, hook in enumerate(found):
        middle = y + 35 + 50 * row
        short = hook.name.removeprefix("billhook_")
        drawing.text(300, middle + 4, ", ".join(hook.takes) or "–", size=12, anchor="end")
        drawing.box(340, middle - 17, 170, 34, "#ffffff", "#5b6470")
        drawing.text(425, middle + 5, hook.name, anchor="middle", more="font-weight='bold'")
        drawing.arrow((306, middle), (338, middle))
        drawing.arrow((510, middle), (544, middle))
        first = "  (first answer)" if hook.first else ""
        drawing.text(550, middle - 2, (hook.gives or "nothing") + first, size=12)
        drawing.text(550, middle + 14, STEPS.get(short, ""), size=11, more="fill='#5b6470'")
        if row + 1 < len(found) and group in {"compute", "issue"}:
            drawing.arrow((425, middle + 17), (425, middle + 32))
    return y + 50 * len(found) + 34


PICTURES = {"rings.svg": rings_picture, "hooks.svg": hooks_picture}


if __name__ == "__main__":
    TARGET.mkdir(exist_ok=True)
    for file, draw in PICTURES.items():
        (TARGET / file).write_text(draw(), encoding="utf-8", newline="\n")
    sys.exit(0)
