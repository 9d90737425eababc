"""Where the mail slot's addresses lead. Nobody in the matrix has an open vault: content comes after hidden and absent."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting, frozen, permit_of, pin, with_key
from tests.plugins.places import no_object, of_agency

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, User
from waymark.disclosures.actions import crossing
from waymark.disclosures.models import CarriedFile, InboxPacket, OutboxPacket


def elsewhere(act: Callable[[], Any]) -> Any:
    """What another agency does: in a transaction of its own, since ours acts for the agency of the matrix."""
    with ThreadPoolExecutor(1) as thread:
        try:
            return thread.submit(act).result()
        finally:
            thread.submit(connections.close_all).result()


def _correspondent() -> User:
    """Somebody in an agency that nobody in the matrix belongs to: everybody's mail goes there and comes from there."""
    user: User = UserFactory(agency=AgencyFactory(name="Invented correspondent"), role=Role.ADVOCATE.value)
    with_key(user)
    return user


def _far(world: Any) -> tuple[User, Agency]:
    user = world.once(_correspondent_elsewhere)
    return user, user.acting.agency


def _correspondent_elsewhere() -> User:
    found: User = elsewhere(_correspondent)
    return found


def _compared(*, agency: Agency, member: User, far: User) -> None:
    """Keys of both, committed, so that either can send to the other."""
    assert far.acting is not None

    def both() -> None:
        with_key(member, far.acting.agency)  # type: ignore[union-attr]
        with acting(far):
            pin(far, agency)

    elsewhere(both)


def keyed(world: Any, agency: Agency) -> None:
    """The agency has keys, committed; whoever else needs them makes none."""
    far, _ = _far(world)
    world.once(_compared, agency=agency, member=world.member_of(agency), far=far)


def written(world: Any, agency: Agency) -> dict[str, Any]:
    member = world.member_of(agency)
    far, there = _far(world)
    world.once(_compared, agency=agency, member=member, far=far)
    return {"pk": frozen(member, there, permit_of(member, there)).pk}


def sent(world: Any, agency: Agency) -> dict[str, Any]:
    found = written(world, agency)
    crossing.deliver(found["pk"])
    return found


def received(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": came_to(world, agency, lambda far: frozen(far, agency)).pk}


def came_to(world: Any, agency: Agency, freeze: Callable[[User], OutboxPacket]) -> InboxPacket:
    """A packet that the correspondent froze and that crossed."""
    far, _ = _far(world)
    keyed(world, agency)

    def send() -> uuid.UUID:
        with acting(far):
            packet = freeze(far)
            crossing.deliver(packet.pk)
            return packet.pk

    packet = elsewhere(send)
    return InboxPacket.objects.select_related("sender").get(packet=packet)


def permit(world: Any, agency: Agency) -> dict[str, Any]:
    return {"permit": permit_of(world.member_of(agency), _far(world)[1]).pk}


def _installation_elsewhere() -> Agency:
    """An agency that runs its own installation: known by its name."""
    made: Agency = elsewhere(lambda: AgencyFactory(name="Invented agency elsewhere", state=Agency.State.ELSEWHERE))
    return made


def by_file(world: Any, agency: Agency) -> dict[str, Any]:
    """A recall that came before its packet: it needs no key."""
    far = world.once(_installation_elsewhere)
    crossing.asked("SELECT disclosures.carry_recall(%s, %s, %s)", far.pk, uuid.uuid4(), timezone.now())
    return {"pk": CarriedFile.objects.filter(other=far).latest("at").pk}


PLACES = {
    "disclosures:file_receipt": of_agency(by_file),
    "disclosures:file_take": no_object(),
    "disclosures:files": no_object(),
    "disclosures:inbox": no_object(),
    "disclosures:inbox_detail": of_agency(received),
    "disclosures:inbox_open": of_agency(received),
    "disclosures:new": no_object(),
    "disclosures:new_call": no_object(),
    "disclosures:new_personal": of_agency(permit),
    "disclosures:outbox": no_object(),
    "disclosures:outbox_detail": of_agency(sent),
    "disclosures:outbox_file": of_agency(sent),
    "disclosures:outbox_recall": of_agency(sent),
    "disclosures:outbox_recall_file": of_agency(sent),
    "disclosures:outbox_send": of_agency(written),
}
