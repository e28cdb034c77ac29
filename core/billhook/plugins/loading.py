"""Loading plugins: by name, each guarded, none by surprise.

Only the plugins that are named are imported, so that installing a package never changes an
amount, and one that is broken is reported by name and takes no other down.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import importlib.machinery
import importlib.metadata
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import cast

import attrs
import pluggy

from billhook.kernel import codes
from billhook.kernel.diagnostics import Diagnostic, Severity, did_you_mean
from billhook.kernel.errors import in_words
from billhook.kernel.origin import Origin
from billhook.plugins import hookspecs
from billhook.plugins.info import API, PluginInfo

GROUP = "billhook"
"""The entry-point group of plugins."""

BREAKS = (Exception, SystemExit)
"""Exceptions caught from a plugin's code; `sys.exit` in it must not end the program silently."""

_LOCAL = "billhook_local_"

Approve = Callable[[Path, bytes], Diagnostic | None]
"""Decides on a local plugin, by its file and content: a finding says why it is not run."""


@attrs.frozen
class Plugin:
    """A loaded plugin.

    Attributes:
        info: What it says of itself.
        module: The object with its hook implementations.
        distribution: The installed package it came from; empty for a local file or an object.
    """

    info: PluginInfo
    module: object
    distribution: str = ""

    @property
    def name(self) -> str:
        """The plugin's name."""
        return self.info.name


@attrs.frozen
class Loaded:
    """Loaded plugins, and the findings of loading."""

    plugins: tuple[Plugin, ...]
    findings: tuple[Diagnostic, ...]


def find_installed() -> dict[str, importlib.metadata.EntryPoint]:
    """Return the installed plugins by name, without importing any."""
    return dict(_points(tuple(sys.path)))


@functools.lru_cache(maxsize=4)
def _points(_path: tuple[str, ...]) -> dict[str, importlib.metadata.EntryPoint]:
    """Return the entry points of a search path: scanning it takes longer than a bill."""
    return {point.name: point for point in importlib.metadata.entry_points(group=GROUP)}


def source_of(point: importlib.metadata.EntryPoint) -> bytes:
    """Return the source of an installed plugin's module without importing it; empty without one."""
    top, _, rest = point.module.partition(".")
    spec = importlib.util.find_spec(top)
    if spec is None or spec.origin is None:
        return b""
    path = Path(spec.origin)
    if rest:
        path = path.parent / f"{rest.replace('.', '/')}.py"
        path = path if path.is_file() else path.with_suffix("") / "__init__.py"
    return path.read_bytes() if path.is_file() else b""


def load_named(names: Iterable[str]) -> Loaded:
    """Load installed plugins by name."""
    points = find_installed()
    loaded: list[Plugin] = []
    findings: list[Diagnostic] = []
    for name in names:
        if name in points:
            _collect(_from_point(points[name]), loaded, findings)
        else:
            hint = did_you_mean(name, points)
            findings.append(
                Diagnostic(codes.NOT_INSTALLED.id, f"plugin {name!r} is not installed", hint=hint)
            )
    return Loaded(tuple(loaded), tuple(findings))


def load_file(path: Path, approve: Approve | None = None) -> Loaded:
    """Load a local plugin from one Python file; its name is the file's.

    An unchanged file is run once in a process, so that the classes it defines stay the same.  The
    bytes that were approved are the ones that are run: neither a file that changes meanwhile nor
    compiled bytecode beside it takes their place.

    Args:
        path: The file.
        approve: Asked before any of it is run; without one it is run, for a host decides.
    """
    origin = Origin(str(path))
    try:
        content = path.read_bytes()
    except (OSError, ValueError):
        finding = Diagnostic(
            codes.NOT_LOADED.id, f"cannot read the local plugin {path.name!r}", origin=origin
        )
        return Loaded((), (finding,))
    if approve is not None and (refused := approve(path, content)) is not None:
        return Loaded((), (attrs.evolve(refused, origin=origin),))
    name = _module_name(path, content)
    if name in sys.modules:
        return load_object(path.stem, sys.modules[name])
    loader = importlib.machinery.SourceFileLoader(name, str(path))
    spec = importlib.machinery.ModuleSpec(name, loader, origin=str(path))
    spec.has_location = True
    module = importlib.util.module_from_spec(spec)
    # Where attrs and typing look for the names in a class's annotations.
    sys.modules[name] = module
    try:
        exec(loader.source_to_code(content, str(path)), vars(module))  # noqa: S102 - a plugin is code
    except BREAKS as error:
        del sys.modules[name]
        return Loaded((), (_broken(path.stem, error, _line_of(error, path) or origin),))
    return load_object(path.stem, module)


def _module_name(path: Path, content: bytes) -> str:
    """Return the name that the file is loaded under."""
    place = str(path.absolute()).encode("utf-8", "surrogateescape")
    digest = hashlib.sha256(place + b"\0" + content).hexdigest()
    return f"{_LOCAL}{path.stem}_{digest[:8]}"


