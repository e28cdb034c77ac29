"""Comparing successive bills, whose lines mostly have other ids each time.

What both bills have is compared line by line.  The other lines are taken together by what they are:
by the group that they are printed in when it recurs (a person, a section), else by their tags.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

import attrs

from billhook.compare.invoices import Change, Comparison, compare
from billhook.kernel.figure import Figure, ratio, rounded, total
from billhook.kernel.text import Text
from billhook.model.invoice import Invoice, Line

RULE = "core.change.group"
STEP = Decimal("0.0001")

Namer = Callable[[Line], str]
Groups = Mapping[str, Sequence[Line]]


def compare_successive(before: Invoice, after: Invoice) -> Comparison:
    """Compare two bills of one currency, the lines that only one has by group.

    Lines of a price that both bills have in a group stand by themselves, so that hours at an
    unchanged rate are told from a change of rate; the rest of a group is taken together at its
    average price.  In two versions of one bill, which have lines in common, a line that is alone in
    its group and new or gone stays itself.

    Raises:
        ValueError: The bills are in different currencies.
    """
    old, new = _apart(before, after)
    known = {line.id for line in (*before.lines, *after.lines)}
    one, two = _with(before, old, new, known), _with(after, new, old, known)
    found = compare(one, two)
    ids = {f"lines.{_id(name, known)}": name for name in (*old, *new)}
    changes = (_count_lines(each, ids.get(each.id), old, new) for each in found.changes)
    return attrs.evolve(found, changes=tuple(changes))


def _count_lines(change: Change, name: str | None, old: Groups, new: Groups) -> Change:
    if name is None:
        return change
    before, after = len(old.get(name, ())), len(new.get(name, ()))
    return attrs.evolve(change, lines_before=before, lines_after=after)


def _id(name: str, known: set[str]) -> str:
    """Return the id of a group's line, which no line of the bills has."""
    return _id(f"{name} (group)", known) if name in known else name


# ── which lines belong together ──────────────────────────────────────────────


def _apart(before: Invoice, after: Invoice) -> tuple[Groups, Groups]:
    """Return the lines that only one of two bills has, by the names of their groups."""
    both = {line.id for line in before.lines} & {line.id for line in after.lines}
    old = [line for line in before.lines if line.id not in both]
    new = [line for line in after.lines if line.id not in both]
    full = _naming(before.lines, after.lines, old, new)
    return _group_lines(old, full), _group_lines(new, full)


def _naming(
    before: Sequence[Line], after: Sequence[Line], old: Sequence[Line], new: Sequence[Line]
) -> Namer:
    """Return what names the group of a line of ``old`` or ``new``, parts of two whole bills."""
    name = _kind(before, after)
    units = {(name(line), _unit(line)) for line in (*old, *new)}
    many = Counter(of for of, _ in units)
    prices = {_price(line, name) for line in old} & {_price(line, name) for line in new}

    def full(line: Line) -> str:
        of, unit = name(line), _unit(line)
        if _price(line, name) in prices and unit:
            return f"{of} @ {_price(line, name)[1]}"
        return f"{of}, {unit or 'no price'}" if many[of] > 1 else of

    return full


def _kind(before: Sequence[Line], after: Sequence[Line]) -> Namer:
    """Return what a line is called by: a group that both bills have, else tags that both have.

    Tags do not count of which some lines have a group in both: whoever is new there is new.
    """
    groups = _find_shared(_group, before, after)
    taken = {_tags(line) for line in (*before, *after) if _group(line) in groups}
    tags = _find_shared(_tags, before, after) - taken

    def name(line: Line) -> str:
        if _group(line) not in groups and _tags(line) in tags:
            return _tags(line)
        return _group(line) or str(line.description)

    return name


def _find_shared(name: Namer, old: Iterable[Line], new: Iterable[Line]) -> set[str]:
    return ({name(line) for line in old} & {name(line) for line in new}) - {""}


def _group(line: Line) -> str:
    return str(line.group)


def _tags(line: Line) -> str:
    return ", ".join(sorted(line.tags))


def _unit(line: Line) -> str:
    return line.unit_price.unit if line.unit_price and line.quantity else ""


def _price(line: Line, name: Namer) -> tuple[str, str]:
    price = line.unit_price
    return name(line), f"{price.value.normalize():f} {_unit(line)}" if price else ""


def _group_lines(lines: Iterable[Line], name: Namer) -> Groups:
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(name(line), []).append(line)
    return groups


# ── one line for each group ──────────────────────────────────────────────────


def _with(bill: Invoice, groups: Groups, others: Groups, known: set[str]) -> Invoice:
    """Return a bill with one line for each group in the place of the group's lines."""
    versions = sum(map(len, groups.values())) < len(bill.lines)
    together: dict[str, Line] = {}
    for name, lines in groups.items():
        alone = versions and len(lines) == 1 and name not in others
        line = lines[0] if alone else _together(_id(name, known), name, lines)
        together.update({each.id: line for each in lines})
    kept = {line.id: line for line in (together.get(each.id, each) for each in bill.lines)}
    return attrs.evolve(bill, lines=tuple(kept.values()))


def _together(id_: str, name: str, lines: Sequence[Line]) -> Line:
    first = lines[0]
    quantity = _sum(line.quantity for line in lines)
    return Line(
        id=id_,
        description=_description(name, first),
        amount=total((line.amount for line in lines), RULE),
        quantity=quantity,
        unit_price=_average(lines, quantity),
        adjustment=_sum(line.adjustment for line in lines if line.adjustment is not None),
    )


def _description(name: str, first: Line) -> Text:
    """Return the first line's own words that the group is called by, which can be translated."""
    words = (first.group, first.description)
    return next((each for each in words if each and name.startswith(str(each))), name)


def _sum(figures: Iterable[Figure | None]) -> Figure | None:
    found = list(figures)
    present = [each for each in found if each is not None]
    if not present or len(present) < len(found) or len({each.unit for each in present}) > 1:
        return None
    return total(present, RULE)


def _average(lines: Sequence[Line], quantity: Figure | None) -> Figure | None:
    prices = [line.unit_price for line in lines if line.unit_price is not None]
    if quantity is None or len(prices) < len(lines) or not quantity.value:
        return None
    if len({(price.value, price.unit) for price in prices}) == 1:
        return prices[0]
    if len({price.unit for price in prices}) > 1:
        return None
    gross = total((line.gross or line.amount for line in lines), RULE)
    return rounded(ratio(gross, quantity, RULE, unit=prices[0].unit), STEP, RULE)
