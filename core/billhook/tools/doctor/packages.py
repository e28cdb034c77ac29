"""Python and the packages that billhook needs, in versions that it works with."""

from __future__ import annotations

import importlib.metadata
import platform
import re
import sqlite3
import sys
from collections.abc import Iterator

from billhook.tools.doctor.finding import Finding, HealthState

TOPIC = "python"

_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*([^;]*)")
_BOUND = re.compile(r"(>=|<=|==|!=|<|>)\s*([0-9.]+)")
_PLATFORM = re.compile(r"""sys_platform\s*==\s*["'](\w+)["']""")
_NUMBER = re.compile(r"\d+")


def examine() -> Iterator[Finding]:
    """Yield Python, SQLite and each required package with their versions."""
    facts = importlib.metadata.metadata("billhook")
    bounds = facts["Requires-Python"] or ""
    version = platform.python_version()
    title = f"Python {version}, SQLite {sqlite3.sqlite_version}, {sys.platform}"
    yield _judge(title, version, bounds, f"billhook needs Python {bounds}")
    for requirement in importlib.metadata.requires("billhook") or ():
        name, bounds, is_extra = parse_requirement(requirement)
        if not is_extra and is_for_platform(requirement, sys.platform):
            yield _package(name, bounds)


def parse_requirement(requirement: str) -> tuple[str, str, bool]:
    """Return a requirement's package, bounds, and whether it belongs to an extra."""
    found = _REQUIREMENT.match(requirement)
    name, bounds = (found[1], found[2].strip()) if found else (requirement, "")
    return name, bounds, "extra ==" in requirement


def is_for_platform(requirement: str, platform_: str) -> bool:
    """Return whether a requirement is meant for a platform: ``; sys_platform == "win32"``."""
    named = _PLATFORM.search(requirement)
    return named is None or named[1] == platform_


def _package(name: str, bounds: str) -> Finding:
    install = f'install it: python -m pip install "{name}{bounds}"'
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return Finding(TOPIC, f"{name} is not installed", HealthState.WRONG, install)
    return _judge(f"{name} {version}", version, bounds, install)


def _judge(title: str, version: str, bounds: str, hint: str) -> Finding:
    if fits(version, bounds):
        return Finding(TOPIC, title)
    return Finding(TOPIC, f"{title}, expected {bounds}", HealthState.WRONG, hint)


def fits(version: str, bounds: str) -> bool:
    """Return whether a version keeps to bounds such as ``>=2.8.2,<2.9``."""
    return all(_keeps(_numbers(version), sign, _numbers(to)) for sign, to in _BOUND.findall(bounds))


def _keeps(version: tuple[int, ...], sign: str, bound: tuple[int, ...]) -> bool:
    length = max(len(version), len(bound))
    left, right = (each + (0,) * (length - len(each)) for each in (version, bound))
    return {
        ">=": left >= right,
        "<=": left <= right,
        "==": left == right,
        "!=": left != right,
        "<": left < right,
        ">": left > right,
    }[sign]


def _numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a release; what is said of a candidate does not count."""
    release = re.match(r"[0-9.]*", version)
    return tuple(map(int, _NUMBER.findall(release[0]))) if release else ()
