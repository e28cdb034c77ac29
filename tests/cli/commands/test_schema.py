"""``billhook schema``: what it prints and what it writes into a project."""

from __future__ import annotations

import fnmatch
import json

import tomli
from jsonschema import Draft202012Validator


def test_without_a_name_it_is_the_projects(billhook, firm):
    schema = json.loads(billhook("schema").out)

    assert schema["title"] == "A project of billhook: billhook.toml"
    assert {"project", "seller", "legal", "tax_table", "billfile"} <= schema["properties"].keys()


def test_the_projects_own_plugin_has_its_settings(billhook, firm):
    schema = json.loads(billhook("schema", "billfile").out)

    assert schema["required"] == ["per_hour"]
    assert schema["properties"]["per_hour"]["exclusiveMinimum"] == 0


def test_the_kinds_of_sources_are_offered(billhook, firm):
    schema = json.loads(billhook("schema", "job").out)
    kind = schema["$defs"]["Declaration"]["properties"]["kind"]

    assert {"hours", "legal.time", "freight.shipments"} <= set(kind["anyOf"][0]["enum"])


def test_outside_a_project_there_are_the_installed_plugins(billhook):
    assert "legal" in json.loads(billhook("schema", "job").out)["properties"]


def test_a_misspelt_name_is_told(billhook):
    ran = billhook("schema", "leagl")

    assert (ran.code, "did you mean 'legal'?" in ran.err) == (3, True)


def test_written_schemas_fit_the_files_that_the_editors_rules_name(billhook, firm):
    ran = billhook("schema", "--write")
    rules = tomli.loads((firm / ".taplo.toml").read_text())["rule"]

    assert ran.out.split() == [
        "schemas/project.json",
        "schemas/job.json",
        "schemas/customer.json",
        "schemas/subject.json",
        ".taplo.toml",
    ]
    for name in ("billhook.toml", "jobs/first.toml", "customers/acme.toml"):
        (rule,) = (each for each in rules if fnmatch.fnmatch(f"/{name}", each["include"][0]))
        schema = json.loads((firm / rule["schema"]["path"]).read_text())
        value = tomli.loads((firm / name).read_text())
        value.pop("date", None)  # a date is a text for editors
        assert list(Draft202012Validator(schema).iter_errors(value)) == []


def test_an_editors_file_of_ones_own_is_left_alone(billhook, firm):
    (firm / ".taplo.toml").write_text("[formatting]\n")

    ran = billhook("schema", "--write")

    assert (firm / ".taplo.toml").read_text() == "[formatting]\n"
    assert "add these rules to it" in ran.err


def test_writing_needs_a_project(billhook, tmp_path):
    ran = billhook("schema", "--write", cwd=tmp_path)

    assert (ran.code, "there is no project here" in ran.err) == (2, True)


def test_a_broken_plugin_is_said_and_the_others_schemas_are_printed(billhook, firm):
    (firm / "billfile.py").write_text("import nothing_of_that_name\n")

    ran = billhook("schema", "job")

    assert "[BH202]" in ran.err
    assert "legal" in json.loads(ran.out)["properties"]
