"""Several processes bill what one would, in the same order, and say the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from billhook.render.parallel import workers_for

COUNT = 20


@pytest.fixture
def many(firm):
    """A project of many jobs; one is wrong, two have one number, one has nothing to bill."""
    job = (firm / "jobs" / "first.toml").read_text()
    assert "date = " in job
    (firm / "jobs" / "first.toml").unlink()
    for place in range(COUNT):
        text = job
        if place in (4, 9):
            text = f'number = "2026-7"\n{job}'
        if place == 13:
            text = job.replace("date = ", "dote = ")
        (firm / "jobs" / f"job-{place:02}.toml").write_text(text)
    return firm


def files(folder):
    return {path.name: path.read_bytes() for path in sorted((folder / "out").glob("*"))}


def test_processes_make_the_files_and_the_report_of_one_process(billhook, many):
    one = billhook("bill", "--jobs", "1")
    made = files(many)
    for path in (many / "out").iterdir():
        path.unlink()

    two = billhook("bill", "--jobs", "2")

    assert two.out.splitlines() == one.out.splitlines()
    assert two.err.splitlines() == one.err.splitlines()
    assert two.code == one.code == 5
    assert files(many) == made
    assert len(made) == COUNT - 2


def test_files_are_told_in_the_order_of_the_jobs(billhook, many):
    ran = billhook("bill", "-j", "2", "-f", "text,html")

    names = [line.rpartition(os.sep)[2] for line in ran.out.splitlines()]
    assert names == sorted(names, key=lambda name: name.replace("2026-7", "job-04").split(".")[0])
    assert len(names) == 2 * (COUNT - 2)


def test_the_first_of_two_jobs_of_one_number_keeps_it(billhook, many):
    ran = billhook("bill", "-j", "2")

    assert "2026-7.pdf is already the bill of" in ran.err
    assert "jobs/job-04.toml" in ran.err.replace(os.sep, "/")
    assert f"jobs{os.sep}job-09.toml: not billed" in ran.err


def test_an_unknown_format_is_a_usage_error_in_a_worker_too(billhook, many):
    ran = billhook("bill", "-j", "2", "-f", "pfd")

    assert ran.code == 2
    assert "there is no format 'pfd'" in ran.err


@pytest.mark.parametrize(
    ("jobs", "asked", "least", "most"),
    [(199, None, 1, 1), (1, 8, 1, 1), (10_000, 3, 3, 3), (5, None, 1, 1), (10_000, None, 1, 999)],
)
def test_processes_are_used_where_they_pay_or_are_asked_for(jobs, asked, least, most):
    assert least <= workers_for(jobs, asked) <= most


@pytest.mark.skipif(os.name == "nt", reason="signals are those of Unix")
def test_ctrl_c_ends_all_processes_and_leaves_whole_files(many):
    running = subprocess.Popen(
        [sys.executable, "-m", "billhook", "bill", "-j", "2"],
        cwd=many,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert running.stdout
    running.stdout.readline()
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=30)

    assert running.returncode in (130, 5)
    assert "Traceback" not in said
    time.sleep(0.2)
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)
    assert all(data.endswith(b"%%EOF\n") for data in files(many).values())


def test_a_worker_that_is_ended_from_outside_is_an_outside_failure(billhook, many):
    plugin = many / "billfile.py"
    plugin.write_text(
        plugin.read_text() + "\nimport os, multiprocessing\n"
        "if multiprocessing.parent_process(): os._exit(1)\n"
    )

    ran = billhook("bill", "-j", "2")

    assert ran.code == 6
    assert "a worker was killed" in ran.err
