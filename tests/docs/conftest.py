from __future__ import annotations

import importlib
import sys
from types import ModuleType

import pytest

from docs.pages import ROOT


@pytest.fixture(scope="session")
def script() -> object:
    """Import a script of the project by name."""
    sys.path.insert(0, str(ROOT / "scripts"))

    def load(name: str) -> ModuleType:
        return importlib.import_module(name)

    yield load
    sys.path.remove(str(ROOT / "scripts"))
