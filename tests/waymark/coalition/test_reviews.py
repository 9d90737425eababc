"""Reviews: people are reminded once, on the region's day, and the calendar shows the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.coalition import act, agreement_of, sign, voice

from waymark.access.context import acting_for
from waymark.accounts.models import Agency, Membership, User
from waymark.audit.models import PLATFORM, Event
from waymark.coalition.actions import agreement_steps as steps
from waymark.coalition.actions import reviews
from waymark.coalition.models import Agreement, CalendarEntry, ReviewReminder
from waymark.coalition.tasks import remind_of_reviews
from waymark.notices.models import Notice

pytestmark = pytest.mark.django_db
REVIEW = dt.date(2027, 3, 1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def ona() -> User:
    return UserFactory(role="officer", agency=AgencyFactory(name="Lantern House", kind="victim_services"))


@pytest.fixture
def sue() -> User:
    """Speaks for the sheriff."""
    made: User = UserFactory(role="member", agency=AgencyFactory(name="Invented Sheriff", kind="law_enforcement"))
    voice(place(made))
    return made


@pytest.fixture
def agreement(ona: User, sue: User) -> Agreement:
    return agreement_of(place(ona), place(ona).agency, place(sue).agency, state="in_force", review_on=REVIEW)


def place(user: User) -> Membership:
    assert user.acting is not None
    return user.acting


def told(user: User) -> list[tuple[str, str]]:
    with acting_for(place(user).agency_id, user.pk):
        return list(Notice.objects.filter(to=place(user)).order_by("created_at").values_list("kind", "path"))


def morning(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(14, 7), tzinfo=dt.UTC)


@pytest.mark.parametrize(("before", "sent"), [(31, 0), (30, 1), (1, 1)])
def test_people_are_reminded_as_long_before_as_the_agreement_says(
    agreement: Agreement, sue: User, before: int, sent: int
) -> None:
    assert reviews.remind_of_reviews(on=REVIEW - before * DAY) == sent
    assert [kind for kind, _ in told(sue)] == ["agreement.review_due"] * sent


def test_each_reminder_goes_out_once_to_the_owner_and_to_whoever_speaks(agreement: Agreement, ona: User, sue: User) -> None:
    other = UserFactory(role="officer", agency=place(sue).agency)
    with time_machine.travel(morning(REVIEW - 30 * DAY), tick=False):
        for _ in range(3):
            remind_of_reviews(timestamp=0)
    with time_machine.travel(morning(REVIEW - 29 * DAY), tick=False):
        remind_of_reviews(timestamp=0)
    page = f"/agreements/{agreement.pk}/"
    assert told(ona) == told(sue) == [("agreement.review_due", page)]
    assert told(other) == [], "who does not speak for a party is not told"
    with time_machine.travel(morning(REVIEW), tick=False):
        remind_of_reviews(timestamp=0)
        remind_of_reviews(timestamp=0)
    assert told(sue) == [("agreement.review_due", page)] * 2
    assert list(ReviewReminder.objects.order_by("kind").values_list("kind", flat=True)) == ["ahead", "due"]
    with acting_for(PLATFORM, ona.pk):
        events = Event.objects.filter(verb="agreement.reminded", chain=PLATFORM)
        assert {each.actor for each in events} <= {"system:agreements"}
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewReminder.objects.create(agreement=agreement, kind="due", review_on=REVIEW, sent_at=morning(REVIEW))


def test_a_renewed_agreement_is_reminded_of_anew(agreement: Agreement, ona: User, sue: User) -> None:
    assert reviews.remind_of_reviews(on=REVIEW) == 1
    with time_machine.travel(morning(REVIEW), tick=False):
        act(ona, steps.begin_review, agreement=agreement)
        act(ona, steps.renew, agreement=agreement, review_on=REVIEW + 365 * DAY)
    assert reviews.remind_of_reviews(on=REVIEW + DAY) == 0
    assert reviews.remind_of_reviews(on=REVIEW + 340 * DAY) == 1


@pytest.mark.parametrize("state", ["draft", "out"])
def test_what_does_not_bind_yet_is_not_reminded_of(ona: User, sue: User, state: str) -> None:
    agreement_of(place(ona), place(ona).agency, place(sue).agency, state=state, review_on=REVIEW)
    assert reviews.remind_of_reviews(on=REVIEW) == 0


def test_somebody_who_left_is_not_reminded(agreement: Agreement, ona: User, sue: User) -> None:
    Membership.objects.filter(pk=place(sue).pk).update(state="ended")
    assert reviews.remind_of_reviews(on=REVIEW) == 1
    assert told(sue) == []
    assert len(told(ona)) == 1


def test_an_agreement_ends_after_its_last_day(ona: User, sue: User) -> None:
    last = dt.date(2027, 2, 1)
    agreement = agreement_of(
        place(ona), place(ona).agency, place(sue).agency, state="in_force", review_on=REVIEW, ends_on=last
    )
    assert reviews.end_what_ran_out(on=last) == 0
    assert reviews.end_what_ran_out(on=last + DAY) == 1
    assert reviews.end_what_ran_out(on=last + DAY) == 0
    agreement.refresh_from_db()
    assert (agreement.state, agreement.ended_on) == ("ended", last + DAY)
    assert reviews.remind_of_reviews(on=REVIEW) == 0
    assert told(sue) == [("agreement.changed", f"/agreements/{agreement.pk}/")]


def test_the_day_of_the_review_stands_in_the_calendar_until_the_agreement_is_over(ona: User, sue: User) -> None:
    agreement = agreement_of(place(ona), place(ona).agency, place(sue).agency, state="out", signed=True, review_on=REVIEW)
    act(ona, steps.enter_force, agreement=agreement)
    entry = CalendarEntry.objects.get()
    assert (entry.kind, entry.starts_on, entry.ends_on, entry.all_day) == ("review", REVIEW, REVIEW, True)
    with time_machine.travel(morning(REVIEW), tick=False):
        act(ona, steps.begin_review, agreement=agreement)
        act(ona, steps.renew, agreement=agreement, review_on=REVIEW + 365 * DAY)
    entry.refresh_from_db()
    assert (entry.starts_on, entry.sequence, entry.cancelled_at) == (REVIEW + 365 * DAY, 1, None)
    act(ona, steps.end_agreement, agreement=agreement)
    entry.refresh_from_db()
    assert entry.cancelled_at is not None


def test_who_speaks_is_asked_to_sign(ona: User, sue: User) -> None:
    draft = agreement_of(place(ona), place(ona).agency, place(sue).agency)
    act(ona, steps.send_out, agreement=draft)
    assert told(sue) == [("agreement.ask_to_sign", f"/agreements/{draft.pk}/")]
    assert told(ona) == [], "who does it knows"
    sign(draft, by=place(ona))
    act(ona, steps.enter_force, agreement=draft)
    assert [kind for kind, _ in told(sue)] == ["agreement.ask_to_sign", "agreement.changed"]


def test_the_home_page_says_what_waits(agreement: Agreement, sue: User, staff_of: Callable[..., Any]) -> None:
    sheriff: Agency = place(sue).agency
    agreement_of(agreement.owner, agreement.owner.agency, sheriff, state="out", title="To sign")
    chief, member = staff_of("officer", agency=sheriff), staff_of("member", agency=sheriff)
    with time_machine.travel(morning(REVIEW), tick=False):
        clients = {"chief": chief, "member": member}
        for client in clients.values():
            client.force_login(client.user)
        pages = {name: client.get("/").content.decode() for name, client in clients.items()}
    assert "“To sign” waits for your agency&#x27;s signature" in pages["chief"]
    assert "waits for your agency" not in pages["member"]
    assert "its review is due" not in pages["member"]
    voices = UserFactory(role="officer", agency=AgencyFactory())
    assert place(voices).agency_id != sheriff.pk
