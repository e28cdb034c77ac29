"""The plugin's findings: UTL1 keeps a bill from being right, UTL2 wants eyes, UTL3 is said."""

from __future__ import annotations

from billhook import Code

CODES = (
    Code(
        "UTL101",
        "Meter ran backwards",
        "A later read is lower than one before.  The register may pass its highest figure, if its "
        "`dials` are known and it moved by no more than half its range; and an estimate may have "
        "been too high.  Otherwise one of the two reads is wrong, or the meter was changed.",
    ),
    Code(
        "UTL102",
        "Two reads of one day",
        "A register has two reads of the same day that differ.  An estimate gives way to a read.",
    ),
    Code(
        "UTL103",
        "Read with too many figures",
        "The read has more figures before the decimal point than the register has dials: most "
        "often a decimal was read as a whole figure.",
    ),
    Code(
        "UTL104",
        "Read after removal",
        "The meter has a read after the one that says it was removed.",
    ),
    Code(
        "UTL105",
        "No tariff in force",
        "On some of the days billed no version of the point's tariff is in force, or there is no "
        "tariff of that name.  Nothing is ever billed at nothing by accident.",
    ),
    Code(
        "UTL106",
        "Overlapping tariffs",
        "Two versions of one tariff are in force on the same day.  End the earlier one with "
        "`until`, the first day on which it no longer counts.",
    ),
    Code(
        "UTL107",
        "No price for a time of use",
        "A register counts a time of use, or what is fed in, that the tariff has no price for.",
    ),
    Code(
        "UTL108",
        "Units that do not meet",
        "A register counts in one unit and the tariff bills in another.  Cubic metres of gas "
        "become kilowatt-hours by `[utility.energy]`; no other unit is converted.",
    ),
    Code(
        "UTL109",
        "Register without a read",
        "A register that the last bill had a read of has none on this one.  Read the meter, or "
        "let `billhook utility estimate` work one out.",
    ),
    Code(
        "UTL110",
        "Unknown point to bill",
        "The job bills a point that `[[utility.points]]` does not list.  The points of a job are "
        "named by `bill`; without it, the job's subject is the point.",
    ),
    Code(
        "UTL201",
        "Read of an unknown meter",
        "No point has the meter, or the meter no such register.  If it is misspelt, the use would "
        "never be billed.",
    ),
    Code(
        "UTL202",
        "Much more than before",
        "The daily use is more than `spike` times that of the last twelve months.",
    ),
    Code(
        "UTL203",
        "Days without a meter",
        "A meter was removed, and the next one installed some days later.",
    ),
    Code(
        "UTL204",
        "Meters that overlap",
        "A meter was installed some days before the one it stands for was removed, so that those "
        "days may be billed twice.",
    ),
    Code(
        "UTL205",
        "Estimate was too high",
        "The read is below the estimate that was billed.  The difference goes back to the "
        "customer at the prices of this bill, that of the first block.",
    ),
    Code(
        "UTL206",
        "Long time between reads",
        "There are more than `longest` days between two reads of a register.",
    ),
    Code(
        "UTL207",
        "Last read before the period's end",
        "The last read of a register is more than `late` days before the last day billed.",
    ),
    Code(
        "UTL208",
        "Estimated again",
        "The register was estimated on this bill and on the one before.  Many rules of supply "
        "limit how often that may be.",
    ),
    Code(
        "UTL209",
        "Nothing was used",
        "The register did not move, and it did before.",
    ),
    Code(
        "UTL301",
        "Meter passed its highest figure",
        "After the last nine a register begins at nought again; the use was worked out so.",
    ),
)
"""All of them, in order."""
