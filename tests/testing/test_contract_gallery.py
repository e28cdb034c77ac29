"""Each contract test is proven by a plugin that is broken on purpose, and by no other."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from billhook.testing import PluginContract

GALLERY = Path(__file__).parent / "gallery"
TESTS = tuple(sorted(name for name in vars(PluginContract) if name.startswith("test_")))


@attrs.frozen
class Broken:
    """A plugin that only one contract test catches.

    Attributes:
        caught_by: The test.
        old: What stands in the sound plugin.
        new: What stands in its place.
    """

    caught_by: str
    old: str
    new: str


TAXING = """\
@hookimpl
def billhook_tax() -> object:
    from billhook import TaxComponent, TaxRule

    rate = given(Decimal(50), "%", "tiny.hours")
    return TaxRule(components=(TaxComponent(name="Levy", rate=rate),))


"""
"""A second answer for tax: the order of the plugins decides which one counts."""

BROKEN = (
    Broken("info_is_complete", 'title="Hours at a price"', 'title=""'),
    Broken("codes_bear_the_prefix_and_are_unique", '"TNY101"', '"OLD101"'),
    Broken("codes_have_a_page", "CODES = (", 'CODES = (Code("TNY102", "", ""), '),
    Broken("hooks_match_their_specifications", "draft: Invoice)", "draft: Document)"),
    Broken("importing_is_cheap", "import attrs\n", "import attrs\nimport rich\n"),
    Broken(
        "no_hook_reads_a_clock",
        "CODES = (",
        "def _today():\n    import datetime as dt\n    return dt.date.today()\n\n\nCODES = (",
    ),
    Broken(
        "cases_are_worked_out",
        '    """Find no fault."""',
        '    from billhook import Diagnostic\n    return [Diagnostic("TNY101", "no")]',
    ),
    Broken("every_record_is_billed_or_skipped_once", '"no hours"', '""'),
    Broken(
        "every_amount_replays",
        '    return times(hours, price, "tiny.fee")',
        '    fee = times(hours, price, "tiny.fee")\n'
        '    return attrs.evolve(fee, value=Decimal("7.00"))',
    ),
    Broken("rules_stand_in_the_catalogue", 'price, "tiny.fee"', 'price, "tiny.charge"'),
    Broken("every_place_of_a_rule_is_filled", ', what="tiny.fee"', ""),
    Broken(
        "amounts_fit_every_currency",
        "    works = records.of(Work)",
        "    works = records.of(Work)\n    cents = {'USD': 2, 'MXN': 2, 'KWD': 3}[job.currency]",
    ),
    Broken(
        "same_input_gives_the_same_bytes",
        "@hookimpl\ndef billhook_check",
        TAXING + "@hookimpl\ndef billhook_check",
    ),
    Broken(
        "another_process_gives_the_same_bytes",
        'description=f"Work {work.note}"',
        'description=f"Work {hash(work.note)}"',
    ),
    Broken(
        "hooks_stay_inside",
        'description=f"Work {work.note}"',
        'description=__import__("pathlib").Path(__file__).read_text()[:5]',
    ),
    Broken("archive_gives_the_document_back", "names: tuple[str, ...]", "names: list[str]"),
    Broken(
        "second_run_bills_nothing",
        "        charges=tuple(",
        "        charges=_standing(job)"
        " if history.documents and not _opening(job, works) else tuple(",
    ),
    Broken(
        "steps_come_to_the_whole",
        "        charges=tuple(",
        "        charges=_opening(job, works) + tuple(",
    ),
    Broken(
        "empty_job_does_not_crash",
        "    works = records.of(Work)",
        "    works = records.of(Work)\n"
        "    most = 0 if history.documents else max(work.hours for work in works)",
    ),
    Broken("sections_draw_everywhere", "line.quantity))", "object()))"),
)


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Path]:
    """A folder for one plugin and its contract, importable while the test runs."""
    sys.path.insert(0, str(tmp_path))
    importlib.invalidate_caches()
    yield tmp_path
    sys.path.remove(str(tmp_path))
    for name in ("tiny", "contract_of_tiny"):
        sys.modules.pop(name, None)


def failing(workshop: Path, old: str = "", new: str = "") -> set[str]:
    """Lay the plugin out with a change, and return the contract tests that fail."""
    source = (GALLERY / "tiny.py").read_text()
    assert old in source
    (workshop / "tiny").mkdir()
    (workshop / "tiny" / "__init__.py").write_text(source.replace(old, new, 1))
    (workshop / "tiny" / "rules.toml").write_text((GALLERY / "rules.toml").read_text())
    (workshop / "contract_of_tiny.py").write_text((GALLERY / "contract.py.txt").read_text())
    for code in ("TNY101", "OLD101"):
        (workshop / "errors" / code).mkdir(parents=True)
    contract = importlib.import_module("contract_of_tiny").Contract()
    return {name for name in TESTS if not _passes(contract, name)}


def _passes(contract: PluginContract, name: str) -> bool:
    try:
        getattr(contract, name)()
    except Exception:  # noqa: BLE001 - a contract test may fail in any way
        return False
    return True


def test_the_sound_plugin_passes_every_contract_test(workshop: Path) -> None:
    assert failing(workshop) == set()


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.caught_by)
def test_a_broken_plugin_fails_its_own_test_and_no_other(workshop: Path, broken: Broken) -> None:
    assert failing(workshop, broken.old, broken.new) == {f"test_{broken.caught_by}"}


@pytest.mark.parametrize(
    ("phrase", "failed"),
    [("tiny.fee", set()), ("tiny.feee", {"test_rules_stand_in_the_catalogue"})],
)
def test_a_phrase_that_a_rule_is_told_with_stands_in_the_catalogue(
    workshop: Path, phrase: str, failed: set[str]
) -> None:
    assert failing(workshop, 'what="tiny.fee"', f'what="{phrase}"') == failed


def test_every_contract_test_has_a_broken_plugin() -> None:
    assert sorted(f"test_{broken.caught_by}" for broken in BROKEN) == list(TESTS)
