from __future__ import annotations

import time

from billhook.model.record import Records
from billhook_freight.rating import rate
from freight.samples import items, job, key500, one, shipment


def test_a_thousand_shipments_are_rated_in_two_seconds():
    records = [key500()]
    for number in range(1000):
        if number % 3:
            weight = str(50 + number * 7 % 9000)
            records.append(one("70", weight, str(number), accessorials=("LFT", "DET:3")))
        else:
            records.append(shipment(str(number)))
            classes = (("70", "1200"), ("100", "700"), ("77.5", "90"))
            records.extend(items(*classes, number=str(number)))
    start = time.process_time()
    rating = rate(job(), Records(records))

    assert time.process_time() - start < 2
    assert rating.findings == ()
    assert len({charge.detail.shipment for charge in rating.charges}) == 1000
