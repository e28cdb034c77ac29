"""Finding codes of the calculation: BH2xx plugins, BH3xx rating, BH4xx tax and totals.

Codes of sources and of issuing are here too where the model or the calculation reports them.
"""

from __future__ import annotations

from billhook.kernel.diagnostics import Code

KIND = Code(
    "BH101",
    "Wrong kind of value",
    "The value is of another kind than its key asks for: a text where a number belongs, a number "
    'where a date belongs. TOML and JSON keep numbers, dates and texts apart, so `7` and `"7"` '
    "are not the same. Nothing is converted silently.",
)
MISSING = Code(
    "BH102",
    "Missing key",
    "A required key, column or cell is not there. An empty cell counts as missing.",
)
UNKNOWN_KEY = Code(
    "BH103",
    "Unknown key",
    "The key or column means nothing here, most often because it is misspelt. "
    "It is refused, because a misspelt key would otherwise be a setting without effect. "
    'A source can leave out columns on purpose: `ignore = ["Notes"]`, or `ignore = ["*"]`.',
)
SYNTAX = Code(
    "BH105",
    "Syntax error",
    "The file does not follow the rules of its format, so nothing after this place was read.",
)
NUMBER = Code(
    "BH106",
    "Number outside the grammar",
    "Numbers are written in plain digits: an optional sign, up to 15 digits before and up to 9 "
    "after the decimal sign. No exponents, no infinity, no digits of other scripts, no currency "
    'signs. A decimal comma or a group sign is declared by the source (`decimal = ","`, '
    '`group = "."`), never guessed, because 1.500 is a thousand times 1,500 to somebody.',
)
RANGE = Code(
    "BH115",
    "Out of range",
    "The value is outside the range that its key allows.",
)
CHOICE = Code(
    "BH116",
    "Not one of the choices",
    "The key takes one of a few words, and this is none of them.",
)
NOT_INSTALLED = Code(
    "BH201",
    "plugin is not installed",
    "A bill is never made without a plugin that the job names. Install it, or correct the "
    "name in the job's `plugins`.",
)
NOT_LOADED = Code(
    "BH202",
    "plugin cannot be loaded",
    "Importing the plugin failed. The message has the cause; its author can fix it. "
    "Jobs that do not name this plugin are not concerned.",
)
API_VERSION = Code(
    "BH203",
    "plugin was written for another version of the hooks",
    "Install a version of the plugin for this billhook, or the billhook it was written for.",
)
UNKNOWN_HOOK = Code(
    "BH204",
    "plugin implements a hook that does not exist",
    "The hook's name is misspelt, or it belongs to another version of billhook. Without this "
    "finding the function would never be called.",
)
UNMARKED_HOOK = Code(
    "BH205",
    "function looks like a hook but is not marked",
    "Put `@hookimpl` above the function, or give it another name.",
)
UNKNOWN_ARGUMENT = Code(
    "BH206",
    "hook takes an argument that does not exist",
    "A hook takes any of its specified arguments, by name, and no others.",
)
NO_READER = Code(
    "BH207",
    "no plugin reads this kind of source",
    "No plugin of the job knows the source's `kind`. Add the plugin, or correct the kind.",
)
SAME_PREFIX = Code(
    "BH208",
    "two plugins use one name or prefix",
    "Names of plugins and prefixes of their codes are unique in a job.",
)
BROKEN_PLUGIN = Code(
    "BH209",
    "plugin failed",
    "The plugin raised an error that it should not raise, or answered with something that is "
    "not of the hook's type. The message names plugin and hook; run with `--debug` for the "
    "traceback to send to its author.",
)
UNACCOUNTED_RECORD = Code(
    "BH301",
    "record was neither billed nor skipped",
    "Every record must be billed or skipped with a reason: otherwise work is lost. The plugin "
    "that reads this kind forgot it.",
)
BILLED_TWICE = Code(
    "BH302",
    "record was billed twice",
    "Two charges claim the same record, from one plugin or from two. One of them is wrong.",
)
TWO_ANSWERS = Code(
    "BH303",
    "two plugins give an answer where only one is used",
    "The answer of the first plugin in the job's `plugins` is used. Leave one out, or change the "
    "order on purpose.",
)
SAME_KEY = Code(
    "BH304",
    "two records have the same key",
    "The key is what keeps work from being billed twice, so it must be unique. The same row "
    "may stand in the file twice.",
)
CURRENCY_MISMATCH = Code(
    "BH305",
    "amount is in another currency than the job",
    "One document has one currency. Name a dated rate in `[[exchange.rates]]` with its source, "
    "and what comes of other prices is converted, each charge by the rate of its day; or split "
    "the job. Prices are in the project's currency unless the job says `prices_in`.",
)
SAME_ID = Code(
    "BH306",
    "two charges or adjustments have the same id",
    "Ids are how lines are referred to in explanations, comparisons and credits.",
)
UNDECLARED_CLASS = Code(
    "BH307",
    "something is kept that no plugin declares",
    "What a charge keeps as `detail`, and what a rating keeps as `state`, goes into the "
    "document and is read again later: it must be of a class that `PluginInfo.details` or "
    "`PluginInfo.state` names.",
)
UNREAD_RECORD = Code(
    "BH310",
    "charge names a record that was not read",
    "A charge's `sources`, and the key of a skip, name records of the job. A month, a stage or "
    "a fee that is no record belongs in the charge's `claims`.",
)
RECORD_BILLED_BEFORE = Code(
    "BH311",
    "charge names a record that is billed",
    "`records.billed()` gives what bills have already, so that a rule over a day or month has "
    "the whole. Only the other records can be billed.",
)
PARTLY_BILLED = Code(
    "BH312",
    "charge claims what is billed in part",
    "One of the keys that the charge claims is on a document, another is not. Give each claim "
    "a charge of its own, so that the one can be billed without the other.",
)
SAME_CLAIM = Code(
    "BH313",
    "claim stands twice, or is a record",
    "A claim is what one living document may bill once. Two charges cannot have it, and a "
    "record is named in `sources`.",
)
ACCUMULATOR_UNIT = Code(
    "BH314",
    "accumulator counts in two units",
    "Everything that is counted under one key has one unit: give other units a key of their own.",
)
NO_TAX_RULE = Code(
    "BH401",
    "no tax rule for a class of charges",
    "A missing rate is never zero. Name the rate, or say why no tax is charged, in the "
    "project's `[[tax_table.rates]]` or in a tax plugin.",
)
NOTHING_TO_BILL = Code(
    "BH402",
    "there is nothing to bill",
    "No record led to a charge. The skipped records are listed with their reasons.",
)
NEGATIVE_BILL = Code(
    "BH403",
    "bill comes to less than nothing",
    'What gives money back is a credit note. Say `type_code = "381"` in the job, and the '
    "amounts are turned to what the credit note gives back; or credit the earlier "
    "document with `billhook credit`; or bill it together with later work.",
)
NEGATIVE_CREDIT_NOTE = Code(
    "BH404",
    "credit note comes to less than nothing",
    "A credit note states what it gives back as positive amounts. One that comes to less "
    "than nothing charges money: bill it as an invoice.",
)
NEGATIVE_DUE = Code(
    "BH405",
    "more was paid or withheld than the bill comes to",
    "What is due is below nothing, though the bill itself is not. Pay the rest back, or "
    "let the adjustment be `UpTo` its fund, which takes no more than the bill can take.",
)
SIGNS_TURNED = Code(
    "BH406",
    "signs were reversed for a credit note",
    'The work of a job with `type_code = "381"` comes to less than nothing. The credit '
    "note states the same amounts as positive ones.",
)
INDIVISIBLE = Code(
    "BH407",
    "sum cannot be divided over tax classes",
    "A sum on the whole bill is divided in proportion to the signed amounts of the lines. "
    "Where lines of several tax classes nearly cancel each other, the parts would be far "
    "larger than the sum. Name the adjustment's `tax_class` or the `lines` that it is "
    "taken of.",
)
ROUNDING_TOO_FINE = Code(
    "BH408",
    "rounding is finer than the currency",
    "A total has no more decimals than its currency. Choose a policy whose steps are the "
    "currency's smallest unit or multiples of it.",
)
NO_SUCH_CHARGE = Code(
    "BH409",
    "adjustment is taken of a charge that is not there",
    "An adjustment's `lines` and `bases` name charges of the same bill by their ids.",
)
TAX_CHANGED = Code(
    "BH420",
    "tax changed between the work and the bill",
    "Tax is that of the day of the bill, or of its tax point. Where the rate of a class was "
    "another on the day of a line, the law of the country says which of them counts. Bill the "
    "days apart, give the rows of before a tax class of their own whose rate is theirs, or "
    "name the `tax_point` that counts for the whole bill.",
)
MIXED_OUTSIDE_SCOPE = Code(
    "BH421",
    "outside the scope of tax beside other tax categories",
    "What is outside the scope of tax (category O) stands on a bill of its own: EN 16931, "
    "BR-O-11 to BR-O-14. What is exempt beside taxed lines is E, taxed at nothing is Z.",
)
TAX_SPAN = Code(
    "BH423",
    "line spans a change of tax",
    "With `tax_by_day` each line has the tax of its own day. A line of several days between "
    "which the tax of its class changed has none: bill the days apart.",
)
INSTALMENTS = Code(
    "BH422",
    "instalments do not fit the bill",
    "Fixed instalments come to no more than what is payable, and none is due before the bill "
    "is written. Say in the job's `[terms]` what was agreed for this bill.",
)
EARLIER_NOT_ISSUED = Code(
    "BH510",
    "earlier bill is not issued",
    "The job follows another, whose bill is not among the documents that count: it was never "
    "issued, or was taken back. Issue it first, so that what was billed before is known.",
)
TITLE_NUMBER = Code(
    "BH551",
    "title has another number than the bill",
    "The title has a number, and the bill is another in the series of its subject: a bill "
    "before it was left out, or the title was copied. Issue the bills before it first, or "
    "correct the title. An account that was billed elsewhere before is opened with "
    "`[opening]`.",
)
OPENING_DIFFERS = Code(
    "BH552",
    "opening differs from the books",
    "The records of an opening come to another sum than the one that it was given. Record "
    "what was billed or certified, so that both agree; the next bill is counted from it.",
)

CODES: tuple[Code, ...] = tuple(value for value in globals().values() if isinstance(value, Code))
