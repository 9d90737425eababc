"""Putting a question to agencies, hearing what they say, and writing down how it ended.

Every act locks the decision's row first, so that closing and answering at the same moment come one after the other. What
the database refuses (migrations/sql/decisions.sql) is refused here before, in words.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.coalition.actions.meetings import arrange_meeting
from waymark.coalition.formats.tally import Share, consent_outcome, vote_outcome
from waymark.coalition.models import (
    CHOICES_OF,
    Answer,
    Choice,
    Decision,
    Meeting,
    Outcome,
    Round,
    Slot,
    Stance,
    Way,
    WorkingGroup,
)
from waymark.coalition.policies import Refused, groups
from waymark.coalition.policies import decisions as policies
from waymark.coalition.policies.decisions import Event
from waymark.coalition.selectors.asked import agencies_with_a_voice, people_asked, speakers
from waymark.coalition.selectors.tallies import counts_of, unresolved_in
from waymark.notices.actions import notify

# Which notice tells of what.
ASKED, ENDED, OVER = "decision.asked", "decision.closed", "decision.changed"
TEXT_FIELDS = ("title", "text")
VOTE_FIELDS = ("quorum", "share_of", "share_out_of", "share_is_exceeded")
USUAL_TIME = dt.timedelta(days=7)
LONGEST = dt.timedelta(days=92)
SLOTS = 8
Times = Sequence[tuple[dt.datetime, dt.datetime]]


def path_of(decision: Decision) -> str:
    """The decision's page on the staff site."""
    return reverse("coalition:decision_detail", args=[decision.pk], urlconf="waymark.config.urls_staff")


def _tell(verb: str, decision: Decision, by: User, fields: Sequence[str] = ()) -> None:
    record(verb=verb, by=by, kind="decision", about=decision.pk, fields=fields)


def _locked(decision: Decision) -> Decision:
    found = Decision.objects.select_for_update(of=("self",), no_key=True)
    return found.select_related("group", "proposed_by", "meeting").get(pk=decision.pk)


def _notify(decision: Decision, kind: str) -> None:
    asked = speakers(decision.group) if decision.way == Way.VOTE else people_asked(decision.group)
    notify(to=asked, kind=kind, path=path_of(decision))


def _put_in(decision: Decision, values: Mapping[str, Any], slots: Times) -> None:
    for name in TEXT_FIELDS:
        setattr(decision, name, values[name].strip())
    for name in VOTE_FIELDS:
        setattr(decision, name, values.get(name) if decision.way == Way.VOTE else None)
    if not decision.title or not decision.text:
        raise Refused("Give the decision a title, and say what is asked.")
    if decision.way == Way.TIME_POLL and not 2 <= len(set(slots)) <= SLOTS:
        raise Refused(f"Give at least two times, and no more than {SLOTS}.")


def _put_in_slots(decision: Decision, slots: Times) -> None:
    decision.slots.all().delete()
    if decision.way == Way.TIME_POLL:
        Slot.objects.bulk_create(Slot(decision=decision, starts_at=start, ends_at=end) for start, end in sorted(set(slots)))


@transaction.atomic
def propose_decision(
    *,
    group: WorkingGroup | None,
    way: str,
    values: Mapping[str, Any],
    slots: Times = (),
    meeting: Meeting | None = None,
    by: User,
) -> Decision:
    """Write a draft, which nobody is asked about yet. `values`: title, text and, for a vote, quorum and share."""
    policies.must_propose(by, group, way, meeting)
    decision = Decision(group=group, meeting=meeting, way=Way(way), proposed_by=groups.must_take_part(by))
    _put_in(decision, values, slots)
    decision.save(force_insert=True)
    _put_in_slots(decision, slots)
    _tell("decision.drafted", decision, by)
    return decision


@transaction.atomic
def change_draft(*, decision: Decision, values: Mapping[str, Any], slots: Times = (), by: User) -> Decision:
    fresh = _locked(decision)
    policies.must_change_text(by, fresh)
    policies.must_fit(fresh, Event.CHANGE, at=timezone.now())
    _put_in(fresh, values, slots)
    fresh.save(update_fields=[*TEXT_FIELDS, *VOTE_FIELDS])
    _put_in_slots(fresh, slots)
    _tell("decision.changed", fresh, by)
    return fresh


