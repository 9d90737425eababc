"""What time does: answers that hold no longer, requests that lapse, reminders, and deleting that leaves counts alone.

The database's clock cannot be stopped, so here everything that was written is made older instead.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from tests.factories.disclosures import acting
from tests.waymark.referrals.desks import Both, both_desks
from tests.waymark.referrals.pairs import a_pair, a_referral, carried_out, own_row

from waymark.access.context import acting_for
from waymark.audit.models import SYSTEM, Event
from waymark.disclosures.actions import purge_expired
from waymark.notices.models import Notice
from waymark.people.policies import Refused
from waymark.referrals.actions import crossing
from waymark.referrals.actions.clock import end_run_out, forget_ended, remind
from waymark.referrals.models import ReceivedReferral, Referral, ReferralCount, State, Way
from waymark.referrals.selectors import received, sent

Owner = Callable[..., list[tuple[Any, ...]]]
TIMES = {
    "disclosures_outboxpacket": ("frozen_at", "expires_at", "delivered_at", "read_at"),
    "disclosures_inboxpacket": ("delivered_at", "expires_at", "read_at"),
    "referrals_referral": ("sent_at", "respond_by", "moved_at", "ended_at", "good_until", "nudged_at"),
    "referrals_receivedreferral": ("sent_at", "respond_by", "moved_at", "ended_at", "good_until", "nudged_at"),
}


def hours_pass(owner: Owner, hours: float) -> None:
    """Everything that is there becomes so much older."""
    for table, columns in TIMES.items():
        older = ", ".join(f"{column} = {column} - interval '{hours} hours'" for column in columns)
        owner(
            f"ALTER TABLE {table} DISABLE TRIGGER USER; UPDATE {table} SET {older}; ALTER TABLE {table} ENABLE TRIGGER USER"
        )


@pytest.mark.django_db
def test_the_pages_stop_to_count_on_an_answer_at_its_hour(both: Both) -> None:
    """To the microsecond, also before any job has run."""
    both.ask_room(hours="2")
    here = both.came_in()
    with acting(both.hal.user):
        asked = ReceivedReferral.objects.get()
    due = asked.respond_by
    assert shown(both, "waits", due - MOMENT) == [State.REQUESTED]
    assert shown(both, "waits", due) == []
    assert shown(both, "over", due) == [State.LAPSED]
    assert waiting(both, due - MOMENT) == 1
    assert waiting(both, due) == 0
    assert not asked.is_late(due - dt.timedelta(minutes=31))
    assert asked.is_late(due - dt.timedelta(minutes=29))

    both.hal.client.send(f"{here}read/", page=here)
    both.hal.client.send(f"{here}answer/", {"answer": "yes", "hours": "4"}, page=here)
    with acting(both.ada.user):
        good = Referral.objects.get().good_until
    assert good is not None
    assert dt.timedelta(hours=3, minutes=59) < good - timezone.now() <= dt.timedelta(hours=4)
    assert shown(both, "yes", good - MOMENT) == [State.ANSWERED]
    assert shown(both, "yes", good) == []
    assert shown(both, "over", good) == [State.CLOSED]


MOMENT = dt.timedelta(microseconds=1)


def shown(both: Both, answer: str, at: dt.datetime) -> list[str]:
    """The states on the board at that moment."""
    with acting(both.ada.user):
        return [row.state_at(at) for row in sent.board(to=both.ada.user, words="", answer=answer, at=at)]


def waiting(both: Both, at: dt.datetime) -> int:
    with acting(both.hal.user):
        return received.inbox(to=both.hal.user, words="", way="", state="waits", at=at).count()


def test_what_nobody_answered_lapses_and_is_deleted_for_good_with_counts_left(committed_db: str, owner: Owner) -> None:
    """From the screens to the rows: after a day neither agency, nor a dump, has anything but numbers."""
    both = both_desks()
    agencies = (both.ada.agency.pk, both.hal.agency.pk)
    both.refer()
    both.ask_room()
    both.write_letter(days="1")
    here = both.came_in()
    both.hal.client.send(f"{here}read/", page=here)

    hours_pass(owner, 7)
    assert [remind(agency_id=agency) for agency in agencies] == [0, 1], "the question is over, the referral is due"
    assert [remind(agency_id=agency) for agency in agencies] == [0, 0], "once"
    with both.hal.person.acting():
        assert Notice.objects.filter(kind="referral.due").count() == 1
    page = both.ada.get("/referrals/board/")
    assert "Lapsed" in page
    with acting(both.hal.user):
        row = ReceivedReferral.objects.get(way=Way.QUESTION)
        with pytest.raises(Refused, match="Its time is over"):
            crossing.move(row.pk, "answer", answer="yes", hours=4)

    hours_pass(owner, 18)
    assert [end_run_out(agency_id=agency) for agency in agencies] == [3, 0]
    assert [end_run_out(agency_id=agency) for agency in agencies] == [0, 0]
    assert [forget_ended(agency_id=agency) for agency in agencies] == [0, 0], "a day after the end, not before"
    assert [purge_expired(agency_id=agency) for agency in agencies] == [2, 2]
    assert owner("SELECT count(*) FROM disclosures_outboxpacket") == [(0,)]
    assert owner("SELECT count(*) FROM disclosures_inboxpacket") == [(0,)]
    assert "is deleted at both agencies" in both.hal.get(here)

    hours_pass(owner, 24.1)
    assert [forget_ended(agency_id=agency) for agency in agencies] == [3, 2]
    for table in (*TIMES, "referrals_referralmove"):
        assert owner(f"SELECT count(*) FROM {table}") == [(0,)], table
    left = owner(
        "SELECT a.short_name, c.direction, c.way, c.ended, c.number FROM referrals_referralcount c"
        " JOIN accounts_agency a ON a.id = c.agency_id ORDER BY c.direction DESC, c.way"
    )
    assert [row[1:] for row in left] == [
        ("sent", "carried", "lapsed", 1),
        ("sent", "opaque", "lapsed", 1),
        ("sent", "question", "lapsed", 1),
        ("received", "opaque", "lapsed", 1),
        ("received", "question", "lapsed", 1),
    ]
    # The log and the ledger tell that something was asked, and no answer of it.
    told = json.dumps([str(row) for row in owner("SELECT row_to_json(e) FROM audit_event e")])
    ledger = json.dumps([str(row) for row in owner("SELECT row_to_json(l) FROM disclosures_ledgerline l")])
    for said in ("safe-tonight", "555-0142", "Rosa"):
        assert said not in told
        assert said not in ledger
    for agency, verbs in zip(agencies, ((1, 1, 1), (0, 1, 1)), strict=True):
        with acting_for(agency, SYSTEM):
            events = Event.objects.filter(actor="system:referrals")
            counted = [events.filter(verb=f"referrals.{verb}").count() for verb in ("run_out", "forgotten", "reminded")]
        assert counted == [verbs[0], verbs[1], verbs[2] if agency == agencies[1] else 0]


def test_what_goes_on_is_reminded_of_closed_and_forgotten_in_its_time(committed_db: str, owner: Owner) -> None:
    pair = a_pair()
    running, done = a_referral(pair), a_referral(pair)
    for event in ("accept", "connect"):
        carried_out(pair, done, event, "recipient")
    carried_out(pair, running, "accept", "recipient")
    carried_out(pair, running, "wait", "recipient")
    hours_pass(owner, 7 * 24 - 1)
    assert end_run_out(agency_id=pair.sender.pk) == remind(agency_id=pair.provider.pk) == 0
    hours_pass(owner, 2)
    assert remind(agency_id=pair.provider.pk) == 1
    assert remind(agency_id=pair.provider.pk) == 0
    assert end_run_out(agency_id=pair.sender.pk) == 1
    assert own_row(pair, done).state == State.CLOSED
    hours_pass(owner, 25)
    assert forget_ended(agency_id=pair.sender.pk) == forget_ended(agency_id=pair.provider.pk) == 1
    with acting(pair.worker):
        assert ReferralCount.objects.get().ended == State.CONNECTED
        assert Referral.objects.get().pk == running.pk
    hours_pass(owner, 30 * 24)
    assert end_run_out(agency_id=pair.sender.pk) == 1
    assert own_row(pair, running).state == State.LAPSED


@pytest.mark.django_db
def test_a_package_with_consent_is_not_forgotten_and_nobody_forgets_for_another() -> None:
    from django.db import DatabaseError, connection, transaction

    for function in ("run_out", "forget"):
        with pytest.raises(DatabaseError, match=r"context\.missing"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT referrals.{function}()")
    pair = a_pair()
    a_referral(pair, Way.CONSENTED)
    assert forget_ended(agency_id=pair.sender.pk) == end_run_out(agency_id=pair.stranger.acting.agency_id) == 0  # type: ignore[union-attr]
