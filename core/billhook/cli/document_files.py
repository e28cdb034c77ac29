"""Output files of issued documents: whole or not at all, recorded with their hash."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import attrs
import click

from billhook.cli.console import Console
from billhook.cli.context import StoreContext
from billhook.cli.report import error_text, shown
from billhook.engine import Engine, broken
from billhook.issue import codes
from billhook.issue.actor import Actor
from billhook.issue.archived_files import record_files
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import BillhookError, FindingsError, PluginError, in_words
from billhook.model.document import Document
from billhook.plugins.loading import BREAKS
from billhook.project import LoadedJob, Project
from billhook.render.formats import format_of, unprintable
from billhook.sources.atomic_write import Access, make_folder, write_whole
from billhook.sources.filename import safe_name
from billhook.store.protocol import Reading

NONE = "none"
KEPT_BYTES = 64_000_000
"""How many bytes of files are kept from before an issue; what is more is made twice."""


@attrs.frozen
class Output:
    """Writes the files of documents.

    Attributes:
        console: Where the paths are told.
        place: Where documents are kept.
        formats: Names of formats, with commas between; ``none`` for no files.
        copies: A further folder for copies.
        made: Files that were made before the documents were issued, by number and digest.
    """

    console: Console
    place: StoreContext
    formats: str
    copies: str | None = None
    made: dict[tuple[str, str], dict[str, bytes]] = attrs.field(factory=dict, eq=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The formats, each once."""
        words = (word.strip() for word in self.formats.split(","))
        return tuple(dict.fromkeys(word for word in words if word and word != NONE))

    def rehearse(self, loaded: LoadedJob, document: Document) -> tuple[Diagnostic, ...]:
        """Make the files of a document that is not issued yet; return what keeps them from it.

        A number is for ever, so a bill that cannot be printed must not get one.
        """
        found = unprintable(loaded, document, self.names)
        if found:
            return found
        try:
            files = rendered(loaded, _with_number(document), self.names)
        except FindingsError as error:
            return error.findings
        except PluginError as error:
            return (broken(error),)
        except click.UsageError:
            raise
        except (*BREAKS, MemoryError) as error:
            if self.console.debug:
                raise
            name = f"{document.invoice.job}: the bill"
            message = f"{name} cannot be made as {', '.join(self.names)}: {in_words(error)}"
            hint = "try it first with billhook bill; a picture in [print] is the usual cause"
            return (Diagnostic(codes.FILES_FAILED.id, message, hint=hint),)
        if document.digest and sum(map(_size, self.made.values())) < KEPT_BYTES:
            self.made[document.number or "", document.digest] = files
        return ()

    def write(self, loaded: LoadedJob, document: Document, actor: Actor) -> bool:
        """Write the files of a document into the archive; return whether that was done.

        The document is safe already, so what fails here is said, and can be done again.
        """
        if not self.names:
            self.console.write(document.number or "")
            return True
        try:
            self._write(loaded, document, actor)
        except (*BREAKS, MemoryError) as error:
            if self.console.debug:
                raise
            self.console.warn(_in_words(error))
            taken = isinstance(error, FileExistsError)
            hint = "move the other file away, then say" if taken else "make them again with"
            hint += f" billhook invoice pdf {document.number} -f {','.join(self.names)}"
            self.console.warn(f"{document.number} is issued, its files are not written; {hint}")
            return False
        return True

    def bare(self, reading: Reading, numbers: Iterable[str]) -> frozenset[str]:
        """Return the documents some of whose files were never recorded, or are gone."""
        archive = self.place.keeping.archive
        there = {
            number: [proof for proof in reading.files(number) if (archive / proof.name).exists()]
            for number in numbers
        }
        return frozenset(n for n, found in there.items() if len(found) < len(self.names))

    def _write(self, loaded: LoadedJob, document: Document, actor: Actor) -> None:
        files = self.made.pop((document.number or "", document.digest), None)
        files = files or rendered(loaded, document, self.names)
        for name, data in files.items():
            path = self.place.keeping.archive / name
            make_folder(path.parent, self.place.keeping.access)
            write_whole(path, data, replace=False, access=self.place.keeping.access)
            self.console.write(shown(path))
        record_files(self.place.store, document.number or "", files, actor)
        if self.copies is not None:
            copy(Path(self.copies), files, self.place.keeping.access)


def _in_words(error: BaseException) -> str:
    expected = isinstance(error, BillhookError | OSError)
    return error_text(error) if expected else f"error: {in_words(error)}"


def _size(files: dict[str, bytes]) -> int:
    return sum(map(len, files.values()))


def _with_number(document: Document) -> Document:
    """Return a draft with a number, for formats that have none without one."""
    return document if document.number else attrs.evolve(document, number="0")


def rendered(loaded: LoadedJob, document: Document, names: tuple[str, ...]) -> dict[str, bytes]:
    """Return the files of a document by their names in the archive, all before any is written."""
    made = {}
    for name in names:
        format_ = format_of(loaded, name)
        file = safe_name(document.number or "", format_.suffix)
        made[f"{document.invoice.date:%Y}/{file}"] = format_.write(loaded, document)
    return made


def copy(folder: Path, files: dict[str, bytes], access: Access) -> list[Path]:
    """Write files into a folder, whole or not at all, and return their paths."""
    make_folder(folder, access)
    paths = [folder / Path(name).name for name in files]
    for path, data in zip(paths, files.values(), strict=True):
        write_whole(path, data, access=access)
    return paths


def looks_of(project: Project, document: Document, engine: Engine) -> LoadedJob:
    """Return what rendering an issued document needs: its job's looks, or else the project's."""
    id_ = document.invoice.job
    path = next((each for each in project.jobs() if each.stem == id_), project.path)
    loaded = project.job(path, date=document.invoice.date)
    return LoadedJob(
        id=id_,
        path=path,
        folder=project.folder,
        findings=(),
        engine=engine,
        print=loaded.print if path != project.path else project.print_settings(),
    )
