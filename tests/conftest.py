from __future__ import annotations

import os
import tempfile

from hypothesis import settings

# No test is timed: a busy machine is no fault.  On CI Hypothesis has a profile of its own.
settings.register_profile("untimed", deadline=None)
if not os.environ.get("CI"):
    settings.load_profile("untimed")

# The local plugins of these tests are ours, and the home of whoever runs them is theirs.
os.environ["BILLHOOK_TRUST"] = "1"
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="billhook-state-")

pytest_plugins = ["billhook.testing"]
