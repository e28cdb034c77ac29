"""Jobs: a TOML file laid over its project becomes a `billhook.model.job.Job`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import attrs

from billhook.engine import Engine
from billhook.kernel import codes as kernel_codes
from billhook.kernel.currencies import MINOR_UNITS
from billhook.kernel.diagnostics import Diagnostic, Findings, Severity, did_you_mean
from billhook.kernel.figure import given
from billhook.kernel.money import POLICIES
from billhook.kernel.origin import Origin
from billhook.kernel.text import Period
from billhook.model.adjustment import Share
from billhook.model.document import History
from billhook.model.exchange import Exchange
from billhook.model.job import Job
from billhook.model.party import Address, Party
from billhook.model.source import Source
from billhook.model.subject import Subject
from billhook.model.terms import Agreement
from billhook.project import codes
from billhook.project.defaults import absolute, fill
from billhook.project.each import JobGroup, group_records, offered, quote_subject, split_member
from billhook.project.folder import ProjectFolder
from billhook.project.layers import Layer, Layers
from billhook.project.loaded import LoadedJob
from billhook.project.predecessors import Trail, follow
from billhook.project.print_settings import PrintSettings
from billhook.project.reading import read_document
from billhook.project.settings import read_pockets
from billhook.project.source_names import fill_name, find_periods, is_named_by_bill
from billhook.project.tables import PARTIES, SHARED, JobTable, PayerShare
from billhook.project.unknown_keys import report_unknown
from billhook.project.written_bills import SUFFIX
from billhook.sources import codes as source_codes
from billhook.sources.bad_value import BadValueError, show_value
from billhook.sources.declaration import STANDARD_INPUT, Declaration
from billhook.sources.document import LocatedDocument
from billhook.sources.location import KeyPath, Location, report, show_path
from billhook.sources.source import open_source
from billhook.sources.structure import names, structure

EACH = "each"
"""The key of a job that stands for many."""

_ANY_DAY = dt.date(2000, 1, 1)
"""Date of a job for many before it is one of its subjects'; nothing is worked out with it."""

_NOBODY = Party(id="", name="", address=Address(country="US"))


def load_job(
    project: ProjectFolder,
    path: Path,
    *,
    date: dt.date | None = None,
    period: Period | None = None,
    trail: Trail = (),
    follow_jobs: bool = True,
) -> LoadedJob:
    """Return a job with every finding of its files; see `billhook.project.Project.job`."""
    member = split_member(path)
    if member is not None and member[0].is_file():
        return _load_member(project, path, *member, date=date, period=period)
    findings = Findings(project.findings)
    document = read_document(path, project.name(path), findings)
    if document is None or not project.readable:
        return LoadedJob(
            id=path.stem, path=path, folder=project.folder, findings=_in_order(findings)
        )
    reading = _Reading(project, path, document, findings, (*trail, path))
    if EACH in document.values:
        group = load_group(project, path)
        if group is not None and group.job is not None:
            reading.report_many(group)
        return reading.loaded(date, period, follow_jobs=False)
    return reading.loaded(date, period, follow_jobs=follow_jobs)


def load_group(project: ProjectFolder, path: Path) -> JobGroup | None:
    """Return a job for many with its subjects and their records, read once; see `each`.

    It is ``None`` for an ordinary job, and for a file that cannot be read.
    """
    if path not in project.groups:
        project.groups[path] = _read_group(project, path)
    return project.groups[path]


def _read_group(project: ProjectFolder, path: Path) -> JobGroup | None:
    data = project.job_files.get(path) if path in project.job_files else None
    if data is not None and EACH.encode() not in data:
        return None
    if not path.is_file():
        return None
    findings = Findings(project.findings)
    document = read_document(path, project.name(path), findings)
    if document is None or EACH not in document.values or not project.readable:
        return None
    project.settings.keep(document)
    each = str(document.values[EACH])
    nobody = Subject(each=each, id="")
    reading = _Reading(project, path, document, findings, (path,), nobody)
    loaded = reading.loaded(_ANY_DAY, None, follow_jobs=False)
    buyer = document.values.get("buyer", "")
    group = JobGroup(
        path=path,
        document=document,
        findings=loaded.findings,
        job=loaded.job,
        engine=loaded.engine,
    )
    return group_records(group, each, buyer if isinstance(buyer, str) else "")


