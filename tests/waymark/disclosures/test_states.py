"""Every event in every state, and any sequence of them: what the database does is what a small model says."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.disclosures import acting, frozen, permit_of
from tests.waymark.disclosures.conftest import Two

from waymark.disclosures import actions
from waymark.disclosures.actions import crossing
from waymark.disclosures.formats.kinds import PERSONAL, PURPOSES
from waymark.disclosures.models import InboxPacket, LedgerLine, OutboxPacket, Permit
from waymark.disclosures.policies import Refused, permit_trouble

EVENTS = ("deliver", "recall", "acknowledge", "close", "outsider")
ABSENT = "refused: packet.absent"
# What each event says in each state. `closed` is a packet that was stopped or taken back because its permit was closed.
SAYS = {
    "waiting": {"deliver": "delivered", "recall": "stopped", "acknowledge": ABSENT},
    "delivered": {"deliver": "repeated", "recall": "recalled", "acknowledge": "read"},
    "read": {"deliver": "repeated", "recall": "recalled_after_reading", "acknowledge": "repeated"},
    "recalled": {"deliver": "refused: packet.over", "recall": "repeated", "acknowledge": ABSENT},
    "recalled after reading": {"deliver": "refused: packet.over", "recall": "repeated", "acknowledge": "recalled"},
    "stopped": {"deliver": "refused: packet.over", "recall": "repeated", "acknowledge": ABSENT},
}
NEXT = {
    ("waiting", "deliver"): "delivered",
    ("waiting", "recall"): "stopped",
    ("waiting", "close"): "stopped",
    ("delivered", "recall"): "recalled",
    ("delivered", "close"): "recalled",
    ("delivered", "acknowledge"): "read",
    ("read", "recall"): "recalled after reading",
    ("read", "close"): "recalled after reading",
}
WAY_TO = {
    "waiting": [],
    "delivered": ["deliver"],
    "read": ["deliver", "acknowledge"],
    "recalled": ["deliver", "recall"],
    "recalled after reading": ["deliver", "acknowledge", "recall"],
    "stopped": ["recall"],
}


@dataclass
class Story:
    """One packet in the database, and what the model says about it."""

    two: Two
    state: str = "waiting"
    permit: Permit = field(init=False)
    packet: OutboxPacket = field(init=False)

    def __post_init__(self) -> None:
        with acting(self.two.advocate):
            self.permit = permit_of(self.two.advocate, self.two.office)
            self.packet = frozen(self.two.advocate, self.two.office, self.permit)

    def happens(self, event: str) -> None:
        """The event, in the database and in the model; both say the same."""
        said, expected = self._do(event), self._expected(event)
        assert said == expected, f"{event} when {self.state}"
        self.state = NEXT.get((self.state, event), self.state)
        self.agrees()

    def _expected(self, event: str) -> str:
        if event == "close":
            return "closed"
        if event == "outsider":
            return ABSENT
        return SAYS[self.state][event]

    def _do(self, event: str) -> str:
        two, pk = self.two, self.packet.pk
        acts: dict[str, tuple[Any, Callable[[], Any]]] = {
            "deliver": (two.advocate, lambda: actions.deliver_packet(packet=pk, by=two.advocate)),
            "recall": (two.advocate, lambda: actions.recall_packet(packet=pk, by=two.advocate)),
            "acknowledge": (two.prosecutor, lambda: crossing.acknowledge(two.shelter.pk, pk)),
            "outsider": (two.stranger, lambda: crossing.acknowledge(two.shelter.pk, pk)),
            "close": (two.advocate, lambda: actions.close_permit(permit=self.permit, by=two.advocate) and "closed"),
        }
        who, act = acts[event]
        with acting(who):
            try:
                return str(act())
            except Refused as refused:
                return f"refused: {refused.code}"

    def agrees(self) -> None:
        """Outbox, ledger and inbox stand as the model's state says."""
        with acting(self.two.advocate):
            self.packet.refresh_from_db()
            lines = list(LedgerLine.objects.filter(packet=self.packet.pk).order_by("at").values_list("what", "was_read"))
        with acting(self.two.prosecutor):
            copy = InboxPacket.objects.filter(packet=self.packet.pk).first()
        crossed = self.state not in {"waiting", "stopped"}
        back = self.state.startswith("recalled")
        was_read = self.state in {"read", "recalled after reading"}
        assert self.packet.state == ("recalled" if back else self.state)
        assert (self.packet.sealed is None) == (self.state != "waiting")
        assert lines == [("disclosed", False)] * crossed + [("recalled", was_read)] * back
        assert (copy is not None) == (crossed and self.state != "recalled")
        if copy is not None:
            assert (copy.sealed is None) == back
            assert (copy.read_at is not None) == was_read
            assert copy.header == self.packet.header


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", SAYS)
def test_every_event_in_every_state(two: Two, state: str, event: str) -> None:
    story = Story(two)
    for before in WAY_TO[state]:
        story.happens(before)
    assert story.state == state
    story.happens(event)
    story.happens(event)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(events=st.lists(st.sampled_from(EVENTS), min_size=1, max_size=8))
def test_any_sequence_of_events_leaves_one_story(two: Two, events: list[str]) -> None:
    story = Story(two)
    for event in events:
        story.happens(event)


FIELDS = st.lists(st.sampled_from([question.code for question in PERSONAL.questions]), max_size=4, unique=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    granted=FIELDS.filter(bool),
    asked=FIELDS,
    purpose=st.sampled_from([code for code, _ in PURPOSES][:2]),
    other_recipient=st.booleans(),
    revoked=st.booleans(),
    # Around the first and the last moment, to the microsecond.
    shift=st.sampled_from([-1, 0, 1]).flatmap(lambda near: st.sampled_from([near, near + 86_400_000_000])),
)
def test_screen_and_database_judge_a_permit_alike(
    two: Two, granted: list[str], asked: list[str], purpose: str, other_recipient: bool, revoked: bool, shift: int
) -> None:
    begin = timezone.now().replace(microsecond=500)
    permit = Permit(
        agency=two.shelter,
        recipient=two.office,
        purpose="benefits",
        fields=granted,
        starts_at=begin,
        ends_at=begin + dt.timedelta(days=1),
        revoked_at=begin if revoked else None,
    )
    recipient = two.third.pk if other_recipient else two.office.pk
    at = begin + dt.timedelta(microseconds=shift)
    row = {column.column: getattr(permit, column.attname) for column in Permit._meta.concrete_fields}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT disclosures.permit_trouble(jsonb_populate_record(NULL::disclosures_permit, %s::jsonb), %s, %s, %s, %s)",
            [json.dumps(row, default=str), recipient, purpose, asked, at],
        )
        judged = cursor.fetchone()[0]
    assert permit_trouble(permit, recipient=recipient, purpose=purpose, fields=asked, at=at) == judged
