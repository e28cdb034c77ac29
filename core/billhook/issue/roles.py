"""Roles: who may do what, and from which amount on a second person must look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal

import attrs

from billhook.issue import codes
from billhook.issue.actor import Actor
from billhook.kernel.diagnostics import Diagnostic
from billhook.kernel.errors import RefusedError
from billhook.kernel.figure import Figure

Role = Literal["biller", "reviewer", "approver", "auditor"]
Right = Literal["draft", "issue", "review", "approve", "correct", "record", "close"]

RIGHTS: Mapping[Right, tuple[Role, ...]] = {
    "draft": ("biller", "reviewer", "approver"),
    "issue": ("biller", "approver"),
    "review": ("reviewer", "approver"),
    "approve": ("approver",),
    "correct": ("approver",),
    "record": ("biller", "approver"),
    "close": ("auditor", "approver"),
}
"""The roles that have each right; reading and verifying is everybody's."""


@attrs.frozen(kw_only=True)
class Roles:
    """The people of a project.  Without any, everybody may do everything.

    Attributes:
        biller: Make drafts, issue, record what happened.
        reviewer: Hold and write down what is drafted.
        approver: Approve, credit and void.
        auditor: Read, verify, close.
        limits: The most that an approver may approve or credit, by name and currency; who is not
            named has no limit, a currency that is not named is none of theirs.
        approval: Amounts above which a second person must approve, by currency; ``None``: no
            approval is asked for.  A currency that is not named always needs it.
    """

    biller: frozenset[str] = frozenset()
    reviewer: frozenset[str] = frozenset()
    approver: frozenset[str] = frozenset()
    auditor: frozenset[str] = frozenset()
    limits: Mapping[str, Mapping[str, Decimal]] = attrs.field(factory=dict)
    approval: Mapping[str, Decimal] | None = None

    @property
    def given(self) -> bool:
        """True if any roles are assigned."""
        return bool(self.biller or self.reviewer or self.approver or self.auditor)

    def of(self, name: str) -> tuple[Role, ...]:
        """Return the roles of a person."""
        every: tuple[Role, ...] = ("biller", "reviewer", "approver", "auditor")
        return tuple(role for role in every if name in getattr(self, role))

    def check(self, actor: Actor, right: Right, amounts: Iterable[Figure] = ()) -> None:
        """Refuse an act that its person may not do.

        Args:
            actor: The act.
            right: What is needed for it.
            amounts: What is approved or corrected: the person's limits are looked at.

        Raises:
            RefusedError: BH508.
        """
        if not self.given:
            return
        wanted = RIGHTS[right]
        if not set(wanted) & set(self.of(actor.by)):
            raise _refusal(actor, f"may not {right}; it takes the role {' or '.join(wanted)}")
        for amount in amounts:
            if (most := self._limit(actor.by, amount.unit)) is not None and most < abs(
                amount.value
            ):
                raise _refusal(
                    actor, f"may {right} up to {most} {amount.unit}, this is {amount.value}"
                )

    def needs_approval(self, amount: Figure) -> bool:
        """Return whether a second person must approve an amount."""
        if self.approval is None:
            return False
        return amount.unit not in self.approval or abs(amount.value) > self.approval[amount.unit]

    def require_approval(self, job: str, amount: Figure) -> None:
        """Refuse to issue an amount directly that a second person must approve.

        Raises:
            RefusedError: BH508.
        """
        if self.needs_approval(amount):
            message = f"{job}: {amount.value} {amount.unit} needs a second person's approval"
            hint = f"billhook run new NAME {job}, then run approve and run issue"
            raise RefusedError([Diagnostic(codes.NOT_PERMITTED.id, message, hint=hint)])

    def _limit(self, name: str, currency: str) -> Decimal | None:
        return self.limits[name].get(currency, Decimal(0)) if name in self.limits else None


OPEN = Roles()
"""Nobody has a role: everybody may do everything."""


def _refusal(actor: Actor, why: str) -> RefusedError:
    hint = "name the person with --by, or ask somebody with the role; [roles] assigns them"
    return RefusedError([Diagnostic(codes.NOT_PERMITTED.id, f"{actor.by} {why}", hint=hint)])
