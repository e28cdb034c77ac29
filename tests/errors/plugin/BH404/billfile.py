from decimal import Decimal

import attrs

from billhook import Address, Charge, Party, PluginInfo, Rating, Record, Share, given, hookimpl


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


@hookimpl
def billhook_split(charges):
    for place, name in enumerate(("north", "south")):
        payer = Party(id=name, name=name.title(), address=Address(country="US"))
        weights = tuple(
            (charge.id, given(int(i == place), "1", "billfile.share"))
            for i, charge in enumerate(charges)
        )
        yield Share(payer, given(1, "1", "billfile.share"), weights)