def load_object(name: str, module: object) -> Loaded:
    """Take a module or object as a plugin."""
    loaded: list[Plugin] = []
    findings: list[Diagnostic] = []
    _collect(_read_info(name, module, ""), loaded, findings)
    return Loaded(tuple(loaded), tuple(findings))


def register(manager: pluggy.PluginManager, plugin: Plugin) -> list[Diagnostic]:
    """Register a plugin; what does not fit the hooks is a finding and leaves it out."""
    unfit = [*_misspelt(plugin), *_overasking(manager, plugin)]
    if unfit:
        return unfit
    try:
        manager.register(plugin.module, name=plugin.name)
    except pluggy.PluginValidationError as error:
        manager.unregister(name=plugin.name)
        return [_misfit(plugin.name, str(error))]
    return []


def _collect(one: Plugin | Diagnostic, loaded: list[Plugin], findings: list[Diagnostic]) -> None:
    if isinstance(one, Plugin):
        loaded.append(one)
    else:
        findings.append(one)


def _from_point(point: importlib.metadata.EntryPoint) -> Plugin | Diagnostic:
    try:
        module = cast("ModuleType", point.load())
    except BREAKS as error:
        return _broken(point.name, error, None)
    dist = point.dist
    return _read_info(point.name, module, f"{dist.name} {dist.version}" if dist else "")


def _read_info(name: str, module: object, distribution: str) -> Plugin | Diagnostic:
    declare = getattr(module, "billhook_plugin", None)
    try:
        info = declare() if declare is not None else PluginInfo(name=name)
    except BREAKS as error:
        return _broken(name, error, place_in(module, error))
    if not isinstance(info, PluginInfo):
        return Diagnostic(
            codes.NOT_LOADED.id, f"plugin {name!r}: billhook_plugin() returns no PluginInfo"
        )
    if info.api != API:
        return Diagnostic(
            codes.API_VERSION.id,
            f"plugin {name!r} was written for hooks {info.api}, this billhook has hooks {API}",
        )
    return Plugin(info, module, distribution)


def place_in(module: object, error: BaseException) -> Origin | None:
    """Return the line of a local plugin's file where it broke; others are for their authors."""
    file = getattr(module, "__file__", None)
    if file is None or not getattr(module, "__name__", "").startswith(_LOCAL):
        return None
    return _line_of(error, Path(file))


def _line_of(error: BaseException, path: Path) -> Origin | None:
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return Origin(str(path), error.lineno)
    frames = traceback.walk_tb(error.__traceback__)
    lines = [line for frame, line in frames if frame.f_code.co_filename == str(path)]
    return Origin(str(path), lines[-1]) if lines else None


def _broken(name: str, error: BaseException, origin: Origin | None) -> Diagnostic:
    cause = f"SyntaxError: {error.msg}" if isinstance(error, SyntaxError) else in_words(error)
    return Diagnostic(
        codes.NOT_LOADED.id, f"plugin {name!r} cannot be loaded: {cause}", origin=origin
    )


def _misfit(name: str, message: str) -> Diagnostic:
    text = " ".join(message.split())
    return Diagnostic(codes.UNKNOWN_ARGUMENT.id, f"plugin {name!r} does not fit its hook: {text}")


def _misspelt(plugin: Plugin) -> list[Diagnostic]:
    known = {name for name in vars(hookspecs) if name.startswith("billhook_")}
    findings = []
    for name in sorted(vars(plugin.module)):
        if not name.startswith("billhook_") or not callable(getattr(plugin.module, name)):
            continue
        marked = hasattr(getattr(plugin.module, name), "billhook_impl")
        if name not in known:
            message = f"plugin {plugin.name!r}: there is no hook {name!r}"
            findings.append(
                Diagnostic(codes.UNKNOWN_HOOK.id, message, hint=did_you_mean(name, known))
            )
        elif not marked and name != "billhook_plugin":
            message = f"plugin {plugin.name!r}: {name} is not marked with @hookimpl"
            findings.append(
                Diagnostic(codes.UNMARKED_HOOK.id, message, Severity.ERROR, hint="add @hookimpl")
            )
    return findings


def _overasking(manager: pluggy.PluginManager, plugin: Plugin) -> Iterable[Diagnostic]:
    """Find arguments that a hook does not give."""
    for name, function in sorted(vars(plugin.module).items()):
        caller = getattr(manager.hook, name, None) if hasattr(function, "billhook_impl") else None
        if caller is None or caller.spec is None:
            continue
        for asked in inspect.signature(function).parameters:
            if asked not in caller.spec.argnames:
                where = f"plugin {plugin.name!r}: {name}"
                message = f"{where} asks for {asked!r}, which it is not given"
                hint = f"it may ask for {', '.join(caller.spec.argnames)}"
                yield Diagnostic(codes.UNKNOWN_ARGUMENT.id, message, hint=hint)
