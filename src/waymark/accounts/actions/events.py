"""Signing in and out as events of the audit chain: which member, which factors, never an address or an agent.

Tries that failed are told once they are worth it: the audit counts them by hour and tells the first, the tenth, the
hundredth. For an address that nobody has, the same work is done under a keyed hash of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from waymark.accounts.actions.attempts import key_of
from waymark.accounts.models import User
from waymark.accounts.selectors import open_memberships_of, staff_named
from waymark.accounts.selectors.attempts import is_flood
from waymark.audit import actions as audit
from waymark.audit.models import Event


def tell(
    *, user: User, verb: str, by: str = "", about: object = "", kind: str = "user", fields: Sequence[str] = ()
) -> None:
    """One event about a user's own sign-in, in the chain of the agency that they act for; without one, the platform's."""
    if by:
        audit.record(verb=verb, by=by, kind=kind, about=about or user.pk, fields=fields)
        return
    _place(user)
    audit.record(verb=verb, by=user, kind=kind, about=about or user.pk, fields=fields)


def _place(user: User) -> None:
    """Somebody who is only signing in acts for nobody yet; the event belongs where their officer looks."""
    if user.acting is None:
        membership = next(iter(open_memberships_of(user)), None)
        if membership is not None:
            user.act_as(membership)


def tell_failed_sign_in(*, account: str, was_slowed: bool) -> None:
    """A try that did not fit. The same two questions and one event for an address that somebody has and one nobody has."""
    user = staff_named(account)
    by = "visitor:many" if is_flood() else f"visitor:{key_of('told', account)[:32]}"
    audit.record_attempt(
        verb="sign_in.failed",
        by=by,
        kind="user",
        about=user.pk if user else "",
        result=Event.Result.DENIED if was_slowed else Event.Result.FAILED,
    )


def tell_failed_proof(*, user: User, verb: str) -> None:
    """The first factor fitted and the second did not: worth an officer's look."""
    _place(user)
    audit.record_attempt(verb=verb, by=user, kind="user", about=user.pk, result=Event.Result.FAILED)
