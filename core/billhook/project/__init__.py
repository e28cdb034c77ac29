"""Projects: from a folder of TOML files to jobs that can be worked out.

```python
from billhook.project import load_project

project = load_project(Path("my firm"))
loaded = project.job(project.folder / "jobs" / "june.toml")
for draft in loaded.drafts():
    print(draft.invoice.totals.payable)
```

What the command line does with files is done here, without talking to anybody: every mistake is a
finding, nothing depends on the working directory, and no clock is read.
"""

from __future__ import annotations

from billhook.project.folder import MARKER, find_project
from billhook.project.loaded import LoadedJob
from billhook.project.project import Project, load_bill, load_project

__all__ = ["MARKER", "LoadedJob", "Project", "find_project", "load_bill", "load_project"]