def _load_member(
    project: ProjectFolder,
    path: Path,
    file: Path,
    subject: str,
    *,
    date: dt.date | None,
    period: Period | None,
) -> LoadedJob:
    """Return the job of one subject of a job for many."""
    group = load_group(project, file)
    if group is None or group.job is None:
        loaded = load_job(project, file, date=date, period=period)
        return attrs.evolve(loaded, id=path.stem, path=path, job=None)
    findings = Findings()
    member = group.subjects.get(subject)
    reading = _Reading(project, path, group.document, findings, (path,), member)
    if member is None:
        reading.report_stranger(group, subject)
    loaded = reading.loaded(date, period, follow_jobs=False)
    whole = tuple(dict.fromkeys((*group.findings, *loaded.findings)))
    job, records = loaded.job, group.of(subject)
    if job is not None and member is not None:
        fitted = group.engine.hooks.fit(job, member)
        job = attrs.evolve(fitted or job, id=path.stem)
        own = attrs.evolve(job, sources=reading.own_sources(job))
        records = (*group.of(subject), *group.engine.read(own, findings))
        whole = tuple(dict.fromkeys((*whole, *findings)))
    return attrs.evolve(loaded, job=job, findings=whole, records=records)


class _Reading:
    """The reading of one job, which goes on after each mistake."""

    def __init__(
        self,
        project: ProjectFolder,
        path: Path,
        document: LocatedDocument,
        findings: Findings,
        trail: Trail,
        member: Subject | None = None,
    ) -> None:
        self._member = member
        self._period: Period | None = None
        self._own: list[bool] = []
        self._project = project
        self._path = path
        self._document = document
        self._findings = findings
        self._trail = trail
        self._agreed = self._find_terms()
        self._layers = Layers((*self._agreed.layers, project.layer))
        self._engine = self._load_plugins()

    def _find_terms(self) -> Layers:
        """Return the job's file over the terms of its subject, and those over its customer's."""
        project, own = self._project, Layer(self._document, self._path.parent)
        terms = project.terms.layer(self._subject_id(), self._findings)
        found = Layers((own, terms) if terms else (own,))
        customer = project.customers.layer(self._buyer_id(found) or "")
        for each in filter(None, (terms, customer)):
            project.settings.keep(each.document)
        return Layers((*found.layers, customer)) if customer else found

    def _subject_id(self) -> str:
        """Return the subject, as far as it can be read at all."""
        return self._member.id if self._member else str(self._document.values.get("subject", ""))

    def loaded(
        self, date: dt.date | None, period: Period | None, *, follow_jobs: bool
    ) -> LoadedJob:
        """Return the job, or what keeps it from being made."""
        self._report_unknown()
        table = self._table()
        if self._member is not None and table is not None:
            project = self._project
            period = period or table.period or project.assumed_period
            end = project.assumed_date if period is None else period.last
            date = date or table.date or end
        self._check_date(date)
        if table is not None:
            date, period = date or table.date, period or table.period
            if period is None and self._project.assumed_date is not None:
                period = self._newest_period(table.sources)
            self._period = period
            named = tuple(self._name_sources(table.sources))
            table = attrs.evolve(table, date=date, period=period, sources=named)
        memo = self._project.settings
        print_settings = memo.read(self._layers, "print", PrintSettings, self._findings)
        if print_settings is not None:
            self._check_languages(print_settings)
        job = self._job(table)
        history = self._history(table, follow_jobs=follow_jobs)
        if job is not None and table is not None and table.follows is not None:
            last = next(reversed(history.documents), None)
            unread = "" if follow_jobs else table.follows.stem
            job = attrs.evolve(job, follows=last.invoice.job if last else unread)
        found = _in_order(self._findings)
        whole = LoadedJob(
            id=self._path.stem,
            path=self._path,
            folder=self._project.folder,
            findings=found,
            job=job,
            engine=self._engine,
            print=print_settings or PrintSettings(),
            number=table.number if table else None,
            history=history,
            sources=tuple(self._files(table.sources)) if table else (),
            follows=table.follows if table else None,
            places=dict(self._places()),
        )
        return attrs.evolve(whole, job=None) if whole.errors else whole

    def _places(self) -> Iterator[tuple[str, Location]]:
        """Yield where the keys stand that fault is found with when the bill is at hand."""
        for key in ("number", "follows"):
            yield key, self._layers.place((key,))
        looks = self._layers.value("print")
        for key, value in looks.items() if isinstance(looks, Mapping) else ():
            path: KeyPath = ("print", key)
            yield show_path(path), self._layers.place(path)
            for index in range(len(value) if isinstance(value, list) else 0):
                yield show_path((*path, index)), self._layers.place((*path, index))

    # ── plugins ──────────────────────────────────────────────────────────────

    def _plugin_names(self) -> tuple[KeyPath, tuple[str, ...]]:
        """Return which plugins, and where that is said; as far as it can be read at all."""
        value = self._document.values.get("plugins")
        if isinstance(value, list):
            return ("plugins",), tuple(str(item) for item in value)
        return ("project", "plugins"), self._project.table.plugins

    def _load_plugins(self) -> Engine:
        where, names_ = self._plugin_names()
        engine = self._project.engine(names_)
        for finding in engine.findings:
            self._findings.add(self._place_finding(finding, where, names_))
        return engine

    def _place_finding(
        self, finding: Diagnostic, where: KeyPath, names_: tuple[str, ...]
    ) -> Diagnostic:
        """Return a finding of loading with its place: the local file, or the name in the list."""
        local = self._project.table.local
        if finding.origin is not None:
            file = self._project.name(Path(finding.origin.file))
            return attrs.evolve(finding, origin=attrs.evolve(finding.origin, file=file))
        if local is not None and repr(local.stem) in finding.message:
            return attrs.evolve(finding, origin=Origin(self._project.name(local)))
        index = next((i for i, name in enumerate(names_) if repr(name) in finding.message), None)
        place = self._layers.place(where if index is None else (*where, index))
        return attrs.evolve(
            finding,
            origin=place.origin,
            path=place.path,
            excerpt=place.excerpt,
            width=len(repr(names_[index])) if index is not None else 1,
        )

    def _report_unknown(self) -> None:
        known = (*names(JobTable), *PARTIES, *SHARED)
        plugins = self._in_use()
        missing = frozenset(self._plugin_names()[1]) - frozenset(plugins)
        report_unknown(
            self._document, known, plugins, self._findings, tolerated=missing, strict=True
        )

    def _in_use(self) -> tuple[str, ...]:
        return tuple(plugin.name for plugin in self._engine.plugins)

    # ── tables ───────────────────────────────────────────────────────────────

    def _table(self) -> JobTable | None:
        known = names(JobTable)
        values = {key: each for key in known if (each := self._agreed.value(key)) is not None}
        if EACH in values:
            self._check_each(values)
            values["subject"] = self._member.id if self._member else ""
        filled = fill(values, JobTable, self._layers, ())
        return structure(filled, JobTable, self._layers, self._findings)

    def _check_each(self, values: Mapping[str, object]) -> None:
        """Report what a job for many cannot have, and what no plugin offers."""
        for key in ("subject", "number", "follows", "opening"):
            if key in values:
                message = f"a job for many has no {key} of its own"
                hint = "leave it out; or leave out each, and write a job for one"
                mistake = BadValueError(codes.NOT_OF_MANY, message, hint)
                report(self._findings, mistake, self._layers.place((key,)))
        each, known = values[EACH], list(offered(self._engine))
        if isinstance(each, str) and each not in known and not self._engine.findings:
            hint = did_you_mean(each, known) or f"known here: {', '.join(known) or 'none'}"
            mistake = BadValueError(codes.NO_SUCH_EACH, f"no plugin lists each {each!r}", hint)
            report(self._findings, mistake, self._layers.place((EACH,)))

    def report_many(self, group: JobGroup) -> None:
        """Report that a job for many was taken for one."""
        first = next(iter(group.paths), None)
        hint = (
            f"such as {self._project.name(first)}"
            if first
            else ("there is no work for any of them")
        )
        message = f"the job stands for {len(group.paths)} subjects; name the job of one"
        report(
            self._findings, BadValueError(codes.MANY, message, hint), self._layers.place((EACH,))
        )

    def report_stranger(self, group: JobGroup, subject: str) -> None:
        """Report that a job for many does not stand for a subject."""
        hint = did_you_mean(subject, group.subjects) or ""
        message = f"the job does not stand for {subject!r}, or its customer is not known"
        mistake = BadValueError(codes.STRANGER, message, hint)
        report(self._findings, mistake, self._layers.place((EACH,)))

    def _buyer_id(self, terms: Layers) -> str | None:
        """Return the id of the customer who is billed, if it is one of the project's."""
        value = terms.value("buyer")
        if value is None and self._member is not None:
            return self._member.customer
        return value if isinstance(value, str) else None

    def _party(self, key: str, *, wanted: bool = False) -> Party | None:
        value = self._agreed.value(key)
        if key == "buyer" and value is None and EACH in self._document.values:
            if self._member is None or not self._member.customer:
                return _NOBODY
            value = self._member.customer
        if isinstance(value, Mapping):
            filled = fill({"id": self._path.stem, **value}, Party, self._layers, (key,))
            return structure(filled, Party, self._layers, self._findings, path=(key,))
        if isinstance(value, str):
            return self._customer(key, value)
        if value is not None:
            message = f"expected a customer's id or a table, got {show_value(value)}"
            report(
                self._findings,
                BadValueError(source_codes.KIND, message),
                self._layers.place((key,)),
            )
        elif wanted:
            hint = f'write {key} = "…", the id of a customer, or a table [{key}]'
            mistake = BadValueError(source_codes.MISSING, f"missing key {key!r}", hint)
            report(self._findings, mistake, self._layers.place(()))
        return None

    def _customer(self, key: str, id_: str) -> Party | None:
        customers = self._project.customers
        if id_ in customers.files:
            return customers.get(id_, self._findings)
        hint = did_you_mean(id_, customers.files) or f"write the file customers/{id_}.toml"
        mistake = BadValueError(codes.CUSTOMER, f"there is no customer {id_!r}", hint)
        report(self._findings, mistake, self._layers.place((key,)))
        return None

    # ── the job ──────────────────────────────────────────────────────────────

    def _job(self, table: JobTable | None) -> Job | None:
        seller = self._seller()
        buyer = self._party("buyer", wanted=True)
        payer, deliver_to = self._party("payer"), self._party("deliver_to")
        memo = self._project.settings
        terms = memo.read(self._layers, "terms", Agreement, self._findings)
        exchange = memo.read(self._layers, "exchange", Exchange, self._findings)
        pockets = tuple(read_pockets(self._layers, self._engine, self._findings, memo))
        choices = self._choices(payer or buyer)
        self._check_kinds()
        if table is None:
            return None
        self._check_terms(table)
        sources = tuple(self._sources(table.sources))
        if self._findings.errors or seller is None or buyer is None or table.date is None:
            return None
        return Job(
            id=self._path.stem,
            subject=table.subject,
            seller=seller,
            buyer=buyer,
            currency=choices["currency"],
            date=table.date,
            plugins=self._in_use(),
            period=table.period,
            payer=payer,
            deliver_to=deliver_to,
            tax_point=table.tax_point,
            policy=POLICIES[choices["policy"]],
            terms=terms or Agreement(),
            type_code=table.type_code,
            title=table.title,
            locale=choices["locale"],
            references=table.references,
            notes=table.notes,
            sources=sources,
            split=tuple(self._split(table.split)),
            nil=table.nil,
            opening=table.opening,
            pockets=pockets,
            corrected=table.corrected,
            separate=table.separate,
            prices_in=choices["prices_in"],
            prices_include_tax=_either(
                table.prices_include_tax, shared=self._project.table.prices_include_tax
            ),
            tax_by_day=_either(table.tax_by_day, shared=self._project.table.tax_by_day),
            exchange=exchange.rates if exchange else (),
            late=table.late or self._project.table.late,
            each=table.each or "",
            origin=Origin(self._document.name),
        )

    def _split(self, shares: Iterable[PayerShare]) -> Iterator[Share]:
        """Yield the shares of payers whose customers' files are there."""
        for index, each in enumerate(shares):
            payer = self._customer("split", each.payer)
            if payer is not None:
                origin = self._layers.origin(("split", index, "weight"))
                yield Share(payer, given(each.weight, "1", "core.split.given", origin))

    def _check_terms(self, table: JobTable) -> None:
        """Report terms of the same rank that contradict each other."""
        member, terms = self._member, self._project.terms
        if table.split and self._agreed.value("payer") is not None:
            message = "the bill has one payer and is split among several"
            hint = "leave out payer, or split"
            self._disagree(message, ("split",), hint)
        own = terms.layer(member.id, Findings()) if member else None
        if member is None or own is None:
            return
        for key, said in (("buyer", member.customer), ("locale", member.locale)):
            value = own.document.values.get(key)
            if isinstance(value, str) and said and value != said:
                message = f"{key} of {member.id!r} is {value!r} here and {said!r} in the settings"
                self._disagree(message, (key,), "leave one of them out")

    def _disagree(self, message: str, path: KeyPath, hint: str) -> None:
        mistake = BadValueError(codes.TERMS_DISAGREE, message, hint)
        report(self._findings, mistake, self._layers.place(path))

    def _seller(self) -> Party | None:
        if self._project.exists or self._layers.value("seller") is not None:
            return self._project.settings.read(self._layers, "seller", Party, self._findings)
        message = f"there is neither a {self._project.path.name} here nor a table [seller]"
        hint = "billhook init lays out a project"
        mistake = BadValueError(codes.NO_PROJECT, message, hint)
        report(self._findings, mistake, self._layers.place(()))
        return None

    def _choices(self, reader: Party | None) -> dict[str, str]:
        """Return currency, policy and locale; what is wrong with them, or missing, is reported.

        They are taken as they were read, so that a mistake elsewhere in the job hides none here.
        """
        project = self._project.table
        currency = self._text_of("currency") or project.currency or ""
        policy = self._text_of("policy") or project.policy
        own = self._member.locale if self._member else ""
        locale = self._text_of("locale") or own or (reader and reader.locale) or project.locale
        if not currency:
            hint = 'write currency = "USD" here, or in [project]'
            self._wrong(BadValueError(source_codes.MISSING, "missing key 'currency'", hint), None)
        elif currency not in MINOR_UNITS:
            message = f"{currency!r} is not an ISO 4217 currency code"
            self._wrong(BadValueError(codes.CURRENCY, message, _similar(currency)), "currency")
        if policy not in POLICIES:
            message = f"there is no rounding policy {policy!r}"
            hint = did_you_mean(policy, POLICIES) or ""
            self._wrong(BadValueError(codes.POLICY, message, hint), "policy")
        self._check_locale(locale)
        prices_in = self._text_of("prices_in") or project.currency or ""
        if prices_in and prices_in not in MINOR_UNITS:
            message = f"{prices_in!r} is not an ISO 4217 currency code"
            self._wrong(BadValueError(codes.CURRENCY, message, _similar(prices_in)), "prices_in")
        prices_in = "" if prices_in == currency else prices_in
        return {"currency": currency, "prices_in": prices_in, "policy": policy, "locale": locale}

    def _text_of(self, key: str) -> str | None:
        value = self._agreed.value(key)
        return value if isinstance(value, str) else None

    def _check_date(self, date: dt.date | None) -> None:
        if date is None and "date" not in self._document.values:
            hint = "write date = 2026-06-30, or pass --date"
            self._wrong(BadValueError(codes.NO_DATE, "the job has no invoice date", hint), None)

    def _check_locale(self, locale: str) -> None:
        if not _is_locale(locale):
            self._wrong(_no_locale(locale), "locale")

    def _check_languages(self, settings: PrintSettings) -> None:
        for index, locale in enumerate(settings.languages):
            if not _is_locale(locale):
                place = self._layers.place(("print", "languages", index))
                report(self._findings, _no_locale(locale), place)

    def _wrong(self, mistake: BadValueError, key: str | None) -> None:
        """Report a choice where it was made: in the job, its terms, or else in the project."""
        path: KeyPath = ()
        if key is not None:
            path = (key,) if self._agreed.having(key) else ("project", key)
        report(self._findings, mistake, self._layers.place(path))

    # ── sources and history ──────────────────────────────────────────────────

    def _sources(self, declarations: Iterable[Declaration]) -> Iterable[Source]:
        for declaration in declarations:
            titled, project = self._with_title(declaration), self._project
            yield open_source(titled, self._path.parent, project.stdin, project.sources)

    def _name_sources(self, declarations: Iterable[Declaration]) -> Iterator[Declaration]:
        """Yield the sources of a job, those that are named by its bill with their names.

        A job for many leaves what is read for each of its subjects to these.
        """
        whole = EACH in self._document.values and not (self._member and self._member.id)
        for index, declaration in enumerate(declarations):
            by_bill = is_named_by_bill(declaration.file)
            own = by_bill or declaration.kind in self._for_each
            if whole and own:
                continue
            place = self._layers.place(("sources", index, "file"))
            named = self._name_source(declaration, place) if by_bill else declaration
            if named is not None:
                self._own.append(own)
                yield named

    def _name_source(self, declaration: Declaration, place: Location) -> Declaration | None:
        """Return a source with its name for this bill; ``None`` when there is no such file yet."""
        file, period = declaration.file, self._period
        if "{period}" in file and period is None and self._project.assumed_date is not None:
            return None
        if "{period}" in file and period is None:
            message = f"{file!r} is named by the period, and the job has none"
            hint = "write period = … into the job, or pass --period"
            report(self._findings, BadValueError(codes.NO_PERIOD, message, hint), place)
            return None
        name = fill_name(file, quote_subject(self._subject_id()), period)
        path = absolute(self._path.parent, name)
        if "{period}" in file and not path.exists():
            message = f"there is no {self._project.name(path)}"
            origin, severity = place.origin, Severity.INFO
            found = Diagnostic(codes.NO_FILE_YET.id, message, severity, origin, place.path)
            self._findings.add(found)
            return None
        return attrs.evolve(declaration, file=name)

    def _newest_period(self, declarations: Iterable[Declaration]) -> Period | None:
        """Return the last period that there is a file of; who looks for work bills none."""
        found = [
            each
            for declaration in declarations
            for each in find_periods(
                self._path.parent, declaration.file, quote_subject(self._subject_id())
            )
        ]
        return max(found, key=lambda each: (each.last, each.first), default=None)

    @property
    def _for_each(self) -> frozenset[str]:
        """The kinds of sources that are read for each subject of a job for many."""
        return frozenset(k for plugin in self._engine.plugins for k in plugin.info.read_for_each)

    def own_sources(self, job: Job) -> tuple[Source, ...]:
        """Return the sources of one subject's job that were not read for all."""
        return tuple(each for each, own in zip(job.sources, self._own, strict=True) if own)

    def _with_title(self, declaration: Declaration) -> Declaration:
        if declaration.name or declaration.file == STANDARD_INPUT:
            return declaration
        path = absolute(self._path.parent, declaration.file)
        return attrs.evolve(declaration, name=self._project.name(path))

    def _files(self, declarations: Iterable[Declaration]) -> Iterable[Path]:
        for declaration in declarations:
            if declaration.file != STANDARD_INPUT:
                yield absolute(self._path.parent, declaration.file)

    def _check_kinds(self) -> None:
        sources = self._document.values.get("sources")
        reads = any(hasattr(each.module, "billhook_read") for each in self._engine.plugins)
        if reads or self._engine.findings or not isinstance(sources, list):
            return
        known = [each for plugin in self._engine.plugins for each in plugin.info.records]
        for index, source in enumerate(sources):
            kind = source.get("kind") if isinstance(source, Mapping) else None
            if isinstance(kind, str) and kind not in known:
                place = self._layers.place(("sources", index, "kind"))
                self._findings.add(_unread(kind, known, place))

    def _history(self, table: JobTable | None, *, follow_jobs: bool) -> History:
        if table is None or table.follows is None:
            return History()
        if not follow_jobs and table.follows.suffix != SUFFIX:
            return History()
        place = self._layers.place(("follows",))
        return follow(self._project, table, place, self._trail, self._findings, load_job)


