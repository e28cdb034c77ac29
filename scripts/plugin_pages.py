"""The pages for authors and users of plugins: the hooks, and each bundled plugin."""

from __future__ import annotations

import importlib
import inspect
import typing
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

import attrs
import docstring
from entries import class_entry, keys, keys_entry, page, summary, table

PLUGINS = {
    "legal": "billhook_legal.plugin",
    "construction": "billhook_construction.plugin",
    "freight": "billhook_freight.plugin",
    "tax_table": "billhook.builtin.tax_table",
}


# ── hooks ────────────────────────────────────────────────────────────────────

GROUPS = {
    "declare": "Asked once for each engine.",
    "compute": "Pure: no file, no network, no clock. Called in this order.",
    "issue": "Called while a draft becomes a document, and after.",
    "show": "Called when a document is printed.",
}


def hooks() -> str:
    """Return the page of the hooks."""
    from billhook.plugins import hookspecs

    found = list(hook_functions())
    rows = [
        (f"[`{function.__name__}`](#{function.__name__})", group, summary(function))
        for group, function in found
    ]
    parts = [docstring.markdown(inspect.getdoc(hookspecs) or "") + "\n"]
    parts.append(
        "Plugins are asked in the order of the job's `plugins`; the local file comes last.\n"
    )
    parts.append(table(("hook", "group", "in one line"), rows))
    for name, words in GROUPS.items():
        parts.append(f"## {name.capitalize()}\n\n{docstring.markdown(words)}\n")
        parts.extend(_hook(function) for group, function in found if group == name)
    return page("Hooks", *parts)


def hook_functions() -> Iterator[tuple[str, FunctionType]]:
    """Yield the hooks in the order of the file, each with its group."""
    from billhook.plugins import hookspecs

    lines = Path(hookspecs.__file__).read_text(encoding="utf-8").splitlines()
    group = ""
    for number, line in enumerate(lines, 1):
        if line.startswith("# ── "):
            group = line.split()[2].rstrip(":")
        if line.startswith("def billhook_"):
            yield group, getattr(hookspecs, lines[number - 1].split("(")[0].removeprefix("def "))


def _hook(function: FunctionType) -> str:
    first = bool(getattr(function, "billhook_spec")["firstresult"])  # noqa: B009 - pluggy's mark
    used = [
        name
        for name, module in PLUGINS.items()
        if hasattr(importlib.import_module(module), function.__name__)
    ]
    answers = (
        "The first answer that is not `None` counts." if first else "Every plugin's answer counts."
    )
    return "\n".join(
        [
            f"### `{function.__name__}`\n",
            f"```python\ndef {function.__name__}{docstring.signature(function)}\n```\n",
            docstring.read(function).text + "\n",
            answers,
            f"Bundled plugins with it: {', '.join(used) or 'none'}.\n",
        ]
    )


# ── plugins ──────────────────────────────────────────────────────────────────


def plugin(name: str) -> str:
    """Return the page of a bundled plugin: records, settings, hooks, state."""
    module = importlib.import_module(PLUGINS[name])
    info = module.billhook_plugin()
    used = [each for _, each in hook_functions() if hasattr(module, each.__name__)]
    listed = ", ".join(f"[`{each.__name__}`](hooks.md#{each.__name__})" for each in used)
    parts = [f"{info.title}.\n", f"Hooks: {listed}.\n"]
    if info.codes:
        codes = ", ".join(f"`{code.id}` {code.title}" for code in info.codes)
        parts.append(f"Findings, explained [here](errors.md): {codes}.\n")
    for kind, record in info.records.items():
        parts.append(_keys(f"Source `{kind}`", record, tabular=True))
    if name == "freight":
        parts.extend(_tariff())
    if info.settings is not None:
        parts.append(_keys(f"Settings `[{name}]`", info.settings))
        parts.extend(keys_entry(kind) for kind in _nested(info.settings))
    kept = {"State": (info.state,), "Details": info.details, "Events": info.events}
    for title, kinds in kept.items():
        told = [class_entry(kind) for kind in kinds if kind is not None]
        parts.extend([f"## {title}\n", *told] if told else [])
    return page(f"Plugin {name}", *parts)


def _keys(title: str, kind: type, *, tabular: bool = False) -> str:
    return f"## {title}\n\n{docstring.read(kind).text}\n\n{keys(kind, tabular=tabular)}"


def _tariff() -> Iterator[str]:
    """Yield the files of a tariff package, which the freight plugin reads by itself."""
    from billhook_freight.rating import tariff

    rows = (
        ("lanes.csv", tariff.Lane),
        ("rates.csv", tariff.ClassRate),
        ("minimums.csv", tariff.Minimum),
        ("discounts.csv", tariff.AccountDiscount),
        ("fsc.csv", tariff.FuelBand),
        ("prices.csv", tariff.FuelPrice),
        ("accessorials.csv", tariff.Accessorial),
    )
    yield _keys("Source `freight.tariff`", tariff.TariffHeader)
    yield "The tables stand beside `tariff.toml`; all but lanes and rates may be left out.\n"
    yield from (f"### `{file}`\n\n{docstring.read(k).text}\n\n{keys(k)}" for file, k in rows)
    yield from (keys_entry(kind) for kind in _nested(tariff.TariffHeader))


def _nested(kind: type) -> list[type]:
    found: dict[type, None] = {}
    for hint in typing.get_type_hints(kind, include_extras=True).values():
        for each in _classes(hint):
            found.update({each: None, **dict.fromkeys(_nested(each))})
    return list(found)


def _classes(hint: object) -> Iterator[type]:
    if isinstance(hint, type) and attrs.has(hint) and hint.__name__ != "Origin":
        yield hint
    for each in typing.get_args(hint):
        yield from _classes(each)
