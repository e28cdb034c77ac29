"""Keep the message catalogues: extract labels, update catalogues, check them, write the glossary.

python scripts/catalogs.py extract             list the labels of the sources
python scripts/catalogs.py update [LANGUAGE]   bring catalogues up to date, or begin one
python scripts/catalogs.py check               name everything that is missing or wrong
python scripts/catalogs.py terms               write docs/reference/terms.md

With --package FOLDER the first three work on that import package, of any plugin anywhere, and on
no other; its author chooses the languages.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.core import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = ROOT / "docs" / "reference" / "terms.md"
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
REVIEW = "Review: "
"""Begins the line behind it, that says who has read the catalogue."""
PLACE = re.compile(r"\{\w+\}", re.ASCII)
SOURCE_LANGUAGE = "en"
SHIPPED = (
    *("ar", "cs", "da", "de", "el", "es", "fi", "fr", "he", "hr", "hu", "it", "ja"),
    *("ko", "nb", "nl", "pl", "pt", "ro", "sk", "sl", "sv", "tr", "uk", "zh"),
)
"""The languages of every package with labels: a bill is not half in one and half in another."""
TERMS = "Terms: "
"""Begins the line of a catalogue's head that says where its wording is from."""


def main(arguments: Sequence[str]) -> int:
    """Run one command; return the exit code."""
    own, words = _own(arguments)
    if own is not None and not (own / "__init__.py").is_file():
        print(f"{own} is no import package: it has no __init__.py")
        return 2
    command, *rest = words or ("check",)
    chosen = packages() if own is None else [own]
    if command == "extract":
        for package in chosen:
            keys = [_key(label) for label in template(package) if label.id]
            print(f"{package.name}:", *(f"  {key}" for key in keys), sep="\n")
    elif command == "update":
        update(rest, chosen)
    elif command == "terms" and own is None:
        GLOSSARY.write_text(glossary(), encoding="utf-8")
    elif command == "check":
        found = list(check() if own is None else check_own(own))
        print("\n".join(found) or "the catalogues are complete")
        return 1 if found else 0
    else:
        print(__doc__)
        return 2
    return 0


def _own(arguments: Sequence[str]) -> tuple[Path | None, list[str]]:
    """Return the folder behind ``--package``, if there is one, and the other words."""
    words = list(arguments)
    if "--package" not in words[:-1]:
        return None, words
    place = words.index("--package")
    folder = Path(words[place + 1]).resolve()
    return folder, words[:place] + words[place + 2 :]


# ── places ───────────────────────────────────────────────────────────────────


def packages() -> list[Path]:
    """Return the import packages that can have catalogues: the core's, then the plugins'."""
    return [ROOT / "core" / "billhook", *sorted(ROOT.glob("plugins/*/billhook_*/"))]


def catalogue_path(package: Path, language: str) -> Path:
    """Return where a package's catalogue of a language is."""
    return package / "locale" / language / "LC_MESSAGES" / f"{package.name}.po"


def languages(package: Path) -> list[str]:
    """Return the languages that a package has catalogues of."""
    return sorted(path.parts[-3] for path in package.glob("locale/*/LC_MESSAGES/*.po"))


def read(path: Path, language: str) -> Catalog:
    """Return a catalogue from its file."""
    with path.open("rb") as stream:
        return read_po(stream, locale=language, abort_invalid=True)


# ── labels of the sources ────────────────────────────────────────────────────


def template(package: Path) -> Catalog:
    """Return the labels of a package's sources, without translations."""
    catalogue = Catalog(project="billhook", charset="utf-8")
    found = extract_from_dir(
        package,
        method_map=[("**.py", "python")],
        keywords={"_": None},
        comment_tags=("NOTE:", "PLURAL"),
        strip_comment_tags=False,
    )
    for _file, _line, message, comments, _context in sorted(found, key=lambda each: each[2]):
        plural = any(comment.startswith("PLURAL") for comment in comments)
        key = message if isinstance(message, str) else message[0]
        entry = (str(key), str(key)) if plural else str(key)
        catalogue.add(entry, auto_comments=_joined(comments))
    return catalogue


def _joined(comments: Sequence[str]) -> list[str]:
    return [" ".join(comments)] if comments else []


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


# ── update ───────────────────────────────────────────────────────────────────


def update(wanted: Sequence[str] = (), chosen: Sequence[Path] | None = None) -> None:
    """Add new labels to the catalogues and drop old ones; begin a wanted one that is not there."""
    for package in packages() if chosen is None else chosen:
        labels = template(package)
        for language in (wanted if len(labels) else ()) or languages(package):
            _update(catalogue_path(package, language), language, labels)


