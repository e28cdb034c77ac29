"""Extract, update, check and compile the message catalogues of a package."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from tokenize import TokenError

from babel.core import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po, write_po

from billhook.explain.rules import Rule, rules_in
from billhook.i18n.message_catalogs import RULE, compile_po
from billhook.kernel import codes
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import InputError
from billhook.kernel.origin import Origin

DROPPED = tuple(
    f'"{name}: '
    for name in (
        "Project-Id-Version",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Generated-By",
        "Last-Translator",
        "Language-Team",
        "Report-Msgid-Bugs-To",
    )
)
"""Fields of a catalogue's head that change without a change of the catalogue."""
TERMS = "Terms: "
"""Begins the line of a catalogue's head that says where its wording is from."""
REVIEW = "Review: "
"""Begins the line behind it, that says who has read the catalogue."""
RULES = "Rules: "
"""Begins the line of a catalogue's head that says which rules it has: ``some`` or ``all``.

A language tells a rule wholly or not at all, so a catalogue need not have any; one that says
``all`` is held to it.
"""
SOURCE_LANGUAGE = "en"
_PLACE = re.compile(r"\{\w+\}", re.ASCII)


# ── places ───────────────────────────────────────────────────────────────────


def catalogue_path(package: Path, language: str) -> Path:
    """Return where a package's catalogue of a language is."""
    return package / "locale" / language / "LC_MESSAGES" / f"{package.name}.po"


def languages(package: Path) -> list[str]:
    """Return the languages that a package has catalogues of."""
    return sorted(path.parts[-3] for path in package.glob("locale/*/LC_MESSAGES/*.po"))


def is_language(name: str) -> bool:
    """Return whether a name is that of a language that numbers and dates are known of."""
    try:
        return str(Locale.parse(name)) == name
    except (UnknownLocaleError, ValueError):
        return False


def read(path: Path, language: str) -> Catalog:
    """Return a catalogue from its file.

    Raises:
        InputError: The file is no catalogue.
    """
    try:
        with path.open("rb") as stream:
            return read_po(stream, locale=language, abort_invalid=True)
    except PoFileError as error:
        origin = Origin(str(path), error.lineno + 1)
        message = f"not a catalogue: {error.args[0].partition(' on ')[0]}"
        raise InputError((Diagnostic(codes.SYNTAX.id, message, origin=origin),)) from None
    except UnicodeDecodeError as error:
        message = f"not in the encoding of its head: {error.reason}"
        raise InputError(
            (Diagnostic(codes.SYNTAX.id, message, origin=Origin(str(path))),)
        ) from None


# ── labels of the sources ────────────────────────────────────────────────────


def template(package: Path) -> Catalog:
    """Return the labels of a package's sources and the words of its rules, without translations.

    Raises:
        InputError: A source is not Python, or the rules are not as rules are written.
    """
    catalogue = Catalog(project="billhook", charset="utf-8")
    for message, comments in sorted(_extract_marked(package, "_"), key=lambda each: each[0]):
        plural = any(comment.startswith("PLURAL") for comment in comments)
        joined = [" ".join(comments)] if comments else []
        catalogue.add((message, message) if plural else message, auto_comments=joined)
    for message, comments in [*_extract_marked(package, "narrated"), *_of_rules(package)]:
        catalogue.add(message, auto_comments=comments, context=RULE)
    return catalogue


