"""Signing in and out as events of the audit chain: which member, which factors, never an address or an agent."""

from __future__ import annotations

from collections.abc import Sequence

from waymark.accounts.models import User
from waymark.accounts.selectors import open_memberships_of
from waymark.audit import actions as audit
from waymark.audit.models import PLATFORM, Event


def tell(
    *,
    user: User,
    verb: str,
    by: str = "",
    about: object = "",
    kind: str = "user",
    fields: Sequence[str] = (),
) -> None:
    """One event about a user's own sign-in, in the chain of the agency that they act for; without one, the platform's."""
    membership = user.acting or next(iter(open_memberships_of(user)), None)
    audit.record(
        verb=verb,
        by=by or str(user.pk),
        role=membership.role if membership else "",
        chain=membership.agency_id if membership else PLATFORM,
        kind=kind,
        about=about or user.pk,
        result=Event.Result.DONE,
        fields=fields,
    )
