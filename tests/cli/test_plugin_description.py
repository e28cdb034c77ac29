"""``billhook plugin list`` and ``info``: what plugins declare, with types and defaults."""

from __future__ import annotations

import json

import pytest

from billhook.plugins.loading import find_installed


def test_the_long_list_names_hooks_sources_and_codes(billhook):
    tree = json.loads(billhook("plugin", "list", "--long", "-f", "json").out)
    legal = next(each for each in tree["plugins"] if each["name"] == "legal")

    assert legal["api"] == "1"
    assert "rate" in legal["hooks"].split(", ")
    assert "legal.time" in legal["sources"].split(", ")
    assert legal["codes"].startswith("LGL101 to LGL")


def test_the_long_list_for_people_has_a_row_for_each(billhook):
    ran = billhook("plugin", "list", "-l")

    assert [line.split()[0] for line in ran.out.splitlines()[1:]] == sorted(find_installed())


def test_a_setting_has_its_type_its_default_and_its_meaning(billhook):
    tree = json.loads(billhook("plugin", "info", "legal", "-f", "json").out)
    (increment,) = (each for each in tree["settings"] if each["name"] == "increment")

    assert increment == {
        "name": "increment",
        "type": "number from 0",
        "required": False,
        "default": 6,
        "description": "Smallest unit of time in minutes; 0 bills time as recorded.",
    }


def test_columns_that_the_reader_gives_are_not_asked_for(billhook):
    tree = json.loads(billhook("plugin", "info", "freight", "-f", "json").out)
    needed = {each["name"] for each in tree["sources"]["freight.shipments"] if each["required"]}
    names = {each["name"] for each in tree["sources"]["freight.shipments"]}

    assert "pickup" in needed
    assert needed & {"key", "origin"} == set()
    assert ("key" in names, "origin" in names) == (True, False)


def test_what_goes_into_documents_is_named(billhook):
    tree = json.loads(billhook("plugin", "info", "construction", "-f", "json").out)

    assert tree["keeps"]["state"] == ["ConstructionState"]
    assert tree["keeps"]["events"]


@pytest.mark.parametrize("name", sorted(find_installed()))
def test_every_installed_plugin_is_described(billhook, name):
    ran = billhook("plugin", "info", name)

    assert ran.code == 0
    assert "written for hooks 1" in ran.out


OWN = """
from pathlib import Path
from billhook.testing import PluginContract, job_case

class TestOwn(PluginContract):
    plugin = Path("nowhere.py")

    def cases(self):
        yield job_case(Path(__file__).parent / "jobs" / "first.toml")
"""


def test_the_contract_takes_the_cases_of_the_plugins_own_tests(billhook, firm):
    (firm / "test_own.py").write_text(OWN)

    ran = billhook("plugin", "test", "billfile.py", "--cases", "test_own.py")

    assert ran.code == 0, ran.out
    assert "no jobs were given" not in ran.err


def test_the_contract_takes_jobs_by_option_too(billhook, firm):
    ran = billhook("plugin", "test", "billfile.py", "--job", "jobs/first.toml")

    assert ran.code == 0, ran.out
    assert "no jobs were given" not in ran.err


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", "has 0 subclasses of PluginContract"), ("1 / 0", "cannot be run: division by zero")],
)
def test_a_file_without_cases_is_a_wrong_use(billhook, firm, text, expected):
    (firm / "test_own.py").write_text(text)

    ran = billhook("plugin", "test", "billfile.py", "--cases", "test_own.py")

    assert (ran.code, expected in ran.err) == (2, True)


def test_the_formats_of_a_plugin_are_named(billhook, firm):
    (firm / "billfile.py").write_text(
        """
from billhook import Exporter, hookimpl

@hookimpl
def billhook_exporters():
    return [Exporter(key="slip", title="Delivery slip", media_type="text/plain", suffix=".txt",
                     write=lambda documents, out: None)]
"""
    )
    tree = json.loads(billhook("plugin", "info", "billfile.py", "-f", "json").out)

    assert tree["formats"] == {"slip": "Delivery slip"}
    assert "formats:\n  slip  Delivery slip" in billhook("plugin", "info", "billfile.py").out
