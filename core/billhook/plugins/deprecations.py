"""Deprecations: what goes, since when, when at the latest, and what to write instead.

A hook or an argument of one is retired in its specification, and pluggy warns where a plugin
implements it: the warning bears the author's file and line, not ours::

    @hookspec(warn_on_impl_args={"draft": deprecation_warning("the argument draft", since="1.2",
              gone="1.4", instead="take document")})
    def billhook_example(draft, document): ...
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

RELEASES = 2
"""Minor releases that a deprecated thing stays for, at least."""


class BillhookDeprecationWarning(DeprecationWarning):
    """Something of billhook's interface goes.

    Shown by pytest and under ``python -W default``; its own class, so that a plugin's tests can
    make it an error:
    ``filterwarnings = error::billhook.plugins.deprecations.BillhookDeprecationWarning``.

    Attributes:
        since: The release that said so.
        gone: The first release that may be without it.
    """

    def __init__(self, message: str, since: str, gone: str) -> None:
        super().__init__(message)
        self.since = since
        self.gone = gone

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        """Be copied with all three parts: pytest hands warnings between processes."""
        return type(self), (str(self), self.since, self.gone)


def deprecation_warning(
    what: str, *, since: str, gone: str, instead: str
) -> BillhookDeprecationWarning:
    """Return the warning for a hook or an argument that goes.

    Args:
        what: What goes: ``the argument draft of billhook_check``.
        since: The release that says so.
        gone: The first release that may be without it.
        instead: What to do instead, in the imperative.

    Raises:
        ValueError: It would be gone sooner than is promised.
    """
    if release(gone) < _soonest(release(since)):
        raise ValueError(f"{what}: deprecated in {since}, it cannot be gone in {gone}")
    message = f"{what} is deprecated since billhook {since} and goes in {gone}: {instead}"
    return BillhookDeprecationWarning(message, since, gone)


def release(version: str) -> tuple[int, int]:
    """Return major and minor of a version: ``1.2.0.dev3`` is ``(1, 2)``."""
    major, minor, *_ = version.split(".")
    return int(major), int(minor)


def _soonest(since: tuple[int, int]) -> tuple[int, int]:
    major, minor = since
    return major, minor + RELEASES


def retirements(specifications: object) -> Iterator[tuple[str, BillhookDeprecationWarning]]:
    """Yield what is deprecated among hook specifications: the hook, or hook and argument.

    Raises:
        TypeError: A specification warns in words that say neither since when nor until when.
    """
    for name, function in vars(specifications).items():
        marks: Mapping[str, object] = getattr(function, "billhook_spec", None) or {}
        if marks.get("warn_on_impl"):
            yield name, _ours(name, marks["warn_on_impl"])
        arguments = marks.get("warn_on_impl_args") or {}
        for argument, warning in arguments.items() if isinstance(arguments, Mapping) else ():
            yield f"{name}({argument})", _ours(name, warning)


def _ours(name: str, warning: object) -> BillhookDeprecationWarning:
    if not isinstance(warning, BillhookDeprecationWarning):
        raise TypeError(
            f"{name} is retired by {warning!r}; "
            "use billhook.plugins.deprecations.deprecation_warning"
        )
    return warning


def overdue(specifications: object, version: str) -> list[str]:
    """Return what should be gone by a release."""
    return [
        name
        for name, warning in retirements(specifications)
        if release(version) >= release(warning.gone)
    ]
