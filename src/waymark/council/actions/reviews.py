"""Asking the council, and its answers. What the answers come to is counted by the database (migrations/sql/reviews.sql)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.council.actions.noticing import notice_answered, notice_asked, notice_override_asked, notice_override_decided
from waymark.council.models import CouncilReview, GatedType, SafetyCorrection, Voice
from waymark.council.models.reviews import LONGEST, SHORTEST
from waymark.council.policies import Refused, must_hold, reviews
from waymark.council.selectors.reviews import content_now, is_cleared, outcome_of

State = CouncilReview.State
ANSWERED = (State.CHANGES_ASKED, State.OBJECTION)


def _locked(review: CouncilReview) -> CouncilReview:
    return CouncilReview.objects.select_for_update().get(pk=review.pk)


def _tell(verb: str, review: CouncilReview, by: User, *fields: str) -> None:
    record(verb=verb, by=by, kind="review", about=review.pk, fields=fields)


def _path(path: str) -> str:
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError("A path of the staff site begins with one slash.")
    return path


@transaction.atomic
def request_review(
    *, by: User, kind: str, object_id: object, title: str, path: str, longer: dt.timedelta = SHORTEST
) -> CouncilReview:
    """Ask the council about a thing as it stands now, or send it again after the council asked for changes.

    `longer` is how long the council has, ten days at least. Asking twice about the same content changes nothing. Raises
    Refused when the type never waits for the council, or when this content was cleared already.
    """
    thing, type_ = str(object_id), GatedType.objects.get(code=kind)
    asking = reviews.must_request(by, type_)
    content = content_now(kind, thing)
    if content is None:
        raise Refused("There is nothing to review yet. Save it first.")
    opened = CouncilReview.objects.select_for_update().filter(kind=type_, object_id=thing, state__in=CouncilReview.OPEN)
    found = opened.first()
    due_at = timezone.now() + min(max(longer, SHORTEST), LONGEST)
    if found is not None:
        reviews.must_go_on(by, found)
        if found.state in ANSWERED:
            return _sent_again(found, title=title, path=path, due_at=due_at, by=by)
        if found.content == content:
            return found
        # Nobody answers about words that are no longer there: the council gets its days for the new ones.
        found.state = State.WITHDRAWN
        found.save(update_fields=["state"])
    if is_cleared(kind, thing):
        raise Refused("The council has cleared exactly this. It need not be asked again.")
    made = CouncilReview.objects.create(
        kind=type_,
        object_id=thing,
        title=title[:200],
        path=_path(path),
        requested_by=by,
        requested_for_id=asking.agency_id,
        requested_at=timezone.now(),
        due_at=due_at,
    )
    _tell("review.requested", made, by)
    notice_asked(made)
    made.refresh_from_db()
    return made


def _sent_again(review: CouncilReview, *, title: str, path: str, due_at: dt.datetime, by: User) -> CouncilReview:
    CouncilReview.objects.filter(pk=review.pk).update(
        state=State.IN_REVIEW,
        round=F("round") + 1,
        title=title[:200],
        path=_path(path),
        due_at=max(due_at, review.due_at),
        override_reason="",
        override_asked_by=None,
        override_asked_at=None,
    )
    _tell("review.sent_again", review, by)
    notice_asked(review)
    review.refresh_from_db()
    return review


@transaction.atomic
def withdraw_review(*, review: CouncilReview, by: User) -> None:
    """Take the question back: the thing will not go public as it is."""
    review = _locked(review)
    reviews.must_go_on(by, review)
    review.state = State.WITHDRAWN
    review.save(update_fields=["state"])
    _tell("review.withdrawn", review, by)


@transaction.atomic
def answer_review(*, review: CouncilReview, answer: str, reason: str, by: User) -> CouncilReview:
    """Say what one's seat says, or say otherwise than before; the review follows what all voices come to."""
    review = _locked(review)
    seat = reviews.must_speak(by, review)
    if review.state == State.REQUESTED:
        review.state = State.IN_REVIEW
        review.save(update_fields=["state"])
    Voice.objects.update_or_create(
        review=review, round=review.round, seat=seat, defaults={"answer": answer, "reason": reason.strip()}
    )
    _follow(review)
    _tell("review.answered", review, by, answer)
    return review


@transaction.atomic
def conclude_review(*, review: CouncilReview, by: User) -> CouncilReview:
    """After the last day: what was said is the council's answer, though not every seat has spoken."""
    review = _locked(review)
    reviews.must_speak(by, review)
    before = review.state
    _follow(review)
    if review.state == before:
        raise Refused("Two seats have to speak before the council has said something.")
    _tell("review.concluded", review, by, review.state)
    return review


def _follow(review: CouncilReview) -> None:
    """Bring the state to what the voices come to."""
    outcome = outcome_of(review)
    if outcome and outcome != review.state:
        review.state = outcome
        review.save(update_fields=["state"])
        review.refresh_from_db()
        notice_answered(review)


@transaction.atomic
def ask_override(*, review: CouncilReview, reason: str, by: User) -> CouncilReview:
    """Ask that a thing go public without or against the council. The reason is published."""
    review, now = _locked(review), timezone.now()
    reviews.must_ask_override(by, review, at=now)
    review.override_reason, review.override_asked_by, review.override_asked_at = reason.strip(), by, now
    review.save(update_fields=["override_reason", "override_asked_by", "override_asked_at"])
    _tell("override.asked", review, by)
    notice_override_asked(review)
    return review


@transaction.atomic
def confirm_override(*, review: CouncilReview, by: User) -> CouncilReview:
    """Go past the council, as the second person of another agency."""
    review = _locked(review)
    second = reviews.must_confirm_override(by, review)
    review.state = State.OVERRIDDEN
    review.override_confirmed_by, review.override_confirmed_for = by, second.agency
    review.save(update_fields=["state", "override_confirmed_by", "override_confirmed_for"])
    _tell("override.confirmed", review, by)
    review.refresh_from_db()
    notice_override_decided(review, review.override_asked_by_id)
    return review


@transaction.atomic
def end_override_request(*, review: CouncilReview, by: User) -> CouncilReview:
    """Refuse an override as the second person, or take back one's own wish for it."""
    review = _locked(review)
    is_own, asked_by = reviews.may_take_back_override(by, review), review.override_asked_by_id
    if not is_own:
        reviews.must_confirm_override(by, review)
    review.override_reason, review.override_asked_by, review.override_asked_at = "", None, None
    review.save(update_fields=["override_reason", "override_asked_by", "override_asked_at"])
    _tell("override.taken_back" if is_own else "override.refused", review, by)
    notice_override_decided(review, asked_by)
    return review


@transaction.atomic
def correct_for_safety(*, by: User, kind: str, object_id: object, title: str, path: str, reason: str) -> SafetyCorrection:
    """Say why a public thing is changed without the council, in the transaction that changes it. The council reads why."""
    telling = must_hold(by, Permission.COUNCIL_REVIEW_REQUEST)
    if len(reason.strip()) < 10:
        raise Refused("Say whose safety asks for it, in a sentence. The council reads it.")
    made = SafetyCorrection.objects.create(
        kind=GatedType.objects.get(code=kind, is_gated=True),
        object_id=str(object_id),
        title=title[:200],
        path=_path(path),
        reason=reason.strip(),
        made_by=by,
        made_for_id=telling.agency_id,
        made_at=timezone.now(),
    )
    record(verb="safety_correction.made", by=by, kind="safety_correction", about=made.pk)
    return made
