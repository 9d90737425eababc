"""Keeping the members of one agency: role, duties, suspending, resuming, ending, leaving.

What is taken away is gone at once: every page reads the membership again, and open sessions are ended as well. An agency is
never left with members and without an officer, because then nobody could let anybody in or out.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from waymark.access.context import acting_for
from waymark.access.permissions import Permission, Role
from waymark.accounts.actions.invitations import locked
from waymark.accounts.actions.sessions import end_sessions
from waymark.accounts.models import Agency, Invitation, Membership, User
from waymark.accounts.policies import Refused, people, roles
from waymark.audit.actions import record
from waymark.audit.models import SYSTEM

RUNS_OUT = "system:last-day"
KEEPERS = (Role.COORDINATOR.value, Role.OFFICER.value)
DUTY_FIELDS = (
    "reports_child_abuse",
    "reports_elder_abuse",
    "reports_injuries",
    "reporting_basis",
    "reporting_since_on",
    "answers_law_on",
    "privilege_assault_on",
    "privilege_trafficking_on",
    "privilege_violence_on",
    "training_expires_on",
    "ends_on",
)


def _under_lock(membership: Membership) -> tuple[Agency, Membership]:
    agency = locked(membership.agency_id)
    fresh = Membership.objects.select_for_update(of=("self",)).select_related("user", "agency").get(pk=membership.pk)
    return agency, fresh


def _tell(verb: str, membership: Membership, by: User, fields: tuple[str, ...] = (), purpose: str = "") -> None:
    record(
        verb=verb,
        by=str(by.pk),
        role=by.role,
        chain=membership.agency_id,
        kind="membership",
        about=membership.pk,
        fields=fields,
        purpose=purpose,
    )


def others_who_keep(membership: Membership) -> int:
    """How many active officers the agency has besides this one."""
    today = timezone.localdate()
    return (
        Membership.objects.filter(
            agency_id=membership.agency_id,
            state=Membership.State.ACTIVE,
            role__in=KEEPERS,
            user__is_active=True,
            starts_on__lte=today,
        )
        .exclude(ends_on__lt=today)
        .exclude(pk=membership.pk)
        .count()
    )


def _must_leave_a_keeper(membership: Membership) -> None:
    """Refuse what would leave members behind whom nobody keeps."""
    if membership.role not in KEEPERS or others_who_keep(membership):
        return
    left = membership.agency.memberships.exclude(pk=membership.pk).exclude(state=Membership.State.ENDED)
    if left.exists():
        raise Refused(
            "This is the last officer. Make another member officer first; otherwise nobody could invite, suspend or end "
            "the members who stay."
        )


def _must_leave_an_administrator(membership: Membership) -> None:
    if membership.role != Role.ADMINISTRATOR:
        return
    others = Membership.objects.filter(role=Role.ADMINISTRATOR, state=Membership.State.ACTIVE).exclude(pk=membership.pk)
    if not others.exists():
        raise Refused("This is the last administrator. Two people make another one first.")


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> Membership:
    """Give a member another role of this agency. Their open pages end, so that no page shows what they may no longer do."""
    agency, fresh = _under_lock(membership)
    people.must_keep(by, fresh)
    if fresh.role == Role.ADMINISTRATOR or role not in dict(roles.roles_to_give(agency)):
        raise Refused("This agency does not give that role.")
    if fresh.role == role:
        return fresh
    if role not in KEEPERS:
        _must_leave_a_keeper(fresh)
    fresh.role = role
    fresh.save(update_fields=["role"])
    end_sessions(user=fresh.user, by=str(by.pk))
    _tell("membership.role_changed", fresh, by, ("role",))
    return fresh


@transaction.atomic
def change_duties(*, membership: Membership, values: Mapping[str, object], by: User) -> Membership:
    """What the agency records of a member: duties to report, privilege, training, last day. Only these columns, by name."""
    _, fresh = _under_lock(membership)
    people.must_keep(by, fresh)
    changed = tuple(name for name in DUTY_FIELDS if name in values and getattr(fresh, name) != values[name])
    for name in changed:
        setattr(fresh, name, values[name])
    if fresh.ends_on is not None and fresh.ends_on < fresh.starts_on:
        raise Refused("The last day comes before the first day.")
    if "ends_on" in changed and fresh.ends_on is not None:
        _must_leave_a_keeper(fresh)
        _must_leave_an_administrator(fresh)
    if changed:
        fresh.save(update_fields=list(changed))
        _tell("membership.duties_changed", fresh, by, changed)
    return fresh


@transaction.atomic
def suspend_member(*, membership: Membership, by: User) -> Membership:
    """Out at once, and back with one click. The person's open pages end."""
    _, fresh = _under_lock(membership)
    people.must_keep(by, fresh)
    if not people.may_suspend(by, fresh):
        raise Refused("Only an active member is suspended; an administrator is ended.")
    _must_leave_a_keeper(fresh)
    fresh.state = Membership.State.SUSPENDED
    fresh.save(update_fields=["state"])
    end_sessions(user=fresh.user, by=str(by.pk))
    _tell("membership.suspended", fresh, by, ("state",))
    return fresh


