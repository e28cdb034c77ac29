"""Charges: what a point's use, standing charge, levies and minimum come to under one version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs
from billhook import (
    Charge,
    Diagnostic,
    Figure,
    Period,
    Text,
    given,
    greatest,
    less,
    negative,
    rounded_money,
    times,
    total,
)

from billhook_utility.account import Account
from billhook_utility.blocks import Part, parts
from billhook_utility.fixed import due
from billhook_utility.settings import Point
from billhook_utility.tariffs import Direction, Price
from billhook_utility.versions import Stretch
from billhook_utility.wording import MINIMUM, STANDING, in_block, supplied

Band = tuple[Direction, str]


@attrs.frozen(kw_only=True)
class Metered:
    """The use of a point on the days of one version of its tariff.

    Attributes:
        point: The point.
        stretch: The version and its days.
        uses: The use by direction and time of use.
        keys: Keys of the reads by direction and time of use.
        standing: Days that no bill has charged for yet; ``None`` if there are none.
        whole: Days of the point on the whole bill.
        suffix: Tells the lines of several versions apart.
    """

    point: Point
    stretch: Stretch
    uses: Mapping[Band, Figure]
    keys: Mapping[Band, Sequence[str]]
    standing: Period | None
    whole: int
    suffix: str = ""

    def id(self, what: str) -> str:
        """Return the id of a line."""
        return f"{self.point.id}-{what}{self.suffix}"


def charges(metered: Metered, account: Account) -> Iterator[Charge | Diagnostic]:
    """Yield the lines of a point under one version of its tariff, or what is wrong."""
    supply: list[Charge] = []
    for band, usage in metered.uses.items():
        price = metered.stretch.tariff.price(*band)
        if price is None:
            yield _unpriced(metered, band)
            return
        found = list(_used(metered, band, usage, price, account))
        supply.extend(found if band[0] == "import" else ())
        yield from found
    for charge in _standing(metered, account):
        supply.append(charge)
        yield charge
    yield from _minimum(metered, supply, account)
    yield from _levies(metered, account)


def _unpriced(metered: Metered, band: Band) -> Diagnostic:
    tariff, (direction, name) = metered.stretch.tariff, band
    what = "what is fed in" if direction == "export" else "what is used"
    when = f" in the time of use {name!r}" if name else ""
    message = f"tariff {tariff.name!r} has no price for {what}{when}"
    return Diagnostic("UTL107", message, origin=tariff.origin, path="prices")


# ── use ──────────────────────────────────────────────────────────────────────


def _used(
    metered: Metered, band: Band, usage: Figure, price: Price, account: Account
) -> Iterator[Charge]:
    stretch = metered.stretch
    found = parts(usage, price, stretch.tariff, stretch.days, account.job.currency)
    name = "-".join(filter(None, ("out" if band[0] == "export" else "use", band[1])))
    for number, part in enumerate(found, 1):
        id_ = metered.id(f"{name}-{number}" if len(found) > 1 else name)
        what = supplied(metered.point.service, price)
        what = in_block(what, part.low, part.high, stretch.tariff.unit)
        signed = part if band[0] == "import" else _fed_in(part)
        yield attrs.evolve(
            _charge(metered, id_, what, times(signed.quantity, part.price, "utility.use"), account),
            quantity=signed.quantity,
            unit_price=part.price,
            tags=frozenset({"use" if band[0] == "import" else "export", metered.point.service}),
            sources=tuple(metered.keys[band]),
            part=id_,
        )


def _fed_in(part: Part) -> Part:
    return attrs.evolve(part, quantity=negative(part.quantity, "utility.export"))


# ── beside the use ───────────────────────────────────────────────────────────


def _standing(metered: Metered, account: Account) -> Iterator[Charge]:
    fixed, days = metered.stretch.tariff.standing, metered.standing
    if fixed is None or days is None:
        return
    comes_to = due(fixed, days.first, days.last, metered.whole, account.job.currency)
    charge = _charge(metered, metered.id("standing"), STANDING, comes_to.amount, account)
    yield attrs.evolve(charge, period=days, quantity=comes_to.quantity, unit_price=comes_to.price)


def _minimum(metered: Metered, supply: Sequence[Charge], account: Account) -> Iterator[Charge]:
    """Yield what is missing to the minimum; a bill that puts an estimate right has none."""
    fixed, days, currency = metered.stretch.tariff.minimum, metered.standing, account.job.currency
    if fixed is None or days is None or any(charge.amount.value < 0 for charge in supply):
        return
    comes_to = due(fixed, days.first, days.last, metered.whole, currency).amount
    agreed = rounded_money(comes_to, account.job.policy.line, "utility.amount")
    billed = total((charge.amount for charge in supply), "utility.minimum.billed", currency)
    if billed.value < agreed.value:
        at_least = greatest((agreed, billed), "utility.minimum.greater")
        missing = less(at_least, billed, rule="utility.minimum.missing")
        yield _charge(metered, metered.id("minimum"), MINIMUM, missing, account)


def _levies(metered: Metered, account: Account) -> Iterator[Charge]:
    tariff = metered.stretch.tariff
    used = [figure for (direction, _band), figure in metered.uses.items() if direction == "import"]
    if not used:
        return
    usage = used[0] if len(used) == 1 else total(used, "utility.usage.all-bands")
    for number, levy in enumerate(tariff.levies, 1):
        unit = f"{account.job.currency}/{tariff.unit}"
        price = given(levy.per_unit, unit, "utility.levy.rate", levy.origin, name=levy.name)
        amount = times(usage, price, "utility.levy")
        charge = _charge(metered, metered.id(f"levy-{number}"), levy.name, amount, account)
        tags = frozenset({"levy", metered.point.service})
        yield attrs.evolve(charge, quantity=usage, unit_price=price, tags=tags)


def _charge(
    metered: Metered, id_: str, description: Text, amount: Figure, account: Account
) -> Charge:
    stretch = metered.stretch
    return Charge(
        id=id_,
        description=description,
        amount=rounded_money(amount, account.job.policy.line, "utility.amount"),
        period=Period(stretch.first, stretch.last),
        tax_class=stretch.tariff.tax_class,
        tags=frozenset({"standing", metered.point.service}),
        group=account.name_of(metered.point),
    )
