"""An engagement: the settings as one job sees them."""

from __future__ import annotations

from functools import cached_property

import attrs

from billhook.model.job import Job
from billhook_legal.records import Work
from billhook_legal.settings import LegalSettings, Matter, Timekeeper


@attrs.define(frozen=True, slots=False)
class Engagement:
    """A job with its legal settings, and everything that follows from the two."""

    job: Job
    settings: LegalSettings

    @cached_property
    def billed(self) -> tuple[str, ...]:
        """Ids of the matters that are billed."""
        return self.settings.bill or (self.job.subject,)

    @cached_property
    def matters(self) -> dict[str, Matter]:
        """The known matters by id."""
        return {matter.id: matter for matter in self.settings.matters}

    @cached_property
    def people(self) -> dict[str, Timekeeper]:
        """The known timekeepers by id."""
        return {person.id: person for person in self.settings.timekeepers}

    def matter_of(self, work: Work) -> str:
        """Return the matter of a record; empty when it names none and several are billed."""
        return work.matter or (self.billed[0] if len(self.billed) == 1 else "")

    def matter(self, name: str) -> Matter:
        """Return a matter; one that is not listed has nothing but its id."""
        return self.matters.get(name) or Matter(id=name)

    def client_of(self, name: str) -> str:
        """Return the client of a matter."""
        return self.matter(name).client or self.settings.client or self.job.buyer.id

    def person(self, name: str) -> Timekeeper:
        """Return a timekeeper; one that is not listed is called by the id."""
        return self.people.get(name) or Timekeeper(id=name, name=name)

    def in_period(self, work: Work) -> bool:
        """Return whether a record lies in the period that is billed."""
        return self.job.takes(work.date)