def _of_rules(package: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the titles and sentences of the rules, with the rules that have them."""
    having: dict[str, list[str]] = {}
    for rule in rules_in(package / "rules.toml", package.name).values():
        for text in texts_of(rule):
            having.setdefault(text, []).append(rule.id)
    yield from ((text, [_name_ids(ids)]) for text, ids in having.items())


def texts_of(rule: Rule) -> tuple[str, ...]:
    """Return the words of a rule that have to be translated: its title and its sentence."""
    return tuple(text for text in (rule.title, rule.sentence) if _has_words(text))


def _name_ids(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _FEW} more" if len(ids) > _FEW else ""
    return f"{', '.join(ids[:_FEW])}{more}"


_FEW = 3
"""So many of the rules with the same words are named to the translator."""


def _extract_marked(package: Path, keyword: str) -> list[tuple[str, list[str]]]:
    """Return what stands in ``_()``, with the comments for translators above it."""
    reading: list[str] = []
    found = extract_from_dir(
        package,
        method_map=[("**.py", "python")],
        keywords={keyword: None},
        comment_tags=("NOTE:", "PLURAL"),
        callback=lambda name, _method, _options: reading.append(name),
        strip_comment_tags=False,
    )
    try:
        return [(_first(message), comments) for _, _, message, comments, _ in found]
    except (SyntaxError, TokenError, UnicodeDecodeError) as error:
        origin = Origin(str(package / reading[-1]), getattr(error, "lineno", None))
        why = error.reason if isinstance(error, UnicodeDecodeError) else error.args[0]
        finding = Diagnostic(codes.SYNTAX.id, f"not Python: {why}", origin=origin)
        raise InputError((finding,)) from None


def _first(message: str | tuple[str, ...] | list[str]) -> str:
    return message if isinstance(message, str) else message[0]


def key(message: Message) -> str:
    """Return what a message is looked up by, in its context."""
    return _first(message.id)


def is_rule(message: Message) -> bool:
    """Return whether a message is the words of a rule, not a label."""
    return message.context == RULE


def _id(message: Message) -> tuple[str, str]:
    return key(message), message.context or ""


# ── update ───────────────────────────────────────────────────────────────────


def update(package: Path, wanted: Sequence[str] = ()) -> list[Path]:
    """Add new labels to the catalogues and drop old ones; begin a wanted one that is not there.

    Args:
        package: The folder of the import package.
        wanted: The languages; none means those that there are catalogues of.

    Returns:
        The catalogues that were written: all of them, or none when one cannot be read.
    """
    labels = template(package)
    chosen = (wanted if len(labels) else ()) or languages(package)
    paths = {language: catalogue_path(package, language) for language in chosen}
    updated = {path: _update_catalogue(path, language, labels) for language, path in paths.items()}
    for path, catalogue in updated.items():
        write(path, catalogue)
    return list(updated)


def _update_catalogue(path: Path, language: str, labels: Catalog) -> Catalog:
    if path.exists():
        catalogue = read(path, language)
        wanted = labels if tells_rules(catalogue) else _without_rules(labels)
        catalogue.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        return catalogue
    catalogue = Catalog(locale=language, project="billhook", charset="utf-8")
    catalogue.header_comment = f"# {TERMS}\n# {REVIEW}none yet"
    if any(is_rule(message) for message in labels) and language != SOURCE_LANGUAGE:
        catalogue.header_comment += f"\n# {RULES}some"
    else:
        labels = _without_rules(labels)
    for message in labels:
        if message.id:
            _add(catalogue, message)
    return catalogue


def _without_rules(labels: Catalog) -> Catalog:
    kept = Catalog(project="billhook", charset="utf-8")
    for message in labels:
        if message.id and not is_rule(message):
            _add(kept, message)
    return kept


def _add(catalogue: Catalog, message: Message) -> None:
    catalogue.add(message.id, auto_comments=message.auto_comments, context=message.context)


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue in the one form that makes small differences."""
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.fuzzy = False
    with path.open("wb") as stream:
        write_po(stream, catalogue, width=100, no_location=True, sort_output=True)
    text = path.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(DROPPED)]
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8", newline="\n")


def compile_catalogues(package: Path) -> list[Path]:
    """Compile each catalogue to gettext's binary form beside it; return what was written."""
    sources = {name: catalogue_path(package, name) for name in languages(package)}
    for name, source in sources.items():
        read(source, name)
    for source in sources.values():
        source.with_suffix(".mo").write_bytes(compile_po(source.read_bytes()))
    return [source.with_suffix(".mo") for source in sources.values()]


# ── check ────────────────────────────────────────────────────────────────────


