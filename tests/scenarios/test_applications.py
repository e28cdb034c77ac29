"""Scenarios that a bookkeeper can read; run with ``--golden-update`` to write them anew."""

from __future__ import annotations

import shlex
from pathlib import Path

HERE = Path(__file__).parent
FIRST = "1.2,52,"
CERTIFIED = ("1.2,52,", "1.2,45,")
WHY = '"partial release agreed on site"'
APPLICATIONS = (
    "# Three applications for payment, as the contract goes on.",
    "issue jobs/application-1.toml -y --format none -q",
    "issue jobs/application-2.toml -y --format none -q",
    f"event add MC-2026-07 Released --at 2026-06-20 percent=10 of=work --reason {WHY}",
    "issue jobs/application-3.toml -n",
    "event list MC-2026-07",
    "issue jobs/application-3.toml -y --format none -q",
    "# The certifier allows less on one item: the third application is taken back.",
    'credit INV-2026-00003 --release --reason "certified otherwise" -y --format none',
    "invoice list",
    "# It was credited; it cannot be credited again.",
    'credit INV-2026-00003 --release --reason "again" -y',
)
CORRECTED = (
    "# The corrected application is issued, and nothing is billed twice.",
    "issue jobs/application-3.toml -y --format none -q",
    "issue jobs -y -q",
    "invoice list",
    "audit log --document INV-2026-00003",
    "replay --all",
    "verify",
)


def test_three_applications_one_credited_and_billed_again(billhook, site, golden) -> None:
    before = transcript(billhook, site, APPLICATIONS)
    progress = site / "records/progress-3.csv"
    text = progress.read_text()
    first = text.splitlines()[1]
    assert first.startswith(FIRST)
    progress.write_text(text.replace(first, first.replace(*CERTIFIED)))
    after = transcript(billhook, site, CORRECTED)

    golden.check(HERE / "applications.txt", f"{before}\n{after}")


def transcript(billhook, folder: Path, lines: tuple[str, ...]) -> str:
    said = []
    for line in lines:
        if line.startswith("#"):
            said.append(f"\n{line}\n")
            continue
        ran = billhook(folder, *shlex.split(line))
        said.append(f"\n$ billhook {line}\n{ran.out}{ran.err}(exit {ran.code})\n")
    return "".join(said).lstrip()
