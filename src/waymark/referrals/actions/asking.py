"""Asking other agencies: for room, to take somebody, or by a letter. The same page sent twice is one request."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.cases.models import Case
from waymark.cases.selectors.records import case_for
from waymark.consent.actions.ledger import hash_of, write_line
from waymark.consent.models import Basis, Method, Outside
from waymark.disclosures.actions import deliver_packet, freeze_packet
from waymark.people.actions import open_person
from waymark.people.formats.sealed import pack
from waymark.people.policies import Refused
from waymark.referrals import policies
from waymark.referrals.actions import crossing
from waymark.referrals.actions.telling import notify_who_answers
from waymark.referrals.formats.letter import letter_pdf
from waymark.referrals.formats.letter_codes import digest_of, new_letter_code
from waymark.referrals.models import Desk, Referral, State, Way
from waymark.referrals.selectors.sent import letter_of
from waymark.sealing.places import framed
from waymark.vault.selectors import OpenVault

KINDS = {Way.QUESTION: "capacity_question", Way.OPAQUE: "opaque_referral"}


def referral_of_page(agency: uuid.UUID, page: uuid.UUID, desk: uuid.UUID) -> uuid.UUID:
    """The id of what an agency asks a desk on a page, so that a form sent twice asks once."""
    digest = hashlib.sha256(framed("waymark referral of a page 1", agency.bytes, page.bytes, desk.bytes)).digest()
    return uuid.UUID(bytes=digest[:16], version=4)


@transaction.atomic
def ask_for_room(
    *, vault: OpenVault, case: Case, page: uuid.UUID, desks: Sequence[Desk], values: Mapping[str, str], hours: int, by: User
) -> list[Referral]:
    """Ask some desks whether they have room: a household, languages, what for and when, and nothing else."""
    agency = must_see(case, by)
    if not 0 < len(desks) <= policies.MOST_ASKED:
        raise Refused(f"Choose one to {policies.MOST_ASKED} providers.")
    before = _asked_on(page, desks, agency)
    if len(before) == len(desks):
        return before
    asked = [
        _cross(vault=vault, way=Way.QUESTION, case=case, page=page, desk=desk, values=values, hours=hours, by=by)
        for desk in desks
    ]
    record(verb="room.asked", by=by, kind="case", about=case.pk, fields=sorted(values))
    return asked


@transaction.atomic
def refer_without_a_name(
    *, vault: OpenVault, case: Case, page: uuid.UUID, desk: Desk, values: Mapping[str, str], hours: int, by: User
) -> Referral:
    """Ask one desk to take somebody: how many, what for, how soon, and whom to call back."""
    before = _asked_on(page, [desk], must_see(case, by))
    if before:
        return before[0]
    found = _cross(vault=vault, way=Way.OPAQUE, case=case, page=page, desk=desk, values=values, hours=hours, by=by)
    record(verb="referral.sent", by=by, kind="case", about=case.pk, fields=sorted(values))
    return found


@transaction.atomic
def write_letter(*, vault: OpenVault, case: Case, page: uuid.UUID, desk: Desk, days: int, phone: str, by: User) -> Referral:
    """Write a letter that the person carries. It crosses by nobody but them; its code is sealed under their key."""
    agency = must_see(case, by)
    secret = open_person(vault=vault, person=case.person, by=by)
    before = _asked_on(page, [desk], agency)
    if before:
        return before[0]
    pk = referral_of_page(agency, page, desk.pk)
    code = new_letter_code()
    letter = Referral.objects.create(
        pk=pk,
        agency_id=agency,
        way=Way.CARRIED,
        service=desk.service_id,
        case=case,
        recipient_id=desk.agency_id,
        respond_by=timezone.now() + dt.timedelta(days=days),
        digest=digest_of(code),
        code=secret.seal("referrals_referral", "code", pk, pack({"code": code, "phone": phone})),
        made_by=by,
    )
    record(verb="letter.written", by=by, kind="case", about=case.pk)
    return letter


def _asked_on(page: uuid.UUID, desks: Sequence[Desk], agency: uuid.UUID) -> list[Referral]:
    """What was asked on a page before: the same page sent again asks nothing, and tells the log nothing."""
    known = [referral_of_page(agency, page, desk.pk) for desk in desks]
    return list(Referral.objects.filter(agency_id=agency, pk__in=known))


def must_see(case: Case, by: User) -> uuid.UUID:
    """The agency of `by`, who may see this case. Asked anew here: a case may have been closed to them meanwhile."""
    agency = policies.must_send(by)
    if case_for(case.pk, to=by) is None:
        raise Refused("This case is not here.")
    return agency


def _cross(
    *,
    vault: OpenVault,
    way: Way,
    case: Case,
    page: uuid.UUID,
    desk: Desk,
    values: Mapping[str, str],
    hours: int,
    by: User,
) -> Referral:
    agency = policies.must_send(by)
    pk = referral_of_page(agency, page, desk.pk)
    known = Referral.objects.filter(agency_id=agency, pk=pk).first()
    if known is not None:
        return known
    lasts = dt.timedelta(hours=hours)
    with crossing.in_words():
        packet = freeze_packet(
            vault=vault, page=pk, recipient=desk.agency, kind=KINDS[way], values=values, permit=None, by=by, lasts=lasts
        )
        deliver_packet(packet=packet.pk, by=by)
    referral = Referral.objects.create(
        pk=pk,
        agency_id=agency,
        way=way,
        service=desk.service_id,
        case=case,
        recipient_id=desk.agency_id,
        packet=packet.pk,
        respond_by=packet.expires_at,
        made_by=by,
    )
    crossing.send(pk)
    notify_who_answers(desk.agency_id, "referral.waits")
    return referral


@transaction.atomic
def print_letter(*, vault: OpenVault, referral: Referral, by: User) -> bytes:
    """The page of a letter. The line in the ledger is written before anybody has it, and without it nobody gets it."""
    policies.must_send(by)
    mine = policies.visible(Referral.objects.select_related("case__person"), to=by).filter(pk=referral.pk).first()
    if mine is None or mine.way != Way.CARRIED:
        raise Refused(policies.ABSENT)
    if mine.state_at(timezone.now()) != State.REQUESTED:
        raise Refused("This letter is over. Write a new one.")
    said = letter_of(mine, vault)
    if not said:
        raise Refused("This file does not open with your key. It is kept to named colleagues.")
    page = letter_pdf(code=said["code"], phone=said["phone"], until=timezone.localdate(mine.respond_by))
    write_line(
        by=by,
        person=mine.case.person,
        basis=Basis.SURVIVOR_DELIVERED,
        method=Method.LETTER,
        fields=["letter"],
        recipient=Outside.SURVIVOR,
        content_hash=hash_of(page, vault=vault),
    )
    record(verb="letter.printed", by=by, kind="referral", about=mine.pk)
    return page
