"""The schemas say what the loader says: no good file is refused, and many bad ones are."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import attrs
import pytest
import tomli
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from billhook.model.party import Party
from billhook.model.terms import Agreement
from billhook.plugins.loading import find_installed, load_named
from billhook.project import load_project
from billhook.project.print_settings import PrintSettings
from billhook.project.tables import KEPT, SHARED, JobTable, ProjectTable
from billhook.sources.scalars import TOML
from billhook.sources.structure import attempt
from billhook.tools.scaffold import plain
from billhook.tools.scaffold.author import plugin_project
from billhook.tools.schema import (
    customer_schema,
    job_schema,
    project_schema,
    settings_schema,
    subject_schema,
)
from billhook.tools.schema.prose import attribute_prose, summary
from billhook.tools.schema.types import Types
from billhook.tools.schema.words import in_words
from tools.schema.samples import table

ROOT = Path(__file__).parents[3]
PLUGINS = load_named(sorted(find_installed())).plugins
WITH_SETTINGS = [plugin for plugin in PLUGINS if plugin.info.settings]


def as_json(value: object) -> object:
    """A value of TOML as editors hand it to a schema: dates are texts."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def complaints(schema: dict, value: object) -> list[str]:
    found = Draft202012Validator(schema).iter_errors(as_json(value))
    return [f"{error.json_path}: {error.message}" for error in found]


def read(path: Path) -> object:
    return tomli.loads(path.read_text(encoding="utf-8"))


def schema_of(path: Path) -> dict:
    if path.name == "billhook.toml":
        return project_schema(load_project(path).engine(()).plugins + PLUGINS)
    if path.parent.name == "customers":
        return customer_schema(load_project(path).engine(()).plugins + PLUGINS)
    if path.parent.name == "subjects":
        return subject_schema(load_project(path).engine(()).plugins + PLUGINS)
    return job_schema(load_project(path).engine(()).plugins + PLUGINS)


