"""A library that leaves its host alone: nothing of the process is changed by a call."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from render.test_threads import fresh

ROOT = Path(__file__).parents[2]
LIBRARY = [
    path
    for folder in ("core/billhook", *(f"plugins/{p}" for p in ("legal", "construction", "freight")))
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not {"cli", "testing", "scaffold", "parallel.py"} & {*path.relative_to(ROOT).parts}
]
"""All code but that of processes of our own: the command, its workers, the author's kit."""

FORBIDDEN = {
    **dict.fromkeys(("disable", "enable", "freeze", "unfreeze", "set_threshold"), "gc"),
    **dict.fromkeys(("signal", "alarm", "setitimer"), "signal"),
    **dict.fromkeys(("setlocale",), "locale"),
    **dict.fromkeys(("setcontext", "getcontext"), "decimal"),
    **dict.fromkeys(("simplefilter", "filterwarnings", "catch_warnings"), "warnings"),
    **dict.fromkeys(("register_at_fork", "putenv", "unsetenv", "chdir", "umask"), "os"),
    **dict.fromkeys(("setrecursionlimit", "setswitchinterval", "meta_path", "path_hooks"), "sys"),
    **dict.fromkeys(("basicConfig",), "logging"),
}


STATE = """
import decimal, gc, locale, logging, os, signal, sys, threading, types, warnings

asked_at_fork = []
real = os.register_at_fork
def register(**hooks):
    asked_at_fork.append(sys._getframe(1).f_globals["__name__"])
    real(**hooks)
os.register_at_fork = register

def state():
    context = decimal.getcontext()
    return {
        "collector": (gc.isenabled(), gc.get_threshold(), gc.get_freeze_count(), len(gc.callbacks)),
        "locale": locale.setlocale(locale.LC_ALL),
        "environment": dict(os.environ),
        "signals": [signal.getsignal(number) for number in signal.valid_signals()],
        "decimal": (repr(context), id(context)),
        "imports": (list(sys.meta_path), list(sys.path_hooks), list(sys.path)),
        "limits": (sys.getrecursionlimit(), sys.getswitchinterval()),
        "hooks": (sys.excepthook, threading.excepthook, sys.gettrace(), sys.getprofile()),
        "streams": (sys.stdout, sys.stderr, sys.stdin),
        "logging": (logging.root.level, list(logging.root.handlers), logging.raiseExceptions),
        "warnings": list(warnings.filters),
        "folder": os.getcwd(),
    }
"""

EVERYTHING = """
decimal.getcontext().prec = 7
gc.set_threshold(321, 5, 5)
before = state()
from billhook import Engine
from billhook.render import render, unprintable
from render import samples
documents = [samples.small(), samples.small("ar"), samples.rich()]
for document in documents:
    assert not unprintable(document, samples.sections())
    for format in ("pdf", "html", "text"):
        assert render(document, samples.sections(), format)
import io
from openpyxl import Workbook
from billhook.sources.declaration import Declaration
from billhook.kernel.diagnostics import Findings
from billhook.sources.formats.xlsx import read_xlsx
book, data = Workbook(), io.BytesIO()
book.active.append(["a"])
book.active.append([1])
book.save(data)
assert read_xlsx(data.getvalue(), Declaration(kind="k", file="b.xlsx"), Findings())
after = state()
print([name for name in before if before[name] != after[name]])
print([name for name in asked_at_fork if name.startswith("billhook")])
print([n for n, m in sys.modules.items() if type(m).__module__.startswith("billhook")])
"""


def test_a_program_that_drafts_prints_and_reads_workbooks_finds_its_process_as_it_was():
    assert fresh(STATE + EVERYTHING) == "[]\n[]\n[]\n"


