from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Generic, TypeVar

import attrs
import pytest

from billhook.kernel.diagnostics import Findings
from billhook.kernel.origin import Origin
from billhook.project.defaults import fill
from billhook.project.layers import Layer, Layers
from billhook.sources.formats.toml import read_toml
from billhook.sources.ranges import above
from billhook.sources.structure import structure

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Lane:
    rate: Annotated[Decimal, above(0)]
    book: Path | None = None
    origin: Origin | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class Boxed(Generic[T]):
    value: T


@attrs.frozen(kw_only=True)
class Settings:
    lanes: tuple[Lane, ...] = ()
    named: dict[str, Lane] = attrs.field(factory=dict)
    default: Lane | None = None
    boxed: Boxed[Lane] | None = None
    books: tuple[Path, ...] = ()


def read(text: str) -> Settings:
    findings = Findings()
    document = read_toml(text.encode(), "jobs/a.toml", findings)
    assert document is not None
    layers = Layers((Layer(document, Path("/firm/jobs")),))
    filled = fill(document.values, Settings, layers, ())
    settings = structure(filled, Settings, layers, findings)
    assert settings is not None, list(findings)
    return settings


def test_each_table_whose_class_asks_for_it_gets_its_place() -> None:
    lanes = read("[[lanes]]\nrate = 1\n\n[[lanes]]\nrate = 2\n").lanes

    assert [str(lane.origin) for lane in lanes] == ["jobs/a.toml:1:1", "jobs/a.toml:4:1"]
    assert [lane.origin and lane.origin.path for lane in lanes] == ["lanes[0]", "lanes[1]"]


@pytest.mark.parametrize(
    ("text", "get"),
    [
        ("[named.x]\nrate = 1", lambda s: s.named["x"]),
        ("[default]\nrate = 1", lambda s: s.default),
        ("[boxed.value]\nrate = 1", lambda s: s.boxed.value),
    ],
)
def test_places_reach_into_tables_options_and_generic_classes(text: str, get) -> None:
    assert get(read(text)).origin.line == 1


def test_paths_become_absolute_from_the_folder_of_the_file() -> None:
    settings = read('books = ["../a.csv", "/b.csv"]\n[[lanes]]\nrate = 1\nbook = "c.csv"\n')

    assert settings.books == (Path("/firm/a.csv"), Path("/b.csv"))
    assert settings.lanes[0].book == Path("/firm/jobs/c.csv")


def test_of_several_types_the_one_that_suits_the_value_is_taken() -> None:
    document = read_toml(b"[lane]\nrate = 1\n", "a.toml", Findings())
    assert document is not None
    layers = Layers((Layer(document, Path("/")),))

    assert fill("north", str | Lane, layers, ("lane",)) == "north"
    assert fill({"rate": 1}, str | Lane, layers, ("lane",)) == {
        "rate": 1,
        "origin": Origin("a.toml", 1, 1, "lane"),
    }


def test_an_origin_that_the_user_writes_is_refused() -> None:
    findings = Findings()
    document = read_toml(b'[[lanes]]\nrate = 1\norigin = "here"\n', "a.toml", findings)
    assert document is not None
    layers = Layers((Layer(document, Path("/")),))

    structure(fill(document.values, Settings, layers, ()), Settings, layers, findings)

    assert [str(found.origin) for found in findings] == ["a.toml:3:1"]
