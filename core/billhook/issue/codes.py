"""Findings of issuing and verifying: BH5xx."""

from __future__ import annotations

from billhook.kernel.diagnostics import Code

NO_DOCUMENT = Code(
    "BH501",
    "document is not in the store",
    "The number is unknown. `billhook invoice list` shows what was issued; any unique "
    "beginning of a number will do.",
)
KEY_REUSED = Code(
    "BH502",
    "idempotency key was used for another bill",
    "The same key must mean the same bill. Nothing was issued; use another key, or check "
    "what was issued under this one.",
)
RECORD_CHANGED = Code(
    "BH503",
    "billed record was changed",
    "A record that is on an issued document now has other values. The document does not "
    "change: credit it and bill again, or restore the record's original values.",
)
CREDIT_EXCEEDS = Code(
    "BH504",
    "credit exceeds what was billed",
    "All credits together never exceed the document billed, per line and per tax class.",
)
ALREADY_SENT = Code(
    "BH505",
    "document was sent and cannot be voided",
    "Voiding is for documents that were never sent. Credit it instead.",
)
ALREADY_CORRECTED = Code(
    "BH506",
    "document is already voided or credited",
    "It cannot be corrected a second time.",
)
NO_REASON = Code(
    "BH507",
    "a reason is missing",
    "This action is recorded with its author, time and reason. Give the reason with `--reason`.",
)
NOT_PERMITTED = Code(
    "BH508",
    "role may not do this",
    "Ask somebody with the role that the message names; roles are given in the project file.",
)
RUN_STATE = Code(
    "BH509",
    "run is not in a state for this",
    "The message says what state the run or job is in and what may be done with it.",
)
LATER_DOCUMENTS = Code(
    "BH511",
    "later documents build on this one",
    "Later bills of the subject were calculated with this document as billed before, and "
    "still count it. Credit them as well, newest first, then bill again in order.",
)
EVENT_KIND = Code(
    "BH512",
    "unknown kind of event",
    "Kinds of events are declared by plugins; `billhook event kinds` lists those of the "
    "project's plugins with their attributes.",
)
OWN_NUMBER = Code(
    "BH513",
    "the job's own number is not used",
    "Issued documents take their numbers from a series, without gaps. The number in the job "
    "is for bills that are made without being issued; remove it.",
)
NOT_APPROVED_DRAFT = Code(
    "BH515",
    "draft is not the one that was approved",
    "Only what was approved can be issued. The job's files, rates or history have changed "
    "since: refresh the run, review the difference, and approve it again.",
)
NOT_CONFIRMED = Code(
    "BH516",
    "confirmation required",
    (
        "An action that cannot be undone must be confirmed. Try it with `-n` first; pass `-y` "
        "where nobody can answer."
    ),
)
WRITE_DOWN = Code(
    "BH517",
    "line does not take the write-down",
    "The line is not there, or the amount is finer than the currency or more than the line "
    "has. `billhook run show` lists the lines of a draft.",
)
RECALCULATION_DIFFERS = Code(
    "BH518",
    "recalculation differs from the document",
    "Recalculated from today's files, rates and plugins, the document would be another. "
    "It does not change: restore the files, or credit the document and bill again.",
)
CREDIT_DATE = Code(
    "BH519",
    "credit is dated before its document",
    "A credit note corrects an earlier document. Date it on the day of that document or later.",
)
DIGEST = Code(
    "BH520",
    "digest does not match",
    "The sealed content, or its place in the chain, was changed after issue. Compare with a "
    "backup or a closing file.",
)
COLUMN = Code(
    "BH521",
    "column differs from the sealed document",
    "A column beside the sealed bytes was changed. The sealed bytes are right.",
)
FIGURE = Code(
    "BH522",
    "figure does not follow from its parts",
    "An amount of the sealed document cannot be computed again from its trace.",
)
SEQUENCE = Code(
    "BH523",
    "sequence has a gap or a surplus",
    "Numbers of a series run from 1 without gaps; one is missing, or was never assigned.",
)
CLAIM = Code(
    "BH524",
    "claim differs from the sealed document",
    "The records that a document claims are not those that it bills.",
)
ARCHIVED_FILE = Code(
    "BH525",
    "archived file was changed or is missing",
    "The file is not the one that was written for the document. It can be made again: "
    "`billhook invoice pdf`.",
)
STORE_TRUNCATED = Code(
    "BH526",
    "store ends before its anchor",
    (
        "A closing file names documents that the store no longer has: the end of the store was "
        "cut off."
    ),
)
AUDIT_LOG = Code(
    "BH527",
    "log was changed",
    "The audit log is chained like the documents, and its chain is broken here.",
)
DATABASE_DAMAGED = Code(
    "BH528",
    "database is damaged",
    "The database's own integrity check found an error. Restore a backup and verify it.",
)
CREDITS_EXCEED = Code(
    "BH529",
    "credits exceed the document",
    "The credit notes of a document add up to more than it billed.",
)
JOB_GONE = Code(
    "BH530",
    "job of the document is gone",
    "A document is billed again from the job it was made from, and the project no longer "
    "has a job of that name. Nothing was changed: restore the job, or credit the document "
    "and bill its work with another job.",
)
OTHER_SELLER = Code(
    "BH531",
    "documents of another seller",
    "The store has documents of the same subject, or with the same record keys, that "
    "another seller issued. They do not belong to this job's history and do not bill its "
    "work. Keep each seller's documents in a store of their own.",
)
KEY_CLASH = Code(
    "BH540",
    "key was billed with other values",
    "A document bills other work under this key, as happens when rows are numbered from 1 "
    "in each file. Declare in `[[sources]]` which attributes make the key, or how far it "
    "reaches. If it is the same work, corrected since, list the key in the job under "
    "`corrected`.",
)
BILLED_LOOKALIKE = Code(
    "BH541",
    "record looks like one that was billed",
    "A billed record is gone, and this one has the same values, or all but one: it would "
    "be billed again. Restore the billed record, or say in the job which it is: "
    "`corrected` keeps it from being billed again, `separate` bills it as other work.",
)
ACCUMULATOR = Code(
    "BH542",
    "accumulator is not what documents count",
    "What a document's lines count is stored beside it and reduced again by its credits. "
    "The sums differ: a row was changed outside billhook. Restore a backup.",
)
ALREADY_OPENED = Code(
    "BH553",
    "account was opened before",
    "An opening stands for what was billed elsewhere before the first bill, so there is "
    "only one, and it comes first. Credit what was issued, newest first, then open the "
    "account.",
)
EARLIER_JOB = Code(
    "BH554",
    "an earlier job is not issued",
    "Another job of the same subject has an earlier date and something to bill, but no "
    "document. If this job is issued first, the earlier one becomes the later bill and can "
    "no longer have its own date in the same series. Issue the earlier job first; if there "
    "was nothing to do, remove it, or write `nil = true` in it for a nil bill.",
)
EVENT_SUBJECT = Code(
    "BH555",
    "event of an unknown subject",
    "No job, document or event has this subject, so no bill would ever count the event. "
    "Correct the subject, or write its job first.",
)
NO_EVENT = Code(
    "BH556",
    "no event to withdraw",
    "The line of the log is not an event, or the event was already withdrawn. `billhook "
    "event list` shows the lines.",
)
EVENT_COUNTED = Code(
    "BH557",
    "a document counts the event",
    "A document that is still in force was calculated after the event was recorded. Credit "
    "the document first, or record another event that corrects this one.",
)
WORK_WITHOUT_JOB = Code(
    "BH558",
    "work that no job bills",
    "Records of the project's sources belong to a subject that none of its jobs bills: a "
    "subject without a job, an account with a misspelt name, a row that names no subject. "
    "Correct the row, write a job, or put the work aside with a reason; until then "
    "`billhook unbilled` lists it.",
)
LATE_WORK = Code(
    "BH559",
    "work before the period of its jobs",
    "A record came in late: its day lies before the period of every job of its subject, and "
    'no document bills it. `late = "bill"` in the job or in `[project]` takes such work into '
    "the next bill; a job for the earlier period bills it by itself; and `begins` in "
    "`[project]` says from which day on work is billed here at all.",
)
PUT_ASIDE = Code(
    "BH560",
    "work cannot be put aside or taken up",
    "Only unbilled work can be put aside, and only work that is put aside can be taken up "
    "again. Nothing was recorded.",
)
STORE_GONE = Code(
    "BH570",
    "the project's store is gone",
    "The project had a store: its identity file, its archive or its closing files say so. "
    "A new store would assign the same numbers again. Restore the store, or its newest "
    "backup with `billhook db restore`. Nothing was created or written.",
)
OTHER_PROJECT = Code(
    "BH571",
    "store of another project",
    "The store that was opened is not the one that the project's identity file, archive or "
    "closing files name. Check `[store]` and `BILLHOOK_STORE`.",
)
OLDER_COPY = Code(
    "BH572",
    "older copy of the store",
    "Files outside the store mention documents or lines of the log that this store does "
    "not have: it is an older copy, or somebody changed it. Its numbers would be assigned "
    "twice.",
)
NO_STORE = Code(
    "BH573",
    "there is no store",
    "The command reads or corrects issued documents, and nothing was issued in this "
    "project. A store is made by `billhook db init`, or with the first `billhook issue`, "
    "`billhook run new` or `billhook event add`.",
)
OTHER_DATABASE = Code(
    "BH574",
    "database of another program",
    "The database that `[store]` names has tables, and none of them are billhook's. "
    "Nothing was written. `billhook db init` creates billhook's tables in it, if you want "
    "them to share it.",
)
NUMBERS_LOST = Code(
    "BH575",
    "numbers of the series are lost",
    "The restored backup lacks the last documents of the series. Clients have their "
    "numbers, so these are not assigned again: continue in another series until this "
    "period is over.",
)
FILES_FAILED = Code(
    "BH576",
    "files of the bill cannot be made",
    "A bill is made in every requested format before it gets its number. This one could "
    "not be made: the message says why. Nothing was issued.",
)
UNOWNED_FILE = Code(
    "BH577",
    "file in the archive that no document owns",
    "The archive holds the files of issued documents, and the store has a record of each. "
    "This file has no record: somebody put it there, or a program was killed before it "
    "could record it; `billhook invoice files --missing` records files of the latter kind.",
)
SIGNATURE = Code(
    "BH594",
    "signature is missing or does not hold",
    "With `--public-key` each closing file needs a signature beside it (`.minisig`), made by the "
    "key that is kept elsewhere. This file has none, or was changed after it was signed.",
)
TIMESTAMP = Code(
    "BH595",
    "timestamp does not hold",
    "The response of a timestamp authority beside the file (`.tsr`) is about other content: the "
    "file was changed after it, or the response is another file's.",
)

CODES: tuple[Code, ...] = tuple(value for value in globals().values() if isinstance(value, Code))
