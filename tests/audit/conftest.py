from __future__ import annotations

from issue.conftest import store

__all__ = ["store"]
