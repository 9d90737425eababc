"""Making an administrator takes two people: one asks, an administrator who is somebody else approves.

Who asks and who approves is checked against the signed context of the transaction by the database itself, so that no
statement can speak in another's name. The first administrator comes from the set-up of the installation.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from waymark.access.permissions import Role
from waymark.accounts.actions.invitations import locked
from waymark.accounts.models import AdministratorRequest, Membership, User
from waymark.accounts.policies import Refused, people
from waymark.audit.actions import record

GOOD_FOR = dt.timedelta(days=7)


def _tell(verb: str, request: AdministratorRequest, by: User, purpose: str = "") -> None:
    record(
        verb=verb,
        by=str(by.pk),
        role=by.role,
        chain=request.agency_id,
        kind="administrator_request",
        about=request.pk,
        purpose=purpose,
    )


@transaction.atomic
def ask_for_administrator(*, member: Membership, reason: str, by: User) -> AdministratorRequest:
    """Ask that `member`, an active member of the host agency, become administrator as well."""
    acting = people.must_ask_for_administrator(by)
    agency = locked(acting.agency_id)
    fresh = Membership.objects.filter(pk=member.pk, agency=agency, state=Membership.State.ACTIVE).first()
    if fresh is None:
        raise Refused("Only an active member of this agency can become administrator.")
    places = Membership.objects.filter(user_id=fresh.user_id, role=Role.ADMINISTRATOR).exclude(state=Membership.State.ENDED)
    if places.exists():
        raise Refused("This person is an administrator already.")
    plain = " ".join(reason.split())[:200]
    if not plain:
        raise Refused("Say why, for the person who decides.")
    now = timezone.now()
    overdue = AdministratorRequest.objects.filter(user_id=fresh.user_id, state="waiting", expires_at__lte=now)
    overdue.update(state=AdministratorRequest.State.WITHDRAWN, decided_by=by, decided_at=now)
    try:
        with transaction.atomic():
            request = AdministratorRequest.objects.create(
                agency=agency,
                user_id=fresh.user_id,
                reason=plain,
                requested_by=by,
                requested_at=now,
                expires_at=now + GOOD_FOR,
            )
    except IntegrityError as error:
        raise Refused("A request for this person waits already.") from error
    _tell("administrator.requested", request, by, plain)
    return request


def _under_lock(request: AdministratorRequest) -> AdministratorRequest:
    locked(request.agency_id)
    return AdministratorRequest.objects.select_for_update().get(pk=request.pk)


@transaction.atomic
def approve_administrator(*, request: AdministratorRequest, by: User) -> Membership:
    """The second person says yes: the administrator's place begins now, beside the place that the person has."""
    fresh = _under_lock(request)
    people.must_decide(by, fresh)
    now = timezone.now()
    if fresh.expires_at <= now:
        raise Refused("This request is too old. Ask again.")
    still = Membership.objects.filter(agency_id=fresh.agency_id, user_id=fresh.user_id, state=Membership.State.ACTIVE)
    if not still.exists():
        raise Refused("This person is no longer an active member here.")
    place = uuid.uuid4()
    try:
        with transaction.atomic():
            fresh.state, fresh.decided_by, fresh.decided_at = AdministratorRequest.State.APPROVED, by, now
            fresh.membership_id = place
            fresh.save(update_fields=["state", "decided_by", "decided_at", "membership_id"])
            membership = Membership.objects.create(
                id=place,
                agency_id=fresh.agency_id,
                user_id=fresh.user_id,
                role=Role.ADMINISTRATOR.value,
                starts_on=timezone.localdate(),
            )
    except IntegrityError as error:
        raise Refused("Two people make an administrator, each as themselves.") from error
    _tell("administrator.approved", fresh, by)
    return membership


@transaction.atomic
def refuse_administrator(*, request: AdministratorRequest, by: User) -> None:
    fresh = _under_lock(request)
    people.must_decide(by, fresh)
    _settle(fresh, AdministratorRequest.State.REFUSED, by)
    _tell("administrator.refused", fresh, by)


@transaction.atomic
def withdraw_administrator_request(*, request: AdministratorRequest, by: User) -> None:
    """Who asked takes it back."""
    fresh = _under_lock(request)
    if not people.may_withdraw(by, fresh):
        raise Refused("Only who asked takes a waiting request back.")
    _settle(fresh, AdministratorRequest.State.WITHDRAWN, by)
    _tell("administrator.request_withdrawn", fresh, by)


def _settle(request: AdministratorRequest, state: str, by: User) -> None:
    request.state, request.decided_by, request.decided_at = state, by, timezone.now()
    request.save(update_fields=["state", "decided_by", "decided_at"])
