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
from tests.factories.vault import Person as Member

from waymark.accounts.models import Agency, User
from waymark.cases.actions.opening import Intake, open_case
from waymark.cases.models import Case, Note, NoticeTold
from waymark.people.formats.codes import new_code
from waymark.people.models import Address, Denial, Person, Relation, SafeContact


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


def opened_case(member: Member, **answers: Any) -> Case:
    """A case that a member of an agency with an open vault has opened."""
    with member.acting():
        return open_case(vault=member.vault(), intake=Intake(page=uuid.uuid4(), **answers), by=member.user)
