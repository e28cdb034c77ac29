"""Rules: the reasons for amounts, as packages declare them in ``rules.toml``."""

from __future__ import annotations

import importlib.resources
import importlib.util
import re
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable

import attrs

from billhook.kernel import codes
from billhook.kernel.diagnostics import Diagnostic, did_you_mean
from billhook.kernel.errors import InputError
from billhook.kernel.origin import Origin


@attrs.frozen
class Rule:
    """An entry of a rule catalogue.

    Attributes:
        id: ``plugin.noun.quality``.
        title: What the figure is, in the reader's words; filled in as the sentence is.
        sentence: Why it is so; ``{value}``, ``{unit}`` and the figure's parameters are filled in.
        citation: The standard or clause that the rule comes from.
        dates: Parameters that are days as ISO 8601 writes them; a reader gets them as his own do.
        numbers: Parameters that are numbers.
        quantities: Parameters that are a number and a unit: ``100 lb``.
        phrases: Parameters that are the id of a rule; its title is filled in.
        domain: The package that it is from, and whose catalogues translate it.
    """

    id: str
    title: str
    sentence: str = ""
    citation: str = ""
    dates: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    quantities: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    domain: str = ""


def catalogue(*packages: str) -> dict[str, Rule]:
    """Return the rules that packages ship in their ``rules.toml``; the core's are always there."""
    rules: dict[str, Rule] = {}
    for package in ("billhook", *packages):
        path = _rules_of(package)
        if path is not None:
            rules.update(rules_in(path, package))
    return rules


def rules_in(path: Traversable, package: str) -> dict[str, Rule]:
    """Return the rules of a package's ``rules.toml``; there need be none.

    Raises:
        InputError: The file is not as rules are written.
    """
    import tomli

    if not path.is_file():
        return {}
    try:
        table = tomli.loads(path.read_text(encoding="utf-8"))
    except tomli.TOMLDecodeError as error:
        origin = Origin(str(path), error.lineno, error.colno)
        raise InputError((Diagnostic(codes.SYNTAX.id, error.msg, origin=origin),)) from None
    faults = [fault for id_, facts in table.items() for fault in _faults(id_, facts)]
    if faults:
        raise InputError(attrs.evolve(fault, origin=Origin(str(path))) for fault in faults)
    return {id_: _rule(id_, facts, package) for id_, facts in table.items()}


def rule_of(id_: str, rules: Mapping[str, Rule]) -> Rule:
    """Return a rule of the catalogue; one that is not there is called by its last word."""
    return rules.get(id_) or Rule(id_, called_by_id(id_))


def called_by_id(id_: str) -> str:
    """Return the last word of a rule's id, as words."""
    return re.sub(r"[-_]", " ", id_.rpartition(".")[2])


def _rule(id_: str, facts: Mapping[str, str | list[str]], package: str) -> Rule:
    title, sentence, citation = (str(facts.get(name, "")) for name in _TEXTS)
    dates, numbers, quantities, phrases = (tuple(facts.get(name, ())) for name in _KINDS)
    return Rule(
        id_,
        title,
        sentence,
        citation,
        dates=dates,
        numbers=numbers,
        quantities=quantities,
        phrases=phrases,
        domain=package,
    )


def _rules_of(package: str) -> Traversable | None:
    """Return where a package's rules would be; a plugin of one file has none."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        spec = None
    if spec is None:
        message = f"there is no package {package!r}: PluginInfo.package names it"
        raise InputError((Diagnostic(codes.NOT_LOADED.id, message),))
    alone = spec.submodule_search_locations is None
    return None if alone else importlib.resources.files(package) / "rules.toml"


PLACE = re.compile(r"\{([a-z_][a-z0-9_]*)\}", re.ASCII)
"""A place of a rule's title or sentence that is filled in."""

_TEXTS = ("title", "sentence", "citation")
_KINDS = ("dates", "numbers", "quantities", "phrases")
_FACTS = (*_TEXTS, *_KINDS)


def _faults(id_: str, facts: object) -> Iterator[Diagnostic]:
    if not isinstance(facts, Mapping):
        yield Diagnostic(codes.KIND.id, f"expected a table with {', '.join(_TEXTS)}", path=id_)
        return
    inner = [key for key, value in facts.items() if isinstance(value, Mapping)]
    if inner:
        hint = f'write the id in quotes: ["{id_}.{inner[0]}"]'
        yield Diagnostic(codes.UNKNOWN_KEY.id, f"unknown key {inner[0]!r}", path=id_, hint=hint)
        return
    for key, value in facts.items():
        if key not in _FACTS:
            yield Diagnostic(
                codes.UNKNOWN_KEY.id,
                f"unknown key {key!r}",
                path=id_,
                hint=did_you_mean(key, _FACTS),
            )
        elif key in _KINDS:
            yield from _kind_faults(id_, key, value)
        elif not isinstance(value, str):
            yield Diagnostic(codes.KIND.id, f"{key!r} is not a text", path=id_)
        elif (strange := re.search(r"[{}]", PLACE.sub("", value))) is not None:
            message = f"{key!r} has a {strange[0]!r} that is no place to be filled in"
            hint = "a place is a name in small letters: {mode}, {step}, {per_unit}"
            yield Diagnostic(codes.KIND.id, message, path=id_, hint=hint)
    if "title" not in facts:
        yield Diagnostic(codes.MISSING.id, "missing key 'title'", path=id_)


def _kind_faults(id_: str, key: str, value: object) -> Iterator[Diagnostic]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        yield Diagnostic(codes.KIND.id, f"{key!r} is not a list of parameters", path=id_)
