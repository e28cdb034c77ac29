"""Records beside those that were billed: corrected since, under another key, or other work.

A key says which work a record is.  Two things make keys lie: a row without a key of its own has
one made of its values, so that a correction makes it another; and a second file counts its rows
from 1 again, so that other work bears a key that was billed.  Both are recognised by what the
claims remember of the billed records, and refused until the job says which it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

import attrs

from billhook.issue import codes
from billhook.issue.claims import claim_key, differences, follows_values, living
from billhook.issue.seal import unseal
from billhook.kernel.diagnostics import Diagnostic, Severity
from billhook.model.document import Document
from billhook.model.job import Job
from billhook.model.record import LookupRecord, Record, content
from billhook.store.protocol import Claim, Reading

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CORRECTED = 2
"""Maximum number of values that a correction changes; more is another row."""


def check_keys(reading: Reading, job: Job, records: Iterable[Record]) -> Iterator[Diagnostic]:
    """Yield a finding for each record whose key was billed with other values.

    A single value that differs is a correction, which needs eyes; more make it other work under
    the same key, which is an error until the job says that it is the same.
    """
    wanted = tuple(records)
    claims = living(reading, job.subject, wanted)
    for record in wanted:
        claim = claims.get(record.key)
        if claim is None or isinstance(record, LookupRecord) or record.key in job.corrected:
            continue
        if claim.content != content(record):
            differs = tuple(differences(claim.content, content(record)))
            if _is_correction(reading, job, record, claim):
                yield _report_changed(record, claim, differs)
            else:
                yield _other_work(record, claim, differs)


def _is_correction(reading: Reading, job: Job, record: Record, claim: Claim) -> bool:
    names = _find_differences(claim.content, content(record))
    entry = reading.entry(claim.document)
    if entry is None:
        return True
    files = _files(unseal(entry, ()))
    if record.origin.file in {files.get(record.key), ""}:
        return len(names) == 1 or (len(names) <= _CORRECTED and not _differs_in_day(claim, record))
    return len(names) == 1 and entry.subject == job.subject


def _differs_in_day(claim: Claim, record: Record) -> bool:
    """Return whether a day is among the values that differ."""
    return any(_DAY.search(text) for text in _find_differences(claim.content, content(record)))


def _files(document: Document) -> Mapping[str, str]:
    """Return the file of each record that a document bills."""
    return {r.key: r.origin.file for r in document.invoice.records if r.origin is not None}


def _report_changed(record: Record, claim: Claim, differs: Iterable[str]) -> Diagnostic:
    return Diagnostic(
        codes.RECORD_CHANGED.id,
        f"record {record.key!r} was billed on {claim.document} with other values: "
        f"{'; '.join(differs)}",
        Severity.WARNING,
        record.origin,
        hint=f"restore the record, or credit {claim.document} and bill again: billhook credit "
        f"{claim.document} --rebill",
    )


def _other_work(record: Record, claim: Claim, differs: Iterable[str]) -> Diagnostic:
    return Diagnostic(
        codes.KEY_CLASH.id,
        f"{claim.document} bills other work under the key {record.key!r}: {'; '.join(differs)}",
        origin=record.origin,
        hint='give the rows keys of their own: key or reach = "file" in [[sources]]; if it is the'
        f' same work, corrected since, write corrected = ["{record.key}"] in the job',
    )


@attrs.frozen
class _Gone:
    """A record that was billed and is not among the records any more."""

    key: str
    claim: Claim
    document: Document
    file: str


def check_rows(
    reading: Reading, job: Job, records: Iterable[Record], documents: Iterable[Document]
) -> tuple[list[Diagnostic], dict[str, str]]:
    """Compare new rows with billed ones that are gone.

    Args:
        reading: The store.
        job: The job; it says which rows were corrected, and which are other work.
        records: The records as they are now.
        documents: The documents of the subject that count.

    Returns:
        What was found, and the document by key of each row that is billed under another key.
    """
    known = {record.key: record for record in records if not isinstance(record, LookupRecord)}
    claimed = living(reading, job.subject, known.values())
    fresh = [record for key, record in known.items() if key not in claimed]
    gone = list(_find_gone(reading, documents, known)) if fresh else []
    found: list[Diagnostic] = []
    billed: dict[str, str] = {}
    for record in fresh:
        match = _match(record, gone, job)
        if record.key in job.corrected:
            billed |= {record.key: match.claim.document} if match else {}
        elif match is not None and record.key not in job.separate:
            found.append(_alike(record, match))
    unmatched = {record.key for record in fresh} & set(job.corrected) - billed.keys()
    found.extend(_report_unmatched(known[key]) for key in sorted(unmatched))
    return found, billed


def _find_gone(
    reading: Reading, documents: Iterable[Document], known: Collection[str]
) -> Iterator[_Gone]:
    for document in documents:
        files, subject = _files(document), document.invoice.subject
        keys = {claim_key(subject, key): key for key in files if key not in known}
        for claim in reading.claims_of(document.number or ""):
            if not claim.released_by and claim.key in keys:
                key = keys[claim.key]
                yield _Gone(key, claim, document, files[key])


def _match(record: Record, gone: Iterable[_Gone], job: Job) -> _Gone | None:
    """Return the billed record that a new one is like the most, if it is like any."""
    alike = [(len(_find_differences(each.claim.content, content(record))), each) for each in gone]
    alike = [(count, each) for count, each in alike if _is_alike(record, each, count, job)]
    return min(alike, key=lambda pair: pair[0], default=(0, None))[1]


def _is_alike(record: Record, gone: _Gone, count: int, job: Job) -> bool:
    """Return whether a new row may be a billed one, corrected.

    Rows that came under another key are the same when no value differs; with keys of their own
    both, only those of one file, and dated.  Without keys, a row of
    the same file is the same when one value does, or two in the very job that billed it; weekly
    work on another day is none of that.
    """
    if not count:
        by_values = follows_values(record.key) or follows_values(gone.key)
        values = ("{}", gone.claim.content)  # the day of a key says which bill it is of
        dated = any(_DAY.search(text) for text in _find_differences(*values))
        return by_values or (dated and record.origin.file == gone.file)
    if (
        not (follows_values(record.key) and follows_values(gone.key))
        or record.origin.file != gone.file
    ):
        return False
    invoice = gone.document.invoice
    if (invoice.job, invoice.date) == (job.id, job.date):
        return count <= _CORRECTED
    return count == 1 and not _differs_in_day(gone.claim, record)


def _find_differences(before: str, after: str) -> list[str]:
    return [text for text in differences(before, after) if not text.startswith("key ")]


def _alike(record: Record, gone: _Gone) -> Diagnostic:
    differs = "; ".join(_find_differences(gone.claim.content, content(record)))
    told = f", changed: {differs}" if differs else " under another key"
    message = f"this looks like a record that was billed on {gone.document.number}{told}"
    return Diagnostic(
        codes.BILLED_LOOKALIKE.id,
        message,
        origin=record.origin,
        hint=f'restore it; or write in the job corrected = ["{record.key}"] if it is that '
        f'record, separate = ["{record.key}"] if it is other work, which is then billed',
    )


def _report_unmatched(record: Record) -> Diagnostic:
    message = (
        f"the job lists {record.key!r} as billed and corrected, but no bill has a record like it"
    )
    hint = "remove it from corrected; a record that resembles no billed one is billed"
    return Diagnostic(codes.BILLED_LOOKALIKE.id, message, origin=record.origin, hint=hint)