@transaction.atomic
def resume_member(*, membership: Membership, by: User) -> Membership:
    _, fresh = _under_lock(membership)
    people.must_keep(by, fresh)
    if not people.may_resume(by, fresh):
        raise Refused("Only a suspended member is let back in.")
    fresh.state = Membership.State.ACTIVE
    fresh.save(update_fields=["state"])
    _tell("membership.resumed", fresh, by, ("state",))
    return fresh


@transaction.atomic
def end_member(*, membership: Membership, by: User) -> Membership:
    """Out at once and for good. The place stays in the history; coming back takes a new invitation."""
    _, fresh = _under_lock(membership)
    people.must_keep(by, fresh)
    _end(fresh, by)
    _tell("membership.ended", fresh, by, ("state", "ends_on"))
    return fresh


@transaction.atomic
def leave_agency(*, by: User) -> Membership:
    """One's own place ends: the one change of a membership that is anybody's own."""
    if by.acting is None:
        raise Refused("You act for no agency now.")
    _, fresh = _under_lock(by.acting)
    if fresh.user_id != by.pk or fresh.state == Membership.State.ENDED:
        raise Refused("Your place here has ended already.")
    _end(fresh, by)
    _tell("membership.left", fresh, by, ("state", "ends_on"))
    return fresh


def _end(membership: Membership, by: User) -> None:
    _must_leave_a_keeper(membership)
    _must_leave_an_administrator(membership)
    end_now(membership, str(by.pk))


def end_now(membership: Membership, by: str) -> None:
    """End a place whose agency is locked and whose end has been decided."""
    today = timezone.localdate()
    membership.state = Membership.State.ENDED
    membership.ends_on = max(membership.starts_on, min(membership.ends_on or today, today))
    membership.save(update_fields=["state", "ends_on"])
    end_sessions(user=membership.user, by=by)


@transaction.atomic
def end_run_out(*, agency_id: uuid.UUID, by: str = RUNS_OUT) -> int:
    """End the places of one agency whose last day has passed. They opened nothing any more; now the lists say so too.

    Also the last officer's, who could keep nobody's place any more either.
    """
    with acting_for(agency_id, SYSTEM):
        agency = locked(agency_id)
        over = agency.memberships.filter(ends_on__lt=timezone.localdate()).exclude(state=Membership.State.ENDED)
        found = list(over.select_related("user").select_for_update(of=("self",)))
        for membership in found:
            end_now(membership, by)
            about = membership.pk
            record(verb="membership.ran_out", by=by, chain=agency_id, kind="membership", about=about, fields=["state"])
        return len(found)


def end_everything(*, agency: Agency, by: User) -> tuple[int, int]:
    """End every place and every open invitation of a locked agency. Gives how many of each."""
    found = list(
        agency.memberships.exclude(state=Membership.State.ENDED).select_related("user").select_for_update(of=("self",))
    )
    for membership in found:
        end_now(membership, str(by.pk))
    now: dt.datetime = timezone.now()
    taken_back = agency.invitations.filter(state=Invitation.State.OPEN).update(
        state=Invitation.State.WITHDRAWN, answered_at=now
    )
    return len(found), taken_back


@transaction.atomic
def change_own_name(*, display_name: str, by: User) -> User:
    """The one thing about oneself that is one's own to change."""
    acting = people.must_hold(by, Permission.STAFF_HOME_VIEW)
    name = " ".join(display_name.split())
    if not name or len(name) > 120:
        raise Refused("Give the name that colleagues see, at most 120 letters.")
    if by.display_name != name:
        by.display_name = name
        by.save(update_fields=["display_name"])
        _tell("member.renamed_self", acting, by, ("display_name",))
    return by
