"""Which second factors a person has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator

from waymark.accounts.models import FactorReset, User
from waymark.accounts.selectors import open_memberships_of

PASSKEY = Authenticator.Type.WEBAUTHN
APP = Authenticator.Type.TOTP
CODES = Authenticator.Type.RECOVERY_CODES


@dataclass(frozen=True)
class Way:
    """One way to sign in, as its owner sees it."""

    id: int
    kind: str
    name: str
    added_at: datetime
    used_at: datetime | None


def factors_of(user: User) -> list[Authenticator]:
    """The factors of a user that count.

    One that was set up in a session that came through an agency's own provider counts as long as the user belongs to that
    agency alone: otherwise whoever runs that provider could, in the user's name, make a key to another agency.
    """
    found = list(Authenticator.objects.filter(user_id=user.pk).order_by("created_at", "pk"))
    if not any(factor.data.get("through") for factor in found):
        return found
    agencies = {str(membership.agency_id) for membership in open_memberships_of(user)}
    return [factor for factor in found if not factor.data.get("through") or agencies <= {factor.data["through"]}]


def kinds_of(user: User) -> set[str]:
    """`webauthn`, `totp`, `recovery_codes`: which of them the user has."""
    return {factor.type for factor in factors_of(user)}


def has_second_factor(user: User) -> bool:
    """True when the user can pass the second step; recovery codes alone are a spare, not a factor to live with."""
    return bool(kinds_of(user) - {CODES})


def ways_of(user: User) -> list[Way]:
    """Passkeys and the app, for the person's own list."""
    return [
        Way(
            id=factor.pk,
            kind=factor.type,
            name=str(factor.data.get("name") or "Authenticator app"),
            added_at=factor.created_at,
            used_at=factor.last_used_at,
        )
        for factor in factors_of(user)
        if factor.type != CODES
    ]


def way_of(user: User, factor_id: int) -> Way | None:
    return next((way for way in ways_of(user) if way.id == factor_id), None)


def recovery_codes_left(user: User) -> int | None:
    """How many recovery codes are unused; None when there are none at all."""
    found = Authenticator.objects.filter(user_id=user.pk, type=CODES).first()
    return None if found is None else 10 - int(found.data.get("used_mask", 0)).bit_count()


def granted_reset_of(user: User) -> FactorReset | None:
    """The granted and unused permission to set up factors anew."""
    return FactorReset.objects.filter(membership__user=user, state=FactorReset.State.GRANTED).first()
