"""JSON Schemas of the files that users write, so that editors complete and check them.

They are made from the same classes that the loader fills, and say no more than the loader does:
what it accepts, the schema accepts.  Relations between keys, files and records are for
``billhook check``.
"""

from __future__ import annotations

from billhook.tools.schema.files import (
    customer_schema,
    job_schema,
    project_schema,
    settings_schema,
    subject_schema,
)

__all__ = ["customer_schema", "job_schema", "project_schema", "settings_schema", "subject_schema"]