FILES = sorted(
    path
    for pattern in ("*/billhook.toml", "*/customers/*.toml", "*/subjects/*.toml", "*/jobs/*.toml")
    for path in (ROOT / "examples").glob(pattern)
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_examples_are_valid(path):
    assert complaints(schema_of(path), read(path)) == []


def test_there_are_examples_of_each_trade():
    assert {"legal", "construction", "freight"} <= {path.parts[-3] for path in FILES}


@pytest.mark.parametrize("files", [plain(), plugin_project("lessons")], ids=["init", "plugin new"])
def test_what_the_scaffolds_write_is_valid(files, tmp_path):
    for path, data in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    if (tmp_path / "billhook_lessons.py").exists():
        own = load_project_plugin(tmp_path / "billhook_lessons.py")
        job = tmp_path / "example" / "june.toml"
        assert complaints(job_schema((own, *PLUGINS)), read(job)) == []
        return
    for path in (*tmp_path.glob("*.toml"), *tmp_path.glob("*/*.toml")):
        assert complaints(schema_of(path), read(path)) == []


def load_project_plugin(path: Path):
    from billhook.plugins.loading import load_file

    (own,) = load_file(path).plugins
    return own


# ── what is wrong ────────────────────────────────────────────────────────────


JOB = """
subject = "a"
buyer = "acme"
date = 2026-06-30

[[sources]]
kind = "legal.time"
file = "time.csv"
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('subject = "a"', "", "$: 'subject' is a required property"),
        ('subject = "a"', "subject = 5", "$.subject: 5 is not of type 'string'"),
        ('buyer = "acme"', 'buyr = "acme"', "'buyr' was unexpected"),
        ('file = "time.csv"', "", "$.sources[0]: 'file' is a required property"),
        ("[[sources]]", 'currency = "usd"\n[[sources]]', "$.currency: 'usd' is not one of"),
        ("[[sources]]", 'policy = "rough"\n[[sources]]', "$.policy: 'rough' is not one of"),
        ("[[sources]]", 'plugins = ["leagl"]\n[[sources]]', "$.plugins[0]: 'leagl' is not one of"),
        ("[[sources]]", '[terms]\nnet_days = "x"\n[[sources]]', "$.terms.net_days: 'x' is not of"),
        ("[[sources]]", "[legal]\nincrement = -1\n[[sources]]", "-1 is less than the minimum of 0"),
        ("[[sources]]", "[legal]\nlong_day = 0\n[[sources]]", "0 is less than or equal to the min"),
        ("[[sources]]", '[legal]\nscope = "year"\n[[sources]]', "$.legal.scope: 'year' is not one"),
        ("[[sources]]", "[[legal.rates]]\n[[sources]]", "'per_hour' is a required property"),
        ("[[sources]]", "[leagl]\n[[sources]]", "'leagl' was unexpected"),
    ],
)
def test_a_wrong_job_is_not_valid(old, new, expected):
    assert complaints(job_schema(PLUGINS), tomli.loads(JOB)) == []

    found = complaints(job_schema(PLUGINS), tomli.loads(JOB.replace(old, new, 1)))

    assert expected in "\n".join(found)


def test_a_customer_without_a_country_is_not_valid():
    customer = {"name": "Acme", "address": {"city": "Salem"}}

    assert complaints(customer_schema(()), customer) == [
        "$.address: 'country' is a required property"
    ]


def test_a_project_may_give_a_part_of_what_its_jobs_complete():
    part = {"construction": {"wording": "retention"}, "seller": {"name": "Own"}}

    assert complaints(project_schema(PLUGINS), part) == []
    assert complaints(project_schema(PLUGINS), {"seller": {"nam": "Own"}}) != []


def test_a_project_has_every_table_that_is_read_from_it():
    known = set(project_schema(PLUGINS)["properties"])
    issued = {
        "store": {"path": "bills.db"},
        "series": {"INV": {"template": "{series}-{seq:05}", "reset": "never"}},
        "roles": {"approver": ["lee"], "limits": {"lee": {"USD": 500}}},
        "approval": {"limit": {"USD": 100}},
        "archive": {"group": True},
        "books": {"accounts": {"bank": "Assets:Bank"}, "tax": {"VAT 20": "Liabilities:VAT"}},
    }

    assert {"project", *SHARED, *KEPT} <= known
    assert complaints(project_schema(PLUGINS), issued) == []
    assert complaints(project_schema(PLUGINS), {"books": {"acounts": {}}}) != []


def test_the_table_of_a_plugin_alone_is_asked_for_whole():
    rate = {"rates": [{"matter": "0042"}]}
    (legal,) = (plugin for plugin in PLUGINS if plugin.name == "legal")

    assert complaints(settings_schema(legal), rate) == [
        "$.rates[0]: 'per_hour' is a required property"
    ]


# ── what is right ────────────────────────────────────────────────────────────

READ = (JobTable, ProjectTable, Party, Agreement, PrintSettings)
CLASSES = (*READ, *(plugin.info.settings for plugin in WITH_SETTINGS))


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_the_loader_accepts_the_schema_accepts(cls, data):
    value = data.draw(table(cls))
    found, mistakes = attempt(value, cls, TOML)
    if mistakes:
        return
    types = Types()
    schema = types.table(cls) | {"$defs": types.definitions}

    assert found is not None
    assert complaints(schema, value) == []


CASES = ROOT / "tests" / "errors"


def job_files(folder: Path) -> list[Path]:
    """Lay out the files of the error catalogue, and return those that may be jobs."""
    shutil.copytree(CASES, folder, dirs_exist_ok=True)
    for path in sorted(folder.rglob("case.txt")):
        keys = tomli.loads(path.read_text(encoding="utf-8").partition("+++\n")[0])
        for name, text in keys.get("files", {}).items():
            (path.parent / name).parent.mkdir(parents=True, exist_ok=True)
            (path.parent / name).write_bytes(text.encode())
    return sorted(folder.rglob("*.toml"))


def test_jobs_that_are_read_without_errors_are_valid(tmp_path):
    jobs = job_files(tmp_path)
    good = [path for path in jobs if not load_project(path).job(path).errors]

    assert len(good) >= 8
    assert {str(path): complaints(schema_of(path), read(path)) for path in good} == {
        str(path): [] for path in good
    }


@pytest.mark.parametrize("schema", [project_schema(PLUGINS), job_schema(PLUGINS)])
def test_the_schemas_themselves_are_of_the_dialect_they_name(schema):
    Draft202012Validator.check_schema(schema)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(schema)) == schema


def test_every_key_that_users_write_says_what_it_means():
    silent = {
        f"{cls.__name__}.{name}"
        for cls in CLASSES
        for name, schema in Types().table(cls)["properties"].items()
        if not schema.get("description")
    }

    assert silent <= {"TaxTable.rates"}


# ── words ────────────────────────────────────────────────────────────────────


@attrs.frozen
class Sample:
    """A sample.  With more to say.

    Attributes:
        one: The first,
            in two lines.
        two: ``second``.

    Raises:
        ValueError: Never.
    """

    one: int
    two: str = ""


def test_docstrings_are_read_up_to_the_next_section():
    assert summary(Sample) == "A sample. With more to say."
    assert attribute_prose(Sample) == {"one": "The first, in two lines.", "two": "`second`."}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "number", "exclusiveMinimum": 0}, "number above 0"),
        ({"type": "integer", "minimum": 1, "maximum": 31}, "whole number from 1 up to 31"),
        ({"type": "string", "format": "date"}, "date"),
        ({"enum": ["up", "down"]}, "'up' or 'down'"),
        ({"enum": [*"abcdefg"]}, "one of 7 words"),
        ({"$ref": "#/$defs/Party"}, "table"),
        ({"type": "array", "items": {"$ref": "#/$defs/Rate"}}, "tables"),
        ({"type": "array", "items": {"type": "string"}}, "array of text"),
        ({"type": "array", "prefixItems": [{}, {}], "minItems": 2}, "array of 2"),
        ({"anyOf": [{"type": "string"}, {"$ref": "x"}]}, "text or table"),
        ({}, "anything"),
    ],
)
def test_a_schema_in_words(schema, expected):
    assert in_words(schema) == expected
