"""Sessions: two limits, a list of one's own, ended at once, and nothing in the table that opens one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.utils import timezone
from tests.plugins.factors import give_app
from tests.plugins.staff import SiteClient

from waymark.access import proof
from waymark.access.context import acting_for
from waymark.accounts.actions import begin_session, end_sessions
from waymark.accounts.formats.devices import device_word
from waymark.accounts.models import Session
from waymark.accounts.models.sessions import ABSOLUTE, IDLE, SessionStore, hashed
from waymark.audit.models import Event

pytestmark = pytest.mark.django_db


def later(**passed: float) -> Any:
    return time_machine.travel(timezone.now() + dt.timedelta(**passed), tick=True)


def test_a_session_ends_when_it_is_left_alone(steward: SiteClient) -> None:
    with later(minutes=29):
        assert steward.get("/").status_code == 200
    with later(minutes=58):
        assert steward.get("/").status_code == 200, "a visit keeps it open"
    with later(minutes=58 + 31):
        assert steward.get("/").status_code == 302


def test_a_session_ends_after_twelve_hours_whatever_happens(steward: SiteClient) -> None:
    for half_hours in range(1, 24):
        with later(minutes=half_hours * 29):
            assert steward.get("/").status_code == 200
            session = steward.session
            session["touched"] = half_hours
            session.save()
    with later(hours=12, minutes=1):
        assert steward.get("/").status_code == 302
    assert (dt.timedelta(minutes=30), dt.timedelta(hours=12)) == (IDLE, ABSOLUTE)


def test_a_copy_of_the_table_opens_no_session(steward: SiteClient, visitor: Callable[[str], SiteClient]) -> None:
    row = Session.objects.get(user=steward.user)
    cookie = steward.cookies["waymark_session"].value
    assert cookie not in f"{row.session_key}{row.session_data}"
    assert row.session_key == hashed(cookie)
    thief = visitor("staff")
    thief.cookies["waymark_session"] = row.session_key
    assert thief.get("/").status_code == 302


def test_ending_somebody_s_sessions_works_at_the_next_request(steward: SiteClient, staff_of: Any) -> None:
    other = SiteClient("staff")
    other.force_login(steward.user)
    bystander = staff_of()
    assert end_sessions(user=steward.user, by="an officer") == 2
    assert {steward.get("/").status_code, other.get("/").status_code} == {302}
    assert bystander.get("/").status_code == 200
    with pytest.raises(ValueError, match="Say who"):
        end_sessions(user=steward.user, by="")


def test_a_session_that_was_ended_is_not_written_back(steward: SiteClient) -> None:
    store = SessionStore(steward.cookies["waymark_session"].value)
    assert "proof" in store
    end_sessions(user=steward.user, by="an officer")
    store["late"] = True
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.filter(user=steward.user).exists()


def test_one_sees_one_s_own_sessions_and_ends_one(steward: SiteClient, second_steward: SiteClient) -> None:
    phone = SiteClient("staff")
    phone.force_login(steward.user)
    page = steward.get("/my/sessions/").content.decode()
    assert page.count('class="row"') == 2
    assert "This one" in page
    assert "127.0.0.1" not in page
    mine = proof.proof_of(phone.session)
    foreign = proof.proof_of(second_steward.session)
    assert mine is not None
    assert foreign is not None
    assert steward.send(f"/my/sessions/{foreign.session}/end/", page="/my/sessions/").status_code == 404
    assert second_steward.get("/").status_code == 200
    assert steward.send(f"/my/sessions/{mine.session}/end/", page="/my/sessions/").status_code == 302
    assert phone.get("/").status_code == 302
    assert steward.get("/").status_code == 200
    with acting_for(steward.user.acting.agency_id, steward.user.pk):  # type: ignore[union-attr]
        assert Event.objects.filter(verb="session.ended", object_id=mine.session).count() == 1


def test_one_ends_all_others_at_once(steward: SiteClient) -> None:
    others = [SiteClient("staff") for _ in range(2)]
    for other in others:
        other.force_login(steward.user)
    assert steward.send("/my/sessions/others/end/", page="/my/sessions/").status_code == 302
    assert [other.get("/").status_code for other in others] == [302, 302]
    assert steward.get("/").status_code == 200


def test_one_factor_begins_no_session(rf: Any, steward: SiteClient) -> None:
    request = rf.get("/")
    request.session = SessionStore()
    for few in ((), ("password",), ("password", "password"), ("app",)):
        with pytest.raises(ValueError, match="One factor"):
            begin_session(request=request, user=steward.user, factors=few)


@pytest.mark.parametrize(
    ("agent", "word"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140", "Windows computer"),
        ("Mozilla/5.0 (Linux; Android 15; Invented 9)", "Android device"),
        ("Mozilla/5.0 (iPad; CPU OS 19 like Mac OS X) Macintosh", "iPad"),
        ("<script>", "Another device"),
        ("", "Another device"),
    ],
)
def test_a_device_is_one_coarse_word(agent: str, word: str) -> None:
    assert device_word(agent) == word


def test_a_sensitive_page_asks_for_a_fresh_proof_and_goes_on_with_what_was_typed(staff_of: Any) -> None:
    officer = staff_of("officer")
    colleague = staff_of("member", agency=officer.user.acting.agency)
    membership = colleague.user.acting
    app = give_app(officer.user)
    typed = {"member": str(membership.pk), "how_proved": "Called back <555-0100>", "password": "never carried"}
    page = officer.get("/agency/lost-factors/new/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    with later(minutes=11):
        asked = officer.post("/agency/lost-factors/new/", {"csrfmiddlewaretoken": token, **typed})
        text = asked.content.decode()
        assert asked.status_code == 401
        assert "Is it you?" in text
        assert 'value="Called back &lt;555-0100&gt;"' in text
        assert "never carried" not in text
        again = {"csrfmiddlewaretoken": token, **typed, "step_up-method": "POST", "step_up-code": "000000"}
        wrong = officer.post("/agency/lost-factors/new/", again)
        assert wrong.status_code == 401
        assert 'value="Called back &lt;555-0100&gt;"' in wrong.content.decode()
        before = officer.cookies["waymark_session"].value
        right = officer.post("/agency/lost-factors/new/", {**again, "step_up-code": app.code()})
        assert right["Location"] == "/agency/lost-factors/"
        assert officer.cookies["waymark_session"].value != before
        assert "Called back" in officer.get("/agency/lost-factors/").content.decode()
        # For the next minutes nothing is asked again.
        assert officer.get("/agency/lost-factors/new/").status_code == 200


def test_a_fresh_proof_for_a_page_that_is_only_read_leads_back_to_it(steward: SiteClient) -> None:
    app = give_app(steward.user)
    with later(minutes=11):
        assert steward.get("/my/sign-in/add/").status_code == 401
        done = steward.send("/my/sign-in/add/", {"step_up-method": "GET", "step_up-code": app.code()})
        assert (done.status_code, done["Location"]) == (302, "/my/sign-in/add/")
        assert steward.get("/my/sign-in/add/").status_code == 200


def test_sessions_are_shown_page_by_page(steward: SiteClient) -> None:
    now = timezone.now()
    Session.objects.bulk_create(
        Session(
            session_key=f"{number:032d}",
            session_data="",
            expire_date=now + dt.timedelta(hours=1),
            user=steward.user,
            began_at=now,
            seen_at=now - dt.timedelta(minutes=1),
            device="Mac",
        )
        for number in range(30)
    )
    first, second = (steward.get(f"/my/sessions/?page={page}").content.decode() for page in (1, 2))
    assert "Page 1 of 2" in first
    assert "This one" in first
    assert second.count("End this session") == 6
