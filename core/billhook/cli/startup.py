"""Settings that make the command's own process quicker, and that a library must not touch.

They belong to the whole process: how often garbage is collected, what is imported, what is logged
and warned of.  Only ``billhook`` itself and its workers set them; whoever calls billhook from a
program of their own keeps theirs.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import logging
import sys
import types
import warnings
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec

_OBJECTS = 100_000
"""New objects before the collector looks for garbage: most of a command's live until it ends."""

_DEFERRED = (
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
"""What fpdf2 imports for variable and coloured fonts, subsetting and signatures.

It is a third of the time until the first page, and printing a bill needs none of it.
"""


def prepare_process() -> None:
    """Set this process up for one command, or for a worker's share of it."""
    gc.set_threshold(_OBJECTS)
    # What these say is for programmers: fpdf2 of parts of a drawing, openpyxl of style sheets.
    logging.getLogger("fpdf").addHandler(logging.NullHandler())
    warnings.filterwarnings("ignore", module=r"openpyxl(\.|$)")
    if "fpdf" not in sys.modules and not any(isinstance(f, _Finder) for f in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    """Finds fpdf2, once, with a loader that defers imports."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: object = None
    ) -> ModuleSpec | None:
        """Return where fpdf2 is; nothing of any other module."""
        if fullname != "fpdf":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec("fpdf")
        if spec is not None and spec.loader is not None:
            spec.loader = _DeferringLoader(spec.loader)
        return spec


class _DeferringLoader(Loader):
    """Imports fpdf2 with stand-ins for modules that it never uses here.

    Whoever calls one of their functions through fpdf2 gets the real one, imported then.  No
    stand-in stays behind in `sys.modules`.
    """

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> types.ModuleType | None:
        """Create the module as the real loader does."""
        return self._loader.create_module(spec)

    def exec_module(self, module: types.ModuleType) -> None:
        """Run fpdf2; a version that needs one of the modules at once is run again with all."""
        stand_ins = {name: _Module(name) for name in _DEFERRED if name not in sys.modules}
        sys.modules.update(stand_ins)
        try:
            self._loader.exec_module(module)
        except Exception:  # noqa: BLE001 -- whatever a stand-in came to in its code
            _forget(tuple(name for name in sys.modules if name.startswith("fpdf.")))
            _forget(tuple(stand_ins))
            self._loader.exec_module(module)
        finally:
            _forget(tuple(n for n, made in stand_ins.items() if sys.modules.get(n) is made))


def _forget(names: tuple[str, ...]) -> None:
    for name in names:
        sys.modules.pop(name, None)


class _Module(types.ModuleType):
    """A stand-in for a module; once fpdf2 is imported, it gives what the real one has."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            return _Name(self.__name__, name)
        return getattr(importlib.import_module(self.__name__), name)


class _Name:
    """A stand-in for a name of such a module: a class or a function."""

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
