"""Every event in every state of a review, and any sequence of them: what happens is what a small model says.

The model is the story as a member of the council would tell it, and knows nothing of the program. After every event the
database is asked the same, round the program: nothing is public that was not cleared word by word, nobody goes past the
council within ten days, alone or without a reason, and what was read has the digest of what was sent.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.council import aged, asked, gated_thing, gated_type, seated
from tests.factories.disclosures import acting
from tests.plugins.database import TestCluster, pointed_at

from waymark.access.permissions import Role
from waymark.accounts.models import User
from waymark.council.actions import reviews as actions
from waymark.council.models import CouncilReview
from waymark.council.models.reviews import SHORTEST
from waymark.council.policies import Refused

ANSWERS = {"endorses": "endorse", "asks for changes": "changes", "objects": "object"}
REASON = "An invented reason that everybody may read."
EVENTS = (
    *(f"{seat} {says}" for seat in ("Ana", "Ben", "Cem") for says in ANSWERS),
    "Ana objects and does not say why", "somebody else answers", "the council concludes",
    "the words change", "asked again", "taken back", "days pass",
    "override asked", "override asked in a word", "override taken back", "override refused",
    "override confirmed", "override confirmed by one's own agency", "override confirmed by who asked",
    "published", "hidden",
)  # fmt: skip
NEVER = {
    "Ana objects and does not say why",
    "somebody else answers",
    "override confirmed by one's own agency",
    "override confirmed by who asked",
}
UNSAID = ["Ana endorses", "Ben endorses"]
WAY_TO = {
    "requested": [],
    "in_review": ["Ana endorses"],
    "in_review, override asked": ["Ana objects", "days pass", "override asked"],
    "in_review, override asked in a word": ["days pass", "override asked in a word", "Ana objects"],
    "endorsed": [*UNSAID, "Cem endorses"],
    "changes_asked": [*UNSAID, "Cem asks for changes"],
    "objection": [*UNSAID, "Cem objects"],
    "resolved": [*UNSAID, "Cem objects", "asked again", *UNSAID, "Cem endorses"],
    "overridden": ["Ana objects", "days pass", "override asked", "override confirmed"],
    "withdrawn": ["taken back"],
}
OPEN = {"requested", "in_review", "changes_asked", "objection"}
FORGED = """
UPDATE council_councilreview SET state = 'overridden', override_confirmed_by_id = %s, override_confirmed_for_id = %s
WHERE id = %s
"""


@dataclass(frozen=True)
class Table:
    """Who is there: whoever asks, three seats, the coordinator, and officers of two agencies."""

    code: str
    author: User
    seats: dict[str, User]
    chair: User
    colleague: User
    second: User


@dataclass
class Story:
    """One thing, its review, and what the model says about both."""

    at: Table
    thing: uuid.UUID
    review: CouncilReview
    words: str = "As it was written"
    sent: str = "As it was written"
    state: str = "requested"
    round: int = 1
    said: dict[str, str] = field(default_factory=dict)
    doubted: bool = False
    days_over: bool = False
    reason: str = ""
    cleared: set[str] = field(default_factory=set)
    is_public: bool = False

    @property
    def outcome(self) -> str:
        """What the seats have said together, or nothing yet."""
        if len(self.said) < 2 or (len(self.said) < 3 and not self.days_over):
            return ""
        for answer, name in (("object", "objection"), ("changes", "changes_asked")):
            if answer in self.said.values():
                return name
        return "resolved" if self.doubted else "endorsed"

    def is_allowed(self, event: str) -> bool:
        is_open = self.state in OPEN
        if event in NEVER:
            return False
        if event == "published":
            return self.words in self.cleared
        if event == "the words change":
            return not self.is_public
        if event in {"hidden", "days pass"}:
            return True
        if event == "asked again":
            return is_open or self.words not in self.cleared
        if event == "the council concludes":
            return is_open and self.outcome not in {"", self.state}
        if event.startswith("override asked"):
            return is_open and self.days_over and not self.reason
        if event == "override confirmed":
            return is_open and len(self.reason) >= 20
        return is_open and (not event.startswith("override") or bool(self.reason))

    def tell(self, event: str) -> None:
        """What the event does to the story."""
        seat, _, says = event.partition(" ")
        if says in ANSWERS:
            self.state = "in_review" if self.state == "requested" else self.state
            self.said[seat] = ANSWERS[says]
            self._follow()
        elif event == "the council concludes":
            self._follow()
        elif event == "the words change":
            self.words += ", and more"
        elif event == "days pass":
            self.days_over = self.days_over or self.state in OPEN
        elif event == "asked again":
            self._ask()
        elif event.startswith("override asked"):
            self.reason = "Because" if event.endswith("word") else REASON
        elif event in {"override taken back", "override refused"}:
            self.reason = ""
        elif event in {"published", "hidden"}:
            self.is_public = event == "published"
        else:
            self._end({"taken back": "withdrawn", "override confirmed": "overridden"}[event])

    def _follow(self) -> None:
        if self.outcome:
            self._end(self.outcome)
        self.doubted = self.doubted or self.state in {"changes_asked", "objection"}

    def _end(self, state: str) -> None:
        self.state = state
        if state in {"endorsed", "resolved", "overridden"}:
            self.cleared.add(self.sent)

    def _ask(self) -> None:
        """The changed thing comes back, or another review begins; the same question twice is one question."""
        if self.state in {"changes_asked", "objection"}:
            self.state, self.round = "in_review", self.round + 1
        elif self.state in OPEN and self.words == self.sent:
            return
        else:
            self.state, self.round, self.doubted = "requested", 1, False
        self.sent, self.said, self.reason, self.days_over = self.words, {}, "", False

    def do(self, event: str) -> None:
        """The same by the program, and by the bare statements that an app with a gated table writes."""
        at = self.at
        seat, _, says = event.partition(" ")
        if says in ANSWERS:
            self._as(at.seats[seat], actions.answer_review, answer=ANSWERS[says], reason=f"{says}: invented")
        elif event == "asked again":
            self.review = asked(at.code, self.thing, by=at.author)
        elif event == "days pass":
            if self.state in OPEN:
                aged(self.review)
        elif event in {"the words change", "published", "hidden"}:
            body = f"{self.words}, and more" if event == "the words change" else self.words
            state = {"published": "public", "hidden": "draft"}.get(event, "public" if self.is_public else "draft")
            self._write("UPDATE council_probe SET body = %s, state = %s WHERE id = %s", body, state, self.thing)
        else:
            acts: dict[str, tuple[User, Callable[..., object], dict[str, str]]] = {
                "Ana objects and does not say why": (
                    at.seats["Ana"], actions.answer_review, {"answer": "object", "reason": " "}
                ),
                "somebody else answers": (at.colleague, actions.answer_review, {"answer": "endorse", "reason": ""}),
                "the council concludes": (at.seats["Ana"], actions.conclude_review, {}),
                "taken back": (at.author, actions.withdraw_review, {}),
                "override asked": (at.chair, actions.ask_override, {"reason": REASON}),
                "override asked in a word": (at.chair, actions.ask_override, {"reason": "Because"}),
                "override taken back": (at.chair, actions.end_override_request, {}),
                "override refused": (at.second, actions.end_override_request, {}),
                "override confirmed": (at.second, actions.confirm_override, {}),
                "override confirmed by one's own agency": (at.colleague, actions.confirm_override, {}),
                "override confirmed by who asked": (at.chair, actions.confirm_override, {}),
            }  # fmt: skip
            by, act, values = acts[event]
            self._as(by, act, **values)

    def _as(self, by: User, act: Callable[..., object], **values: str) -> None:
        with acting(by):
            act(review=self.review, by=by, **values)

    def _write(self, statement: str, *values: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)

    def happens(self, event: str) -> None:
        """Program and model side by side, then what holds whatever happened."""
        if self.is_allowed(event):
            self.do(event)
            self.tell(event)
        else:
            with pytest.raises((Refused, IntegrityError)):
                self.do(event)
        self.holds()

    def holds(self) -> None:
        found = CouncilReview.objects.get(pk=self.review.pk)
        assert (found.state, found.round, found.override_reason) == (self.state, self.round, self.reason)
        assert found.content == {"body": self.sent}
        assert found.digest == hashlib.sha256(json.dumps(found.content).encode()).hexdigest()
        assert {voice.reason for voice in found.voices.all() if voice.answer != "endorse"}.isdisjoint({"", " "})
        with connection.cursor() as cursor:
            cursor.execute("SELECT state, body FROM council_probe WHERE id = %s", [self.thing])
            assert cursor.fetchone() == ("public" if self.is_public else "draft", self.words)
        if self.is_public:
            assert self.words in self.cleared
            self._was_cleared(self.words)
        elif self.words not in self.cleared:
            with pytest.raises(IntegrityError):
                self._write("UPDATE council_probe SET state = 'public' WHERE id = %s", self.thing)
        if found.is_open and not (self.days_over and len(self.reason) >= 20):
            with pytest.raises(IntegrityError):
                self._write(FORGED, self.at.second.pk, self.at.second.acting.agency_id, found.pk)  # type: ignore[union-attr]

    def _was_cleared(self, words: str) -> None:
        """The review by which these words are public: the council's yes, or two people of two agencies with a reason."""
        reviews = CouncilReview.objects.filter(object_id=str(self.thing), state__in=CouncilReview.CLEARED)
        by = [review for review in reviews if review.content == {"body": words}]
        assert by
        for review in by:
            if review.state != "overridden":
                continue
            assert len(review.override_reason) >= 20
            assert review.override_confirmed_by_id not in {None, review.override_asked_by_id}
            assert review.override_confirmed_for_id not in {None, review.requested_for_id}
            assert review.decided_at is not None
            assert review.decided_at - review.requested_at >= SHORTEST - dt.timedelta(seconds=1)


