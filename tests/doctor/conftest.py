from __future__ import annotations

from cli.conftest import billhook, firm

__all__ = ["billhook", "firm"]
