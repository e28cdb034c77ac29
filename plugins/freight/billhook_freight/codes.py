"""The plugin's findings: FRT1xx shipments, FRT2xx tariffs."""

from __future__ import annotations

from billhook.kernel.diagnostics import Code

NO_TARIFF = Code(
    "FRT101",
    "no tariff in force on the shipment's day",
    "A shipment is rated by the version in force on its rating date (`rating_date` of the "
    "tariff: pickup or delivery). Add the version to the job's sources, or correct its days.",
)
TWO_TARIFFS = Code(
    "FRT102",
    "two tariffs in force on the shipment's day",
    "Versions of a tariff follow each other: the earlier one ends (`until`) on the day the "
    "later one begins (`since`). If there are several tariffs, the job names one: "
    "`[freight] tariff`.",
)
NO_LANE = Code(
    "FRT103",
    "no lane for the shipment's route",
    "No row of lanes.csv applies to the shipment's origin and destination. The hint names "
    "lanes that fit at one end. A route without a lane is never rated by a neighbouring "
    "one.",
)
NO_RATE = Code(
    "FRT104",
    "no rate for the freight class",
    "The lane's rate base has no rates for the class. Classes are texts: `77.5` and `77.50` "
    "are two. Correct the shipment's class, or add its rates to rates.csv.",
)
CLASS_AND_WEIGHT = Code(
    "FRT105",
    "shipment without class and weight, or with items as well",
    "A shipment of one class gives `freight_class` and `weight`; one of several classes gives "
    "neither and has its rows in a source of kind `freight.items`.",
)
ITEM_ALONE = Code(
    "FRT106",
    "item without its shipment",
    "The row of `freight.items` names a shipment that is in none of the job's sources.",
)
SHIPMENT_TWICE = Code(
    "FRT107",
    "shipment appears twice",
    "Two shipments have the same number, apart from hyphens, blanks and leading zeros. It "
    "would be billed twice. Remove one of them.",
)
NO_ACCESSORIAL = Code(
    "FRT108",
    "unknown accessorial",
    "The shipment asks for a code that is not in the tariff's accessorials.csv.",
)
NO_QUANTITY = Code(
    "FRT109",
    "accessorial without a usable quantity",
    "Services by hour, day, piece or distance need a quantity: `DET:2.5`, or the "
    "shipment's own pieces or distance. Each code is given once, with the whole quantity.",
)
NO_FUEL_PRICE = Code(
    "FRT110",
    "no fuel price before the shipment",
    "The tariff has a fuel table, but no price that was in force on the shipment's day, or "
    "that day is the day of delivery and is not known yet. A missing price is never zero. "
    "Add it to prices.csv.",
)
OLD_FUEL_PRICE = Code(
    "FRT111",
    "fuel price of an earlier week",
    "The price that should have followed is missing, so the one before it was used. Add "
    "the week's price to prices.csv and draft again.",
)
OUTSIDE_FUEL_TABLE = Code(
    "FRT112",
    "fuel price outside the fuel table",
    "The price in force is below the first or above the last band of fsc.csv. Extend the "
    "table; the surcharge of a price that is not in it is not known.",
)
OTHER_CURRENCY = Code(
    "FRT113",
    "tariff in another currency than the job",
    "A bill has one currency. Bill with a tariff in the job's currency.",
)
TOO_HEAVY = Code(
    "FRT114",
    "shipment heavier than the rates",
    "The last weight break of the class has an upper end (`break_to`), and the shipment weighs "
    "more. Leave the end empty if the rate holds for all heavier weights; else the shipment "
    "needs a rate of its own.",
)
DAYS_REVERSED = Code(
    "FRT115",
    "shipment delivered before its pickup",
    "One of the two dates is wrong. Tariff versions, fuel prices and the job's period "
    "depend on them, so the shipment is not billed until they are right.",
)
WRONG_POSTCODE = Code(
    "FRT116",
    "postcode of the wrong length",
    "Where postcodes are numbers, they have a fixed number of digits: five in the United States "
    "and Germany. `2139` is what a spreadsheet makes of `02139`; it is never rated, because it "
    "begins like a place elsewhere. Format the column as text and write the whole code.",
)
GAP = Code(
    "FRT201",
    "gap in weight breaks or fuel bands",
    "Each weight from 0 up and each price of the table must be in one band. Printed upper "
    "ends (`0–499`, `500–999`) are read half-open, so only a real hole is reported.",
)
OVERLAP = Code(
    "FRT202",
    "weight breaks, discounts or fuel bands overlap",
    "Two rows apply to the same weight or price. Remove or correct one of them.",
)
RISING_RATE = Code(
    "FRT203",
    "rate rises with the weight",
    "The rate of a heavier break is higher than that of a lighter one. That may be "
    "intended; more often it is a typing error.",
)
EQUAL_LANES = Code(
    "FRT204",
    "lanes equally specific",
    "Two lanes apply to the same route and neither is more specific, so the rate would "
    "depend on the order of rows. Give the one that should apply a higher `priority`.",
)
NO_PLACE = Code(
    "FRT205",
    "lane end is not a valid place",
    "A lane gives each end by kind: `postcode`, `prefix` (both may be ranges of codes of "
    "one length), `region`, `country` or `anywhere`, with the country where it matters.",
)
NO_RATE_BASE = Code(
    "FRT206",
    "unknown rate base",
    "A lane, minimum or discount names a rate base for which rates.csv has no rows.",
)
ROW_TWICE = Code(
    "FRT207",
    "row appears twice",
    "A fuel price of one day, an accessorial or a minimum may appear only once.",
)
IMPOSSIBLE_FACT = Code(
    "FRT208",
    "impossible value in a tariff",
    "The currency, rounding, unit of rates, days in force, a percentage, the ends of a "
    "band or the limits of a service cannot be as stated.",
)
LOST_ZEROS = Code(
    "FRT209",
    "prefixes that may have lost their zeros",
    "Some prefixes of a country are shorter than others, and none begins with 0: `20` may "
    "have been `020`. If the tariff is right, ignore the warning.",
)
HIDDEN_DISCOUNT = Code(
    "FRT210",
    "discount that hides a more general one",
    "The account's or rate base's own discounts begin at a weight above 0. Lighter "
    "shipments get no discount, although a more general row would give one: the more "
    "specific rows replace it for all weights. Add a row from 0 up, with 0 percent if that "
    "is intended.",
)

CODES = (
    NO_TARIFF,
    TWO_TARIFFS,
    NO_LANE,
    NO_RATE,
    CLASS_AND_WEIGHT,
    ITEM_ALONE,
    SHIPMENT_TWICE,
    NO_ACCESSORIAL,
    NO_QUANTITY,
    NO_FUEL_PRICE,
    OLD_FUEL_PRICE,
    OUTSIDE_FUEL_TABLE,
    OTHER_CURRENCY,
    TOO_HEAVY,
    DAYS_REVERSED,
    WRONG_POSTCODE,
    GAP,
    OVERLAP,
    RISING_RATE,
    EQUAL_LANES,
    NO_PLACE,
    NO_RATE_BASE,
    ROW_TWICE,
    IMPOSSIBLE_FACT,
    LOST_ZEROS,
    HIDDEN_DISCOUNT,
)
