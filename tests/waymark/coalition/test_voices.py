"""Who speaks for an agency: said by its own officer, one voice at a time, and only by people who are there."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from tests.factories.accounts import AgencyFactory, MembershipFactory, UserFactory
from tests.factories.coalition import act, told, voice

from waymark.accounts.models import Membership, User
from waymark.coalition.actions import voices as actions
from waymark.coalition.models import MediaSpeaker, Representative
from waymark.coalition.policies import Refused
from waymark.coalition.policies import groups as policies
from waymark.coalition.selectors import groups as selectors

pytestmark = pytest.mark.django_db


@pytest.fixture
def ona() -> User:
    return UserFactory(role="officer", agency=AgencyFactory())


@pytest.mark.parametrize(
    ("role", "own", "may"),
    [
        ("officer", True, True),
        ("officer", False, False),
        ("member", True, False),
        ("advocate", True, False),
    ],
)
def test_who_says_who_speaks_for_an_agency(role: str, own: bool, may: bool) -> None:
    agency = AgencyFactory()
    by = UserFactory(role=role, agency=agency)
    about = agency if own else AgencyFactory()
    speaks = MembershipFactory(agency=about)
    assert policies.may_name_voices(by, about) is may
    if may:
        act(by, actions.name_representative, agency=about, membership=speaks)
        assert told(by) == ["representative.named"]
    else:
        with pytest.raises(Refused):
            act(by, actions.name_representative, agency=about, membership=speaks)
        with pytest.raises(Refused):
            act(by, actions.name_media_speaker, agency=about, values={"speaker": "The front office"})
        assert not Representative.objects.exists()


def test_a_change_of_voice_keeps_who_spoke_before(ona: User) -> None:
    agency = ona.acting.agency  # type: ignore[union-attr]
    first, second = MembershipFactory(agency=agency), MembershipFactory(agency=agency)
    with time_machine.travel(dt.datetime(2026, 3, 2, 20, tzinfo=dt.UTC)):
        act(ona, actions.name_representative, agency=agency, membership=first, deputy=second)
        act(ona, actions.name_representative, agency=agency, membership=first, deputy=second)
    assert told(ona) == ["representative.named"], "the same voice again changes nothing"
    with time_machine.travel(dt.datetime(2026, 6, 2, 20, tzinfo=dt.UTC)):
        act(ona, actions.name_representative, agency=agency, membership=second)
    was, now = Representative.objects.order_by("since")
    assert (was.membership, was.until) == (first, dt.date(2026, 6, 2))
    assert (now.membership, now.deputy, now.until) == (second, None, None)


def test_somebody_of_another_agency_or_twice_the_same_is_refused(ona: User) -> None:
    agency = ona.acting.agency  # type: ignore[union-attr]
    stranger, colleague = MembershipFactory(), MembershipFactory(agency=agency)
    for pair in ((stranger, None), (colleague, stranger), (colleague, colleague)):
        with pytest.raises(Refused):
            act(ona, actions.name_representative, agency=agency, membership=pair[0], deputy=pair[1])
    for fields in ({"membership": stranger}, {"membership": colleague, "deputy": stranger}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Representative.objects.create(agency=agency, since=dt.date(2026, 1, 1), **fields)
    voice(colleague)
    with pytest.raises(IntegrityError), transaction.atomic():
        voice(MembershipFactory(agency=agency))


def test_the_deputy_votes_when_the_representative_has_left() -> None:
    agency = AgencyFactory()
    first, second = MembershipFactory(agency=agency), UserFactory(role="member", agency=agency)
    voice(first, second.acting)
    assert selectors.voters_of([agency.pk]) == {agency.pk: [first, second.acting]}
    assert policies.speaks_for_own_agency(second)
    Membership.objects.filter(pk=first.pk).update(state="suspended")
    assert selectors.voters_of([agency.pk]) == {agency.pk: [second.acting]}
    Membership.objects.filter(pk=second.acting.pk).update(state="ended")  # type: ignore[union-attr]
    assert selectors.voters_of([agency.pk]) == {}
    assert selectors.voice_of(agency) is None


def test_an_administrator_speaks_for_nobody() -> None:
    by = UserFactory(role="administrator")
    voice(by.acting)  # type: ignore[arg-type]
    assert not policies.speaks_for_own_agency(by)


def test_whom_the_press_may_ask(ona: User) -> None:
    agency = ona.acting.agency  # type: ignore[union-attr]
    with pytest.raises(Refused):
        act(ona, actions.name_media_speaker, agency=agency, values={"speaker": " "})
    act(ona, actions.name_media_speaker, agency=agency, values={"speaker": "The director's office", "phone": "555-0142"})
    act(ona, actions.name_media_speaker, agency=agency, values={"speaker": "The press office"})
    kept = MediaSpeaker.objects.get()
    assert (kept.speaker, kept.phone) == ("The press office", "")
    assert told(ona) == ["media_speaker.named"] * 2
