"""Printing blank sheets, and finding the one from which something is typed in."""

from __future__ import annotations

import re
import uuid

from django.db import transaction
from django.db.models import Max

from waymark.accounts.models import Agency, User
from waymark.audit.actions import record
from waymark.cases import policies
from waymark.cases.formats.sheets import LETTERS
from waymark.cases.models import Case, Sheet
from waymark.people.policies import Refused

AT_ONCE = 20
_NUMBER = re.compile(r"\s*([A-Za-z])?\s*-?\s*0*([1-9][0-9]{0,7})\s*")


@transaction.atomic
def print_sheets(*, kind: str, language: str, count: int, by: User) -> list[Sheet]:
    """The next `count` numbers of a kind. Two who print at once get different ones."""
    agency = policies.must_work(by)
    if not 1 <= count <= AT_ONCE:
        raise Refused(f"Between 1 and {AT_ONCE} sheets at once.")
    Agency.objects.select_for_update(no_key=True).get(pk=agency)
    last = Sheet.objects.filter(agency_id=agency, kind=kind).aggregate(last=Max("number"))["last"] or 0
    sheets = Sheet.objects.bulk_create(
        Sheet(agency_id=agency, kind=kind, number=last + step, language=language, printed_by=by)
        for step in range(1, count + 1)
    )
    record(verb="sheet.printed", by=by, kind="sheet", about=f"{kind} {last + 1}", fields=[kind])
    return sheets


def intake_sheet(agency: uuid.UUID, words: str) -> Sheet | None:
    """The intake sheet of a number that somebody typed, as far as no case was typed in from it yet. Raises Refused."""
    if not words.strip():
        return None
    read = _NUMBER.fullmatch(words)
    if read is None or (read[1] or "I").upper() != LETTERS["intake"]:
        raise Refused("This is no number of an intake sheet. It stands at the top right, as in I-0042.")
    found = Sheet.objects.filter(agency_id=agency, kind=Sheet.Kind.INTAKE, number=int(read[2])).first()
    if found is None:
        raise Refused("Your agency printed no intake sheet with this number.")
    if Case.objects.filter(agency_id=agency, sheet=found).exists():
        raise Refused("A case was typed in from this sheet already. Look for it by its day before you open another.")
    return found
