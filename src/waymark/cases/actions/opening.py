"""Opening a case: a person, a case, how they may be reached and what they were told, in one act from one page."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.cases import policies
from waymark.cases.actions.sheets import intake_sheet
from waymark.cases.models import Case, CaseOrigin, NoticeTold
from waymark.cases.policies import NOTICE_VERSION
from waymark.cases.selectors.origins import found_by
from waymark.cases.selectors.records import KIND
from waymark.people.actions import fresh_code, new_person, open_person, seal_contact
from waymark.people.formats.sealed import pack
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.people.selectors.persons import readers_of
from waymark.sealing.errors import CannotOpenError
from waymark.sealing.places import framed
from waymark.vault.actions import new_record_key, restrict_record
from waymark.vault.actions import open_record as open_key
from waymark.vault.selectors import OpenVault, RecordGone, RecordSecret


@dataclass(frozen=True)
class Intake:
    """What a worker typed in the first two minutes. Nothing of it has to be there."""

    page: uuid.UUID
    name: str = field(default="", repr=False)
    age_band: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)
    contact: Mapping[str, Any] | None = field(default=None, repr=False)
    asked_for: str = field(default="", repr=False)
    could_talk: bool = True
    due_on: dt.date | None = None
    told: tuple[str, ...] = ()
    language: str = ""
    happened_on: dt.date | None = None
    sheet: str = ""


@dataclass(frozen=True)
class CameBy:
    """By what a new case comes: a package or a referral of another agency, and whether a federal notice came along."""

    way: str
    thing: uuid.UUID
    agency: str
    on: dt.date
    is_part_two: bool = False


def case_of_page(agency: uuid.UUID, page: uuid.UUID) -> uuid.UUID:
    """The id of the case that an agency opens on a page, so that a form sent twice is one case."""
    digest = hashlib.sha256(framed("waymark intake of a page 1", agency.bytes, page.bytes)).digest()
    return uuid.UUID(bytes=digest[:16], version=4)


@transaction.atomic
def open_case(*, vault: OpenVault, intake: Intake, by: User, came_by: CameBy | None = None) -> Case:
    """Open a case for somebody who is new to the agency. The same page twice is one case.

    What came with the notice of 42 CFR 2.32 marks the file of the person: what later leaves it carries the notice on.
    """
    agency = policies.must_work(by)
    pk = case_of_page(agency, intake.page)
    known = Case.objects.filter(agency_id=agency, pk=pk).first()
    if known is not None:
        return known
    facts = {**intake.facts, "is_part_two": True} if came_by is not None and came_by.is_part_two else intake.facts
    person, secret = new_person(vault=vault, name=intake.name, facts=facts, age_band=intake.age_band, by=by)
    if intake.contact is not None:
        seal_contact(vault=vault, person=person, secret=secret, values=intake.contact, by=by)
    return _new_case(vault=vault, pk=pk, person=person, intake=intake, by=by, came_by=came_by)


@transaction.atomic
def open_case_for(*, vault: OpenVault, person: Person, intake: Intake, by: User) -> Case:
    """Open another case for a person whom the agency knows, or the first one of a child."""
    agency = policies.must_work(by)
    open_person(vault=vault, person=person, by=by)
    pk = case_of_page(agency, intake.page)
    known = Case.objects.filter(agency_id=agency, pk=pk).first()
    return known or _new_case(vault=vault, pk=pk, person=person, intake=intake, by=by)


def _new_case(
    *, vault: OpenVault, pk: uuid.UUID, person: Person, intake: Intake, by: User, came_by: CameBy | None = None
) -> Case:
    secret = new_record_key(vault=vault, kind=KIND, record=pk)
    told = {"asked_for": intake.asked_for, "could_talk": "yes" if intake.could_talk else "no"}
    case = Case.objects.create(
        pk=pk,
        agency_id=person.agency_id,
        code=fresh_code(Case, person.agency_id),
        person=person,
        worker=by,
        opened_on=intake.happened_on or timezone.localdate(),
        sheet=intake_sheet(person.agency_id, intake.sheet),
        due_on=intake.due_on,
        story=secret.seal("cases_case", "story", pk, pack(told)),
        made_by=by,
    )
    if came_by is not None:
        _keep_origin(case, secret, came_by, vault)
    for about in intake.told:
        _tell(case, secret, about, intake.language, by)
    if person.is_restricted:
        named = [row.user_id for row in readers_of(person)]
        restrict_record(vault=vault, kind=KIND, record=pk, to=named, by=by)
    record(verb="case.opened", by=by, kind=KIND, about=case.pk)
    return case


def _keep_origin(case: Case, secret: RecordSecret, came_by: CameBy, vault: OpenVault) -> None:
    pk = uuid.uuid4()
    said = {"way": came_by.way, "thing": str(came_by.thing), "agency": came_by.agency, "on": came_by.on.isoformat()}
    CaseOrigin.objects.create(
        pk=pk,
        agency_id=case.agency_id,
        case=case,
        found_by=found_by(vault, came_by.way, came_by.thing),
        sealed=secret.seal("cases_caseorigin", "sealed", pk, pack(said)),
    )


def _tell(case: Case, secret: RecordSecret, about: str, language: str, by: User) -> None:
    pk = uuid.uuid4()
    NoticeTold.objects.create(
        pk=pk,
        agency_id=case.agency_id,
        case=case,
        about=about,
        version=NOTICE_VERSION,
        language=secret.seal("cases_noticetold", "language", pk, pack({"text": language or "English"})),
        told_at=timezone.now(),
        told_by=by,
    )


@transaction.atomic
def tell_notices(*, vault: OpenVault, case: Case, about: tuple[str, ...], language: str, by: User) -> None:
    """Write down that the person was told something, in which language."""
    secret = open_key_of(vault=vault, case=case, by=by)
    if not about:
        raise Refused("Say what you told them.")
    for one in about:
        _tell(case, secret, one, language, by)
    record(verb="notice_to_person.told", by=by, kind=KIND, about=case.pk, fields=about)


def open_key_of(*, vault: OpenVault, case: Case, by: User) -> RecordSecret:
    """The key of a case. Raises Refused for who cannot open it, and for a case that was destroyed."""
    policies.must_work(by)
    try:
        return open_key(vault=vault, kind=KIND, record=case.pk)
    except CannotOpenError:
        raise Refused("This case does not open with your key. It is kept to named colleagues.") from None
    except RecordGone:
        raise Refused("This case was destroyed. Nothing opens it.") from None
