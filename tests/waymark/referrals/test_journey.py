"""The whole way on the screens: ask who has room, answer in two presses, refer without a name, connect, close; a letter."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.factories.consent import sent_package, signed_release
from tests.factories.directory import OrganizationFactory, ServiceFactory
from tests.factories.people import a_denial, opened_case
from tests.plugins.tagged import read_tagged
from tests.waymark.cases.desks import desk_of_colleague
from tests.waymark.referrals.desks import Both

from waymark.access.context import acting_for
from waymark.audit.models import Event
from waymark.consent.actions.releases import revoke_release
from waymark.consent.formats.scopes import Asked
from waymark.consent.models import Disclosure, Release
from waymark.disclosures.models import InboxPacket, LedgerLine, OutboxPacket
from waymark.notices.models import Notice
from waymark.people.policies import Refused
from waymark.referrals.actions.clock import forget_ended
from waymark.referrals.actions.demo import load_demo_desks
from waymark.referrals.actions.packages import refer_with_package
from waymark.referrals.models import Desk, ReceivedReferral, Referral, State, Way
from waymark.referrals.policies import GOALS, OFFERS, least_revealing
from waymark.referrals.selectors.sharing import asked_for_now

pytestmark = pytest.mark.django_db


def test_the_least_revealing_way_that_does_it_comes_first(both: Both) -> None:
    here = f"/referrals/for/{both.case.pk}/"
    page = both.ada.get(here)
    assert page.index("Question about room") < page.index("Referral without a name") < page.index("Letter that they carry")
    assert page.count("Reveals least for this") == 1
    marked = re.compile(r'<li class="is-first"> <h2>\d\. ([^<]+?) <span')
    for goal in GOALS:
        found = marked.findall(both.ada.get(f"{here}?goal={goal.code}"))
        assert found == [Way(goal.way).label]
    assert least_revealing("nonsense") == Way.QUESTION
    assert marked.findall(both.ada.get(f"{here}?goal=nonsense")) == ["Question about room"]
    for offer in OFFERS:
        assert offer.not_told in page
        assert all(said in page for said in offer.reveals)


def test_room_is_asked_without_a_name_and_answered_in_two_presses(both: Both) -> None:
    assert both.ask_room().status_code == 302
    page = both.ada.get("/referrals/board/")
    assert "Rooms for a night" in page
    assert "An answer is due by" in page
    inbox = both.hal.get("/referrals/inbox/")
    assert "Harbor House (invented)" in inbox
    here = both.came_in()
    assert "It is sealed for your agency." in both.hal.get(here)
    assert both.hal.client.send(f"{here}read/", page=here).status_code == 302  # first press
    asked = both.hal.get(here)
    for said in ("A safe place tonight", "3 people", "English, Spanish", "Tonight"):
        assert said in asked
    assert both.hal.client.send(f"{here}answer/", {"answer": "yes", "hours": "4"}, page=here).status_code == 302  # second
    board = both.ada.get("/referrals/board/")
    assert "Yes, there is room" in board
    assert "Holds until" in board
    for personal in ("Rosa", both.case.code, "Ada Invented"):
        assert personal not in asked + inbox + both.hal.get(here)
    # It is corrected while it holds.
    both.hal.client.send(f"{here}answer/", {"answer": "call_us", "hours": "2"}, page=here)
    assert "Call us" in both.ada.get("/referrals/board/?answer=call_us")
    assert "Nothing matches" in both.ada.get("/referrals/board/?answer=yes")
    with both.hal.person.acting():
        assert Notice.objects.filter(kind="referral.waits").count() == 1
    with both.ada.person.acting():
        assert Notice.objects.filter(kind="referral.changed").count() == 2
        assert Event.objects.filter(verb="room.asked").count() == 1
        assert LedgerLine.objects.get().kind == "capacity_question"


def test_a_form_sent_twice_asks_once_and_nothing_chosen_is_lost(both: Both) -> None:
    page = str(uuid.uuid4())
    for _ in range(2):
        assert both.ask_room(page=page).status_code == 302
    with both.ada.person.acting():
        assert Referral.objects.count() == OutboxPacket.objects.count() == 1
    wrong = both.ask_room(household="", providers=[])
    body = wrong.content.decode()
    assert wrong.status_code == 422
    assert "Choose at least one provider" in body
    assert "Choose how many people." in body
    assert "Fill in “" not in body
    assert re.search(r'value="es"[^>]*checked', body)
    both.ada.client.send("/vault/lock/", page="/referrals/")
    locked = both.refer()
    assert locked.status_code == 422
    assert "916-555-0142" in locked.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"household": "Rosa"},
        {"needs": ["safe-tonight", "Rosa"]},
        {"urgency": "her brother is coming"},
        {"phone": "call Rosa"},
        {"hours": "3"},
        {"hours": "999"},
        {"provider": str(uuid.uuid4())},
        {"note": "Rosa Invented, 12 Nowhere Lane"},
    ],
)
def test_there_is_no_line_to_write_on(both: Both, wrong: dict[str, object]) -> None:
    answer = both.refer(**wrong)
    if "note" in wrong:
        assert answer.status_code == 302
        here = both.came_in()
        both.hal.client.send(f"{here}read/", page=here)
        assert "Nowhere" not in both.hal.get(here)
        return
    assert answer.status_code == 422
    with both.ada.person.acting():
        assert not Referral.objects.exists()


def test_a_referral_without_a_name_is_accepted_connected_closed_and_reopened(both: Both) -> None:
    mine = both.refer()["Location"]
    here = both.came_in()
    both.hal.client.send(f"{here}read/", page=here)
    asked = both.hal.get(here)
    for said in ("3 people", "A safe place tonight, A lawyer", "Today", "Ada Invented", "916-555-0142"):
        assert said in asked
    assert "Rosa" not in asked
    for event in ("accept", "start", "connect"):
        assert both.hal.client.send(f"{here}{event}/", page=here).status_code == 302
    page = both.ada.get(mine)
    assert "Connected" in page
    assert "Hal Invented" not in page
    assert "Rosa Invented" in page
    assert both.ada.client.send(f"{mine}close/").status_code == 302
    assert "Closed" in both.hal.get(here)
    unexplained = both.ada.client.send(f"{mine}reopen/", {})
    assert unexplained.status_code == 422
    assert "Choose the reason" in unexplained.content.decode()
    assert both.ada.client.send(f"{mine}reopen/", {"reason": "needed_again"}).status_code == 302
    assert "In service" in both.hal.get(here)
    assert "Ada Invented" not in re.sub(r"<dl.*?</dl>", "", both.hal.get(here))
    with both.ada.person.acting():
        moved = Event.objects.filter(verb="referral.moved").order_by("-id").values_list("fields", flat=True)
        assert list(moved[:2]) == [["reopen"], ["close"]]


def test_it_is_declined_with_a_reason_and_only_its_sides_are_told(both: Both) -> None:
    mine = both.refer()["Location"]
    here = both.came_in()
    assert both.hal.client.send(f"{here}decline/", {}).status_code == 422
    assert both.hal.client.send(f"{here}decline/", {"reason": "no_room"}).status_code == 302
    page = both.ada.get(mine)
    assert "Declined" in page
    assert "no room" in page
    assert "Ask somebody else" in page
    again = both.hal.client.get(f"{here}accept/", follow=True).content.decode()
    assert "It has moved meanwhile" in again
    assert both.hal.client.get(f"{here}no_such_event/").status_code == 404
    assert both.ada.client.get(f"{mine}accept/").status_code == 404


def test_withdrawn_unread_it_was_never_there_and_read_it_is_taken_back(both: Both) -> None:
    unread = both.refer()["Location"]
    assert both.ada.client.send(f"{unread}withdraw/", {"reason": "found_elsewhere"}).status_code == 302
    assert "Withdrawn" in both.ada.get(unread)
    with both.hal.person.acting():
        assert not ReceivedReferral.objects.exists()
        assert not InboxPacket.objects.exists()
    read = both.refer()["Location"]
    here = both.came_in()
    both.hal.client.send(f"{here}read/", page=here)
    both.hal.client.send(f"{here}accept/", page=here)
    assert both.ada.client.send(f"{read}void/", {"reason": "wrong_place"}).status_code == 302
    page = both.hal.get(here)
    assert "Voided" in page
    assert "916-555-0142" not in page
    with both.hal.person.acting():
        assert InboxPacket.objects.get().sealed is None


def test_a_letter_says_nothing_and_its_code_says_that_somebody_came(both: Both) -> None:
    mine = both.write_letter()["Location"]
    paper = both.ada.client.send(f"{mine}letter/", page=mine)
    assert paper["Content-Type"] == "application/pdf"
    assert paper["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    read = read_tagged(paper.content)
    assert read.is_for_everybody
    words = " ".join(text for _, text in read.elements)
    code = re.search(r"[B-Z2-9]{4}-[B-Z2-9]{4}-[B-Z2-9]{4}", words)
    assert code is not None, words
    for telling in ("Rosa", both.case.code, "Harbor", "Hope", "Rooms", "Ada", "traffick", "survivor", "shelter", "http"):
        assert telling.lower() not in words.lower()
    with both.ada.person.acting():
        assert Event.objects.filter(verb="letter.printed").count() == 1
        line = Disclosure.objects.get()
        assert (line.person_id, line.basis, line.method, line.fields) == (
            both.case.person_id, "survivor_delivered", "letter", ["letter"],
        )  # fmt: skip
        row = Referral.objects.get()
        assert code[0].replace("-", "").encode() not in bytes(row.code or b"") + bytes(row.digest or b"")
    assert "Nobody asks anything" in both.hal.get("/referrals/inbox/")

    nobody = both.hal.client.send("/referrals/arrived/", {"code": "BCDF-GHJK-2345"})
    assert nobody.status_code == 422
    assert "No letter with this code" in nobody.content.decode()
    came = both.hal.client.send("/referrals/arrived/", {"code": f" {code[0].lower()} "})
    assert came.status_code == 302
    assert "Somebody came with a letter of theirs" in both.hal.get(came["Location"])
    assert "Connected" in both.ada.get(mine)
    again = both.hal.client.send("/referrals/arrived/", {"code": code[0]})
    assert again["Location"] == came["Location"]
    with both.ada.person.acting():
        assert Referral.objects.get().state == State.CONNECTED


def test_few_codes_are_tried_in_an_hour(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    from waymark.audit import policies as audit

    monkeypatch.setitem(audit.HOURLY, "letter.tried", 2)
    answers = [both.hal.client.send("/referrals/arrived/", {"code": "BCDF-GHJK-2345"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422] * 3
    assert "Too many codes" in answers[-1].content.decode()


def test_a_denied_colleague_is_told_what_they_would_be_told_of_nothing(both: Both) -> None:
    mine = both.refer()["Location"]
    both.ask_room()
    colleague = desk_of_colleague(both.ada)
    assert "Rooms for a night" in colleague.get("/referrals/")
    with both.ada.person.acting():
        a_denial(both.case.person, colleague.user, both.ada.user)
    assert "Nothing was asked" in colleague.get("/referrals/")
    assert "No question is open" in colleague.get("/referrals/board/")
    absent = f"/referrals/{uuid.uuid4()}/"
    for path in (mine, f"{mine}withdraw/"):
        assert colleague.client.get(path).status_code == 404
    assert colleague.client.get(mine).content[:200] == colleague.client.get(absent).content[:200]
    assert colleague.client.get(f"/referrals/for/{both.case.pk}/").status_code == 404


def test_nobody_is_asked_before_words_were_compared(both: Both) -> None:
    with acting_for(both.ada.agency.pk, both.ada.user.pk):
        from waymark.vault.models import Pin

        Pin.objects.all().delete()
    page = both.ada.get(both.choose("opaque"))
    assert "Cannot be asked yet" in page
    assert "Rooms for a night (invented), Hope Homes" in page
    assert both.refer().status_code == 422


def test_an_agency_says_for_what_it_answers(both: Both) -> None:
    page = both.hal.get("/referrals/desks/")
    assert "Rooms for a night" in page
    gone = both.hal.client.send(f"/referrals/desks/{both.answering.pk}/remove/")
    assert gone.status_code == 302
    assert "answers for no service yet" in both.hal.get("/referrals/desks/")
    assert "No provider answers" in both.ada.get(both.choose("opaque"))
    found = both.hal.get("/referrals/desks/add/?q=rooms")
    assert "Rooms for a night" in found
    both.hal.client.send(f"/referrals/desks/add/{both.answering.service_id}/", page="/referrals/desks/add/")
    assert "Rooms for a night" in both.ada.get(both.choose("opaque"))
    assert both.hal.client.send(f"/referrals/desks/add/{uuid.uuid4()}/", page="/referrals/desks/add/").status_code == 404


def test_the_demo_has_somewhere_to_refer_to_and_is_loaded_twice_alike(both: Both) -> None:
    agency = both.hal.agency
    agency.short_name = "Legal Aid"
    agency.save(update_fields=["short_name"])
    organization = OrganizationFactory(name="Rivermont County Legal Aid")
    ServiceFactory(name="Counsel (invented)", organization=organization)
    assert [load_demo_desks() for _ in range(2)] == [1, 1]
    assert Desk.objects.filter(agency=agency, service__name="Counsel (invented)").count() == 1


def a_package(both: Both, *codes: str) -> Release:
    """What Rosa signed for and Ada sent to the agency that answers."""
    with both.ada.person.acting():
        release = signed_release(both.ada.person, both.case.person, both.hal.agency, scopes=codes)
        sent_package(both.ada.person, release, codes)
        with connection.cursor() as cursor:
            # What is judged at the commit is judged while she acts: the test's end acts for nobody.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return release


def send_by_name(both: Both, **changes: object) -> Any:
    told = {"page": str(uuid.uuid4()), "provider": str(both.answering.pk), "days": "3", **changes}
    return both.ada.client.send(both.choose("package"), told)


def test_somebody_is_referred_by_name_where_a_release_says_so_and_no_longer(both: Both) -> None:
    page = both.ada.get(both.choose("package"))
    assert "Nobody has a package of this person" in page
    assert send_by_name(both).status_code == 422
    release = a_package(both, "person.name")
    page = both.ada.get(both.choose("package"))
    assert "Hope Homes (invented): name to use" in page
    mine = send_by_name(both)["Location"]
    here = both.came_in()
    both.hal.client.send(f"{here}read/", page=here)
    asked = both.hal.get(here)
    assert "Rosa Invented" in asked
    assert "Pass nothing of it on" in asked
    for event in ("accept", "connect"):
        both.hal.client.send(f"{here}{event}/", page=here)
    assert "Connected" in both.ada.get(mine)

    with both.ada.person.acting():
        revoke_release(release=release, by=both.ada.user)
    gone = both.hal.get(here)
    assert "Rosa" not in gone
    assert "Connected" in gone, "the service goes on without the release"
    assert send_by_name(both).status_code == 422
    assert "Nobody has a package of this person" in both.ada.get(both.choose("package"))
    both.ada.client.send(f"{mine}close/")
    assert forget_ended(agency_id=both.ada.agency.pk) == 0


def test_a_package_of_one_person_refers_nobody_else(both: Both) -> None:
    a_package(both, "person.name")
    other = opened_case(both.ada.person, name="Bea Invented")
    told = {"page": str(uuid.uuid4()), "provider": str(both.answering.pk), "days": "3"}
    assert both.ada.client.send(f"/referrals/for/{other.pk}/package/", told).status_code == 422
    with both.ada.person.acting(), pytest.raises(Refused, match="no package of this person"):
        refer_with_package(case=other, desk=both.answering, page=uuid.uuid4(), days=3, by=both.ada.user)


def test_what_is_asked_for_now_can_be_shared_and_whom_to_call_is_not_in_it(both: Both) -> None:
    both.refer()
    with both.ada.person.acting():
        asked = Asked(both.case.person, both.ada.person.vault(), both.ada.user, timezone.localdate())
        said = [item.text for item in asked_for_now(asked)]
    assert said == ["How many people: 3 people; What for: A safe place tonight, A lawyer; How soon: Today"]
