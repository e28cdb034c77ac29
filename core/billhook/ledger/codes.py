"""Findings of receivables: BH701 to BH799."""

from __future__ import annotations

from billhook.kernel.diagnostics import Code

NO_RECEIPT = Code(
    "BH701",
    "receipt is not known",
    "No receipt has this id. `billhook payment list` shows the receipts with their ids.",
)
ENTRY_KEY = Code(
    "BH702",
    "key was used for another entry",
    "The same key must mean the same entry, so that it can be sent twice and is "
    "recorded once. Nothing was recorded; use another key, or check what was recorded "
    "under this one.",
)
RECEIPT_EXCEEDED = Code(
    "BH703",
    "more than the receipt has left",
    "What is allocated, refunded and written off of a receipt never exceeds what was "
    "received, on any day. The message says what is left, and from which day.",
)
OPEN_EXCEEDED = Code(
    "BH704",
    "more than is open",
    "No bill is paid beyond what is open on it, on any day. Leave the rest on account, "
    "or allocate it to another bill.",
)
AMOUNT = Code(
    "BH705",
    "amount does not suit the currency",
    "Amounts are above zero and no finer than the currency's smallest coin.",
)
EXCHANGE_RATE = Code(
    "BH706",
    "currencies differ",
    "A receipt in one currency settles a bill in another only if you say how much of "
    "the bill it settles, and at which rate.",
)
ENTRY_DATE = Code(
    "BH707",
    "entry is dated before what it refers to",
    "Money is allocated on or after the day of the receipt and of the bill, and an "
    "entry is reversed on or after its own day. Give a later day.",
)
ALREADY_REVERSED = Code(
    "BH708",
    "entry was already reversed",
    "An allocation is taken back once, a receipt, refund or write-off reversed once.",
)
NO_DISCOUNT = Code(
    "BH709",
    "no discount for that day",
    "The bill offers no early-payment discount, or the money came after its last day. Allocate "
    "without the discount, or write the difference off with a reason.",
)
NOT_PAYABLE = Code(
    "BH710",
    "item takes no payment",
    "Only bills and fees that are open can be paid: a voided document, a credit note or an "
    "unknown number cannot.",
)
NO_CLIENT = Code(
    "BH711",
    "client is not known",
    "No document was issued to a client of this id, and the project has no file for "
    "it. A misspelt id would book the money where nobody looks for it.",
)
INDIVISIBLE = Code(
    "BH712",
    "reduction cannot be divided over the tax classes",
    "A discount or write-off corrects the tax class by class, in the proportion of what is "
    "left of the bill. What is left of this one has amounts of both signs: credit it by lines.",
)
NO_ENTRY = Code(
    "BH713",
    "entry is not known",
    "No entry of this kind has this id. `billhook audit log` and the lists show the ids.",
)
DISPUTE_SETTLED = Code(
    "BH714",
    "dispute is settled",
    "A dispute is resolved once. Open a new one if the client disputes again.",
)
FUND_EXCEEDED = Code(
    "BH715",
    "fund would fall below zero",
    "Money held for a client is never spent twice: the fund of this client and subject "
    "does not go below zero on any day, and other clients' money does not count. The "
    "message says how much is there.",
)
BANK_FILE = Code(
    "BH716",
    "bank file cannot be read",
    "Bank files are CAMT.053 or CAMT.054 of ISO 20022. Nothing of a file is recorded while one "
    "of its booked entries cannot be read: a missing line would look like an unpaid bill.",
)
BANK_LINE = Code(
    "BH717",
    "bank line cannot be posted",
    "A recorded line that has no receipt yet is posted once. If the rules find no client for a "
    "line, give it with --client.",
)
BOOKS_ACCOUNTS = Code(
    "BH790",
    "no account for a posting",
    "Programs whose accounts are numbers need one for each kind of posting that occurs. Give "
    "it in [books.accounts], or for a client, tax class or tax in [books.clients], "
    "[books.revenue] or [books.tax].",
)
BOOKS_FORMAT = Code(
    "BH791",
    "account name does not suit the program",
    "Beancount wants one of five roots and parts that begin with a capital or a digit; ledger "
    "and hledger end an account at two spaces; DATEV has numbers of 4 to 9 digits.",
)
BOOKS_CURRENCY = Code(
    "BH792",
    "file of one currency, books of several",
    "QuickBooks, Xero and DATEV take one currency in a file. Choose it with --currency, or "
    "with `currency` in [books], and export the others by themselves. Amounts of DATEV have "
    "two decimals.",
)
DATEV_TEXT = Code(
    "BH793",
    "number or text that DATEV does not take",
    "Document numbers have at most 36 letters, digits and signs of $&%*+-/; texts have at "
    "most 60 characters of Windows-1252. Nothing is replaced or cut, as the books would no "
    "longer name the document.",
)
DATEV_YEAR = Code(
    "BH794",
    "days of two financial years",
    "A booking batch of DATEV belongs to one financial year. Export each year by itself.",
)
DATEV_SETUP = Code(
    "BH795",
    "DATEV is not set up",
    "A booking batch names the tax adviser and the client: `consultant` and `client` in "
    "[books.datev].",
)

CODES: tuple[Code, ...] = tuple(value for value in globals().values() if isinstance(value, Code))
