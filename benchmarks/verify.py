"""Verify ten thousand documents, and start `billhook status`.

Usage: ``python benchmarks/verify.py [DOCUMENTS]``

The documents have five lines each, with tax, are issued into SQLite by the services, one in ten is
credited by a line, and everything is verified: digests, figures, columns, claims, the log.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import cast

from billhook import Charge, Engine, Job, Rating, Record, Records, given, hookimpl
from billhook.audit.verify import verify
from billhook.builtin import tax_table
from billhook.builtin.tax_table import TaxRate, TaxTable
from billhook.credit.note import Correction
from billhook.credit.service import credit_in
from billhook.issue.actor import Actor
from billhook.issue.numbering import INVOICES
from billhook.issue.request import IssueRequest, issue_request_in
from billhook.kernel.origin import Origin
from billhook.store.database import open_store
from billhook.store.protocol import Store
from billhook.testing.samples import sample_job
from billhook.tools.scaffold import plain

LINES = 5
START = dt.date(2026, 1, 1)
TAXES = TaxTable(rates=(TaxRate(name="VAT", percent=Decimal(20)),))
ACT = Actor(by="bench", at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), reason="bench")


@hookimpl
def billhook_rate(job: Job, records: Records) -> Rating:
    """Charge 12.34 for each record."""
    return Rating(
        charges=tuple(
            Charge(
                id=record.key,
                description="work",
                amount=given(Decimal("12.34"), job.currency, "bench.price", record.origin),
                sources=(record.key,),
            )
            for record in records
        )
    )


ENGINE = Engine(
    [
        ("bench", cast("ModuleType", SimpleNamespace(billhook_rate=billhook_rate))),
        ("tax_table", tax_table),
    ]
)


def orders(count: int) -> Iterator[IssueRequest]:
    origin = Origin("bench.csv", 1)
    for number in range(count):
        id_ = f"job{number:05}"
        records = tuple(Record(key=f"{id_}-{line}", origin=origin) for line in range(LINES))
        job = sample_job(id=id_, subject=id_, date=START, pockets=(TAXES,))
        yield IssueRequest(engine=ENGINE, job=job, records=records, series=INVOICES)


def fill(store: Store, count: int) -> int:
    """Issue documents, a hundred in a transaction, and credit a line of every tenth."""
    wanted = list(orders(count))
    for start in range(0, count, 100):
        with store.write() as writing:
            for place, order in enumerate(wanted[start : start + 100]):
                [document] = issue_request_in(writing, order, ACT).documents
                if place % 10 == 0:
                    correction = Correction(lines=("1",), release=True, date=START)
                    credit_in(writing, ENGINE, document.number or "", correction, ACT)
    return count + (count + 9) // 10


def timed(what: str, work: Callable[[], int]) -> None:
    start = time.perf_counter()
    count = work()
    seconds = time.perf_counter() - start
    print(f"{what:<28} {seconds:7.2f} s  {count / seconds:8.0f}/s")


def check(store: Store) -> int:
    found = verify(store, ENGINE.plugins)
    if found.findings:
        raise SystemExit(str(found.findings[0]))
    return found.documents


def status(folder: Path) -> None:
    for path, data in plain().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    command = [sys.executable, "-m", "billhook"]
    subprocess.run([*command, "issue", "-y", "-q", "--format", "none"], cwd=folder, check=True)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([*command, "status"], cwd=folder, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    print(f"{'billhook status, start to end':<28} {min(times):7.2f} s")


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "billhook.db"
        store = open_store(path, create=True)
        timed("issue and credit", lambda: fill(store, count))
        print(f"{'database':<28} {path.stat().st_size / 1e6:7.1f} MB")
        timed("verify", lambda: check(store))
        store.close()
        status(Path(name) / "project")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
