from decimal import Decimal

import attrs

from billhook import (
    Adjustment,
    Charge,
    AdjustmentKind,
    PluginInfo,
    Rating,
    Record,
    Stage,
    given,
    hookimpl,
)


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
def billhook_adjust(job):
    yield Adjustment(
        id="off",
        label="Discount",
        stage=Stage.BEFORE_TAX,
        kind=AdjustmentKind.ALLOWANCE,
        amount=given(5, job.currency, "billfile.off"),
        lines=("item-2",),
    )
