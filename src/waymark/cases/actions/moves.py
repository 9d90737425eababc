"""Moving a case on, giving it to a colleague, and saying when somebody looks at it next."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from waymark.accounts.models import User
from waymark.audit.actions import record, record_read
from waymark.audit.selectors.readings import is_new_look
from waymark.cases import policies
from waymark.cases.actions.opening import open_key_of
from waymark.cases.models import BY_TWO, MOVES, WITH_REASON, Case, CaseMove, Move
from waymark.cases.selectors.around import trouble_of_archiving
from waymark.cases.selectors.records import KIND
from waymark.people.formats.sealed import pack
from waymark.people.models import Denial
from waymark.people.policies import Refused
from waymark.people.selectors.persons import readers_of
from waymark.vault.selectors import OpenVault


def held_case(case: Case) -> Case:
    """The case as it stands now, held until this transaction ends."""
    return Case.objects.select_for_update(of=("self",)).select_related("person").get(agency_id=case.agency_id, pk=case.pk)


@transaction.atomic
def move_case(*, vault: OpenVault, case: Case, move: str, reason: str, by: User) -> Case:
    """Move a case on. The database judges by the same table of moves."""
    secret = open_key_of(vault=vault, case=case, by=by)
    held = held_case(case)
    if move in BY_TWO:
        raise Refused("Nobody destroys a case alone. Ask for it, under Keeping and destroying.")
    if (held.state, move) not in MOVES:
        raise Refused("A colleague has moved this case meanwhile. Look at where it stands now.")
    if move in WITH_REASON and not reason:
        raise Refused("Say why. It is sealed, and only your agency reads it.")
    if move == Move.ARCHIVE and (trouble := trouble_of_archiving(held)):
        raise Refused(trouble)
    pk = uuid.uuid4()
    sealed = secret.seal("cases_casemove", "reason", pk, pack({"text": reason})) if reason else None
    CaseMove.objects.create(pk=pk, agency_id=case.agency_id, case=held, move=move, reason=sealed)
    held.refresh_from_db(fields=["state"])
    record(verb="case.moved", by=by, kind=KIND, about=case.pk)
    return held


@transaction.atomic
def plan_case(*, case: Case, worker: uuid.UUID, due_on: dt.date | None, by: User) -> None:
    """Say whose case it is and when somebody looks at it next. Nobody gets a case that they could not see."""
    policies.must_work(by)
    held = held_case(case)
    if worker != held.worker_id:
        denied = Denial.objects.filter(
            agency_id=held.agency_id, person_id=held.person_id, user_id=worker, lifted_at__isnull=True
        ).exists()
        named = not held.person.is_restricted or readers_of(held.person).filter(user_id=worker).exists()
        if denied or not named or not policies.may_be_worker(worker, held.agency_id):
            raise Refused("This case cannot be given to them.")
    held.worker_id, held.due_on = worker, due_on
    held.save(update_fields=["worker", "due_on"])
    record(verb="case.planned", by=by, kind=KIND, about=case.pk)


def note_reading(*, case: Case, by: User) -> None:
    """Tell that somebody looks into a colleague's case, on whatever page of it. One's own case is one's work.

    A page and its pictures, or the pages that somebody turns within a minute, are one look.
    """
    if case.worker_id != by.pk and is_new_look(chain=case.agency_id, actor=str(by.pk), kind=KIND, about=case.pk):
        record_read(by=by, kind=KIND, about=case.pk, purpose="")
