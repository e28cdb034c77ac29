"""Our own rules: 3 % off the fees of clients of ten years, and a call before a large bill."""

from collections.abc import Iterator

import billhook as bh

LOYAL, LARGE = {"bakery", "ferry-line"}, 4000


@bh.hookimpl
def billhook_adjust(job: bh.Job) -> Iterator[bh.Adjustment]:
    """Take 3 % off the fees of clients of ten years."""
    if job.buyer.id in LOYAL:
        stage, kind = bh.Stage.BEFORE_TAX, bh.AdjustmentKind.ALLOWANCE
        off = bh.Percentage(bh.given(3, bh.PERCENT, "billfile.loyalty"), tags=frozenset({"fee"}))
        label = "Ten years with us"
        yield bh.Adjustment(id="loyalty", label=label, stage=stage, kind=kind, amount=off)


@bh.hookimpl
def billhook_check(draft: bh.Invoice) -> Iterator[bh.Diagnostic]:
    """Ask for a call before a large bill goes out."""
    if draft.totals.net.value > LARGE:
        yield bh.Diagnostic("OWN101", "a large bill: call the client first", bh.Severity.WARNING)
