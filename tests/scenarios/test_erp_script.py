from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "examples" / "erp_script" / "bill_from_erp.py"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", str(SCRIPT), str(folder), *words],
        capture_output=True,
        text=True,
        check=False,
    )


def database(tmp_path: Path) -> Path:
    path = tmp_path / "erp.db"
    with sqlite3.connect(path) as erp:
        erp.executescript(SCRIPT.with_name("erp.sql").read_text(encoding="utf-8"))
    erp.close()
    return path


def test_every_matter_with_unbilled_work_gets_a_bill(tmp_path: Path) -> None:
    done = run(tmp_path)

    # M-17: 0.7 h × 480 + 2.1 h × 295 + 0.3 h × 295 = 336.00 + 619.50 + 88.50
    # M-21: 3.2 h × 295 + 1.0 h × 480 = 944.00 + 480.00; M-22 has no work.
    assert done.returncode == 0, done.stderr
    assert done.stdout == "202606-M-17 1044.00 USD\n202606-M-21 1424.00 USD\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "202606-M-17.json",
        "202606-M-17.pdf",
        "202606-M-21.json",
        "202606-M-21.pdf",
    ]
    assert (tmp_path / "202606-M-17.pdf").read_bytes().startswith(b"%PDF-")
    assert json.loads((tmp_path / "202606-M-17.json").read_bytes())["schema"] == (
        "billhook.invoice/1"
    )


def test_the_folder_is_made_and_must_be_named(tmp_path: Path) -> None:
    folder = tmp_path / "bills" / "june"
    unnamed = subprocess.run(
        [sys.executable, str(SCRIPT)], capture_output=True, text=True, check=False
    )

    assert run(folder).returncode == 0
    assert len([*folder.iterdir()]) == 4
    assert (unnamed.returncode, unnamed.stderr) == (
        1,
        "usage: python bill_from_erp.py FOLDER [DATABASE]\n",
    )


def test_billed_work_is_marked_and_not_billed_again(tmp_path: Path) -> None:
    path = database(tmp_path)

    first, second = run(tmp_path, str(path)), run(tmp_path, str(path))

    assert len(first.stdout.splitlines()) == 2
    assert (second.returncode, second.stdout) == (0, "")
    erp = sqlite3.connect(path)
    rows = erp.execute("SELECT id, bill FROM work ORDER BY id").fetchall()
    erp.close()
    assert rows == [
        (4101, "202606-M-17"),
        (4102, "202606-M-17"),
        (4107, "202606-M-21"),
        (4109, "202606-M-21"),
        (4110, "202606-M-17"),
    ]


def test_a_row_that_is_wrong_is_a_finding_and_its_matter_is_left_for_later(tmp_path: Path) -> None:
    path = database(tmp_path)
    with sqlite3.connect(path) as erp:
        erp.execute("UPDATE work SET minutes = -5 WHERE id = 4107")
    erp.close()

    done = run(tmp_path, str(path))

    assert done.stdout == "202606-M-17 1044.00 USD\n"
    assert "erp: error[BH115]: expected at least 0, got -5  (row 1: minutes)" in done.stderr


def test_the_scripts_own_logic_is_short() -> None:
    lines = SCRIPT.read_text(encoding="utf-8").partition("def open_erp")[2].splitlines()
    code = [line for line in lines if line.strip() and not line.strip().startswith(('"""', "#"))]

    assert len(code) < 60
