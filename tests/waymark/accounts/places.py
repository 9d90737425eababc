"""Where the addresses of signing in, of one's own account, of agencies and of their people lead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, MembershipFactory, UserFactory, an_invitation
from tests.plugins.places import no_object, of_agency, of_coalition, of_member

from waymark.access.context import SETTING, Context
from waymark.access.permissions import Role
from waymark.accounts.models import AdministratorRequest, Agency, AgencySignIn, FactorReset, Session, User
from waymark.audit.actions.events import told_by

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


@contextmanager
def for_nobody() -> Iterator[None]:
    """The database lets nobody invite in another's name; the stage is set before anybody acts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [SETTING])
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config(%s, '', true)", [SETTING])
        yield
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, before or ""])


def invited(world: Any, agency: Agency) -> dict[str, Any]:
    with for_nobody():
        role = Role.COORDINATOR if agency.is_host else Role.OFFICER
        return {"pk": an_invitation(world.member_of(agency, role))[0].pk}


def colleague(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": world.member_of(agency).memberships.get(agency=agency).pk}


def suspended(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": world.once(MembershipFactory, agency=agency, state="suspended").pk}


def home(world: Any) -> dict[str, Any]:
    return {"pk": world.agencies["home"].pk}


def asked_by(world: Any, by: User) -> dict[str, Any]:
    """A request for an administrator by this member; by a colleague who never asks for a page where they cannot ask."""
    office, now = world.agencies["common"], timezone.now()
    if not by.memberships.filter(agency=office, role__in=(Role.ADMINISTRATOR, Role.COORDINATOR)).exists():
        by = world.member_of(office, Role.COORDINATOR)
    with connection.cursor() as cursor, told_by(cursor, Context(office.pk, by.pk)):
        made = AdministratorRequest.objects.create(
            agency=office,
            user=UserFactory(role=Role.STEWARD.value, agency=office),
            reason="Invented reason",
            requested_by=by,
            requested_at=now,
            expires_at=now + dt.timedelta(days=7),
        )
    return {"pk": made.pk}


def asked_for(world: Any) -> dict[str, Any]:
    with transaction.atomic():
        return asked_by(world, world.member_of(world.agencies["common"]))


FIRST_ONLY = {Role.ADMINISTRATOR: "sees invitations of first officers only"}
OWN_OFFICER = {
    **dict.fromkeys((Role.ADVOCATE, Role.COUNCIL, Role.MEMBER, Role.STEWARD), "only its own officer closes an agency"),
    **dict.fromkeys((Role.ADMINISTRATOR, Role.COORDINATOR), "the agency that runs the installation stays open"),
}

PLACES = {
    "acting": no_object(),
    "add_app": no_object(),
    "add_factor": no_object(),
    "add_passkey": no_object(),
    "administrator_approve": of_coalition(asked_for),
    "administrator_ask": no_object(),
    "administrator_list": no_object(),
    "administrator_refuse": of_coalition(asked_for),
    "administrator_request": of_coalition(asked_for),
    "administrator_withdraw": of_member(asked_by),
    "agency_add": no_object(),
    "agency_back": of_coalition(provider),
    "agency_close": of_agency(lambda world, agency: {"pk": agency.pk}, hidden_from=OWN_OFFICER),
    "agency_contact": of_agency(lambda world, agency: {"pk": agency.pk}),
    "agency_detail": of_coalition(home),
    "agency_finish": of_coalition(provider),
    "agency_first_officer": of_coalition(lambda world: {"pk": world.once(AgencyFactory, name="Invented empty agency").pk}),
    "agency_list": no_object(),
    "agency_reopen": of_coalition(lambda world: {"pk": world.once(AgencyFactory, state="closed").pk}),
    "agency_take_off": of_coalition(lambda world: {"pk": world.once(AgencyFactory, state="elsewhere").pk}),
    "agency_sign_in_settings": no_object(),
    "agency_start": of_coalition(provider),
    "ask_factor_reset": no_object(),
    "change_password": no_object(),
    "decide_factor_reset": of_agency(lost_factor),
    "end_other_sessions": no_object(),
    "end_session": of_member(session),
    "forgotten_password": no_object(),
    "handover_code": no_object(closed=OWES),
    "invitation_answer": no_object(),
    "invitation_decline": no_object(),
    "invitation_detail": of_agency(invited, hidden_from=FIRST_ONLY),
    "invitation_list": no_object(),
    "invitation_open": no_object(),
    "invitation_renew": of_agency(invited, hidden_from=FIRST_ONLY),
    "invitation_withdraw": of_agency(invited, hidden_from=FIRST_ONLY),
    "leave": no_object(),
    "lost_factor_list": no_object(),
    "member_detail": of_agency(colleague),
    "member_duties": of_agency(colleague),
    "member_end": of_agency(colleague),
    "member_invite": no_object(),
    "member_list": no_object(),
    "member_resume": of_agency(suspended),
    "member_role": of_agency(colleague),
    "member_suspend": of_agency(colleague),
    "my_name": no_object(),
    "my_place": no_object(),
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
