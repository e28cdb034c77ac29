from decimal import Decimal

import attrs

from billhook import Charge, PluginInfo, Rating, Record, given, hookimpl, times


@attrs.frozen(kw_only=True)
class Work(Record):
    hours: Decimal
    text: str


@hookimpl
def billhook_plugin():
    return PluginInfo(name="billfile", records={"hours": Work})


@hookimpl
def billhook_rate(records):
    return Rating(charges=tuple(charge(work) for work in records.of(Work)))


def charge(work):
    hours = given(work.hours, "h", "billfile.hours", work.origin)
    price = given(120, "USD/h", "billfile.rate")
    return Charge(
        id=f"work-{work.key}",
        description=work.text,
        amount=times(hours, price, "billfile.fee"),
        sources=(work.key,),
    )
