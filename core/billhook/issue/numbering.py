"""Document numbers: a small template grammar, and when a series starts again."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

import attrs

_PLACE = re.compile(r"\{(series|year|yy|month|seq)(?::0([1-9]|1[0-2]))?\}", re.ASCII)
_REST = re.compile(r"[A-Za-z0-9./_ -]*", re.ASCII)

_RUN_TOGETHER = re.compile(r"<m>\d*<s>|<s>\d*<m>", re.ASCII)

LONGEST_TEMPLATE = 64
"""The most characters that a number template may have."""

LONGEST_ID = 32
"""The most characters that the id of a series may have, which its numbers repeat."""

Reset = Literal["never", "year", "month"]


@attrs.frozen(kw_only=True)
class NumberSeries:
    """A series of document numbers.

    Attributes:
        id: Its id, ``INV``, of at most 32 characters.
        template: ``{series}``, ``{year}``, ``{yy}``, ``{month}`` and ``{seq}``, the last three
            with a width as in ``{seq:05}``; between them ASCII letters, digits and ``. / _ -``;
            at most 64 characters.
        reset: When counting starts again at 1.
        chain: The chain of digests that its documents belong to; empty is a chain of its own.
            One name for several series makes one chain across them.
        begin: The first number, when documents were numbered elsewhere before.
        begin_in: The year, ``2026``, or month, ``2026-05``, whose first number that is; empty
            for a series that never starts again.

    Raises:
        ValueError: The template is not of this grammar, it or the id is too long, or two
            documents could get one number.
    """

    id: str
    template: str = "{series}-{year}-{seq:05}"
    reset: Reset = "year"
    chain: str = ""
    begin: int = 1
    begin_in: str = ""

    def __attrs_post_init__(self) -> None:
        self._check_begin()
        self._check_lengths()
        used = {place.group(1) for place in _PLACE.finditer(self.template)}
        if not _REST.fullmatch(_PLACE.sub("", self.template)) or "{" in _PLACE.sub(
            "", self.template
        ):
            raise ValueError(f"series {self.id}: {self.template!r} is not a number template")
        if "seq" not in used:
            raise ValueError(f"series {self.id}: the template has no {{seq}}")
        year = bool(used & {"year", "yy"})
        if (self.reset != "never" and not year) or (self.reset == "month" and "month" not in used):
            raise ValueError(
                f"series {self.id} restarts each {self.reset}, so its template must contain it"
            )
        if _RUN_TOGETHER.search(self._widths()):
            raise ValueError(
                f"series {self.id}: in {self.template!r} month and sequence run together, so that"
                " January's 11th would be November's 1st; write {month:02}"
            )

    def _check_begin(self) -> None:
        form = {"never": "", "year": r"\d{4}", "month": r"\d{4}-(0[1-9]|1[0-2])"}[self.reset]
        if self.begin < 1:
            raise ValueError(f"series {self.id} begins at {self.begin}; expected 1 or more")
        if self.begin > 1 and not re.fullmatch(form, self.begin_in, re.ASCII):
            wanted = {"never": "nothing", "year": "a year", "month": "a month"}[self.reset]
            raise ValueError(
                f"series {self.id} begins at {self.begin} in {self.begin_in!r}; it is reset by"
                f" {self.reset}, so begin_in must be {wanted}, like 2026 or 2026-05"
            )

    def _check_lengths(self) -> None:
        if len(self.id) > LONGEST_ID:
            raise ValueError(
                f"series {self.id[:LONGEST_ID]}…: its id has {len(self.id)} characters; at most"
                f" {LONGEST_ID} are allowed"
            )
        if len(self.template) > LONGEST_TEMPLATE:
            raise ValueError(
                f"series {self.id}: its template has {len(self.template)} characters; at most"
                f" {LONGEST_TEMPLATE} are allowed"
            )

    def _widths(self) -> str:
        """Return the template with ``m`` and ``s`` for what may have one digit more or less."""

        def width(place: re.Match[str]) -> str:
            name, digits = place.group(1), int(place.group(2) or 1)
            if name == "series":
                return self.id.replace("<", "")
            return {"month": "0" if digits > 1 else "<m>", "seq": "<s>"}.get(name, "0")

        return _PLACE.sub(width, self.template)

    def period(self, date: dt.date) -> str:
        """Return the part of the series that a date counts in."""
        return {"never": "", "year": f"{date:%Y}", "month": f"{date:%Y-%m}"}[self.reset]

    def number(self, sequence: int, date: dt.date) -> str:
        """Return the document number of a place in the series."""
        sequence = self.number_at(sequence, date)
        values = {
            "series": self.id,
            "year": f"{date:%Y}",
            "yy": f"{date:%y}",
            "month": str(date.month),
            "seq": str(sequence),
        }
        return _PLACE.sub(lambda place: _pad(values[place[1]], place[2]), self.template)

    def number_at(self, sequence: int, date: dt.date) -> int:
        """Return the number that a place in the series is counted as; places run from 1."""
        later = self.begin > 1 and self.period(date) == self.begin_in
        return sequence + self.begin - 1 if later else sequence

    @property
    def chain_id(self) -> str:
        """The chain's name."""
        return self.chain or self.id


def _pad(text: str, width: str | None) -> str:
    return text.rjust(int(width), "0") if width else text


INVOICES = NumberSeries(id="INV")
"""The series of invoices when the project names none."""

CREDITS = NumberSeries(id="CRN")
"""The series of credit notes when the project names none."""

OPENINGS = NumberSeries(id="OPENING", template="{series}-{seq:05}", reset="never")
"""The series of openings, which are no bills and leave the numbers of invoices alone."""
