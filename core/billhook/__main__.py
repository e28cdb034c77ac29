"""``python -m billhook``."""

from __future__ import annotations

import sys

from billhook.cli import process

if __name__ == "__main__":
    sys.exit(process())