def _window(fresh: Decision, closes_at: dt.datetime | None, now: dt.datetime) -> None:
    fresh.opens_at, fresh.closes_at = now, closes_at or now + USUAL_TIME
    if not now < fresh.closes_at <= now + LONGEST:
        raise Refused("A decision closes after it opens, within three months.")
    fresh.is_closing_told = False


@transaction.atomic
def open_decision(*, decision: Decision, closes_at: dt.datetime | None = None, by: User) -> Decision:
    """Ask everybody who is asked; from now on the text stays. Without a closing moment it is open for seven days."""
    now = timezone.now()
    fresh = _locked(decision)
    policies.must_run(by, fresh)
    policies.must_fit(fresh, Event.OPEN, at=now)
    if fresh.way == Way.VOTE and (fresh.quorum or 0) > agencies_with_a_voice(fresh.group).count():
        raise Refused("The quorum is higher than the number of agencies that can vote. Lower it first.")
    _window(fresh, closes_at, now)
    fresh.state = Decision.State.OPEN
    fresh.save(update_fields=["state", "opens_at", "closes_at", "is_closing_told"])
    Round.objects.create(decision=fresh, number=fresh.round, text=fresh.text, opened_at=now)
    _tell("decision.opened", fresh, by)
    _notify(fresh, ASKED)
    return fresh


@transaction.atomic
def give_stance(
    *, decision: Decision, choice: str, reason: str = "", answers: Mapping[str, str] | None = None, by: User
) -> Stance:
    """Say something, or something else than before; what was said before is kept."""
    now = timezone.now()
    fresh = _locked(decision)
    policies.must_answer(by, fresh)
    policies.must_fit(fresh, Event.GIVE, at=now)
    if choice not in CHOICES_OF[fresh.way]:
        raise Refused("Choose one of the answers.")
    reason = reason.strip()
    if choice == Choice.OBJECTION and not reason:
        raise Refused("An objection needs a reason: what would have to change?")
    acting = groups.must_take_part(by)
    is_for_agency = fresh.way == Way.VOTE
    before = fresh.stances.filter(round=fresh.round, is_current=True, is_for_agency=is_for_agency)
    before = before.filter(agency=acting.agency_id) if is_for_agency else before.filter(user=by)
    before.update(is_current=False, replaced_at=now)
    stance = Stance.objects.create(
        decision=fresh,
        round=fresh.round,
        membership=acting,
        user=by,
        agency_id=acting.agency_id,
        is_for_agency=is_for_agency,
        choice=choice,
        reason=reason,
        answers=_answers(fresh, answers or {}),
    )
    _tell("stance.given", fresh, by)
    return stance


def _answers(decision: Decision, answers: Mapping[str, str]) -> dict[str, str]:
    """One answer a slot, for the slots of this poll; a slot that is left out is a no."""
    if decision.way != Way.TIME_POLL:
        return {}
    known = [str(pk) for pk in decision.slots.values_list("pk", flat=True)]
    if not set(answers) <= set(known) or not set(answers.values()) <= set(Answer.values):
        raise Refused("Answer the times of this poll.")
    return {pk: answers.get(pk, Answer.NO.value) for pk in known}


@transaction.atomic
def resolve_objection(*, stance: Stance, resolution: str, by: User) -> Stance:
    """The objector says that the objection is met. What they said stays; it no longer stands in the way."""
    decision = _locked(stance.decision)
    fresh = Stance.objects.select_for_update().get(pk=stance.pk)
    if not policies.may_resolve(by, fresh) or fresh.round != decision.round:
        raise Refused("An objection is resolved by the person who raised it.")
    policies.must_fit(decision, Event.RESOLVE, at=timezone.now())
    if not resolution.strip():
        raise Refused("Say how the objection was met.")
    fresh.resolved_at, fresh.resolution = timezone.now(), resolution.strip()
    fresh.save(update_fields=["resolved_at", "resolution"])
    _tell("objection.resolved", decision, by)
    return fresh


