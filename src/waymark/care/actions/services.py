"""Services: written down in seconds, planned ahead, corrected, taken out as a mistake. Never where."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.care.formats.taxonomies import current
from waymark.care.models import Service
from waymark.people.actions import open_person, write_row
from waymark.people.formats.sealed import pack
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.vault.selectors import OpenVault

OPEN = ("state", "on", "minutes", "units", "household")
GONE = "This was taken out as a mistake."


@transaction.atomic
def record_service(
    *, vault: OpenVault, person: Person, case: uuid.UUID, code: str, values: Mapping[str, Any], note: str, by: User
) -> Service:
    """Write down a service by today's taxonomy: given, planned, refused, or they did not come."""
    secret = open_person(vault=vault, person=person, by=by)
    now = current()
    open_ = {name: values[name] for name in OPEN}
    row = write_row(
        Service,
        person=person,
        secret=secret,
        values={"note": note},
        by=by,
        case_id=case,
        taxonomy=now.version,
        code=now.kind(code).code,
        **open_,
    )
    record(verb="service.recorded", by=by, kind="person", about=person.pk)
    return row


def _held(service: Service) -> Service:
    rows = Service.objects.select_for_update(of=("self",)).select_related("person")
    return rows.get(agency_id=service.agency_id, pk=service.pk)


@transaction.atomic
def correct_service(*, vault: OpenVault, service: Service, values: Mapping[str, Any], note: str, by: User) -> Service:
    """Say how it went, or correct what was written. The kind of service stays."""
    held = _held(service)
    secret = open_person(vault=vault, person=held.person, by=by)
    if held.voided_at is not None:
        raise Refused(GONE)
    if values["state"] == Service.State.PLANNED and held.state != Service.State.PLANNED:
        raise Refused("This has happened already. Write another one for what is planned.")
    for name in OPEN:
        setattr(held, name, values[name])
    held.sealed = secret.seal("care_service", "sealed", held.pk, pack({"note": note}))
    held.save(update_fields=[*OPEN, "sealed"])
    record(verb="service.corrected", by=by, kind="person", about=held.person_id)
    return held


@transaction.atomic
def void_service(*, vault: OpenVault, service: Service, by: User) -> None:
    """It was written down by mistake: it counts nowhere, and that it was written stays."""
    held = _held(service)
    open_person(vault=vault, person=held.person, by=by)
    if held.voided_at is not None:
        raise Refused(GONE)
    held.voided_at = timezone.now()
    held.save(update_fields=["voided_at"])
    record(verb="service.voided", by=by, kind="person", about=held.person_id)
