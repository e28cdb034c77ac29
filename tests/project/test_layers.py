from __future__ import annotations

from pathlib import Path

from billhook.kernel.diagnostics import Findings
from billhook.project.layers import Layer, Layers
from billhook.sources.formats.toml import read_toml


def layer(name: str, text: str) -> Layer:
    document = read_toml(text.encode(), name, Findings())
    assert document is not None
    return Layer(document, Path("/") / name.partition("/")[0])


PROJECT = """\
[terms]
net_days = 30
text = "thirty days"

[[terms.instalments]]
days = 10
percent = 50

[[terms.instalments]]
days = 30
"""

JOB = """\
[terms]
net_days = 14

[[terms.instalments]]
days = 5
"""


def layers() -> Layers:
    return Layers((layer("jobs/a.toml", JOB), layer("billhook.toml", PROJECT)))


def test_a_jobs_table_is_laid_over_the_projects_key_by_key() -> None:
    value = layers().value("terms")

    assert value == {"net_days": 14, "text": "thirty days", "instalments": [{"days": 5}]}


def test_a_table_of_one_file_alone_is_taken_as_it_is() -> None:
    merged = Layers((layer("a", "x = 1"), layer("b", "[t]\ny = 2")))

    assert merged.value("t") == {"y": 2}


def test_what_is_no_table_hides_what_lies_below() -> None:
    merged = Layers((layer("a", "t = 1"), layer("b", "[t]\ny = 2")))

    assert merged.value("t") == 1


def test_tables_inside_tables_are_merged_too() -> None:
    merged = Layers((layer("a", "[t.u]\nx = 1"), layer("b", "[t.u]\nx = 2\ny = 3")))

    assert merged.value("t") == {"u": {"x": 1, "y": 3}}


def test_a_value_stands_in_the_file_that_gave_it() -> None:
    found = layers()

    assert str(found.place(("terms", "net_days")).origin) == "jobs/a.toml:2:1"
    assert str(found.place(("terms", "text")).origin) == "billhook.toml:3:1"


def test_an_array_belongs_to_the_file_that_replaced_it() -> None:
    place = layers().place(("terms", "instalments", 0, "percent"))

    # The project's first instalment has a percent, but the job's array is the one that counts.
    assert str(place.origin) == "jobs/a.toml:4:1"


def test_a_relative_path_belongs_to_the_folder_of_its_file() -> None:
    found = layers()

    assert found.folder(("terms", "net_days")) == Path("/jobs")
    assert found.folder(("terms", "text")) == Path("/billhook.toml")
