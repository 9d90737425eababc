"""Every event in every state of a decision, and any sequence of them: what happens is what a small model says.

The model knows nothing of the program: it is the story as a secretary would tell it. After every event the database is
asked the same again, round the program, and has to refuse what the story does not allow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.coalition import act
from tests.factories.meetings import Table, a_draft, table, time_is_over

from waymark.accounts.models import User
from waymark.coalition.actions import decisions as actions
from waymark.coalition.models import Decision, Stance
from waymark.coalition.policies import Refused

EVENTS = (
    "change", "open", "ben consents", "ben objects", "cem objects", "cem stands aside", "ben is met", "cem is met",
    "new round", "close", "time is over", "outcome", "withdraw",
)  # fmt: skip
WAY_TO = {
    "draft": [],
    "open": ["open"],
    "closed": ["open", "close"],
    "over": ["open", "time is over"],
    "stated": ["open", "close", "outcome"],
    "withdrawn": ["withdraw"],
}
ALLOWED = {
    "draft": {"change", "open", "withdraw"},
    "open": {*EVENTS} - {"change", "open", "outcome"},
    "closed": {"ben is met", "cem is met", "new round", "outcome", "withdraw"},
    "stated": set(),
    "withdrawn": set(),
}


@dataclass
class Story:
    """One decision, and what the model says about it."""

    at: Table
    decision: Decision
    state: str = "draft"
    round: int = 1
    said: dict[str, str] = field(default_factory=dict)
    kept: dict[Any, tuple[Any, ...]] = field(default_factory=dict)

    def is_allowed(self, event: str) -> bool:
        if event not in ALLOWED[self.state]:
            return False
        who = event.partition(" ")[0]
        return not event.endswith("is met") or self.said.get(who) == "objection"

    def tell(self, event: str) -> None:
        """What the event does to the story."""
        who, _, what = event.partition(" ")
        if who in {"ben", "cem"}:
            self.said[who] = {"consents": "consent", "objects": "objection", "stands aside": "aside", "is met": "met"}[what]
        elif event == "new round":
            self.state, self.round, self.said = "open", self.round + 1, {}
        else:
            to = {"open": "open", "close": "closed", "time is over": "closed", "outcome": "stated", "withdraw": "withdrawn"}
            self.state = to.get(event, self.state)

    def do(self, event: str) -> None:
        """The same by the program."""
        ana, decision = self.at.ana, self.decision
        who, _, what = event.partition(" ")
        values = {"title": "Another", "text": f"Text {timezone.now()}"}
        if who in {"ben", "cem"}:
            self._speak(getattr(self.at, who), what)
        elif event == "time is over":
            if self.state != "open":
                raise Refused("the model has no such event here")
            time_is_over(decision)
        else:
            acts: dict[str, Callable[[], object]] = {
                "change": lambda: act(ana, actions.change_draft, decision=decision, values=values),
                "open": lambda: act(ana, actions.open_decision, decision=decision),
                "new round": lambda: act(ana, actions.begin_new_round, decision=decision, text=values["text"]),
                "close": lambda: act(ana, actions.close_decision, decision=decision),
                "outcome": lambda: act(ana, actions.state_outcome, decision=decision, statement="So it ended."),
                "withdraw": lambda: act(ana, actions.withdraw_decision, decision=decision),
            }
            acts[event]()

    def _speak(self, by: User, what: str) -> None:
        if what == "is met":
            own = Stance.objects.filter(decision=self.decision, user=by, is_current=True).order_by("-round").first()
            if own is None:
                raise Refused("nothing was said")
            act(by, actions.resolve_objection, stance=own, resolution="They changed the room.")
            return
        choice, reason = {"consents": ("consent", ""), "objects": ("objection", "Too loud"), "stands aside": ("aside", "")}[
            what
        ]
        act(by, actions.give_stance, decision=self.decision, choice=choice, reason=reason)

    def happens(self, event: str) -> None:
        """Program and model side by side, then what holds whatever happened."""
        if self.is_allowed(event):
            self.do(event)
            self.tell(event)
        else:
            with pytest.raises(Refused):
                self.do(event)
        self.holds()

    def holds(self) -> None:
        found = Decision.objects.get(pk=self.decision.pk)
        assert (found.state_at(timezone.now()), found.round) == (self.state, self.round)
        now = {
            stance.pk: (stance.choice, stance.reason, stance.given_at, stance.round, stance.user_id)
            for stance in Stance.objects.filter(decision=found)
        }
        assert {pk: now.get(pk) for pk in self.kept} == self.kept, "what was said has changed"
        self.kept = now
        current = Stance.objects.filter(decision=found, is_current=True, round=found.round)
        assert {(each.user_id, each.choice) for each in current} == {
            (getattr(self.at, who).pk, "objection" if what == "met" else what) for who, what in self.said.items()
        }
        is_blocked = "objection" in self.said.values()
        if self.state == "stated":
            agreed = not is_blocked and "consent" in self.said.values()
            assert found.outcome == ("agreed" if agreed else "not_agreed")
        if self.state != "open":
            self._refuses(lambda: Stance.objects.create(**stance_of(found, self.at.cem, "consent")))
        if is_blocked and self.state in {"open", "closed"}:
            self._refuses(lambda: state_round_the_program(found, self.at.ana))

    @staticmethod
    def _refuses(act: Callable[[], object]) -> None:
        """The database refuses what the program was gone round for."""
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def stance_of(decision: Decision, by: User, choice: str, **more: Any) -> dict[str, Any]:
    assert by.acting is not None
    return {
        "decision": decision, "round": decision.round, "membership": by.acting, "user": by, "choice": choice,
        "agency_id": by.acting.agency_id, "is_for_agency": decision.way == "vote", **more,
    }  # fmt: skip


def state_round_the_program(decision: Decision, by: User) -> None:
    """Write “agreed” as somebody would who goes round the program."""
    Decision.objects.filter(pk=decision.pk, state="open").update(state="closed")
    Decision.objects.filter(pk=decision.pk).update(
        state="stated", outcome="agreed", statement="We agreed.", stated_at=timezone.now(), stated_by=by.acting
    )


def begin(at: Table) -> Story:
    return Story(at, a_draft(at.ana, at.group))


@pytest.fixture
def at(db: None) -> Table:
    return table()


@pytest.mark.parametrize("state", WAY_TO)
def test_every_event_in_every_state_of_a_decision(at: Table, state: str) -> None:
    for event in EVENTS:
        story = begin(at)
        for step in WAY_TO[state]:
            story.happens(step)
        story.happens(event)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=20)
@given(events=st.lists(st.sampled_from(EVENTS), min_size=2, max_size=10))
def test_no_sequence_of_events_agrees_over_an_objection(at: Table, events: list[str]) -> None:
    story = begin(at)
    story.happens("open")
    for event in events:
        story.happens(event)


@pytest.mark.nightly
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=400)
@given(events=st.lists(st.sampled_from(EVENTS), min_size=2, max_size=20))
def test_no_long_sequence_of_events_agrees_over_an_objection(at: Table, events: list[str]) -> None:
    story = begin(at)
    for event in events:
        story.happens(event)