def _is_locale(identifier: str) -> bool:
    from billhook.i18n.locales import is_locale

    return is_locale(identifier)


def _no_locale(identifier: str) -> BadValueError:
    return BadValueError(codes.LOCALE, f"there is no locale {identifier!r}", 'like "en_US"')


def _similar(currency: str) -> str:
    upper = currency.upper()
    return f"did you mean {upper!r}?" if upper in MINOR_UNITS else "three letters, such as USD"


def _unread(kind: str, known: Iterable[str], place: Location) -> Diagnostic:
    return Diagnostic(
        kernel_codes.NO_READER.id,
        f"no plugin of the job reads the kind {kind!r}",
        origin=place.origin,
        path=place.path,
        hint=did_you_mean(kind, known) or "name the plugin under plugins",
        excerpt=place.excerpt,
        width=place.width,
    )


def _in_order(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return findings file by file, and in the order of reading within a file."""
    files: dict[str, int] = {}
    found = list(dict.fromkeys(findings))
    for finding in found:
        files.setdefault(finding.origin.file if finding.origin else "", len(files))

    def place(finding: Diagnostic) -> tuple[int, int, int]:
        origin = finding.origin or Origin("")
        return files[origin.file], origin.line or 0, origin.column or 0

    return tuple(sorted(found, key=place))


def _either(own: bool | None, *, shared: bool) -> bool:  # noqa: FBT001 - three-valued, the first of two
    """Return what the job says, else what the project says."""
    return shared if own is None else own
