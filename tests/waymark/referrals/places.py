"""Where the addresses of referrals lead. Nobody in the matrix has an open vault: that comes after."""

from __future__ import annotations

import uuid
from typing import Any

from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.directory import ServiceFactory
from tests.factories.disclosures import acting, pin, with_key
from tests.factories.referrals import a_desk, asked
from tests.plugins.places import no_object, of_agency, of_coalition
from tests.waymark.cases.places import case_in
from tests.waymark.disclosures.places import elsewhere
from tests.waymark.people.places import SERVING

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, User
from waymark.referrals.models import ReceivedReferral, Way


def _correspondent() -> User:
    """An advocate of an agency that nobody in the matrix belongs to: everybody asks there and is asked from there."""
    agency = AgencyFactory(name="Invented provider", kind=AgencyKind.HEALTH)
    user: User = UserFactory(agency=agency, role=Role.ADVOCATE.value)
    with_key(user)
    return user


def _far(world: Any) -> User:
    found: User = world.once(_correspondent_elsewhere)
    return found


def _correspondent_elsewhere() -> User:
    found: User = elsewhere(_correspondent)
    return found


def _compared(*, agency: Agency, member: User, far: User) -> None:
    """Pins of both, committed, so that either can ask the other. A key is there when the mail's places made one."""
    from waymark.vault.models import AgencyKey

    def both() -> None:
        with acting(member):
            has_key = AgencyKey.objects.filter(agency_id=agency.pk).exists()
        if not has_key:
            with_key(member)
        with acting(member):
            pin(member, far.acting.agency)  # type: ignore[union-attr]
        with acting(far):
            pin(far, agency)

    elsewhere(both)


def case(world: Any, agency: Agency) -> dict[str, Any]:
    return {"case": case_in(world, agency).pk}


def _sent(world: Any, agency: Agency, way: str) -> dict[str, Any]:
    member, far = world.member_of(agency), _far(world)
    world.once(_compared, agency=agency, member=member, far=far)
    referral = asked(member, far.acting.agency, way, case=case_in(world, agency), sent=False)  # type: ignore[union-attr]
    return {"pk": referral.pk}


def sent(world: Any, agency: Agency) -> dict[str, Any]:
    return _sent(world, agency, Way.OPAQUE)


def letter(world: Any, agency: Agency) -> dict[str, Any]:
    return _sent(world, agency, Way.CARRIED)


def moved(world: Any, agency: Agency) -> dict[str, Any]:
    return {**sent(world, agency), "event": "withdraw"}


def _received(world: Any, agency: Agency, way: str) -> dict[str, Any]:
    far = _far(world)
    world.once(_compared, agency=agency, member=world.member_of(agency), far=far)

    def ask() -> uuid.UUID:
        with acting(far):
            return asked(far, agency, way).pk

    referral = elsewhere(ask)
    return {"pk": ReceivedReferral.objects.get(referral=referral).pk}


def received(world: Any, agency: Agency) -> dict[str, Any]:
    return _received(world, agency, Way.OPAQUE)


def question(world: Any, agency: Agency) -> dict[str, Any]:
    return _received(world, agency, Way.QUESTION)


def answered(world: Any, agency: Agency) -> dict[str, Any]:
    return {**received(world, agency), "event": "decline"}


def desk(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": a_desk(agency, world.member_of(agency)).pk}


PLACES = {
    "referrals:arrived": no_object(),
    "referrals:ask_room": of_agency(case, only=SERVING),
    "referrals:board": no_object(),
    "referrals:choose": of_agency(case, only=SERVING),
    "referrals:desk_add": no_object(),
    "referrals:desk_answer": of_coalition(lambda world: {"service": world.once(ServiceFactory, name="Invented rooms").pk}),
    "referrals:desk_remove": of_agency(desk, only=SERVING),
    "referrals:desks": no_object(),
    "referrals:detail": of_agency(sent, only=SERVING),
    "referrals:inbox": no_object(),
    "referrals:inbox_answer": of_agency(question, only=SERVING, data={"answer": "yes", "hours": "4"}),
    "referrals:inbox_case": of_agency(received, only=SERVING),
    "referrals:inbox_detail": of_agency(received, only=SERVING),
    "referrals:inbox_move": of_agency(answered, only=SERVING),
    "referrals:inbox_read": of_agency(received, only=SERVING),
    "referrals:letter": of_agency(letter, only=SERVING),
    "referrals:letter_new": of_agency(case, only=SERVING),
    "referrals:list": no_object(),
    "referrals:move": of_agency(moved, only=SERVING),
    "referrals:refer": of_agency(case, only=SERVING),
    "referrals:with_package": of_agency(case, only=SERVING),
}