IMPORTS = """
import sys, threading, time
from billhook.render import render
from render import samples

document, sections = samples.small(), tuple(samples.sections())
printing = threading.Thread(target=lambda: render(document, sections, "pdf"))
printing.start()
while printing.is_alive() and "{seen}" not in sys.modules:
    time.sleep(0)
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont, TTLibError
from PIL.ImageCms import PyCMSError
from unittest.mock import MagicMock
printing.join()
found = (Subsetter, TTFont, TTLibError, PyCMSError, MagicMock)
print(all(isinstance(each, type) for each in found))
print(issubclass(TTLibError, Exception), issubclass(PyCMSError, Exception))
"""


@pytest.mark.parametrize("seen", ["fpdf", "fontTools", "fontTools.ttLib", "unittest.mock"])
def test_a_host_that_imports_while_the_first_bill_is_printed_gets_the_real_classes(seen):
    assert fresh(IMPORTS.format(seen=seen)).split() == ["True"] * 3


COLLECTOR = """
import gc, sys, threading, time
from billhook.render import render
from render import samples

document, sections = samples.rich(), tuple(samples.sections())
stop, seen = threading.Event(), set()

def work():
    while not stop.is_set():
        for format in ("pdf", "html", "text"):
            render(document, sections, format)

threads = [threading.Thread(target=work) for _ in range(2)]
render(document, sections, "pdf")
sys.setswitchinterval(1e-5)
for thread in threads:
    thread.start()
until = time.monotonic() + 0.7
while time.monotonic() < until:
    seen.add(gc.isenabled())
gc.disable()
time.sleep(0.1)
seen.add(("off", gc.isenabled()))
stop.set()
for thread in threads:
    thread.join()
print(sorted(map(str, seen)), gc.isenabled())
"""


def test_a_host_switches_the_collector_and_nobody_else_does():
    assert fresh(COLLECTOR) == "[\"('off', False)\", 'True'] False\n"


def test_no_module_of_the_library_calls_what_changes_the_process():
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {text}"
        for path in LIBRARY
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (text := _change(node))
    ]

    assert found == []


def _change(node: ast.AST) -> str:
    """Return what a node names of a module, if that changes the process."""
    if isinstance(node, ast.Attribute) and FORBIDDEN.get(node.attr) == ast.unparse(node.value):
        return ast.unparse(node)
    if isinstance(node, ast.ImportFrom) and node.module in FORBIDDEN.values():
        names = [alias.name for alias in node.names]
        return next((f"{node.module}.{n}" for n in names if FORBIDDEN.get(n) == node.module), "")
    targets = getattr(node, "targets", [])
    changed = [t.value for t in targets if isinstance(t, ast.Subscript)]
    return next((text for t in changed if (text := ast.unparse(t)) == "os.environ"), "")


@pytest.mark.parametrize(
    "line",
    ["gc.disable()", "from gc import freeze", "os.environ['A'] = 'b'", "del os.environ['A']"],
)
def test_such_calls_would_be_found(line):
    assert any(map(_change, ast.walk(ast.parse(line))))


TOGETHER = """
import multiprocessing, os, sys, threading
from pathlib import Path
from billhook.render.job_files import FilesWanted
from billhook.render.parallel import make_files_together

copied = []

if __name__ == "__main__":
    os.register_at_fork(before=lambda: copied.append("forked"))
    project = Path(sys.argv[1]).resolve()
    paths = sorted((project / "jobs").iterdir())
    jobs = [(project / "billhook.toml", path, None) for path in paths]
    done = list(make_files_together(jobs, FilesWanted(formats=("text",)), 2))
    print([made.job.stem for made in done], [made.error for made in done], copied)
"""


def test_a_host_that_makes_files_in_several_processes_is_not_copied(tmp_path):
    # The bills of an example, by a host's script: its workers are new processes.
    project = ROOT / "examples" / "freight"
    jobs = sorted(path.stem for path in (project / "jobs").iterdir())
    script = tmp_path / "host.py"
    script.write_text(TOGETHER)
    plugins = [ROOT / "plugins" / name for name in ("legal", "construction", "freight")]
    path = os.pathsep.join(map(str, (ROOT / "core", *plugins)))
    done = subprocess.run(
        [sys.executable, str(script), str(project)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout == f"{jobs} {[None] * len(jobs)} []\n"
