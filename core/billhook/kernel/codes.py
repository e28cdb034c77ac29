"""Finding codes of the calculation: BH2xx plugins, BH3xx rating, BH4xx tax and totals.

Codes of sources and of issuing are here too where the model or the calculation reports them.
"""

from __future__ import annotations

from billhook.kernel.diagnostics import Code

KIND = Code(
    "BH101",
    "Wrong kind of value",
    "The value has another type than its key expects: a text where a number belongs, a "
    "number where a date belongs. TOML and JSON keep numbers, dates and texts apart, so "
    '`7` and `"7"` are not the same. Nothing is converted silently.',
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
CHARACTER = Code(
    "BH107",
    "Forbidden character in a text",
    "Control characters, direction overrides and private characters are refused, because they "
    "can make a document show something else than it holds. "
    "Line breaks are allowed only in texts that are printed as paragraphs.",
)
LIMIT = Code(
    "BH108",
    "Too large or too deep",
    "A limit protects against damaged and hostile files: files up to 64 MB (TOML and JSON 10 MB), "
    "a million rows, a thousand columns, texts of 10,000 characters, nesting of 32 levels, "
    "archives that unpack to at most 64 MB and a hundred times their size.",
)
RANGE = Code(
    "BH115",
    "Out of range",
    "The value is outside the range that its key allows.",
)
CHOICE = Code(
    "BH116",
    "Not one of the choices",
    "The key takes one of a few words, and this is not one of them.",
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
    "The key is what keeps work from being billed twice, so it must be unique. The same "
    "row may be in the file twice.",
)
CURRENCY_MISMATCH = Code(
    "BH305",
    "amount is in another currency than the job",
    "One document has one currency. Name a dated rate in `[[exchange.rates]]` with its "
    "source, and prices in other currencies are converted, each charge at the rate of its "
    "day; or split the job. Prices are in the project's currency unless the job sets "
    "`prices_in`.",
)
SAME_ID = Code(
    "BH306",
    "two charges or adjustments have the same id",
    "Ids are how lines are referred to in explanations, comparisons and credits.",
)
UNDECLARED_CLASS = Code(
    "BH307",
    "value of a class that no plugin declares",
    "What a charge holds as `detail`, and a rating as `state`, is stored in the document "
    "and read again later: it must be of a class that `PluginInfo.details` or "
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
    "`records.billed()` gives what earlier bills have, so that a rule over a day or month "
    "sees the whole. Only the other records can be billed.",
)
PARTLY_BILLED = Code(
    "BH312",
    "charge claims what is billed in part",
    "Of the keys that the charge claims, one is on a document and another is not. Give "
    "each key a charge of its own, so that one can be billed without the other.",
)
SAME_CLAIM = Code(
    "BH313",
    "claim appears twice, or is a record",
    "A claim is something that only one document in force may bill. Two charges cannot "
    "share it, and a record is named in `sources`.",
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
    "bill total is negative",
    'Money given back goes on a credit note. Write `type_code = "381"` in the job, and the '
    "amounts change sign; or credit the earlier document with `billhook credit`; or bill "
    "it together with later work.",
)
NEGATIVE_CREDIT_NOTE = Code(
    "BH404",
    "credit note total is negative",
    "A credit note states the amounts it gives back as positive. One with a negative total "
    "charges money: bill it as an invoice.",
)
NEGATIVE_DUE = Code(
    "BH405",
    "more was paid or withheld than the bill is for",
    "The amount due is negative, though the bill itself is not. Refund the difference, or "
    "make the adjustment `UpTo` its fund, which takes no more than the bill can take.",
)
SIGNS_TURNED = Code(
    "BH406",
    "signs were changed for a credit note",
    'The work of a job with `type_code = "381"` has a negative total. The credit note '
    "states the same amounts as positive ones.",
)
INDIVISIBLE = Code(
    "BH407",
    "sum cannot be divided over tax classes",
    "A sum on the whole bill is divided in proportion to the signed amounts of the lines. "
    "Where lines of several tax classes nearly cancel each other, the parts would be far "
    "larger than the sum. Name the adjustment's `tax_class`, or the `lines` that it "
    "applies to.",
)
ROUNDING_TOO_FINE = Code(
    "BH408",
    "rounding is finer than the currency",
    "A total has no more decimals than its currency. Choose a policy whose steps are the "
    "currency's smallest unit or multiples of it.",
)
NO_SUCH_CHARGE = Code(
    "BH409",
    "adjustment applies to a charge that is not there",
    "An adjustment's `lines` and `bases` name charges of the same bill by their ids.",
)
TAX_CHANGED = Code(
    "BH420",
    "tax changed between the work and the bill",
    "Tax is calculated for the date of the bill, or for its tax point. Where the rate of a "
    "class was different on the day of a line, the law of the country decides which one "
    "applies. Bill the days separately, give the earlier rows a tax class of their own "
    "with their rate, or name the `tax_point` that applies to the whole bill.",
)
MIXED_OUTSIDE_SCOPE = Code(
    "BH421",
    "outside the scope of tax beside other tax categories",
    "Work outside the scope of tax (category O) goes on a bill of its own: EN 16931, "
    "BR-O-11 to BR-O-14. Exempt work beside taxed lines is E, zero-rated work is Z.",
)
TAX_SPAN = Code(
    "BH423",
    "line spans a change of tax",
    "With `tax_by_day` each line is taxed for its own day. A line that covers several days "
    "cannot be, if the tax of its class changed between them: bill the days separately.",
)
INSTALMENTS = Code(
    "BH422",
    "instalments do not fit the bill",
    "Fixed instalments must not exceed the amount payable, and none may be due before the "
    "date of the bill. Write what was agreed for this bill in the job's `[terms]`.",
)
EARLIER_NOT_ISSUED = Code(
    "BH510",
    "earlier bill is not issued",
    "The job follows another, whose bill is not among the documents in force: it was never "
    "issued, or was credited. Issue it first, so that what was billed before is known.",
)
TITLE_NUMBER = Code(
    "BH551",
    "title has another number than the bill",
    "The title contains a number, and the bill has another one in the series of its "
    "subject: an earlier bill was left out, or the title was copied. Issue the earlier "
    "bills first, or correct the title. An account that was billed elsewhere before is "
    "opened with `[opening]`.",
)
OPENING_DIFFERS = Code(
    "BH552",
    "opening differs from the books",
    "The records of an opening add up to another sum than the opening states. Record what "
    "was billed or certified, so that both agree; the next bill continues from it.",
)

CODES: tuple[Code, ...] = tuple(value for value in globals().values() if isinstance(value, Code))
