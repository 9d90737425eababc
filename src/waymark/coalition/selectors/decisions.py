"""Reads of decisions: lists, and one decision with everything that was said."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import F, Q, QuerySet

from waymark.accounts.models import User
from waymark.coalition.models import Choice, Decision, Meeting, Stance, Way
from waymark.coalition.policies import decisions as policies
from waymark.coalition.policies import groups, meetings

State = Decision.State


def in_state(found: QuerySet[Decision], state: str, at: dt.datetime) -> QuerySet[Decision]:
    """Decisions by the state that counts at a moment."""
    if state == State.OPEN:
        return found.filter(state=State.OPEN, closes_at__gt=at)
    if state == State.CLOSED:
        return found.filter(Q(state=State.CLOSED) | Q(state=State.OPEN, closes_at__lte=at))
    return found.filter(state=state) if state else found


def decisions_for(
    to: User, *, words: str = "", state: str = "", way: str = "", whose: str = "", at: dt.datetime
) -> QuerySet[Decision]:
    """Decisions that `to` may know of, the newest first."""
    found = policies.visible(Decision.objects.all(), to=to).select_related("group", "proposed_by__user")
    if words:
        found = found.filter(matching(words))
    if way:
        found = found.filter(way=way)
    if whose == "mine":
        found = found.filter(group__in=meetings.own_groups(to))
    elif whose == "everybody":
        found = found.filter(group__isnull=True)
    elif whose == "waiting":
        found = found.filter(pk__in=waiting_for_me(to, at=at).values("pk"))
    return in_state(found, state, at).order_by("-created_at", "id")


def matching(words: str) -> Q:
    return (
        Q(title__icontains=words)
        | Q(text__icontains=words)
        | Q(statement__icontains=words)
        | Q(group__name__icontains=words)
    )


def decision_for(to: User, pk: uuid.UUID) -> Decision | None:
    found = policies.visible(Decision.objects.all(), to=to)
    found = found.select_related(
        "group", "meeting__entry", "made_meeting__entry", "proposed_by__user", "proposed_by__agency", "stated_by__user"
    )
    return found.filter(pk=pk).first()


def own_proposal(to: User, pk: uuid.UUID) -> Decision | None:
    """One of the decisions that `to` has proposed; somebody else's is as absent as one that was never made."""
    found = policies.visible(Decision.objects.all(), to=to).filter(proposed_by=to.acting)
    return found.select_related("group", "proposed_by").filter(pk=pk).first()


def own_objection(to: User, pk: uuid.UUID) -> Stance | None:
    """What `to` objects to in the present round of a decision."""
    known = policies.visible(Decision.objects.filter(pk=pk), to=to)
    found = Stance.objects.select_related("decision__group", "decision__proposed_by")
    found = found.filter(decision__in=known, round=F("decision__round"), is_current=True, choice=Choice.OBJECTION)
    return found.filter(user=to).first()


def decisions_of(meeting: Meeting, *, to: User) -> list[Decision]:
    """What a meeting decided, as far as `to` may know."""
    return list(policies.visible(Decision.objects.filter(meeting=meeting), to=to).order_by("created_at", "id"))


def said_in(decision: Decision) -> list[Stance]:
    """Everything that was said in every round, the newest last."""
    return list(decision.stances.select_related("agency", "membership__user", "user").order_by("round", "given_at", "id"))


def waiting_for_me(to: User, *, at: dt.datetime) -> QuerySet[Decision]:
    """Open decisions in which `to`, or in a vote their agency, is asked and has said nothing in this round."""
    if to.acting is None or not groups.takes_part(to):
        return Decision.objects.none()
    found = policies.visible(Decision.objects.all(), to=to).filter(state=State.OPEN, closes_at__gt=at)
    asked = ~Q(way=Way.VOTE) & (Q(group__isnull=True) | Q(group__in=meetings.own_groups(to)))
    of_agency = Q(group__isnull=True) | Q(group__in=policies.groups_of_agency(to))
    asked |= Q(policies.own_voice(to), of_agency, way=Way.VOTE)
    own = Q(user=to, is_for_agency=False) | Q(agency=to.acting.agency_id, is_for_agency=True)
    said = Stance.objects.filter(own, is_current=True, round=F("decision__round"))
    return found.filter(asked).exclude(pk__in=said.values("decision_id"))
