"""What every act in a relief case has in common: the open key, the case held, one step written."""

from __future__ import annotations

import datetime as dt

from waymark.accounts.models import User
from waymark.people.actions import open_person
from waymark.relief import policies
from waymark.relief.models import ReliefCase, ReliefStep
from waymark.vault.selectors import OpenVault, RecordSecret

MOVED = "A colleague has moved this case meanwhile. Look at where it stands now."


def open_key_of(*, vault: OpenVault, case: ReliefCase, by: User) -> RecordSecret:
    """The key of a relief case, which is its person's. Raises Refused for who cannot open it."""
    policies.must_work(by)
    return open_person(vault=vault, person=case.person, by=by)


def held(case: ReliefCase) -> ReliefCase:
    """The case as it stands now, held until this transaction ends."""
    rows = ReliefCase.objects.select_for_update(of=("self",)).select_related("person")
    return rows.get(agency_id=case.agency_id, pk=case.pk)


def write_step(case: ReliefCase, move: str, *, on: dt.date) -> ReliefCase:
    """One step in the history of a case; a part of the act that needs it. The database moves the case by it."""
    ReliefStep.objects.create(
        agency_id=case.agency_id, relief=case, move=move, happened_on=on, due_on=policies.clock_of(case, move, on)
    )
    case.refresh_from_db()
    return case
