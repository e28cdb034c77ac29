"""A PostgreSQL server of the distribution's packages, made for a test run and thrown away."""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
from sqlalchemy import URL, NullPool, create_engine, text

FOLDERS = Path("/usr/lib/postgresql")
PATIENCE = 60
"""Seconds that a server may take to start."""

PR_SET_PDEATHSIG = 1

SETTINGS = ("listen_addresses=", "max_connections=60", "shared_buffers=32MB")


def programs() -> Path | None:
    """Return the folder of the newest server's programs, or ``None`` if there is none."""
    found = sorted(FOLDERS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    here = shutil.which("initdb")
    return Path(here).parent if here else None


@attrs.define
class Server:
    """A cluster of its own, reached by a socket in its folder only."""

    programs: Path
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        settings = (*SETTINGS, f"unix_socket_directories={self.folder}")
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    self.programs / "postgres",
                    f"-D{self.folder}/data",
                    *(f"--{setting}" for setting in settings),
                ],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - it calls the kernel only
                **_as_postgres(),
            )
        self._wait()

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; ``immediate`` is how a crash looks to it."""
        self._run("pg_ctl", "--wait", f"--mode={mode}", "stop")
        if self.process is not None:
            self.process.wait()

    def _wait(self) -> None:
        """Wait until the server takes connections, recovery included."""
        end = time.monotonic() + PATIENCE
        ready = [
            self.programs / "pg_isready",
            f"--host={self.folder}",
            "--username=postgres",
            "--quiet",
        ]
        while subprocess.run(ready, check=False).returncode:
            gone = self.process is None or self.process.poll() is not None
            if gone or time.monotonic() > end:
                raise RuntimeError(f"no server: {(self.folder / 'log').read_text()}")
            time.sleep(0.02)

    def initialise(self) -> None:
        # sorted unlike code points, as a server of a company is
        locale = ["--locale-provider=icu", "--icu-locale=en"] if self._knows_icu() else []
        self._run(
            "initdb",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--username=postgres",
            *locale,
        )

    def url(self, database: str = "postgres") -> URL:
        return URL.create(
            "postgresql+psycopg",
            username="postgres",
            database=database,
            query={"host": str(self.folder)},
        )

    @contextmanager
    def database(self) -> Iterator[URL]:
        """Make an empty database and drop it afterwards."""
        name = f"t{secrets.token_hex(6)}"
        self._say(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        engine = create_engine(self.url(), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))

    def _knows_icu(self) -> bool:
        said = subprocess.run(
            [self.programs / "initdb", "--help"], capture_output=True, text=True, check=True
        )
        return "--icu-locale" in said.stdout

    def _run(self, program: str, *arguments: str) -> None:
        made = subprocess.run(
            [self.programs / program, f"--pgdata={self.folder}/data", *arguments],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            **_as_postgres(),
        )
        if made.returncode:
            log = self.folder / "log"
            raise RuntimeError(f"{program}: {made.stderr}{log.read_text() if log.exists() else ''}")


def _end_with_parent() -> None:
    """Ask the kernel to stop this process with its parent, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def _as_postgres() -> dict[str, str]:
    """Return the user to run as: the server refuses to be run by root."""
    return {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}


@contextmanager
def running(within: Path | None = None) -> Iterator[Server]:
    """Make a cluster in a folder, the system's for temporary files by default, and run it."""
    found = programs()
    assert found is not None
    # a socket's path may have 107 bytes: not pytest's long folders
    folder = Path(tempfile.mkdtemp(prefix="bhpg", dir=within))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    server = Server(found, folder)
    try:
        server.initialise()
        server.start()
        yield server
    finally:
        if (folder / "data/postmaster.pid").exists():
            server.stop("immediate")
        shutil.rmtree(folder)
