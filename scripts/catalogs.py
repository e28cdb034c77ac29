"""Keep the message catalogues of this project: extract labels, update, check, write the glossary.

python scripts/catalogs.py extract             list the labels of the sources
python scripts/catalogs.py update [LANGUAGE]   bring catalogues up to date, or begin one
python scripts/catalogs.py check               name everything that is missing or wrong
python scripts/catalogs.py terms               write docs/reference/terms.md

A plugin of somebody else is kept by ``billhook plugin catalogs``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.core import Locale
from babel.messages.catalog import Catalog

from billhook.tools import catalog_tools
from billhook.tools.catalog_tools import SOURCE_LANGUAGE, catalogue_path, languages, read, template

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = ROOT / "docs" / "reference" / "terms.md"
SHIPPED = (
    *("ar", "cs", "da", "de", "el", "es", "fi", "fr", "he", "hi", "hr", "hu", "it", "ja"),
    *("ko", "nb", "nl", "pl", "pt", "ro", "sk", "sl", "sv", "th", "tr", "uk", "zh"),
)
"""The languages of every package with labels: a bill is not half in one and half in another."""
EXPLAINED = ("de", "es", "fr", "it", "nl", "pl")
"""The languages that every package explains its amounts in; the others do so in English."""


def main(arguments: Sequence[str]) -> int:
    """Run one command; return the exit code."""
    command, *rest = arguments or ("check",)
    if command == "extract":
        for package in packages():
            keys = [catalog_tools.key(label) for label in template(package) if label.id]
            print(f"{package.name}:", *(f"  {key}" for key in keys), sep="\n")
    elif command == "update":
        for package in packages():
            catalog_tools.update(package, rest)
    elif command == "terms":
        GLOSSARY.write_text(glossary(), encoding="utf-8")
    elif command == "check":
        found = list(check())
        print("\n".join(found) or "the catalogues are complete")
        return 1 if found else 0
    else:
        print(__doc__)
        return 2
    return 0


def packages() -> list[Path]:
    """Return the import packages that can have catalogues: the core's, then the plugins'."""
    return [ROOT / "core" / "billhook", *sorted(ROOT.glob("plugins/*/billhook_*/"))]


def check() -> Iterator[str]:
    """Name each fault, with the languages that have it; silence is good."""
    for package in packages():
        yield from catalog_tools.check(package, SHIPPED)
        yield from _unexplained(package)
    if not GLOSSARY.exists() or GLOSSARY.read_text(encoding="utf-8") != glossary():
        yield f"{GLOSSARY.relative_to(ROOT)}: not as the catalogues say; run 'catalogs.py terms'"


def _unexplained(package: Path) -> Iterator[str]:
    """Name the languages that have to say that they have all rules, and do not."""
    for language in EXPLAINED:
        if catalog_tools.rules_of(read(catalogue_path(package, language), language)) != "all":
            yield f"{package.name}: the head does not say '# {catalog_tools.RULES}all' [{language}]"


# ── glossary ─────────────────────────────────────────────────────────────────


def glossary() -> str:
    """Return the page of terms: each language's word for each label of the core."""
    core = packages()[0]
    names = [name for name in languages(core) if name != SOURCE_LANGUAGE]
    catalogues = {name: read(catalogue_path(core, name), name) for name in names}
    labels = [label for label in template(core) if label.id and not catalog_tools.is_rule(label)]
    keys = [catalog_tools.key(label) for label in labels]
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
        yield f"| {_title(name)} (`{name}`) | {catalog_tools.source_of(catalogue)} |"


def _language(name: str, catalogue: Catalog, keys: Sequence[str]) -> Iterator[str]:
    yield f"\n## {_title(name)} (`{name}`)\n"
    yield "| English | term |\n| --- | --- |"
    for key in keys:
        texts = catalog_tools.texts(catalogue.get(key))
        if all(texts) and texts:
            yield f"| {key} | {' · '.join(dict.fromkeys(texts))} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
