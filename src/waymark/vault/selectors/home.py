"""What the vault has for somebody's home page: who waits to be let in, whose leaving calls for new keys."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists

from waymark.access.permissions import Permission, permissions_of
from waymark.accounts.models import Membership, User
from waymark.pages.lines import HomeRows, Line
from waymark.vault.models import MemberKey, UserKey
from waymark.vault.selectors.members import members_who_open


def waiting_for(user: User, now: dt.datetime) -> list[Line]:
    """One's own key first; then, for whoever can open the vault, the colleagues who wait and those who left."""
    if user.acting is None or Permission.VAULT_OPEN not in permissions_of(user.role):
        return []
    agency = user.acting.agency_id
    without_key = Membership.objects.filter(~Exists(UserKey.objects.filter(user=user)), pk=user.acting.pk)
    inside = Exists(MemberKey.objects.filter(agency_id=agency, user=user, confirmed_at__isnull=False))
    keys = MemberKey.objects.filter(inside, agency_id=agency).exclude(user=user)
    active = members_who_open(agency).values("user_id")
    waiting = keys.filter(confirmed_at__isnull=True, user__in=active)
    left = keys.filter(confirmed_at__isnull=False).exclude(user__in=active)
    return [
        HomeRows(
            left,
            "{} left: make new keys for the vault".format,
            "vault:new_keys",
            "vault",
            "confirmed_at",
            "user__display_name",
            key=None,
            is_due=True,
        ),
        HomeRows(
            waiting,
            "{} waits to be let into the vault".format,
            "vault:member_confirm",
            "vault",
            "asked_at",
            "user__display_name",
        ),
        HomeRows(
            without_key,
            lambda name: "Set up your own key to the vault",
            "vault:home",
            "vault",
            "starts_on",
            key=None,
            is_dated=False,
        ),
    ]