def _update(path: Path, language: str, labels: Catalog) -> None:
    if path.exists():
        catalogue = read(path, language)
        catalogue.update(labels, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
    else:
        catalogue = Catalog(locale=language, project="billhook", charset="utf-8")
        catalogue.header_comment = f"# {TERMS}\n# {REVIEW}none yet"
        for message in labels:
            if message.id:
                catalogue.add(message.id, auto_comments=message.auto_comments)
    write(path, catalogue)


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue in the one form that makes small differences."""
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.fuzzy = False
    with path.open("wb") as stream:
        write_po(stream, catalogue, width=100, no_location=True, sort_output=True)
    text = path.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(DROPPED)]
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


# ── check ────────────────────────────────────────────────────────────────────


def check() -> Iterator[str]:
    """Name each fault, with the languages that have it; silence is good."""
    for package in packages():
        yield from check_own(package, SHIPPED)
    if not GLOSSARY.exists() or GLOSSARY.read_text(encoding="utf-8") != glossary():
        yield f"{GLOSSARY.relative_to(ROOT)}: not as the catalogues say; run 'catalogs.py terms'"


def check_own(package: Path, shipped: Sequence[str] = ()) -> Iterator[str]:
    """Name each fault of one package's catalogues."""
    labels = template(package)
    lacking = missing(labels, languages(package), shipped)
    yield from (f"{package.name}: {fault}" for fault in lacking)
    found: dict[str, list[str]] = {}
    for language in languages(package):
        for fault in faults(read(catalogue_path(package, language), language), labels):
            found.setdefault(fault, []).append(language)
    yield from (f"{package.name}: {fault} [{' '.join(who)}]" for fault, who in found.items())


def missing(
    labels: Catalog, present: Sequence[str], shipped: Sequence[str] = SHIPPED
) -> Iterator[str]:
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
    for label in labels:
        if label.id:
            yield from _faults(catalogue.get(_key(label)), label, catalogue)
    known = {_key(label) for label in labels}
    yield from (f"no source has {_key(m)!r} any more" for m in catalogue if _key(m) not in known)


def _faults(found: Message | None, label: Message, catalogue: Catalog) -> Iterator[str]:
    key = _key(label)
    texts = _texts(found)
    if not all(texts) or not texts:
        if not _may_lack(label, catalogue):
            yield f"{key!r} is not translated"
        return
    if found is not None and found.fuzzy:
        yield f"{key!r} is marked fuzzy: translate it, or leave it out"
    if len(texts) != (catalogue.num_plurals if label.pluralizable else 1):
        yield f"{key!r} has {len(texts)} forms, expected {catalogue.num_plurals}"
    for text in texts:
        if sorted(PLACE.findall(text)) != sorted(PLACE.findall(key)):
            yield f"{key!r} and {text!r} have different places"
        if text != text.strip():
            yield f"{text!r} begins or ends with a blank"


def _texts(message: Message | None) -> tuple[str, ...]:
    if message is None or not message.string:
        return ()
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _may_lack(label: Message, catalogue: Catalog) -> bool:
    """Return whether a translation is not needed.

    A region adds to its language, English is the source, and ``{label}, {rate}`` has no words.
    """
    if not any(char.isalpha() for char in PLACE.sub("", _key(label))):
        return True
    locale = catalogue.locale
    regional = locale is not None and locale.territory is not None
    return regional or (str(locale) == SOURCE_LANGUAGE and not label.pluralizable)


def source_of(catalogue: Catalog) -> str:
    """Return where a catalogue's wording is from, by its head."""
    lines = [line.lstrip("# ") for line in catalogue.header_comment.splitlines()]
    head = " ".join(lines).partition(f" {REVIEW}")[0]
    return head.partition(TERMS)[2]


# ── glossary ─────────────────────────────────────────────────────────────────


def glossary() -> str:
    """Return the page of terms: each language's word for each label of the core."""
    core = packages()[0]
    names = [name for name in languages(core) if name != SOURCE_LANGUAGE]
    catalogues = {name: read(catalogue_path(core, name), name) for name in names}
    keys = [_key(label) for label in template(core) if label.id]
    parts = [_HEAD, *_sources(catalogues)]
    parts += [part for name in names for part in _language(name, catalogues[name], keys)]
    return "\n".join(parts) + "\n"


_HEAD = """# Terms of bills in each language

<!-- Written by scripts/catalogs.py from the catalogues; change those, not this page. -->

These are the words that billhook prints; a word that is missing under a region is its language's.
A word that is wrong in your trade or country is worth an issue: say the term, where it is used, and
a public source for it.

## Where the wording is from

| language | source |
| --- | --- |"""


def _title(name: str) -> str:
    return Locale.parse(name).get_display_name("en") or name


def _sources(catalogues: dict[str, Catalog]) -> Iterator[str]:
    for name, catalogue in catalogues.items():
        yield f"| {_title(name)} (`{name}`) | {source_of(catalogue)} |"


def _language(name: str, catalogue: Catalog, keys: Sequence[str]) -> Iterator[str]:
    yield f"\n## {_title(name)} (`{name}`)\n"
    yield "| English | term |\n| --- | --- |"
    for key in keys:
        texts = _texts(catalogue.get(key))
        if all(texts) and texts:
            yield f"| {key} | {' · '.join(dict.fromkeys(texts))} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
