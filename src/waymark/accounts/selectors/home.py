"""What agencies and their members have for somebody's home page: who waits to be let in, who came, what ends soon."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from waymark.access.installation import is_one_agency
from waymark.access.permissions import Permission
from waymark.accounts.models import AdministratorRequest, Agency, FactorReset, Invitation, Membership, User
from waymark.accounts.policies.people import holds
from waymark.accounts.selectors import people
from waymark.accounts.selectors.lost_factors import resets_for
from waymark.pages.lines import HomeCount, HomeRows, Line

LATELY = dt.timedelta(days=14)


def waiting_for(user: User, now: dt.datetime) -> list[Line]:
    """What needs a second person, an officer or an administrator."""
    if user.acting is None:
        return []
    return [*_officer_s(user, now), *_administrator_s(user, now)]


def _officer_s(user: User, now: dt.datetime) -> list[Line]:
    lines: list[Line] = []
    if holds(user, Permission.MEMBER_FACTOR_RESET):
        lost = resets_for(user).filter(state=FactorReset.State.ASKED).exclude(asked_by=user)
        says = "{} lost their second factor: decide whether they set up another".format
        lines.append(
            HomeRows(
                lost, says, "decide_factor_reset", "sign-in", "asked_at", "membership__user__display_name", is_due=True
            )
        )
    if holds(user, Permission.ACCOUNTS_INVITATION_VIEW):
        lines.append(
            HomeCount(
                people.invitations_for(user, state="overdue", now=now),
                "invitation was not answered in time",
                "invitations were not answered in time",
                reverse("invitation_list") + "?state=overdue",
                "invitation",
            )
        )
    if holds(user, Permission.ACCOUNTS_MEMBER_VIEW):
        lines.append(
            HomeCount(
                people.members_for(user, training="over", on=timezone.localdate(now)),
                "member whose training is over",
                "members whose training is over",
                reverse("member_list") + "?training=over",
                "member",
            )
        )
    return lines


def _administrator_s(user: User, now: dt.datetime) -> list[Line]:
    lines: list[Line] = []
    if holds(user, Permission.ACCOUNTS_ADMINISTRATOR_APPROVE):
        asked = people.requests_for(user, state=AdministratorRequest.State.WAITING).exclude(requested_by=user)
        lines.append(
            HomeRows(
                asked.exclude(user=user).filter(expires_at__gt=now),
                "Decide whether {} becomes administrator".format,
                "administrator_request",
                "administrator",
                "expires_at",
                "user__display_name",
                is_due=True,
                is_deadline=True,
            )
        )
    if holds(user, Permission.ACCOUNTS_AGENCY_ADD):
        inside = Membership.objects.filter(agency=OuterRef("pk")).exclude(state=Membership.State.ENDED)
        empty = Agency.objects.filter(~Exists(inside), state=Agency.State.ACTIVE)
        invited = Invitation.objects.filter(state=Invitation.State.OPEN, is_first=True, expires_at__gt=now)
        says = "{} has no member yet: invite its first officer".format
        lines.append(
            HomeRows(
                empty.exclude(pk__in=invited.values("agency_id")), says, "agency_detail", "agency", "created_at", "name"
            )
        )
    return lines


def changed_for(user: User, now: dt.datetime) -> list[Line]:
    """Who joined: agencies for everybody, members for whoever keeps them."""
    if user.acting is None:
        return []
    agencies = Agency.objects.filter(state=Agency.State.ACTIVE, created_at__gt=now - LATELY)
    lines: list[Line] = [
        HomeRows(
            agencies.exclude(pk=user.acting.agency_id),
            "{} was added".format if is_one_agency() else "{} joined the coalition".format,
            "agency_detail",
            "agency",
            "-created_at",
            "name",
        )
    ]
    if holds(user, Permission.ACCOUNTS_MEMBER_VIEW):
        on = timezone.localdate(now)
        came = people.members_for(user, state=Membership.State.ACTIVE, on=on).filter(starts_on__gt=on - LATELY)
        lines.append(
            HomeRows(
                came.exclude(user=user),
                "{} joined your agency".format,
                "member_detail",
                "member",
                "-starts_on",
                "user__display_name",
                is_day=True,
            )
        )
    return lines


def next_for(user: User, now: dt.datetime) -> list[Line]:
    """One's own dates, and invitations that still may be answered."""
    if user.acting is None:
        return []
    on = timezone.localdate(now)
    mine = Membership.objects.filter(pk=user.acting.pk)
    lines: list[Line] = [
        HomeRows(
            mine.filter(training_expires_on__gte=on, training_expires_on__lte=on + people.SOON),
            lambda name: "Your training ends",
            "my_place",
            "training",
            "training_expires_on",
            key=None,
            is_day=True,
        ),
        HomeRows(
            mine.filter(ends_on__lte=on + people.SOON),
            "Your place in {} ends".format,
            "my_place",
            "membership",
            "ends_on",
            "agency__name",
            key=None,
            is_day=True,
        ),
    ]
    if holds(user, Permission.ACCOUNTS_INVITATION_VIEW):
        waiting = people.invitations_for(user, state=Invitation.State.OPEN, now=now)
        says = "{} has not answered your invitation".format
        lines.append(HomeRows(waiting, says, "invitation_detail", "invitation", "expires_at", "email", is_deadline=True))
    return lines
