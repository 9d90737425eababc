"""Somebody comes into the program, moves on in it, leaves it, comes back. The database holds every rule once more."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from waymark.accounts.models import Agency, User
from waymark.accounts.policies import Refused
from waymark.audit.actions import record
from waymark.disclosures.formats.kinds import COMPLIANCE_REPORT
from waymark.disclosures.models import Permit
from waymark.diversion import policies
from waymark.diversion.actions.sealed_rows import change_facts, facts_of, make_row
from waymark.diversion.models import (
    Alumnus,
    Enrollment,
    EnrollmentMove,
    EnrollmentPermit,
    Exit,
    Hearing,
    Phase,
    Referral,
)
from waymark.diversion.models.enrollments import EXITS, MOVES, OPEN_STATES, Move
from waymark.diversion.models.parties import Party
from waymark.diversion.selectors.decisions import agreed_parties
from waymark.vault.selectors import OpenVault

KIND = "enrollment"
REPORT_FIELDS = frozenset(question.code for question in COMPLIANCE_REPORT.questions)
UNDER_18 = (
    "Nobody is enrolled who was under 18 on the day of the offense. Somebody under 18 is not charged with selling sex in "
    "California: call child welfare’s hotline and the person’s lawyer, and offer your services without the court."
)


@transaction.atomic
def enroll(
    *, vault: OpenVault, referral: Referral, facts: Mapping[str, Any], was_adult: bool, by: User, **open_: Any
) -> Enrollment:
    """Enroll somebody on whom all have agreed. `facts` are sealed: name, initials, safe times."""
    agency = policies.must_give(by)
    policies.must(was_adult, UNDER_18)
    missing = set(Party.values) - agreed_parties(referral)
    if missing:
        names = ", ".join(Party(party).label.lower() for party in sorted(missing))
        raise Refused(f"All three must have agreed. Not yet in: {names}.")
    phase = Phase.objects.filter(agency_id=agency, program_id=referral.program_id).order_by("number").first()
    if phase is None:
        raise Refused("This program has no phase.")
    known = facts_of(vault, referral)
    kept = {name: known.get(name, "") for name in ("reference", "offense_on", "language")}
    try:
        with transaction.atomic():
            enrollment = make_row(
                Enrollment,
                vault=vault,
                letter="E",
                facts={**kept, **facts},
                by=by,
                pk=uuid.uuid4(),
                program_id=referral.program_id,
                referral=referral,
                phase=phase,
                phase_since=open_["started_on"],
                was_adult=was_adult,
                charge=referral.charge,
                offense_year=referral.offense_year,
                **open_,
            )
    except DatabaseError as error:
        raise Refused(_in_words(error)) from error
    record(verb="enrollment.begun", by=by, kind=KIND, about=enrollment.pk)
    return enrollment


WORDS = {
    "done_before_anybody_is_enrolled": "Counsel, advice about immigration, the question to counsel and the rights sheet "
    "come before the first day.",
    "enrollment_ends_after_it_begins": "The last day is after the first.",
    "one_enrollment_a_referral": "This referral is an enrollment already.",
    "hearing_is_noticed_before_its_day": "The person and counsel are told before the day of the hearing.",
    "hearing_is_decided_on_the_day_or_later": "A hearing is held on its day or later.",
    "only_termination_has_a_hearing": "Only a termination has a hearing.",
    "only_a_court_sanctions": "Only a court sanctions: say on which day it did.",
}


def _in_words(error: DatabaseError) -> str:
    """What the database refused, in its own sentence or in ours."""
    cause = error.__cause__
    diag = getattr(cause, "diag", None)
    if diag is None:
        raise error
    name = diag.constraint_name or ""
    if name in WORDS:
        return WORDS[name]
    if getattr(cause, "sqlstate", "") != "23514" or name:
        raise error
    return str(diag.message_primary)


def _do(write: Any) -> Any:
    try:
        with transaction.atomic():
            return write()
    except DatabaseError as error:
        raise Refused(_in_words(error)) from error


@transaction.atomic
def move_enrollment(*, enrollment: Enrollment, move: str, on: dt.date, by: User, max_end_on: dt.date | None = None) -> None:
    """A move that is no exit: leave, return, advance, go on after a hearing, re-enter."""
    agency = policies.must_give(by)
    policies.must((enrollment.state, move) in MOVES and move not in EXITS, "There is no such move from here.")
    _do(
        lambda: EnrollmentMove.objects.create(
            agency_id=agency, enrollment=enrollment, move=move, on=on, max_end_on=max_end_on
        )
    )
    enrollment.refresh_from_db()
    record(verb="enrollment.moved", by=by, kind=KIND, about=enrollment.pk, fields=(move,))


@transaction.atomic
def notice_hearing(
    *,
    enrollment: Enrollment,
    set_for: dt.date,
    noticed_on: dt.date,
    counsel_noticed_on: dt.date,
    by: User,
) -> Hearing:
    """A hearing, of which the person and counsel were told."""
    agency = policies.must_give(by)
    hearing: Hearing = _do(
        lambda: Hearing.objects.create(
            agency_id=agency,
            enrollment=enrollment,
            set_for=set_for,
            noticed_on=noticed_on,
            counsel_noticed_on=counsel_noticed_on,
            written_by=by,
        )
    )
    _do(
        lambda: EnrollmentMove.objects.create(
            agency_id=agency, enrollment=enrollment, move=Move.NOTICE_HEARING, on=timezone.localdate()
        )
    )
    enrollment.refresh_from_db()
    record(verb="hearing.noticed", by=by, kind=KIND, about=enrollment.pk)
    return hearing


@transaction.atomic
def decide_hearing(*, hearing: Hearing, outcome: str, held_on: dt.date | None, by: User) -> None:
    """What the court decided. Going on moves the enrollment back; a termination is written as an exit."""
    agency = policies.must_give(by)
    enrollment = hearing.enrollment
    hearing.outcome = outcome
    hearing.held_on = None if outcome == Hearing.Outcome.TAKEN_BACK else held_on
    _do(lambda: hearing.save(update_fields=["outcome", "held_on"]))
    if outcome == Hearing.Outcome.TERMINATE:
        _leave(enrollment, "terminated", held_on or timezone.localdate(), hearing)
    else:
        _do(
            lambda: EnrollmentMove.objects.create(
                agency_id=agency, enrollment=enrollment, move=Move.CONTINUE, on=timezone.localdate()
            )
        )
    record(verb="hearing.decided", by=by, kind=KIND, about=enrollment.pk, fields=(outcome,))


def _leave(enrollment: Enrollment, kind: str, on: dt.date, hearing: Hearing | None) -> Exit:
    made: Exit = _do(
        lambda: Exit.objects.create(
            agency_id=enrollment.agency_id, enrollment=enrollment, kind=kind, on=on, hearing=hearing
        )
    )
    enrollment.refresh_from_db()
    return made


@transaction.atomic
def leave_program(*, enrollment: Enrollment, kind: str, on: dt.date, by: User) -> Exit:
    """Graduated, opted out, transferred, or ended for another reason. A termination comes from a hearing alone."""
    policies.must_give(by)
    policies.must(kind != Exit.Kind.TERMINATED, "Nobody is terminated without a hearing that was noticed.")
    made = _leave(enrollment, kind, on, None)
    record(verb="enrollment.ended", by=by, kind=KIND, about=enrollment.pk, fields=(kind,))
    return made


@transaction.atomic
def change_enrollment(
    *,
    vault: OpenVault,
    enrollment: Enrollment,
    facts: Mapping[str, Any],
    next_court_on: dt.date | None,
    wants_paper_reminders: bool,
    defense: Agency | None,
    by: User,
) -> None:
    """Who it is, when it is safe to reach them, the next court day, and whether they want reminders."""
    policies.must_give(by)
    change_facts(vault, enrollment, facts)
    enrollment.next_court_on = next_court_on
    enrollment.wants_paper_reminders = wants_paper_reminders
    enrollment.defense = defense
    enrollment.save(update_fields=["next_court_on", "wants_paper_reminders", "defense"])
    record(verb="enrollment.changed", by=by, kind=KIND, about=enrollment.pk)


@transaction.atomic
def attach_permit(*, enrollment: Enrollment, permit: Permit, by: User) -> EnrollmentPermit:
    """Leave to report on somebody to one agency. What stands behind the permit is not asked here."""
    agency = policies.must_give(by)
    readers = {enrollment.program.court_id, enrollment.program.prosecution_id, enrollment.defense_id}
    is_right = (
        permit.agency_id == agency
        and permit.revoked_at is None
        and permit.ends_at > timezone.now()
        and permit.purpose == "court"
        and permit.recipient_id in readers
        and set(permit.fields) >= REPORT_FIELDS
    )
    policies.must(
        is_right, "This permit is over, or does not name this court, prosecutor or counsel and every field of a report."
    )
    if EnrollmentPermit.objects.filter(agency_id=agency, permit=permit).exists():
        raise Refused("This permit belongs to another enrollment.")
    row = EnrollmentPermit.objects.create(
        agency_id=agency, enrollment=enrollment, recipient_id=permit.recipient_id, permit=permit, attached_by=by
    )
    record(verb="enrollment.permit_attached", by=by, kind=KIND, about=enrollment.pk)
    return row


@transaction.atomic
def keep_alumnus(*, enrollment: Enrollment, wants: bool, is_mentor: bool, by: User) -> None:
    """Staying in touch is asked for, and ends on the day on which they say so."""
    agency = policies.must_give(by)
    policies.must(enrollment.state not in OPEN_STATES, "They are still in the program.")
    today = timezone.localdate()
    known = Alumnus.objects.filter(agency_id=agency, enrollment=enrollment, opted_out_on__isnull=True).first()
    if wants and known is None:
        Alumnus.objects.create(agency_id=agency, enrollment=enrollment, opted_in_on=today, is_mentor=is_mentor)
    elif known is not None:
        known.opted_out_on, known.is_mentor = None if wants else today, is_mentor
        known.save(update_fields=["opted_out_on", "is_mentor"])
    record(verb="alumnus.kept", by=by, kind=KIND, about=enrollment.pk, fields=("in",) if wants else ("out",))


CHECK_INS = {"three": 3, "six": 6, "twelve": 12}


@transaction.atomic
def note_check_in(*, alumnus: Alumnus, months: int, by: User) -> None:
    """That somebody was asked how they are, after so many months. What they said is not written down."""
    policies.must_give(by)
    policies.must(months in CHECK_INS.values() and alumnus.opted_out_on is None, "There is no such check-in.")
    column = f"seen_at_{months}_on"
    setattr(alumnus, column, timezone.localdate())
    alumnus.save(update_fields=[column])
    record(verb="alumnus.seen", by=by, kind=KIND, about=alumnus.enrollment_id)
