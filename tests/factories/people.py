"""People and cases for tests.

`a_person` and `a_case` make rows of random bytes, for tests that open nothing (walls, rules of the database, who asks).
`opened_case` opens one with the real action, in the vault of a person of `tests.factories.vault`.
Invariants: a case's person is of the same agency; whoever acts made the row, as the database demands.
"""

from __future__ import annotations

import os
import uuid
from typing import Any

from django.utils import timezone
from tests.factories.accounts import UserFactory
from tests.factories.vault import Person as Member

from waymark.access.context import acting_for
from waymark.accounts.models import Agency, User
from waymark.cases.actions.opening import Intake, open_case
from waymark.cases.models import Case, CaseFile, DestructionRequest, LegalRelief, Note, NoticeTold
from waymark.people.formats.codes import new_code
from waymark.people.models import Address, Denial, Person, Relation, SafeContact
from waymark.vault.models import RecordHold, RecordKey


def a_person(agency: Agency, by: User, **fields: Any) -> Person:
    """Somebody whose sealed columns nothing opens."""
    values = {"code": new_code(), "name": os.urandom(160), "facts": os.urandom(160), "made_by": by, **fields}
    return Person.objects.create(agency=agency, **values)


def a_contact(person: Person, by: User) -> SafeContact:
    return SafeContact.objects.create(agency_id=person.agency_id, person=person, sealed=os.urandom(160), made_by=by)


def an_address(person: Person, by: User, kind: str = "real") -> Address:
    return Address.objects.create(agency_id=person.agency_id, person=person, kind=kind, sealed=os.urandom(160), made_by=by)


def a_relation(person: Person, other: Person, by: User, **fields: Any) -> Relation:
    values = {"sealed": os.urandom(160), "made_by": by, **fields}
    return Relation.objects.create(agency_id=person.agency_id, person=person, other=other, **values)


def a_denial(person: Person, user: User, by: User) -> Denial:
    return Denial.objects.create(agency_id=person.agency_id, person=person, user=user, sealed=os.urandom(160), made_by=by)


def a_case(agency: Agency, by: User, person: Person | None = None, **fields: Any) -> Case:
    """An inquiry whose sealed columns nothing opens."""
    values = {
        "code": new_code(),
        "person": person or a_person(agency, by),
        "worker": by,
        "opened_on": timezone.localdate(),
        "story": os.urandom(160),
        "made_by": by,
        **fields,
    }
    return Case.objects.create(agency=agency, **values)


def a_notice(case: Case, by: User, about: str = "limits") -> NoticeTold:
    return NoticeTold.objects.create(
        agency_id=case.agency_id,
        case=case,
        about=about,
        version="test",
        language=os.urandom(160),
        told_at=timezone.now(),
        told_by=by,
    )


def a_note(case: Case, kind: str = "progress") -> Note:
    """A note in the name of who acts; its hours are the database's."""
    note = Note.objects.create(
        agency_id=case.agency_id, case=case, kind=kind, happened_on=timezone.localdate(), text=os.urandom(160)
    )
    note.refresh_from_db()
    return note


def a_legal_relief(case: Case, by: User, **fields: Any) -> LegalRelief:
    values = {"sealed": os.urandom(160), "made_by": by, **fields}
    return LegalRelief.objects.create(agency_id=case.agency_id, case=case, **values)


def a_request_to_destroy(case: Case, by: User, **fields: Any) -> DestructionRequest:
    """A request of who acts; the case was put away, or it cannot be granted."""
    values = {"why": "asked", "asked_by": by, **fields}
    return DestructionRequest.objects.create(agency_id=case.agency_id, case=case, **values)


def a_file(case: Case, by: User) -> CaseFile:
    """A file whose sealed columns nothing opens."""
    fields = {"facts": os.urandom(160), "content": os.urandom(300), "added_by": by}
    return CaseFile.objects.create(agency_id=case.agency_id, case=case, **fields)


def a_hold(agency: Agency, by: User) -> RecordHold:
    """A hold on a record of its own."""
    key = RecordKey.objects.create(agency=agency, kind="case", record=uuid.uuid4())
    return RecordHold.objects.create(agency=agency, record_key=key, why="audit", placed_by=by)


def agreed_to_destroy(case: Case) -> DestructionRequest:
    """A request of the case's worker that another member has granted; outside of any context. The case was put away."""
    with acting_for(case.agency_id, case.worker_id):
        row = a_request_to_destroy(case, case.worker)
    other = UserFactory(role="officer", agency=case.agency)
    with acting_for(case.agency_id, other.pk):
        row.state, row.decided_at, row.decided_by = "done", timezone.now(), other
        row.save(update_fields=["state", "decided_at", "decided_by"])
    return row


def opened_case(member: Member, **answers: Any) -> Case:
    """A case that a member of an agency with an open vault has opened."""
    with member.acting():
        return open_case(vault=member.vault(), intake=Intake(page=uuid.uuid4(), **answers), by=member.user)
