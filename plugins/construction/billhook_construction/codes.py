"""Finding codes of the construction plugin."""

from __future__ import annotations

from billhook.kernel.diagnostics import Code

NO_SCHEDULE = Code(
    "CON101",
    "there is no schedule of values",
    "Progress and change orders are counted against a schedule. Add a source of the kind "
    "`construction.schedule` to the job.",
)
UNKNOWN_ITEM = Code(
    "CON102",
    "item is not in the schedule",
    "Every item of the progress is in the schedule of values under the same number. "
    "Correct the number, or add the row with its change order.",
)
ITEM_TWICE = Code(
    "CON103",
    "item appears twice in the schedule",
    "An item number means one row, in every application. Give one of the rows another number.",
)
PROGRESS_TWICE = Code(
    "CON104",
    "item has two rows of progress",
    "Progress is to date, so an item has one row in each application. Put the rows together.",
)
MEASURE = Code(
    "CON105",
    "progress is not stated in exactly one way",
    "One of `percent`, `amount`, `quantity` or `this_period` says how far the work has "
    "come; `stored` may be given beside it or alone.",
)
PERCENT = Code(
    "CON106",
    "percentage is not between 0 and 100",
    (
        "The percentage applies to the item's own value, to date. Anything beyond it needs a "
        "change order."
    ),
)
BEYOND = Code(
    "CON107",
    "more is billed than the schedule has",
    "Completed work and stored material together stay within the scheduled value. Correct the "
    "progress, take built-in material out of `stored`, or add a change order. Measured items may "
    "exceed their quantity; this is only a warning.",
)
BACKWARDS = Code(
    "CON108",
    "work goes backwards",
    "Progress is to date, so it does not fall. If an earlier application was wrong, write "
    "`correction = true` in the row; the difference is then deducted from this bill.",
)
NEGATIVE_STORED = Code(
    "CON109",
    "stored material is negative",
    "`stored` is the value of what is stored now, not a movement. Material that was built "
    "in is no longer stored: give the balance that is left.",
)
STORED_UNSAID = Code(
    "CON110",
    "stored material was not updated",
    "Work on the item went on while the material stored for it was carried unchanged. If "
    "some of it was built in, it is now billed twice: give the balance in `stored`.",
)
CARRIED = Code(
    "CON111",
    "items in progress have no row this time",
    "They are carried unchanged. Add rows if work was done on them.",
)
NO_PRICE = Code(
    "CON112",
    "quantity cannot be priced",
    "An item that is measured needs `unit_price` in the schedule, and an item with neither value "
    "nor quantity and unit price has nothing to bill.",
)
PRICE_MISMATCH = Code(
    "CON113",
    "value is not quantity times unit price",
    "The row gives all three and they disagree. Leave out `value`, or correct one of them.",
)
UNKNOWN_ORDER = Code(
    "CON114",
    "row belongs to an unknown change order",
    "The number in `change_order` is not among the change orders of the job.",
)
ORDER_TWICE = Code(
    "CON115",
    "change order appears twice",
    "A change order has one row. A later one gets a number of its own.",
)
ORDER_MISMATCH = Code(
    "CON116",
    "rows of a change order do not add up to its amount",
    "The rows of the schedule that belong to a change order add up to what was agreed.",
)
NOT_APPROVED = Code(
    "CON117",
    "change order is billed before it is approved",
    "Only approved change orders are part of the contract sum. Wait for the approval, or correct "
    "its status or date.",
)
ORIGINAL_SUM = Code(
    "CON118",
    "schedule does not add up to the contract sum",
    "The rows without a change order add up to `original_sum` of `[construction]`.",
)
CHANGED_SUM = Code(
    "CON119",
    "schedule changed after it was billed on",
    "After the first application the contract sum changes by approved change orders only; rows "
    "and approved change orders stay. Restore the row, or write a change order.",
)
MOVED_VALUE = Code(
    "CON120",
    "value was moved between rows",
    "The sum is the same, but rows have other values than in the application before. This is "
    "right if the parties agreed on a new breakdown.",
)
OTHER_CURRENCY = Code(
    "CON121",
    "application before is in another currency",
    "All applications of a contract are in one currency.",
)
QUANTUM = Code(
    "CON122",
    "rounding step is finer than the currency",
    "`quantum` must be a multiple of the currency's smallest amount.",
)
CERTIFICATE = Code(
    "CON123",
    "certificate does not fit its application",
    (
        "The certified items must be in the application's sheet, and add up to the payment "
        "certified."
    ),
)
RELEASE = Code(
    "CON124",
    "release does not match what is held",
    (
        "A release has a percentage of what is held, or an amount up to what is held. Correct "
        "the event."
    ),
)
RATE_LOWERED = Code(
    "CON125",
    "rate of retainage was lowered",
    "A lower rate applies to all work to date, so the difference is paid back with this "
    "bill. Together with a recorded release it would be paid back twice.",
)
TAX_UNDECIDED = Code(
    "CON126",
    "tax base with retainage is not stated",
    "Retainage reduces the tax base in some places and does not in others. Write `tax_on = "
    '"net_of_retainage"` or `tax_on = "gross"` in `[construction]`.',
)
NEGATIVE_DUE = Code(
    "CON127",
    "payment is negative",
    "Corrections and retainage exceed the work. A bill with a negative total is a credit "
    'note: give the job `type_code = "381"`, or wait for the next application.',
)
NOT_YET = Code(
    "CON128",
    "certificate or release is later than the bill",
    "A certificate or release counts from the first application whose bill has its date or "
    "a later one. This one does not count yet. If it should, correct its date or that of "
    "the bill.",
)
NO_APPLICATION = Code(
    "CON129",
    "certificate matches no application",
    "A certificate is for an application that was issued before it. Correct its number or "
    "its date. What was certified before the account was opened belongs in the opening.",
)
RATE_RAISED = Code(
    "CON130",
    "rate of retainage was raised",
    "A higher rate applies to all work to date, so more is held from work that was already "
    "paid. Often a rate was set in one job and is missing in the next.",
)
BACK_TWICE = Code(
    "CON131",
    "retainage is paid back by a lower rate and by a release",
    "Both pay back the same retainage. Leave the rate as it was and record releases, or lower the "
    "rate and release nothing.",
)
BEYOND_SUM = Code(
    "CON132",
    "more is billed than the contract sum",
    "An approved deduction reduces the contract sum, but no progress says that it took "
    "effect. Report the deduction's row as complete, so that the bill is reduced by it.",
)
TAX_BASE = Code(
    "CON133",
    "tax base changed while retainage is held",
    "Retainage that was held before is taxed once, with the bill that changes `tax_on`: what was "
    "not taxed yet is taxed now, what was taxed is paid back without tax.",
)
POLICY = Code(
    "CON134",
    "terms of retainage changed while retainage is held",
    "The new terms apply to all work to date: the difference is held or paid back with "
    "this bill. Restore `[construction.retainage]`, or the rate of the row, if nothing was "
    "to change.",
)
POLICY_WRONG = Code(
    "CON135",
    "policy of retainage contradicts itself",
    "Steps need a mode that says what they apply to: `prospective` or `recompute`. They "
    "must rise, and a cap is either a percentage or an amount.",
)
FINAL = Code(
    "CON136",
    "final application does not match the contract sum",
    "After the last application nothing is left to finish. Report all rows as complete, or "
    "write change orders for omitted or additional work.",
)

CODES = (
    NO_SCHEDULE,
    UNKNOWN_ITEM,
    ITEM_TWICE,
    PROGRESS_TWICE,
    MEASURE,
    PERCENT,
    BEYOND,
    BACKWARDS,
    NEGATIVE_STORED,
    STORED_UNSAID,
    CARRIED,
    NO_PRICE,
    PRICE_MISMATCH,
    UNKNOWN_ORDER,
    ORDER_TWICE,
    ORDER_MISMATCH,
    NOT_APPROVED,
    ORIGINAL_SUM,
    CHANGED_SUM,
    MOVED_VALUE,
    OTHER_CURRENCY,
    QUANTUM,
    CERTIFICATE,
    RELEASE,
    RATE_LOWERED,
    TAX_UNDECIDED,
    NEGATIVE_DUE,
    NOT_YET,
    NO_APPLICATION,
    RATE_RAISED,
    BACK_TWICE,
    BEYOND_SUM,
    TAX_BASE,
    POLICY,
    POLICY_WRONG,
    FINAL,
)
