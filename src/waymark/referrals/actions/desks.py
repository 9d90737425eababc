"""For which services of the directory an agency answers."""

from __future__ import annotations

from django.db import transaction

from waymark.accounts.models import User
from waymark.accounts.policies.roles import may_hold_cases
from waymark.audit.actions import record
from waymark.directory.models import Service
from waymark.people.policies import Refused
from waymark.referrals import policies
from waymark.referrals.models import Desk


@transaction.atomic
def add_desk(*, service: Service, by: User) -> Desk:
    """The agency of `by` answers for a service from now on."""
    agency = policies.must_answer(by)
    if by.acting is None or not may_hold_cases(by.acting.agency.kind):
        raise Refused("Your agency does not serve people, so it answers for no service.")
    desk, is_new = Desk.objects.get_or_create(agency_id=agency, service=service, defaults={"added_by": by})
    if is_new:
        record(verb="desk.added", by=by, kind="desk", about=desk.pk)
    return desk


@transaction.atomic
def remove_desk(*, desk: Desk, by: User) -> None:
    """The agency answers for it no more; what was asked already stays."""
    agency = policies.must_answer(by)
    if Desk.objects.filter(agency_id=agency, pk=desk.pk).delete()[0]:
        record(verb="desk.removed", by=by, kind="desk", about=desk.pk)
