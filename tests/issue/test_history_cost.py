"""The cost of a bill does not grow with the bills before it: questions and unsealed documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from billhook.audit.verify import verify
from billhook.issue import history as history_module
from billhook.issue import request as request_module
from billhook.issue.request import issue_requests
from billhook.issue.status import standings
from billhook.runs.backlog import ahead
from billhook.runs.run import Member, draft_run, read_job
from billhook.store.database import open_store
from issue.desk import actor, desk_engine, item, order

ENGINE = desk_engine()


@pytest.fixture
def database(tmp_path):
    store = open_store(str(tmp_path / "cost.db"), create=True)
    yield store
    store.close()


@contextmanager
def counted(store) -> Iterator[list[str]]:
    """Collect the statements that the database is given."""
    said: list[str] = []

    def note(_connection, _cursor, statement, *_) -> None:
        said.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def bill(store, number: int) -> None:
    """Issue one more job of the one subject."""
    request = order(ENGINE, [item(f"x:{number}", "10.00")], id=f"job-{number}")
    issue_requests(store, [request], actor(minutes=number))


def test_the_fortieth_bill_of_a_subject_asks_as_many_questions_as_the_tenth(
    database, monkeypatch
) -> None:
    unsealed: list[str] = []
    for module in (history_module, request_module):
        real = module.unseal
        monkeypatch.setattr(
            module,
            "unseal",
            lambda entry, plugins, real=real: unsealed.append(entry.number) or real(entry, plugins),
        )
    cost = {}
    for number in range(1, 41):
        unsealed.clear()
        with counted(database) as said:
            bill(database, number)
        cost[number] = len(said), len(unsealed)

    assert cost[40] == cost[10]
    # corrected rows are looked for in the newest few documents, and nowhere else
    assert cost[40][1] <= request_module.RECENT


def test_status_list_and_verify_ask_as_many_questions_of_many_documents_as_of_few(
    database,
) -> None:
    def asked() -> list[int]:
        counts = []
        with counted(database) as said, database.read() as reading:
            ahead(reading, ["job-1"], dt.date(2026, 6, 30))
        counts.append(len(said))
        with counted(database) as said, database.read() as reading:
            list(standings(reading, reading.columns()))
        counts.append(len(said))
        with counted(database) as said:
            assert verify(database, ENGINE.plugins).findings == ()
        counts.append(len(said))
        return counts

    for number in range(1, 4):
        bill(database, number)
    few = asked()
    for number in range(4, 31):
        bill(database, number)

    assert asked() == few


def test_a_job_of_a_run_is_read_alone(database) -> None:
    members = [
        Member(
            request=order(ENGINE, [item(f"x:{name}", "10.00")], id=name, subject=name),
            job=name,
            path=f"jobs/{name}.toml",
        )
        for name in map(str, range(20))
    ]
    draft_run(database, "june", members, actor())

    with database.read() as reading:
        assert [row.job for row in reading.runs("june", "7")] == ["7"]
        assert read_job(reading, "june", "7").job == "7"
        assert reading.run_states() == {"june": {"draft": 20}}


def test_history_reads_no_document_that_nobody_asks_for(database, monkeypatch) -> None:
    for number in range(1, 6):
        bill(database, number)
    read: list[str] = []
    real = history_module.unseal
    monkeypatch.setattr(
        history_module,
        "unseal",
        lambda entry, plugins: read.append(entry.number) or real(entry, plugins),
    )

    with database.read() as reading:
        known = history_module.history(reading, "sample", (), ENGINE.plugins)
        assert read == []
        assert known.documents[-1].number == "INV-2026-00005"
        assert read == ["INV-2026-00005"]
        assert known.documents[0].number == "INV-2026-00001"
        assert len(read) == 5
