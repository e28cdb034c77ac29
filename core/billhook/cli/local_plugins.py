"""Projects as commands open them: their local plugin runs only if this user trusts it.

Only here is it looked up whom the user trusts: ``BILLHOOK_TRUST=1`` trusts all, ``--no-local``
runs none, and else the notes count that ``billhook trust`` makes.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

import attrs
import click

from billhook.cli.console import Console
from billhook.kernel.diagnostics import Diagnostic
from billhook.project import Project, codes, load_project
from billhook.project.trusted_plugins import TrustedPlugins

TRUST_ALL = "BILLHOOK_TRUST"


def open_project(path: Path, *, stdin: BinaryIO | None = None) -> Project:
    """Return the project of a path; its local plugin runs only if it is trusted."""
    return load_project(path, stdin=stdin, approve=approval())


@attrs.frozen
class Approval:
    """Decides for the commands whether a local plugin is run.

    Attributes:
        none: ``--no-local`` was given.
    """

    none: bool

    def __call__(self, path: Path, content: bytes) -> Diagnostic | None:
        """Return why a file is not run, or nothing."""
        if self.none:
            message = f"the local plugin {path.name!r} is left out: --no-local"
            return Diagnostic(codes.LEFT_OUT.id, message, hint="without it, it is run if trusted")
        if os.environ.get(TRUST_ALL) == "1":
            return None
        return trusted_plugins().refusal(path, content)


def approval() -> Approval:
    """Return who decides, under the options of the running command."""
    context = click.get_current_context(silent=True)
    console = context.find_object(Console) if context else None
    return Approval(none=console is not None and console.no_local)


def trusted_plugins() -> TrustedPlugins:
    """Return what this user trusts."""
    folder = _state_folder()
    return TrustedPlugins(folder / "trusted" if folder else None)


def _state_folder() -> Path | None:
    """Return the folder of what a program remembers of a user, as the XDG directories have it."""
    windows = os.name == "nt"
    given = os.environ.get("APPDATA" if windows else "XDG_STATE_HOME", "")
    if given and Path(given).is_absolute():
        return Path(given) / "billhook"
    try:
        home = Path.home()
    except RuntimeError:  # a service without a home
        return None
    return home / ("AppData/Roaming" if windows else ".local/state") / "billhook"