def check(package: Path, shipped: Sequence[str] = ()) -> Iterator[str]:
    """Name each fault of a package's catalogues, with the languages that have it.

    Args:
        package: The folder of the import package.
        shipped: Languages that it must have catalogues of.
    """
    labels = template(package)
    lacking = missing(labels, languages(package), shipped)
    yield from (f"{package.name}: {fault}" for fault in lacking)
    found: dict[str, list[str]] = {}
    for language in languages(package):
        for fault in faults(read(catalogue_path(package, language), language), labels):
            found.setdefault(fault, []).append(language)
    yield from (f"{package.name}: {fault} [{' '.join(who)}]" for fault, who in found.items())


def missing(labels: Catalog, present: Sequence[str], shipped: Sequence[str]) -> Iterator[str]:
    """Name the languages that a package lacks; English only has to say its plurals."""
    plural = any(label.pluralizable for label in labels if label.id)
    wanted = [*(shipped if len(labels) else ()), *((SOURCE_LANGUAGE,) if plural else ())]
    lacking = [language for language in wanted if language not in present]
    if lacking:
        yield f"there is no catalogue of {' '.join(lacking)}"


def faults(catalogue: Catalog, labels: Catalog) -> Iterator[str]:
    """Name the faults of one catalogue, against the labels of the sources."""
    if catalogue.num_plurals != get_plural(str(catalogue.locale))[0]:
        yield "Plural-Forms is not the language's"
    if not source_of(catalogue):
        yield f"the head does not say where the wording is from ('# {TERMS}...')"
    if rules_of(catalogue) not in ("", "some", "all"):
        yield f"the head says '# {RULES}{rules_of(catalogue)}', expected 'some' or 'all'"
    for label in labels:
        if label.id:
            yield from _faults(catalogue.get(key(label), label.context), label, catalogue)
    known = {_id(label) for label in labels}
    yield from (f"no source has {key(m)!r} any more" for m in catalogue if _id(m) not in known)


def _faults(found: Message | None, label: Message, catalogue: Catalog) -> Iterator[str]:
    name = key(label)
    translated = texts(found)
    if not all(translated) or not translated:
        if not _may_lack(label, catalogue):
            yield f"{name!r} is not translated"
        return
    if found is not None and found.fuzzy:
        yield f"{name!r} is marked fuzzy: translate it, or leave it out"
    if len(translated) != (catalogue.num_plurals if label.pluralizable else 1):
        yield f"{name!r} has {len(translated)} forms, expected {catalogue.num_plurals}"
    for text in translated:
        if sorted(_PLACE.findall(text)) != sorted(_PLACE.findall(name)):
            yield f"{name!r} and {text!r} have different places"
        if text != text.strip():
            yield f"{text!r} begins or ends with a blank"


def texts(message: Message | None) -> tuple[str, ...]:
    """Return the translations of a message: one, or one for each plural form."""
    if message is None or not message.string:
        return ()
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _may_lack(label: Message, catalogue: Catalog) -> bool:
    """Return whether a translation is not needed.

    A region adds to its language, English is the source, ``{label}, {rate}`` has no words, and
    rules are told in English where a language does not say that it has them all.
    """
    if not _has_words(key(label)) or (is_rule(label) and rules_of(catalogue) != "all"):
        return True
    locale = catalogue.locale
    regional = isinstance(locale, Locale) and locale.territory is not None
    return regional or (str(locale) == SOURCE_LANGUAGE and not label.pluralizable)


def _has_words(text: str) -> bool:
    return any(char.isalpha() for char in _PLACE.sub("", text))


def rules_of(catalogue: Catalog) -> str:
    """Return which rules a catalogue has, by its head: ``some``, ``all`` or nothing."""
    lines = (line.lstrip("# ") for line in catalogue.header_comment.splitlines())
    return next((line.removeprefix(RULES) for line in lines if line.startswith(RULES)), "")


def tells_rules(catalogue: Catalog) -> bool:
    """Return whether a catalogue has words of rules, or is to have some."""
    return bool(rules_of(catalogue)) or any(is_rule(message) for message in catalogue)


def source_of(catalogue: Catalog) -> str:
    """Return where a catalogue's wording is from, by its head."""
    lines = [line.lstrip("# ") for line in catalogue.header_comment.splitlines()]
    head = " ".join(lines).partition(f" {REVIEW}")[0]
    return head.partition(TERMS)[2]
