"""The doctor: whether everything that billhook needs is there, and what to do where it is not.

```python
from billhook.tools.doctor import examine

for finding in examine(project):
    print(finding.state, finding.title)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from billhook.project import Project
from billhook.tools.doctor.finding import Finding, HealthState

__all__ = ["Finding", "HealthState", "examine"]


def examine(project: Project) -> Iterator[Finding]:
    """Yield what was looked at, each with its state, and with what to do where it is wrong.

    Args:
        project: The project whose languages, fonts, plugins and store are looked at; one without
            a ``billhook.toml`` has defaults and no store.
    """
    from billhook.tools.doctor import fonts, languages, packages, plugins, store

    yield from packages.examine()
    yield from fonts.examine(project)
    yield from languages.examine(project)
    yield from plugins.examine(project)
    yield from store.examine(project)
