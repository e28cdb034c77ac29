"""Languages: every package with labels speaks those that the project prints in."""

from __future__ import annotations

from collections.abc import Iterator

from billhook.i18n.locales import chain, is_locale
from billhook.i18n.message_catalogs import CONTEXT_MARK, languages, load
from billhook.plugins.loading import load_named
from billhook.project import Project
from billhook.tools.doctor.finding import Finding, HealthState

TOPIC = "languages"


def examine(project: Project) -> Iterator[Finding]:
    """Yield the languages of billhook, and how complete those of the project are."""
    spoken = languages()
    yield Finding(TOPIC, f"{len(spoken)} languages: {', '.join(spoken)}")
    for locale in locales_of(project):
        for package in _packages(project):
            yield _completeness(package, locale)


def locales_of(project: Project) -> tuple[str, ...]:
    """Return the locales that a project prints in: its own, and those of its labels."""
    locales = (project.table.locale, *project.print_settings().languages)
    return tuple(dict.fromkeys(filter(is_locale, locales)))


def _packages(project: Project) -> tuple[str, ...]:
    plugins = load_named(project.table.plugins).plugins
    domains = [plugin.info.package for plugin in plugins if plugin.info.package]
    return tuple(dict.fromkeys(("billhook", *domains)))


def _completeness(package: str, locale: str) -> Finding:
    """Compare a package's labels in a locale with all that it has in any language."""
    if chain(locale)[-1] == "en":
        return Finding(TOPIC, f"{package} speaks {locale}")
    own = {label for name in chain(locale) for label in _labels(package, name)}
    every = {label for name in languages(package) for label in _labels(package, name)}
    missing = sorted(every - own)
    if not missing:
        return Finding(TOPIC, f"{package} speaks {locale}")
    title = f"{package} says {len(missing)} of {len(every)} labels in English instead of {locale}"
    hint = f"first {missing[0]!r}; help translate it, or print in another language"
    return Finding(TOPIC, title, HealthState.WRONG if own else HealthState.NOTE, hint)


def _labels(package: str, language: str) -> Iterator[str]:
    catalogue = load(package, language)
    known: dict[object, str] = getattr(catalogue, "_catalog", {})
    for key in known:
        label = key[0] if isinstance(key, tuple) else key
        if label and CONTEXT_MARK not in str(label):
            yield str(label)