@transaction.atomic
def begin_new_round(*, decision: Decision, text: str, closes_at: dt.datetime | None = None, by: User) -> Decision:
    """Change the text and ask again. What was said to the old text stays with it and counts no more."""
    now = timezone.now()
    fresh = _locked(decision)
    policies.must_change_text(by, fresh)
    policies.must_fit(fresh, Event.NEW_ROUND, at=now)
    if not text.strip() or text.strip() == fresh.text:
        raise Refused("A new round has another text.")
    _window(fresh, closes_at, now)
    fresh.text, fresh.round, fresh.state = text.strip(), fresh.round + 1, Decision.State.OPEN
    fresh.save(update_fields=["text", "round", "state", "opens_at", "closes_at", "is_closing_told"])
    Round.objects.create(decision=fresh, number=fresh.round, text=fresh.text, opened_at=now)
    _tell("decision.round_begun", fresh, by, ("text",))
    _notify(fresh, ASKED)
    return fresh


@transaction.atomic
def close_decision(*, decision: Decision, by: User) -> Decision:
    """Close before the time is over."""
    now = timezone.now()
    fresh = _locked(decision)
    policies.must_run(by, fresh)
    policies.must_fit(fresh, Event.CLOSE, at=now)
    fresh.state, fresh.closes_at = Decision.State.CLOSED, now
    fresh.save(update_fields=["state", "closes_at"])
    _tell("decision.closed", fresh, by)
    return fresh


def outcome_of(decision: Decision, *, slot: Slot | None = None) -> Outcome:
    """What follows from what was said. Nobody chooses it, except the time that a poll ends with."""
    counts = counts_of(decision)
    if decision.way == Way.SENSE:
        return Outcome.HEARD
    if decision.way == Way.CONSENT:
        return Outcome(consent_outcome(counts, unresolved=unresolved_in(decision)))
    if decision.way == Way.VOTE:
        share = Share(decision.share_of or 1, decision.share_out_of or 1, bool(decision.share_is_exceeded))
        return Outcome(vote_outcome(counts, quorum=decision.quorum or 1, share=share))
    return Outcome.CHOSEN if slot is not None else Outcome.NONE_FITS


@transaction.atomic
def state_outcome(*, decision: Decision, statement: str, slot: uuid.UUID | None = None, by: User) -> Decision:
    """End a closed decision with a written statement. The chosen time of a poll becomes a meeting."""
    now = timezone.now()
    fresh = _locked(decision)
    policies.must_run(by, fresh)
    policies.must_fit(fresh, Event.STATE_OUTCOME, at=now)
    if not statement.strip():
        raise Refused("Write the outcome in words, so that somebody who was not there understands it.")
    chosen = fresh.slots.filter(pk=slot).first() if slot is not None else None
    if slot is not None and chosen is None:
        raise Refused("Choose one of the times of this poll.")
    fresh.outcome = outcome_of(fresh, slot=chosen)
    fresh.state, fresh.statement = Decision.State.STATED, statement.strip()
    fresh.stated_at, fresh.stated_by = now, groups.must_take_part(by)
    if chosen is not None:
        fresh.slots.filter(pk=chosen.pk).update(is_chosen=True)
        values = {"title": fresh.title, "starts_at": chosen.starts_at, "ends_at": chosen.ends_at}
        fresh.made_meeting = arrange_meeting(group=fresh.group, values=values, by=by)
    fresh.save(update_fields=["outcome", "state", "statement", "stated_at", "stated_by", "made_meeting"])
    _tell("decision.outcome_stated", fresh, by)
    _notify(fresh, ENDED)
    return fresh


@transaction.atomic
def withdraw_decision(*, decision: Decision, by: User) -> Decision:
    """Take the question back. What was said stays to be read; it decides nothing."""
    now = timezone.now()
    fresh = _locked(decision)
    policies.must_run(by, fresh)
    policies.must_fit(fresh, Event.WITHDRAW, at=now)
    was_asked = fresh.state != Decision.State.DRAFT
    fresh.state, fresh.withdrawn_at = Decision.State.WITHDRAWN, now
    fresh.save(update_fields=["state", "withdrawn_at"])
    _tell("decision.withdrawn", fresh, by)
    if was_asked:
        _notify(fresh, OVER)
    return fresh
