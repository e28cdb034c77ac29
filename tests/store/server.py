"""A PostgreSQL server of the distribution's packages, made for a test run and thrown away."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
from sqlalchemy import URL, NullPool, create_engine, text

FOLDERS = Path("/usr/lib/postgresql")
SETTINGS = ("listen_addresses=''", "max_connections=60", "shared_buffers=32MB")


def programs() -> Path | None:
    """Return the folder of the newest server's programs, or ``None`` if there is none."""
    found = sorted(FOLDERS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    here = shutil.which("initdb")
    return Path(here).parent if here else None


@attrs.frozen
class Server:
    """A cluster of its own, reached by a socket in its folder only."""

    programs: Path
    folder: Path

    def start(self) -> None:
        options = " ".join(
            f"-c {setting}" for setting in (*SETTINGS, f"unix_socket_directories={self.folder}")
        )
        self._run("pg_ctl", "--wait", f"--log={self.folder}/log", f"--options={options}", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; ``immediate`` is how a crash looks to it."""
        self._run("pg_ctl", "--wait", f"--mode={mode}", "stop")

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


def _as_postgres() -> dict[str, str]:
    """Return the user to run as: the server refuses to be run by root."""
    return {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}


@contextmanager
def running() -> Iterator[Server]:
    """Make a cluster, run it, and throw it away."""
    found = programs()
    assert found is not None
    # a socket's path may have 107 bytes: not pytest's long folders
    folder = Path(tempfile.mkdtemp(prefix="bhpg"))
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
