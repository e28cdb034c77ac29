"""Bill straight out of an ERP's database: no project folder, no job files, a few lines of Python.

    python bill_from_erp.py FOLDER [DATABASE]

Without DATABASE it works on a sample in memory.  Each matter with unbilled work gets one bill, as
JSON and PDF, and its work is marked as billed in the ERP's own transaction.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import sys
from decimal import Decimal
from pathlib import Path

from billhook import Address, Document, Engine, Job, Party
from billhook.archive.writer import dump
from billhook.builtin.tax_table import TaxRate, TaxTable
from billhook.render import render
from billhook.sources.atomic_write import write_whole
from billhook.sources.source import object_source
from billhook_legal.settings import HourlyRate, LegalSettings, Matter, Timekeeper

ADDRESS = Address(lines=("3 Elm Street",), city="Concord", postcode="03301", country="US")
SELLER = Party(id="bell", name="Bell & Strand LLP", address=ADDRESS)
TAXES = TaxTable(rates=(TaxRate(category="O", reason="Legal services are not taxed."),))

# The columns are named as the attributes of the plugin's time entries; the id is the key that
# keeps work from being billed twice.
MATTERS = (
    "SELECT * FROM matter WHERE id IN (SELECT matter FROM work WHERE bill IS NULL) ORDER BY id"
)
WORK = """
    SELECT CAST(id AS TEXT) AS key, matter, person AS timekeeper, day AS date, minutes,
           text AS narrative
    FROM work WHERE matter = ? AND bill IS NULL ORDER BY day, id
"""


def open_erp(database: str | None) -> sqlite3.Connection:
    """Open the ERP's database, or the sample in memory."""
    erp = sqlite3.connect(database or ":memory:")
    erp.row_factory = sqlite3.Row
    if database is None:
        erp.executescript(Path(__file__).with_name("erp.sql").read_text(encoding="utf-8"))
    return erp


def buyer_of(erp: sqlite3.Connection, client: str) -> Party:
    """Make a party of a row of clients."""
    row = erp.execute("SELECT * FROM client WHERE id = ?", [client]).fetchone()
    place = {name: row[name] for name in ("city", "postcode", "country")}
    return Party(id=row["id"], name=row["name"], address=Address(lines=(row["street"],), **place))


def settings_of(erp: sqlite3.Connection, matter: sqlite3.Row) -> LegalSettings:
    """Make the plugin's settings of the ERP's people and their rates."""
    people = erp.execute("SELECT id, name, class, cents_per_hour FROM person ORDER BY id")
    known = [(Timekeeper(id=i, name=n, classification=c), cents) for i, n, c, cents in people]
    return LegalSettings(
        matters=(Matter(**matter),),
        timekeepers=tuple(person for person, _ in known),
        rates=tuple(HourlyRate(timekeeper=p.id, per_hour=Decimal(c).scaleb(-2)) for p, c in known),
    )


def job_of(erp: sqlite3.Connection, matter: sqlite3.Row, date: dt.date) -> Job:
    """Put together what one bill depends on."""
    rows = map(dict, erp.execute(WORK, [matter["id"]]))
    return Job(
        id=matter["id"],
        subject=matter["id"],
        seller=SELLER,
        buyer=buyer_of(erp, matter["client"]),
        currency="USD",
        date=date,
        sources=(object_source("erp", "legal.time", rows),),
        pockets=(settings_of(erp, matter), TAXES),
    )


def main(folder: Path, database: str | None = None, date: dt.date = dt.date(2026, 6, 30)) -> int:
    """Bill every matter, write JSON and PDF, and mark the work as billed."""
    folder.mkdir(parents=True, exist_ok=True)
    engine, erp = Engine.discover("legal", "tax_table"), open_erp(database)
    for matter in erp.execute(MATTERS).fetchall():
        draft = engine.draft(job_of(erp, matter, date))
        print(*(finding.render() for finding in draft.findings), sep="\n", file=sys.stderr)
        if not draft.ok:
            continue
        bill = Document(invoice=draft.invoice, number=f"{date:%Y%m}-{matter['id']}")
        pdf = render(bill, engine.sections(bill), "pdf")
        write_whole(folder / f"{bill.number}.json", dump(bill, engine.plugins, indent=2))
        write_whole(folder / f"{bill.number}.pdf", pdf)
        keys = [record.key.rpartition(":")[2] for record in bill.invoice.records]
        erp.executemany("UPDATE work SET bill = ? WHERE id = ?", [(bill.number, k) for k in keys])
        print(bill.number, bill.invoice.totals.payable.value, bill.invoice.currency)
    erp.commit()
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 2:  # noqa: PLR2004 - the script's own name, and the folder
        sys.exit("usage: python bill_from_erp.py FOLDER [DATABASE]")
    sys.exit(main(Path(sys.argv[1]), next(iter(sys.argv[2:]), None)))
