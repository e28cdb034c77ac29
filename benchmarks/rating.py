"""Rating shipments: how long, and the share of it that the arithmetic of figures takes.

python benchmarks/freight.py [--shipments 1000]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from billhook.kernel.figure import given, times
from billhook.model.record import Record, Records
from billhook_freight.rate import rate
from freight.samples import items, job, key500, one, shipment


def records(count: int) -> Records:
    """Shipments, every third of several classes."""
    found: list[Record] = [key500()]
    for number in range(count):
        if number % 3:
            weight = str(50 + number * 7 % 9000)
            found.append(one("70", weight, str(number), accessorials=("LFT", "DET:3")))
        else:
            found.append(shipment(str(number)))
            classes = (("70", "1200"), ("100", "700"), ("77.5", "90"))
            found.extend(items(*classes, number=str(number)))
    return Records(found)


def main() -> None:
    """Rate five times and print the median, and its ratio to the same number of products."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shipments", type=int, default=1000)
    count = parser.parse_args().shipments
    shipments, of = records(count), job()
    rating = rate(of, shipments)
    seconds, bare = [], []
    one_, two = (given(2, unit, "benchmark") for unit in ("kg", "EUR/kg"))
    for _ in range(5):
        start = time.process_time()
        rate(of, shipments)
        middle = time.process_time()
        for _ in rating.charges:
            times(one_, two, "benchmark")
        seconds.append(middle - start)
        bare.append(time.process_time() - middle)
    print(f"{count} shipments, {len(rating.charges)} charges: {statistics.median(seconds):.2f} s")
    ratio = statistics.median(a / b for a, b in zip(seconds, bare, strict=True))
    print(f"{ratio:.1f} times one product for each charge")


if __name__ == "__main__":
    main()
