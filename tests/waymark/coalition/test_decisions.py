"""Decisions: who is asked and who answers, votes by agencies, polls, and what the database refuses of anybody."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories.accounts import UserFactory
from tests.factories.coalition import GroupMemberFactory, act, told
from tests.factories.meetings import Table, a_decision, a_draft, a_meeting, signed_in, table, time_is_over, two_times
from tests.waymark.coalition.test_decision_states import stance_of

from waymark.access.permissions import Role
from waymark.accounts.models import User
from waymark.coalition.actions import closing
from waymark.coalition.actions import decisions as actions
from waymark.coalition.formats.tally import SHARES, usual_quorum, vote_outcome
from waymark.coalition.models import Decision, Representative, Round, Slot, Stance
from waymark.coalition.policies import Refused
from waymark.coalition.policies import decisions as policies
from waymark.coalition.selectors.decisions import decision_for, waiting_for_me
from waymark.notices.models import Notice


@pytest.fixture
def at(db: None) -> Table:
    return table()


def says(by: User, decision: Decision, choice: str, **more: Any) -> Stance:
    made: Stance = act(by, actions.give_stance, decision=decision, choice=choice, **more)
    return made


def ends(by: User, decision: Decision, **more: Any) -> Decision:
    act(by, actions.close_decision, decision=decision)
    ended: Decision = act(by, actions.state_outcome, decision=decision, statement="So it is.", **more)
    return ended


def refused(statement: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        statement()


# Votes


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ({}, "no_decision"),
        ({"ana": "yes"}, "no_decision"),
        ({"ana": "yes", "ben": "yes"}, "agreed"),
        ({"ana": "yes", "ben": "no"}, "not_agreed"),
        ({"ana": "yes", "ben": "abstain"}, "agreed"),
        ({"ana": "abstain", "ben": "abstain", "cem": "abstain"}, "not_agreed"),
        ({"ana": "yes", "ben": "yes", "cem": "no"}, "agreed"),
    ],
)
def test_agencies_decide_by_quorum_and_share(at: Table, votes: dict[str, str], outcome: str) -> None:
    decision = a_decision(at.ana, at.group, "vote")
    for who, choice in votes.items():
        says(getattr(at, who), decision, choice)
    assert ends(at.ana, decision).outcome == outcome


@pytest.mark.parametrize(
    ("share", "yes", "no", "is_enough"),
    [
        ("half", 2, 2, False),
        ("half", 3, 2, True),
        ("two_thirds", 2, 1, True),
        ("two_thirds", 13, 7, False),
        ("three_quarters", 3, 1, True),
        ("all", 4, 1, False),
        ("all", 4, 0, True),
    ],
)
def test_a_share_is_reached_exactly(share: str, yes: int, no: int, is_enough: bool) -> None:
    counts = {"yes": yes, "no": no, "abstain": 1}
    found = vote_outcome(counts, quorum=1, share=SHARES[share][1])
    assert found == ("agreed" if is_enough else "not_agreed")
    assert usual_quorum(30) == 16


def test_an_agency_votes_once_by_either_of_its_speakers(at: Table) -> None:
    assert at.ben.acting is not None
    deputy = UserFactory(agency=at.ben.acting.agency, role=Role.MEMBER.value)
    Representative.objects.filter(membership=at.ben.acting).update(deputy=deputy.acting)
    decision = a_decision(at.ana, at.group, "vote")
    says(at.ben, decision, "no")
    says(deputy, decision, "yes")
    current = Stance.objects.filter(decision=decision, is_current=True)
    assert [(each.choice, each.user_id) for each in current] == [("yes", deputy.pk)]
    assert Stance.objects.filter(decision=decision, is_current=False, choice="no", replaced_at__isnull=False).exists()
    refused(lambda: Stance.objects.create(**stance_of(decision, at.ben, "no")))


def test_who_does_not_speak_for_an_agency_does_not_vote(at: Table) -> None:
    assert at.ben.acting is not None
    colleague = UserFactory(agency=at.ben.acting.agency, role=Role.MEMBER.value)
    GroupMemberFactory(group=at.group, membership=colleague.acting)
    decision = a_decision(at.ana, at.group, "vote")
    with pytest.raises(Refused, match="representative"):
        says(colleague, decision, "yes")
    former = at.ben
    Representative.objects.filter(membership=former.acting).update(until=timezone.localdate())
    with pytest.raises(Refused, match="representative"):
        says(former, decision, "yes")


def test_a_quorum_that_nobody_can_reach_is_not_opened(at: Table) -> None:
    draft = a_draft(at.ana, at.group, "vote", quorum=4)
    with pytest.raises(Refused, match="higher than the number of agencies"):
        act(at.ana, actions.open_decision, decision=draft)


# Who is asked, who runs it


def test_a_group_s_decision_is_its_own(at: Table) -> None:
    draft = a_draft(at.ana, at.group)
    stranger = UserFactory(role=Role.MEMBER.value)
    coordinator = UserFactory(role=Role.COORDINATOR.value)
    assert decision_for(at.ben, draft.pk) is None, "a draft is its proposer's"
    assert decision_for(coordinator, draft.pk) is None
    decision = act(at.ana, actions.open_decision, decision=draft)
    assert decision_for(at.ben, decision.pk) == decision
    assert decision_for(coordinator, decision.pk) == decision
    assert decision_for(stranger, decision.pk) is None
    with pytest.raises(Refused):
        says(stranger, decision, "consent")
    with pytest.raises(Refused, match="Only the members"):
        act(stranger, actions.propose_decision, group=at.group, way="sense", values={"title": "x", "text": "y"})
    assert set(Notice.objects.values_list("kind")) <= {("decision.asked",)}


def test_who_runs_a_decision_and_who_changes_its_text(at: Table) -> None:
    decision = a_decision(at.ben, at.group)
    for act_of in (actions.close_decision, actions.withdraw_decision):
        with pytest.raises(Refused, match="The proposer"):
            act(at.cem, act_of, decision=decision)
    with pytest.raises(Refused, match="Only the proposer"):
        act(at.ana, actions.begin_new_round, decision=decision, text="The chair's own words")
    act(at.ana, actions.close_decision, decision=decision)
    assert told(at.ana, at.ben) == ["decision.drafted", "decision.opened", "decision.closed"]


def test_nobody_else_says_that_an_objection_is_met(at: Table) -> None:
    decision = a_decision(at.ana, at.group)
    objection = says(at.ben, decision, "objection", reason="It is at night.")
    for other in (at.ana, at.cem):
        with pytest.raises(Refused, match="by the person who raised it"):
            act(other, actions.resolve_objection, stance=objection, resolution="Fine now")
    act(at.cem, actions.give_stance, decision=decision, choice="consent")
    act(at.ana, actions.close_decision, decision=decision)
    act(at.ben, actions.resolve_objection, stance=objection, resolution="It is at noon now.")
    act(at.ana, actions.state_outcome, decision=decision, statement="At noon.")
    decision.refresh_from_db()
    objection.refresh_from_db()
    assert (decision.outcome, objection.choice, objection.reason) == ("agreed", "objection", "It is at night.")


def test_what_waits_for_me(at: Table) -> None:
    now = timezone.now
    consent, vote = a_decision(at.ana, at.group), a_decision(at.ana, at.group, "vote")
    assert set(waiting_for_me(at.ben, at=now())) == {consent, vote}
    says(at.ben, consent, "objection", reason="No")
    says(at.ben, vote, "yes")
    assert not waiting_for_me(at.ben, at=now()).exists()
    act(at.ana, actions.begin_new_round, decision=consent, text="Another text")
    assert list(waiting_for_me(at.ben, at=now())) == [consent], "a new round asks everybody anew"
    time_is_over(consent)
    assert not waiting_for_me(at.ben, at=now()).exists()
    assert not waiting_for_me(UserFactory(role=Role.MEMBER.value), at=now()).exists()


def test_the_text_of_every_round_is_kept(at: Table) -> None:
    decision = a_decision(at.ana, at.group, text="First")
    says(at.ben, decision, "objection", reason="Why so early?")
    act(at.ana, actions.begin_new_round, decision=decision, text="Second")
    assert list(Round.objects.filter(decision=decision).values_list("number", "text")) == [(1, "First"), (2, "Second")]
    assert ends(at.ana, decision).outcome == "not_agreed", "silence is no consent"


# Polls


def test_a_poll_becomes_a_meeting(at: Table) -> None:
    poll = a_decision(at.ana, at.group, "time_poll", title="When do we meet?")
    first, second = Slot.objects.filter(decision=poll)
    says(at.ben, poll, "times", answers={str(first.pk): "no", str(second.pk): "yes"})
    with pytest.raises(Refused, match="Answer the times of this poll"):
        says(at.cem, poll, "times", answers={str(poll.pk): "yes"})
    ended = ends(at.ana, poll, slot=second.pk)
    assert ended.outcome == "chosen"
    assert ended.made_meeting is not None
    assert ended.made_meeting.entry.starts_at == second.starts_at
    assert told(at.ana).count("meeting.called") == 0, "it is a part of the outcome, which is told"
    second.refresh_from_db()
    assert second.is_chosen


def test_only_who_may_call_the_meeting_asks_for_its_time(at: Table) -> None:
    with pytest.raises(Refused, match="who may call the meeting"):
        a_draft(at.ben, at.group, "time_poll")
    with pytest.raises(Refused, match="at least two times"):
        a_draft(at.ana, at.group, "time_poll", slots=two_times()[:1])


# What happens by itself


def test_a_decision_is_reminded_of_once_and_closed(at: Table) -> None:
    decision = a_decision(at.ana, at.group)
    says(at.ben, decision, "consent")
    Decision.objects.filter(pk=decision.pk).update(closes_at=timezone.now() + dt.timedelta(hours=20))
    now = timezone.now()
    assert closing.tell_closing_decisions(now=now) == 2, "Ana and Cem; Ben has answered"
    assert closing.tell_closing_decisions(now=now) == 0
    assert closing.close_decisions_that_are_over(now=now) == 0
    time_is_over(decision)
    assert closing.close_decisions_that_are_over(now=timezone.now()) == 1
    decision.refresh_from_db()
    assert decision.state == "closed"


# What the database refuses of anybody


def test_the_database_holds_the_rules_of_a_stance(at: Table) -> None:
    decision = a_decision(at.ana, at.group)
    refused(lambda: Stance.objects.create(**stance_of(decision, at.ben, "objection", reason=" \n")))
    refused(lambda: Stance.objects.create(**stance_of(decision, at.ben, "yes")))
    assert at.cem.acting is not None
    cem_s = {"agency_id": at.cem.acting.agency_id}
    refused(lambda: Stance.objects.create(**stance_of(decision, at.ben, "consent") | cem_s))
    refused(lambda: Stance.objects.create(**stance_of(decision, at.ben, "consent") | {"round": 2}))
    refused(lambda: Stance.objects.create(**stance_of(decision, at.ben, "consent") | {"is_for_agency": True}))
    stance = says(at.ben, decision, "objection", reason="Too loud")
    refused(lambda: Stance.objects.create(**stance_of(decision, at.ben, "consent")))
    for change in ({"choice": "consent"}, {"reason": "Quiet"}, {"given_at": timezone.now()}, {"user": at.cem}):
        refused(lambda change=change: Stance.objects.filter(pk=stance.pk).update(**change))  # type: ignore[misc]
    refused(lambda: Stance.objects.filter(pk=stance.pk).update(resolved_at=timezone.now(), resolution="", choice="aside"))
    refused(lambda: Stance.objects.filter(pk=stance.pk).delete())
    act(at.ana, actions.close_decision, decision=decision)
    refused(lambda: Stance.objects.filter(pk=stance.pk).update(is_current=False, replaced_at=timezone.now()))


def test_the_clock_of_the_database_closes_a_decision(at: Table) -> None:
    decision = a_decision(at.ana, at.group)
    time_is_over(decision)
    refused(lambda: Stance.objects.create(**stance_of(decision, at.ben, "consent")))
    stance = stance_of(decision, at.ben, "consent") | {"given_at": timezone.now() - dt.timedelta(days=1)}
    refused(lambda: Stance.objects.create(**stance))


def test_the_database_holds_the_rules_of_a_decision(at: Table) -> None:
    decision = a_decision(at.ana, at.group)
    found = Decision.objects.filter(pk=decision.pk)
    changes: tuple[dict[str, Any], ...] = (
        {"text": "Other words"},
        {"title": "Another title"},
        {"way": "sense"},
        {"state": "draft"},
        {"closes_at": timezone.now() + dt.timedelta(days=60)},
        {"proposed_by": at.ben.acting},
        {"state": "stated", "outcome": "agreed", "statement": "x", "stated_at": timezone.now(), "stated_by": at.ana.acting},
    )
    for change in changes:
        refused(lambda change=change: found.update(**change))  # type: ignore[misc]
    refused(lambda: found.delete())
    ended = ends(at.ana, decision)
    refused(lambda: found.update(statement="Something else"))
    refused(lambda: Round.objects.filter(decision=ended).update(text="Other words"))
    draft = a_draft(at.ana, at.group, "vote")
    refused(lambda: Decision.objects.filter(pk=draft.pk).update(quorum=0))
    refused(lambda: Decision.objects.filter(pk=draft.pk).update(share_of=3, share_out_of=2))


# Pages


def test_an_objection_without_a_reason_loses_nothing(at: Table) -> None:
    decision = a_decision(at.ana, at.group)
    client = signed_in(at.ben)
    page, url = f"/decisions/{decision.pk}/", f"/decisions/{decision.pk}/answer/"
    answer = client.send(url, {"choice": "objection", "reason": "  "}, page=page)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "An objection needs a reason" in body
    assert re.search(r'value="objection"[^>]*checked', body)
    assert not Stance.objects.exists()
    client.send(url, {"choice": "objection", "reason": "It is <b>far</b>."}, page=page)
    shown = client.get(page).content.decode()
    assert "1 objection not met" in shown
    assert "It is &lt;b&gt;far&lt;/b&gt;." in shown


def test_an_answer_that_comes_too_late_is_told_so(at: Table) -> None:
    decision = a_decision(at.ana, at.group)
    client = signed_in(at.ben)
    client.get(f"/decisions/{decision.pk}/")
    time_is_over(decision)
    answer = client.send(
        f"/decisions/{decision.pk}/answer/", {"choice": "consent"}, page=f"/decisions/{decision.pk}/", follow=True
    )
    assert "is not open" in answer.content.decode()
    assert not Stance.objects.exists()


def test_from_draft_to_outcome_on_the_screen(at: Table) -> None:
    client = signed_in(at.ana)
    meeting = a_meeting(at.ana, at.group)
    step = client.send(f"/decisions/new/?meeting={meeting.pk}", {"group": str(at.group.pk), "way": "vote"})
    draft_url = step.headers["Location"]
    assert f"meeting={meeting.pk}" in draft_url
    values = {"title": "Rent the hall", "text": "For a year?", "quorum": "2", "share": "two_thirds"}
    page = client.send(draft_url, values).headers["Location"]
    decision = Decision.objects.get()
    assert (decision.meeting, decision.share_of, decision.share_out_of) == (meeting, 2, 3)
    client.send(f"{page}open/", {"closes_on": "2020-01-01", "closes_clock": "5 pm"})
    assert Decision.objects.get().state == "draft", "a closing day that is over opens nothing"
    in_a_week = timezone.localdate() + dt.timedelta(days=7)
    client.send(f"{page}open/", {"closes_on": str(in_a_week), "closes_clock": "5 pm"})
    client.send(f"{page}answer/", {"choice": "yes", "reason": ""}, page=page)
    client.send(f"{page}close/", {})
    assert client.send(f"{page}outcome/", {"statement": " "}).status_code == 422
    client.send(f"{page}outcome/", {"statement": "Too few voted; we ask again in spring."})
    shown = client.get(page).content.decode()
    assert "No decision: too few agencies voted" in shown
    assert "This is no decision, neither for nor against" in shown


@pytest.mark.parametrize("state", Decision.State.values)
@pytest.mark.parametrize("event", policies.Event)
def test_every_event_that_is_not_in_the_table_has_words_for_its_refusal(state: str, event: policies.Event) -> None:
    decision = Decision(way="consent", state=state, closes_at=timezone.now() + dt.timedelta(days=1))
    assert policies.TROUBLES[event].endswith(".")
    if (state, event) not in policies.NEXT:
        with pytest.raises(Refused):
            policies.must_fit(decision, event, at=timezone.now())
