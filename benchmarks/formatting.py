"""How much faster amounts are written than by calling Babel for each.

    python benchmarks/formatting.py [LOCALE … | all]

Times are the least of several runs, in microseconds per amount, on one core; the last two columns
say how many times faster a formatter's `amount` and the function of `amounts` are than Babel, and
the last rows name the locales with the least ratios.  `all` measures every language of billhook.
"""

from __future__ import annotations

import sys
import timeit
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from itertools import cycle
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "core"))

from babel.numbers import format_currency

from billhook.i18n import message_catalogs
from billhook.i18n.numbers import Formatter, formatter

LOCALES = ("en_US", "de", "fr", "en_IN", "ar", "de_DE", "de_CH", "fr_FR", "ar_EG", "ja_JP")
VALUES = [Decimal(cents).scaleb(-2) for cents in range(-50_000_000, 900_000_000, 9_137_911)]
AMOUNTS = 20_000
RUNS = 5


def main() -> None:
    """Print one row per locale, then the least ratios."""
    print(f"{'locale':8} {'Babel':>8} {'amount':>8} {'amounts':>8} {'times':>7} {'times':>7}")
    ratios = {locale: row(locale) for locale in locales(sys.argv[1:])}
    for column, name in enumerate(("amount", "amounts")):
        least = min(ratios, key=lambda locale: ratios[locale][column])
        print(f"least ratio of {name}: {ratios[least][column]:.1f} ({least})")
    compile_time()


def locales(asked: list[str]) -> tuple[str, ...]:
    """Return the locales to measure."""
    if asked == ["all"]:
        return message_catalogs.languages()
    return tuple(asked) or LOCALES


def row(locale: str) -> tuple[float, float]:
    """Print a locale's row and return how many times faster than Babel both ways are."""
    form = formatter(locale)
    babel = seconds(partial(format_currency, currency="EUR", locale=locale))
    single = seconds(partial(form.amount, currency="EUR"))
    many = seconds(form.amounts("EUR"))
    times = f"{babel / single:7.1f} {babel / many:7.1f}"
    print(f"{locale:8} {babel:8.2f} {single:8.2f} {many:8.2f} {times}", flush=True)
    return babel / single, babel / many


def seconds(write: Callable[[Decimal], str]) -> float:
    """Return the microseconds that one amount takes."""

    def run() -> None:
        for value, _ in zip(cycle(VALUES), range(AMOUNTS), strict=False):
            write(value)

    return min(timeit.repeat(run, number=1, repeat=RUNS)) / AMOUNTS * 1_000_000


def compile_time() -> None:
    """Print what a formatter's first amount of a currency costs."""
    once = min(timeit.repeat(lambda: Formatter("de").amounts("EUR"), number=20, repeat=RUNS)) / 20
    print(f"learning a locale and currency, once: {once * 1_000_000:.0f} µs")


if __name__ == "__main__":
    main()
