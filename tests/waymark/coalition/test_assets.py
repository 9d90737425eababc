"""The asset board: no beds counted, nobody's story written, each offer kept by its own agency."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.coalition import OfferFactory, act, told, voice

from waymark.access.context import acting_for
from waymark.accounts.models import User
from waymark.coalition.actions import assets as actions
from waymark.coalition.models import Offer, OfferRequest
from waymark.coalition.policies import Refused
from waymark.coalition.policies import assets as policies
from waymark.coalition.selectors import assets as selectors
from waymark.notices.models import Notice

pytestmark = pytest.mark.django_db
ROOM = {"kind": "room", "title": "Meeting room", "language": "", "details": "For 20 people."}
TOMORROW = timezone.localdate() + dt.timedelta(days=1)


@pytest.fixture
def ona() -> User:
    return UserFactory(role="officer", agency=AgencyFactory(name="Lantern House", kind="victim_services"))


@pytest.fixture
def sue() -> User:
    return UserFactory(role="member", agency=AgencyFactory(kind="law_enforcement"))


@pytest.mark.parametrize(
    ("role", "speaks", "may"), [("officer", False, True), ("member", False, False), ("member", True, True)]
)
def test_who_keeps_an_agency_s_offers(role: str, speaks: bool, may: bool) -> None:
    by = UserFactory(role=role, agency=AgencyFactory())
    if speaks:
        voice(by.acting)  # type: ignore[arg-type]
    assert policies.keeps_offers(by) is may
    assert not policies.may_keep_offer(by, OfferFactory()), "never another agency's"
    if may:
        offer = act(by, actions.make_offer, values=ROOM)
        act(by, actions.change_offer, offer=offer, values={**ROOM, "title": "Big room"})
        act(by, actions.withdraw_offer, offer=offer)
        act(by, actions.confirm_offer, offer=offer)
        assert told(by) == ["offer.made", "offer.changed", "offer.withdrawn", "offer.confirmed"]
    else:
        with pytest.raises(Refused):
            act(by, actions.make_offer, values=ROOM)


@pytest.mark.parametrize(
    ("values", "trouble"),
    [
        ({"kind": "bed", "title": "3 beds for women"}, "no number"),
        ({"kind": "bed", "title": "Two beds"}, "no number"),
        ({"kind": "bed", "title": "Beds", "details": "Call 555-0142"}, "no number"),
        ({"kind": "bed", "title": "A bed is free"}, "Leave out “free”"),
        ({"kind": "bed", "title": "Beds", "details": "Vacancies most nights"}, "Leave out “Vacancies”"),
        ({"kind": "bed", "title": "Beds", "details": "Available tonight"}, "Leave out"),
        ({"kind": "room", "title": "Room", "details": "At 812 North Alder Street"}, "street address"),
        ({"kind": "interpreter", "title": "Interpreter", "language": ""}, "which language"),
        ({"kind": "castle"}, "what kind"),
        ({"title": "  "}, "title"),
    ],
)
def test_an_offer_never_says_how_full_a_place_is_or_where(ona: User, values: dict[str, str], trouble: str) -> None:
    with pytest.raises(Refused, match=trouble):
        act(ona, actions.make_offer, values={**ROOM, "details": "", **values})
    assert told(ona) == []


def test_beds_in_general_are_fine_and_the_database_takes_no_digit(ona: User) -> None:
    act(
        ona,
        actions.make_offer,
        values={"kind": "bed", "title": "Rooms for families", "language": "", "details": "Pets too."},
    )
    for fields in ({"title": "4 beds"}, {"title": "Beds", "details": "Unit 12"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OfferFactory(kind="bed", **fields)


def test_asking_and_answering(ona: User, sue: User) -> None:
    offer = act(ona, actions.make_offer, values=ROOM)
    ask = {"offer": offer, "occasion": "training", "first_day": TOMORROW, "last_day": TOMORROW}
    asked = act(sue, actions.ask_for_offer, **ask)
    with acting_for(offer.agency_id, ona.pk):
        assert Notice.objects.get(to=ona.acting).path == f"/assets/requests/{asked.pk}/"
    with pytest.raises(Refused, match="asked for these days"):
        act(sue, actions.ask_for_offer, **ask)
    with pytest.raises(Refused):
        act(sue, actions.answer_offer_request, request=asked, grant=True)
    stranger = UserFactory(role="officer", agency=AgencyFactory())
    assert selectors.request_for(stranger, asked.pk) is None
    assert selectors.request_for(sue, asked.pk) == selectors.request_for(ona, asked.pk) == asked
    act(ona, actions.answer_offer_request, request=asked, grant=True)
    with pytest.raises(Refused):
        act(sue, actions.withdraw_offer_request, request=asked)
    with acting_for(sue.acting.agency_id, sue.pk):  # type: ignore[union-attr]
        assert Notice.objects.get(to=sue.acting).kind == "asset.answered"
    assert told(ona, sue) == ["offer.made", "offer.asked_for", "offer.request_granted"]


@pytest.mark.parametrize(
    ("first", "last"), [(-1, 1), (2, 1), (1, 500)], ids=["has passed", "ends before it begins", "years ahead"]
)
def test_days_that_make_no_sense_are_refused(sue: User, first: int, last: int) -> None:
    today = timezone.localdate()
    days = {"first_day": today + dt.timedelta(days=first), "last_day": today + dt.timedelta(days=last)}
    with pytest.raises(Refused):
        act(sue, actions.ask_for_offer, offer=OfferFactory(), occasion="meeting", **days)


def test_nobody_asks_for_a_bed_or_for_their_own_or_for_what_is_withdrawn(ona: User) -> None:
    own = act(ona, actions.make_offer, values=ROOM)
    for offer in (OfferFactory(kind="bed", title="Beds"), own, OfferFactory(state="withdrawn")):
        assert not policies.may_ask_for(ona, offer)
        with pytest.raises(Refused):
            act(ona, actions.ask_for_offer, offer=offer, occasion="meeting", first_day=TOMORROW, last_day=TOMORROW)


def test_taking_an_offer_off_the_board_answers_who_waits(ona: User, sue: User) -> None:
    offer = act(ona, actions.make_offer, values=ROOM)
    asked = act(sue, actions.ask_for_offer, offer=offer, occasion="event", first_day=TOMORROW, last_day=TOMORROW)
    act(ona, actions.withdraw_offer, offer=offer)
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == ("declined", ona.acting)
    assert offer not in selectors.offers_listed(sue, on=timezone.localdate())


def test_a_request_has_no_place_for_anybody_s_story() -> None:
    texts = [
        field.name
        for field in OfferRequest._meta.concrete_fields
        if field.get_internal_type() in {"CharField", "TextField"}
    ]
    assert texts == ["occasion", "state"]
    assert not {"count", "capacity", "free", "address", "occupancy"} & {field.name for field in Offer._meta.concrete_fields}


def test_what_nobody_confirmed_for_long_is_told(ona: User) -> None:
    today = timezone.localdate()
    old = OfferFactory(confirmed_on=today - selectors.STALE_AFTER - dt.timedelta(days=1))
    new = OfferFactory(confirmed_on=today - selectors.STALE_AFTER)
    assert [selectors.is_stale(each, today) for each in (old, new)] == [True, False]
    assert list(selectors.offers_listed(ona, on=today, state="stale")) == [old]


def test_whoever_speaks_answers_and_the_officers_where_nobody_does(ona: User) -> None:
    offer: Any = OfferFactory(agency=ona.acting.agency)  # type: ignore[union-attr]
    assert selectors.who_answers(offer) == [ona.acting]
    speaks = UserFactory(role="member", agency=offer.agency)
    voice(speaks.acting)  # type: ignore[arg-type]
    assert selectors.who_answers(offer) == [speaks.acting]
