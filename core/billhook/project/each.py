"""Jobs for many: one file that stands for every subject, client or account.

Each of them is a job of its own, named after the file and the subject: ``month@2026-0114``.  Its
path is that of a file which need not be there, so that whatever takes a job's path takes it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

import attrs

from billhook.engine import Engine
from billhook.kernel.diagnostics import Diagnostic, Findings
from billhook.model.job import Job
from billhook.model.owner import Owner
from billhook.model.record import LookupRecord, Record
from billhook.model.subject import Subject
from billhook.sources.document import LocatedDocument

SIGN = "@"
_RESERVED = frozenset('/\\%@:*?"<>|')


def member_path(path: Path, subject: str) -> Path:
    """Return the path of a job for one subject: ``jobs/month@2026-0114.toml``."""
    return path.with_name(f"{path.stem}{SIGN}{quote_subject(subject)}{path.suffix}")


def quote_subject(subject: str) -> str:
    """Return a subject as it may stand in the name of a file."""
    signs = (s if s.isprintable() and s not in _RESERVED else f"%{ord(s):02X}" for s in subject)
    return "".join(signs) if subject.strip(".") else subject.replace(".", "%2E")


def split_member(path: Path) -> tuple[Path, str] | None:
    """Return the file of a job for many, and one subject of it; ``None`` for an ordinary job."""
    stem, sign, subject = path.stem.partition(SIGN)
    if not sign or not stem or path.is_file():
        return None
    return path.with_name(f"{stem}{path.suffix}"), unquote(subject)


@attrs.frozen(kw_only=True)
class JobGroup:
    """A job for many, read once for all of its subjects.

    Attributes:
        path: The file.
        document: What it says.
        findings: What is wrong with it, and with its sources.
        job: The job without a subject; ``None`` when there are errors.
        engine: Its plugins.
        subjects: The subjects that have a customer, by id.
        records: Their records.
        shared: Records that all of them look up.
        left: Records of subjects whose customer nobody knows, and of none.
    """

    path: Path
    document: LocatedDocument
    findings: tuple[Diagnostic, ...] = ()
    job: Job | None = None
    engine: Engine = attrs.field(factory=Engine)
    subjects: Mapping[str, Subject] = attrs.field(factory=dict)
    records: Mapping[str, Sequence[Record]] = attrs.field(factory=dict)
    shared: tuple[Record, ...] = ()
    left: tuple[Record, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """The paths of its jobs, by subject."""
        return tuple(member_path(self.path, each) for each in sorted(self.subjects))

    def of(self, subject: str) -> tuple[Record, ...]:
        """Return the records that the job of a subject reads."""
        return (*self.shared, *self.records.get(subject, ()))


def group_records(group: JobGroup, each: str, buyer: str) -> JobGroup:
    """Read the sources of a job for many, and divide their records among its subjects.

    Args:
        group: The job, whose records are not read yet.
        each: What it stands for.
        buyer: The customer of all, if the job names one.
    """
    job, engine = group.job, group.engine
    if job is None:
        return group
    findings = Findings(group.findings)
    records = tuple(engine.read(job, findings))
    owners = {id(each): engine.hooks.owner(job, each) for each in records}
    subjects = {one.id: one for one in engine.hooks.subjects(job, each)}
    divided: dict[str, list[Record]] = {}
    shared: list[Record] = []
    parts: list[Record] = []
    whole: dict[str, str] = {}
    for record in records:
        owner = owners[id(record)]
        if owner is None:
            (parts if record.part_of else shared).append(record)
        else:
            name = subject_of(owner, each)
            divided.setdefault(name, []).append(record)
            whole[_number(record.key)] = name
            if name and name not in subjects and not isinstance(record, LookupRecord):
                subjects[name] = Subject(each=each, id=name, customer=owner.customer)
    for part in parts:
        divided.setdefault(whole.get(_number(part.part_of), ""), []).append(part)
    if buyer:
        subjects = {k: attrs.evolve(v, customer=v.customer or buyer) for k, v in subjects.items()}
    known = {name: one for name, one in subjects.items() if one.customer}
    left = (
        record
        for name, theirs in divided.items()
        if name not in known
        for record in theirs
        if not isinstance(record, LookupRecord)
    )
    return attrs.evolve(
        group,
        findings=tuple(dict.fromkeys(findings)),
        subjects=known,
        records=divided,
        shared=tuple(shared),
        left=tuple(left),
    )


def subject_of(owner: Owner, each: str) -> str:
    """Return the subject of a job for many that a record's owner means."""
    return owner.subject if owner.kind == each else owner.customer


def _number(key: str) -> str:
    return key.rpartition(":")[2]


def offered(engine: Engine) -> Iterable[str]:
    """Return what a job may stand for, as the plugins say."""
    return [each for plugin in engine.plugins for each in plugin.info.each]