@pytest.fixture(scope="module")
def at(test_cluster: TestCluster, django_db_setup: None) -> Iterator[Table]:
    """Committed in a database of its own: only the owner turns the clock back, and sees only what was committed."""
    name = test_cluster.clone()
    with pointed_at(test_cluster, name):
        agency = AgencyFactory(name="Invented newsroom")
        yield Table(
            gated_type(),
            UserFactory(role=Role.MEMBER.value, agency=agency),
            {seat: seated(seat) for seat in ("Ana", "Ben", "Cem")},
            UserFactory(role=Role.COORDINATOR.value),
            UserFactory(role=Role.OFFICER.value, agency=agency),
            UserFactory(role=Role.OFFICER.value, agency=AgencyFactory(name="Invented second agency")),
        )
    test_cluster.drop(name)


def begin(at: Table) -> Story:
    thing = gated_thing()
    return Story(at, thing, asked(at.code, thing, by=at.author))


def brought_to(at: Table, state: str) -> Story:
    story = begin(at)
    for step in WAY_TO[state]:
        story.do(step)
        story.tell(step)
    assert story.state == state.partition(",")[0]
    return story


@pytest.mark.parametrize("state", WAY_TO)
def test_every_event_in_every_state_of_a_review(at: Table, state: str) -> None:
    refused = brought_to(at, state)
    for event in EVENTS:
        # What is refused changes nothing, so one story is enough for all of that.
        (brought_to(at, state) if refused.is_allowed(event) else refused).happens(event)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=20)
@given(events=st.lists(st.sampled_from(EVENTS), min_size=4, max_size=12))
def test_no_sequence_of_events_goes_round_the_council(at: Table, events: list[str]) -> None:
    story = begin(at)
    for event in events:
        story.happens(event)


@pytest.mark.nightly
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=400)
@given(events=st.lists(st.sampled_from(EVENTS), min_size=6, max_size=30))
def test_no_long_sequence_of_events_goes_round_the_council(at: Table, events: list[str]) -> None:
    story = begin(at)
    for event in events:
        story.happens(event)
