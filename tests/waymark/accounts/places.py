"""Where the addresses of signing in, of one's own account and of an officer's care for colleagues lead."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.utils import timezone
from tests.plugins.places import no_object, of_agency, of_coalition, of_member

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencySignIn, FactorReset, Session, User

OWES = "only who has given the first factor and owes the second comes here"


def provider(world: Any) -> dict[str, Any]:
    """An agency's own sign-in whose provider has an address that we do not call."""
    agency = world.agencies["home"]
    found, _ = AgencySignIn.objects.get_or_create(
        agency=agency,
        defaults={
            "issuer": "https://127.0.0.1",
            "client_id": "invented",
            "client_secret": "",
            "changed_by": world.member_of(agency),
            "changed_at": timezone.now(),
        },
    )
    return {"agency": found.agency_id}


def lost_factor(world: Any, agency: Agency) -> dict[str, Any]:
    return {
        "pk": FactorReset.objects.create(
            agency=agency,
            membership=world.member_of(agency).memberships.get(agency=agency),
            how_proved="Called back at the number that we have",
            asked_by=world.member_of(agency, Role.OFFICER),
            asked_at=timezone.now(),
        ).pk
    }


def passkey(world: Any, user: User) -> dict[str, Any]:
    # A long number: a digit alone stands in every page, and could not be told from what was asked for.
    number = 10_000_000 + user.pk.int % 80_000_000
    made = Authenticator.objects.create(id=number, user_id=user.pk, type="webauthn", data={"name": "Invented key"})
    return {"number": made.pk}


def session(world: Any, user: User) -> dict[str, Any]:
    now = timezone.now()
    made = Session.objects.create(
        session_key=user.pk.hex, session_data="", expire_date=now, user=user, began_at=now, seen_at=now, device="Mac"
    )
    return {"pk": made.id}


PLACES = {
    "add_app": no_object(),
    "add_factor": no_object(),
    "add_passkey": no_object(),
    "agency_back": of_coalition(provider),
    "agency_finish": of_coalition(provider),
    "agency_sign_in_settings": no_object(),
    "agency_start": of_coalition(provider),
    "ask_factor_reset": no_object(),
    "change_password": no_object(),
    "decide_factor_reset": of_agency(lost_factor),
    "end_other_sessions": no_object(),
    "end_session": of_member(session),
    "forgotten_password": no_object(),
    "handover_code": no_object(closed=OWES),
    "lost_factor_list": no_object(),
    "new_password": no_object(),
    "new_recovery_codes": no_object(),
    "passkey_options": no_object(),
    "passkey_sign_in": no_object(),
    "password_link": no_object(),
    "recovery_codes": no_object(),
    "recovery_codes_file": no_object(),
    "remove_way": of_member(passkey),
    "second_step": no_object(closed=OWES),
    "session_list": no_object(),
    "set_up_app": no_object(closed=OWES),
    "set_up_factor": no_object(closed=OWES),
    "set_up_passkey": no_object(closed=OWES),
    "sign_in": no_object(),
    "sign_out": no_object(),
    "ways": no_object(),
}
