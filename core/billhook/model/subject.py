"""Subjects: what a job that stands for many makes a bill of, one by one."""

from __future__ import annotations

import attrs

from billhook.model.validators import demand


@attrs.frozen(kw_only=True)
class Subject:
    """One of the subjects that a job for many stands for.

    Attributes:
        each: What the job stands for: ``legal.matter``, ``freight.account``.
        id: Its id: what history is kept of.
        customer: Id of the customer who is billed; empty when the settings do not say.
        locale: Locale of its bills, if it has one of its own.
    """

    each: str = attrs.field(validator=demand(str))
    id: str = attrs.field(validator=demand(str))
    customer: str = attrs.field(default="", validator=demand(str))
    locale: str = attrs.field(default="", validator=demand(str))
