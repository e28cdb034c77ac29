from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.append(str(Path(__file__).parent))  # the contract runs this file by itself, too

import attrs
from billhook import Document, History
from billhook.testing import Case, PluginContract
from household import D, day, draft, job, point, read, register, tariff

from billhook_utility.settings import Energy, Meter
from billhook_utility.tariffs import Block, Fixed, Levy, Price


class TestContract(PluginContract):
    plugin = "utility"
    errors = Path(__file__).parent / "errors"

    def cases(self) -> Iterable[Case]:
        first = (read("2025-12-31", 99_990), read("3-31", 25, kind="estimated"))
        yield Case(name="water", job=job(), records=first)
        yield Case(
            name="true-up",
            job=attrs.evolve(job(days="4-1..6-30"), type_code="381"),  # it gives money back
            records=(read("6-30", 20), read("5-31", 22, kind="estimated")),
            history=History((Document(invoice=draft(job(), *first).invoice),)),
        )
        yield Case(name="everything", job=_everything(), records=_reads())


def _everything():
    blocks = (Block(up_to=D(3), per_unit=D("0.3333")), Block(per_unit=D("0.4567")))
    prices = (
        Price(band="day", blocks=blocks, days=7),
        Price(band="night", blocks=blocks, tiering="whole"),
        Price(direction="export", per_unit=D("0.11")),
    )
    first = tariff(
        unit="kWh",
        prices=prices,
        until=day("2-14"),
        standing=Fixed(amount=D("7.77"), per="month"),
        minimum=Fixed(amount=D(900), per="bill"),
        levies=(Levy(name="Energy tax", per_unit=D("0.0205")),),
    )
    second = tariff(
        unit="kWh", prices=prices, since=day("2-14"), standing=Fixed(amount=D(99), per="year")
    )
    registers = (
        register(id="1", band="day", multiplier=D("2.83")),
        register(id="2", band="night", unit="kWh"),
        register(id="3", direction="export", unit="kWh"),
    )
    spare = Meter(id="N", registers=(register(id="1", band="day"),))
    energy = Energy(calorific=D("39.4"), correction=D("1.02264"))
    return job(
        first, second, points=(point(*registers, service="gas", meters=(spare,)),), energy=energy
    )


def _reads():
    return (
        read("2025-12-31", 10, register="1"),
        read("2025-12-31", 20, register="2"),
        read("2025-12-31", 30, register="3"),
        read("2-1", 50, register="1", event="removed"),
        read("2-1", 0, "N", register="1", event="installed"),
        read("3-31", 40, "N", register="1"),
        read("2-20", 70, register="2", kind="customer"),
        read("3-31", 99, register="2"),
        read("3-31", 99, register="3"),
        read("4-15", 99, register="3"),
        read("3-31", 1, "other"),
    )
