"""Relief cases for tests.

`a_relief` makes rows of random bytes, for tests that open nothing. Invariants: the agency is defense or legal aid, the
person is of the same agency, whoever acts made the row. `asked` and `drafted` are words that somebody could have typed.
"""

from __future__ import annotations

import os
from typing import Any

from django.utils import timezone
from tests.factories.people import a_person

from waymark.accounts.models import Agency, User
from waymark.people.formats.codes import new_code
from waymark.people.models import Person
from waymark.relief.formats.words import Asked, Draft
from waymark.relief.models import Holder, ReliefCase

DECLARATION = "I was told that my brother would be hurt.\nI was nineteen."


def a_relief(agency: Agency, by: User, person: Person | None = None, **fields: Any) -> ReliefCase:
    """A relief case at its questions, whose sealed column nothing opens."""
    values = {
        "code": new_code(),
        "person": person or a_person(agency, by),
        "rule_version": "test",
        "worker": by,
        "opened_on": timezone.localdate(),
        "sealed": os.urandom(160),
        "made_by": by,
        **fields,
    }
    return ReliefCase.objects.create(agency=agency, **values)


def a_holder(case: ReliefCase, **fields: Any) -> Holder:
    values = fields or {"name": "Invented Records Bureau"}
    return Holder.objects.create(agency_id=case.agency_id, relief=case, **values)


def asked(**more: Any) -> Asked:
    """A conviction that comes from being trafficked, with everything known."""
    known = {
        "entry": "conviction",
        "charged": "PC 647(b)",
        "entry_on": "2018-05-03",
        "court": "Superior Court, Invented County",
        "case_number": "18INV0042",
        "facts": {"nonviolent": "yes", "trafficked": "yes", "out_or_in_services": "yes"},
    }
    return Asked(**{**known, **more})


def drafted(**more: Any) -> Draft:
    known = {
        "petitioner": "Ana Invented",
        "attorney": "Lee Invented",
        "bar_number": "000000",
        "office": "Invented Legal Aid\n1 Elm Street, Anytown",
        "reach": "916-555-0142",
        "declaration": DECLARATION,
        "evidence": "A letter of a caseworker\nA hotel receipt",
    }
    return Draft(**{**known, **more})
