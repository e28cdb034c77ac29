from __future__ import annotations

import os

from hypothesis import settings

# No test is timed: a busy machine is no fault.  On CI Hypothesis has a profile of its own.
settings.register_profile("untimed", deadline=None)
if not os.environ.get("CI"):
    settings.load_profile("untimed")

pytest_plugins = ["billhook.testing"]
