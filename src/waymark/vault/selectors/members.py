"""The members of a vault and the state of each one's key."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from waymark.access.permissions import Permission, Role, permissions_of
from waymark.accounts.models import Membership, User
from waymark.vault.models import AgencyEpoch, Kit, MemberKey


class KeyState(StrEnum):
    CONFIRMED = "confirmed"
    LEFT = "left"
    NONE = "none"
    WAITING = "waiting"


KEY_WORDS = {
    KeyState.CONFIRMED: "Can open the vault",
    KeyState.LEFT: "Left: new keys are due",
    KeyState.NONE: "Has not set up a key",
    KeyState.WAITING: "Waiting for key",
}


@dataclass(frozen=True)
class MemberRow:
    """One person on the members' list."""

    user: User
    role: str
    state: KeyState
    key: MemberKey | None

    @property
    def words(self) -> str:
        return KEY_WORDS[self.state]


def members_who_open(agency: uuid.UUID) -> QuerySet[Membership]:
    """Active memberships whose role opens a vault."""
    roles = [role.value for role in Role if Permission.VAULT_OPEN in permissions_of(role)]
    return Membership.objects.filter(agency_id=agency, state=Membership.State.ACTIVE, user__is_active=True, role__in=roles)


def active_members(agency: uuid.UUID) -> set[uuid.UUID]:
    """Users with an active membership whose role opens a vault."""
    return set(members_who_open(agency).values_list("user_id", flat=True))


def member_rows(agency: uuid.UUID) -> list[MemberRow]:
    """Everyone who opens this vault, waits for it, or left and still counts; by name."""
    keys = {key.user_id: key for key in MemberKey.objects.filter(agency_id=agency).select_related("user", "confirmed_by")}
    active = active_members(agency)
    rows = []
    for place in Membership.objects.filter(agency_id=agency, user__in=active).select_related("user"):
        if place.state != Membership.State.ACTIVE:
            continue
        key = keys.get(place.user_id)
        rows.append(MemberRow(place.user, place.role, _state(key), key))
    for user, key in keys.items():
        if user not in active and key.is_confirmed:
            rows.append(MemberRow(key.user, "", KeyState.LEFT, key))
    return sorted(rows, key=lambda row: row.user.display_name.lower())


def _state(key: MemberKey | None) -> KeyState:
    if key is None:
        return KeyState.NONE
    return KeyState.CONFIRMED if key.is_confirmed else KeyState.WAITING


def waiting_key(agency: uuid.UUID, pk: uuid.UUID) -> MemberKey | None:
    """The key of an active member that waits to be confirmed."""
    key = MemberKey.objects.filter(agency_id=agency, pk=pk, confirmed_at__isnull=True).select_related("user").first()
    return key if key is not None and key.user_id in active_members(agency) else None


def who_left(agency: uuid.UUID) -> list[MemberKey]:
    """Confirmed keys of people who are no longer active members: as long as there are any, new keys are due."""
    active = active_members(agency)
    keys = MemberKey.objects.filter(agency_id=agency, confirmed_at__isnull=False).select_related("user")
    return [key for key in keys if key.user_id not in active]


def can_open(agency: uuid.UUID) -> int:
    """How many active members can open the vault. One is too few: their loss would be everybody's."""
    active = active_members(agency)
    confirmed = MemberKey.objects.filter(agency_id=agency, confirmed_at__isnull=False).values_list("user_id", flat=True)
    return len(active & set(confirmed))


def kit_of(agency: uuid.UUID) -> Kit | None:
    return Kit.objects.filter(agency_id=agency).select_related("made_by").first()


def epoch_of(agency: uuid.UUID, number: int) -> AgencyEpoch | None:
    return AgencyEpoch.objects.filter(agency_id=agency, number=number).select_related("made_by").first()
