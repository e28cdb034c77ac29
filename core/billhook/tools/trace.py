"""Tracing: every call of a hook with its arguments and its answer, in order.

pluggy can tell that a hook was called, but not which plugin gave which answer, and an answer may be
a generator that has not run yet.  So the implementations themselves are watched.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import TypeVar

import attrs

from billhook.engine import Engine
from billhook.kernel.errors import BillhookError, PluginError

T = TypeVar("T")
Implementation = Callable[..., object]


@attrs.define(kw_only=True)
class Call:
    """One implementation of a hook, called once.

    Attributes:
        hook: The hook's name.
        plugin: Whose implementation.
        wrapper: It stands around the others, and what it got from them is ``inner``.
        arguments: What it asked for, by name.
        result: What it answered; the items of a generator.
        inner: What a wrapper got from those inside it.
        error: What it raised.
    """

    hook: str
    plugin: str
    wrapper: bool = False
    arguments: Mapping[str, object]
    result: object = None
    inner: object = None
    error: str = ""


class _Watched:
    """A plugin's hooks, watched."""

    def __init__(self, hooks: Mapping[str, object]) -> None:
        self.__dict__.update(hooks)


class Trace:
    """Watches an engine's plugins.

    Attributes:
        calls: What was called, in order.
        engine: An engine of the same plugins, watched.
    """

    def __init__(self, engine: Engine) -> None:
        self.calls: list[Call] = []
        watched = [(each.name, self._watch(each.name, each.module)) for each in engine.plugins]
        self.engine: Engine = Engine(watched, findings=engine.findings)

    def _watch(self, plugin: str, module: object) -> _Watched:
        names = {
            name: self._around(plugin, name, value) if hasattr(value, "billhook_impl") else value
            for name, value in vars(module).items()
            if name.startswith("billhook_") and callable(value)
        }
        return _Watched(names)

    def _around(self, plugin: str, hook: str, function: Implementation) -> Implementation:
        if hook == "billhook_plugin":
            return function
        names = tuple(inspect.signature(function).parameters)
        if function.billhook_impl["wrapper"]:  # type: ignore[attr-defined]  # pluggy's mark
            return self._around_wrapper(plugin, hook, function, names)

        @functools.wraps(function)
        def call(*given: object) -> object:
            arguments = dict(zip(names, given, strict=True))
            noted = Call(hook=hook, plugin=plugin, arguments=arguments)
            self.calls.append(noted)
            return _note(noted, function, given)

        return call

    def _around_wrapper(
        self, plugin: str, hook: str, function: Implementation, names: tuple[str, ...]
    ) -> Implementation:
        @functools.wraps(function)
        def call(*given: object) -> Generator[None, object, object]:
            arguments = dict(zip(names, given, strict=True))
            noted = Call(hook=hook, plugin=plugin, arguments=arguments, wrapper=True)
            self.calls.append(noted)
            with _Blame(noted):
                noted.result = yield from _passing(noted, function(*given))
            return noted.result

        return call


def _note(noted: Call, function: Implementation, given: Iterable[object]) -> object:
    with _Blame(noted):
        answer = function(*given)
    if isinstance(answer, Iterator):
        items: list[object] = []
        noted.result = items
        return _collecting(noted, answer, items)
    noted.result = answer
    return answer


def _collecting(noted: Call, answer: Iterator[T], items: list[T]) -> Iterator[T]:
    """Yield what a generator yields, and keep it."""
    with _Blame(noted):
        for item in answer:
            items.append(item)
            yield item


def _passing(noted: Call, wrapper: object) -> Generator[None, object, object]:
    """Run a wrapper, and keep what it was sent from inside."""
    assert isinstance(wrapper, Generator)  # noqa: S101 - pluggy registers nothing else
    next(wrapper)
    noted.inner = yield
    try:
        wrapper.send(noted.inner)
    except StopIteration as end:
        return end.value
    raise RuntimeError("a wrapper yields once")


@attrs.frozen
class _Blame:
    """Keeps an error, and says whose it is: the watched function hides the plugin's own."""

    noted: Call

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is None or isinstance(error, GeneratorExit):
            return
        self.noted.error = self.noted.error or f"{type(error).__name__}: {error}"
        if isinstance(error, Exception) and not isinstance(error, BillhookError):
            raise PluginError(self.noted.plugin, self.noted.hook, error) from error
