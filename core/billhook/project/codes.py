"""The findings of projects: BH120 to BH149, BH180 to BH189, BH340 to BH349, BH589 to BH593."""

from __future__ import annotations

from billhook.kernel.diagnostics import Code

NO_PROJECT = Code(
    "BH120",
    "No project here",
    "Neither the folder nor any folder above it has a `billhook.toml`. "
    "`billhook init` lays out a project.",
)
CUSTOMER = Code(
    "BH121",
    "Unknown customer",
    "The job names a customer whose file is not there. A customer is a file in the project's "
    "folder `customers`, named by the customer's id: `customers/acme.toml`.",
)
CURRENCY = Code(
    "BH122",
    "Unknown currency",
    "Currencies are three capital letters of ISO 4217: USD, EUR, JPY. A misspelt one would round "
    "to the wrong decimals, so it is refused.",
)
POLICY = Code(
    "BH123",
    "Unknown rounding policy",
    "A policy says how amounts, tax and cash are rounded. It is named in `[project]`, or in the "
    "job, and frozen into the bill.",
)
LOCALE = Code(
    "BH124",
    "Unknown locale",
    "A locale is a language, mostly with a country: `en_US`, `de_CH`. It decides how the printed "
    "document writes words, numbers and dates; it never changes how files are read.",
)
CYCLE = Code(
    "BH125",
    "Jobs follow each other in a circle",
    "`follows` names the bill before this one, and so on back to the first, which follows none.",
)
EARLIER = Code(
    "BH126",
    "The earlier bill cannot be made",
    "The job follows another whose bill could not be calculated, so its history is not "
    "known. Correct the earlier job first: its findings are listed above.",
)
SUBJECT = Code(
    "BH127",
    "The earlier bill is of another subject",
    "History is kept for one subject: a contract, a case, an account. A job can follow only a "
    "bill of its own subject.",
)
NOT_A_BILL = Code(
    "BH128",
    "Not a bill",
    "`follows` and `diff` take a job (.toml) or a bill that billhook wrote as JSON (.json).",
)
BACKWARDS = Code(
    "BH129",
    "The earlier bill has a later date",
    "The job follows a bill whose invoice date is after its own. One of the dates is "
    "probably wrong.",
)
NO_DATE = Code(
    "BH130",
    "No invoice date",
    "A bill never takes today's date by itself. Write `date = 2026-06-30` into the job, or pass "
    "`--date`.",
)
CUSTOMER_ID = Code(
    "BH131",
    "Customer's id is not the file's name",
    "The file's name is the id that jobs use. Leave `id` out, or rename the file.",
)
NO_JOBS = Code(
    "BH132",
    "No jobs",
    "Nothing here says what to bill. A job is a file in the project's folder `jobs`.",
)
SAME_NAME = Code(
    "BH133",
    "Two bills with one name",
    "Two jobs have the same number, or would be written to the same file. Numbers are unique.",
)
NO_SETTINGS = Code(
    "BH134",
    "Plugin takes no settings",
    "The table is named like a plugin that has nothing to set. Remove it.",
)
SERIES = Code(
    "BH135",
    "Number series is not valid",
    "A template has places in braces, `{series}`, `{year}`, `{yy}`, `{month}` and `{seq}`, and "
    "names the year or month in which counting starts again, so that no two documents can get "
    "one number.",
)
NOT_OF_MANY = Code(
    "BH180",
    "Not of a job for many",
    "A job with `each` stands for many subjects, so it has no subject, number, predecessor or "
    "opening of its own.",
)
NO_SUCH_EACH = Code(
    "BH181",
    "Unknown kind of subjects",
    "`each` says what a job stands for: `legal.matter`, `legal.client`, `freight.account`. "
    "The plugins of the job determine which of them exist.",
)
MANY = Code(
    "BH182",
    "The job stands for many",
    "A job with `each` makes a job for each of its subjects, and a single one was asked for. Its "
    "name is that of the file, `@`, and the subject: `jobs/month@2026-0114.toml`.",
)
STRANGER = Code(
    "BH183",
    "The job does not stand for this subject",
    "The subject is neither in the settings nor in the records that the job reads, or its "
    "customer is not known.",
)
UNTRUSTED = Code(
    "BH589",
    "Local plugin that you have not trusted",
    "A local plugin is Python code that does whatever its author wants, with your rights. The "
    "commands run it only after `billhook trust`, and ask again when the file has changed or "
    "lies elsewhere. `billhook trust --dry-run` shows it, or what changed. Scripts and CI set "
    "`BILLHOOK_TRUST=1`.",
)
LEFT_OUT = Code(
    "BH590",
    "Local plugin is left out",
    "`--no-local` keeps the project's own code from being run. Whatever does not need it "
    "is shown; a bill is not calculated, because it would lack what the plugin adds.",
)
LOCAL_OUTSIDE = Code(
    "BH591",
    "Local plugin outside of the project",
    "`local` names one Python file inside the project's folder: no absolute path, no `..`, and no "
    "link that leads out. Code of several projects belongs into a package that is installed.",
)
PASSWORD = Code(
    "BH592",
    "Password that others can read",
    "The password of the store stands in a file that is versioned, or that others may read. "
    "Take it from the environment, a private file or the keyring: `password_env`, "
    "`password_file`, `password_keyring` in `[store]`, or libpq's own `~/.pgpass`.",
)
NO_PASSWORD = Code(
    "BH593",
    "Password of the store is not there",
    "`[store]` says where its password is: in an environment variable, a file, or the system's "
    "keyring. Nothing was found there.",
)
TERMS_OF_NOBODY = Code(
    "BH340",
    "Terms of a subject that nobody bills",
    "A file in the folder `subjects` has the terms of one account, contract or the like, "
    "and is named after it. No job of the project bills that subject, so the terms apply "
    "to no bill.",
)
TERMS_DISAGREE = Code(
    "BH341",
    "Terms contradict each other",
    "Two places of the same rank say different things: the file of a subject names another "
    "customer or language than the plugin's settings do, or a bill has one payer and a split.",
)
NO_PERIOD = Code(
    "BH342",
    "File is named by a period that the bill does not have",
    "The name of a source has `{period}` in it, and the job says no period. Write `period` into "
    "the job, pass `--period`, or name the run by it.",
)
NO_FILE_YET = Code(
    "BH343",
    "No file of the period",
    "The name of a source contains `{period}`, and there is no such file: nothing was "
    "handed in for these days, or the file has another name.",
)

CODES: tuple[Code, ...] = tuple(value for value in globals().values() if isinstance(value, Code))
"""All of them, in order."""
