"""A plugin knows a record's line; the finding shows the line, and the field that it names."""

from __future__ import annotations

from pathlib import Path

from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.origin import Origin
from billhook.project.excerpts import Excerpts
from billhook.sources.declaration import Declaration
from billhook.sources.source import object_source, open_source

TABLE = "key,hours,text\n1,2,Planning\n2,3,Café\n"


def shown(tmp_path: Path, origin: Origin, path: str | None = None, **declared) -> str:
    sources = []
    if declared:
        declaration = Declaration(kind="work", file=origin.file, **declared)
        sources = [open_source(declaration, tmp_path)]
    finding = Diagnostic("X1", "look here", origin=origin, path=path)
    return Excerpts(sources, tmp_path).shown(finding).render()


def test_the_field_that_is_named_is_marked(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TABLE)

    assert shown(tmp_path, Origin("t.csv", 2), "text", delimiter=",") == (
        "t.csv:2:5: error[X1]: look here  (text)\n    2 | 1,2,Planning\n      |     ^^^^^^^^"
    )


def test_a_row_is_shown_where_no_field_is_named(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(TABLE.encode("cp1252"))

    assert shown(tmp_path, Origin("t.csv", 3), encoding="cp1252") == (
        "t.csv:3: error[X1]: look here\n    3 | 2,3,Café"
    )


def test_a_name_that_is_no_field_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TABLE)

    found = shown(tmp_path, Origin("t.csv", 2), "colour", delimiter=",")

    assert found == "t.csv:2: error[X1]: look here  (colour)\n    2 | 1,2,Planning"


def test_settings_are_shown_from_their_file(tmp_path: Path) -> None:
    (tmp_path / "billhook.toml").write_text("[legal]\nrates = [\n  { per_hour = 1 },\n]\n")

    assert shown(tmp_path, Origin("billhook.toml", 2, 1)) == (
        "billhook.toml:2:1: error[X1]: look here\n    2 | rates = [\n      | ^^^^^"
    )


def test_what_is_no_text_or_no_file_has_no_excerpt(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"\xff\n\xff\n")

    assert shown(tmp_path, Origin("x.bin", 2)) == "x.bin:2: error[X1]: look here"
    assert shown(tmp_path, Origin("none.csv", 2)) == "none.csv:2: error[X1]: look here"
    assert shown(tmp_path, Origin("erp", 7)) == "erp:7: error[X1]: look here"


def test_rows_of_objects_have_no_lines_to_show(tmp_path: Path) -> None:
    source = object_source("erp", "work", [{"hours": 2}])
    finding = Diagnostic("X1", "look here", origin=Origin("erp", None, None, "row 1"))

    assert Excerpts([source], tmp_path).shown(finding) is finding
