from decimal import Decimal

import attrs

from billhook import Charge, PluginInfo, Rating, Record, given, hookimpl


@attrs.frozen(kw_only=True)
class Item(Record):
    amount: Decimal
    text: str
    tax: str = "standard"


@hookimpl
def billhook_plugin():
    return PluginInfo(name="billfile", records={"items": Item})


@hookimpl
def billhook_rate(job, records):
    return Rating(charges=tuple(charge(job, item) for item in records.of(Item)))


def charge(job, item):
    return Charge(
        id=f"item-{item.key}",
        description=item.text,
        amount=given(item.amount, job.currency, "billfile.price", item.origin),
        tax_class=item.tax,
        sources=(item.key,),
    )
