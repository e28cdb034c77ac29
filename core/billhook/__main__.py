"""``python -m billhook``."""

from __future__ import annotations

import sys

from billhook.cli import main

if __name__ == "__main__":
    sys.exit(main())
