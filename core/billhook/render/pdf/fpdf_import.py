"""fpdf2, imported without what is never used of it.

Importing fpdf2 imports most of fontTools and `unittest.mock` along, for variable and coloured
fonts, subsetting and signatures: a third of the time until the first page.  Here those modules are
stood in for while fpdf2 is imported; whoever calls one of their functions through fpdf2 gets the
real one, imported then.  No stand-in stays behind in `sys.modules`.
"""

from __future__ import annotations

import importlib
import logging
import sys
import threading
import types

_LATER = (
    "PIL.ImageCms",
    "PIL.TiffImagePlugin",
    "PIL.features",
    "fontTools.pens.ttGlyphPen",
    "fontTools.subset",
    "fontTools.svgLib.path",
    "fontTools.ttLib",
    "fontTools.varLib",
    "fontTools.varLib.instancer",
    "fpdf.font_type_3",
    "unittest.mock",
)


# What fpdf2 says of a drawing is for programmers: it goes to handlers that an application sets up,
# and to no terminal otherwise.
logging.getLogger("fpdf").addHandler(logging.NullHandler())


def import_fpdf() -> None:
    """Import fpdf2, unless that has been done already; threads wait for the one that does it."""
    with _ONE_AT_A_TIME:
        if "fpdf" not in sys.modules:
            _import_quickly()
    importlib.import_module("fpdf")


_ONE_AT_A_TIME = threading.Lock()


def _import_quickly() -> None:
    standing_in = {name: _Module(name) for name in _LATER if name not in sys.modules}
    sys.modules.update(standing_in)
    try:
        importlib.import_module("fpdf")
    except Exception:  # noqa: BLE001 -- a version of fpdf2 that needs one of them at once
        _forget(tuple(name for name in sys.modules if name.partition(".")[0] == "fpdf"))
    finally:
        _forget(tuple(standing_in))


def _forget(names: tuple[str, ...]) -> None:
    for name in names:
        sys.modules.pop(name, None)


class _Module(types.ModuleType):
    """Stands in for a module; once fpdf2 is imported, it gives what the real one has."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            return _Name(self.__name__, name)
        return getattr(importlib.import_module(self.__name__), name)


class _Name:
    """Stands in for a name of such a module: a class or a function."""

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    def _real(self) -> object:
        return getattr(importlib.import_module(self._module), self._name)

    def __call__(self, *arguments: object, **options: object) -> object:
        real = self._real()
        if not callable(real):
            raise TypeError(f"{self._module}.{self._name} cannot be called")
        return real(*arguments, **options)

    def __getattr__(self, name: str) -> object:
        return getattr(self._real(), name)

    def __instancecheck__(self, instance: object) -> bool:
        real = self._real()
        return isinstance(real, type) and isinstance(instance, real)

    def __mro_entries__(self, _bases: tuple[object, ...]) -> tuple[object, ...]:
        return (self._real(),)

    def __or__(self, _other: object) -> object:
        return self

    __ror__ = __or__
