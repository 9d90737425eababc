"""Letting somebody in: by a letter or by hand, once, in time, at one address; and one answer for everything else."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings as SettingsWrapper
from tests.factories.accounts import AgencyFactory, MembershipFactory, UserFactory, an_invitation, the_office
from tests.plugins.staff import SiteClient, prove

from waymark.access.permissions import Role
from waymark.access.proof import PROOF
from waymark.accounts.actions import invitations as actions
from waymark.accounts.formats.invitation_letter import digest_of, letter, new_code
from waymark.accounts.models import Invitation, Membership, User
from waymark.accounts.policies import Refused
from waymark.audit.models import Event
from waymark.audit.selectors.chains import reading

PASSWORD = "willow lantern pebble orchard"
CODE = re.compile(r'<p class="code"[^>]*>([a-z2-7-]+)</p>')
Staff = Callable[..., SiteClient]


@pytest.fixture(autouse=True)
def _installation(db: None) -> None:
    """The installation has its coordinator; before that, every address leads to the first-run page."""
    UserFactory(role=Role.COORDINATOR.value)


@pytest.fixture
def officer(staff_of: Staff) -> SiteClient:
    return staff_of(Role.OFFICER.value, agency=AgencyFactory(kind="victim_services", name="Invented Shelter"))


@pytest.fixture
def post(settings: SettingsWrapper) -> Iterator[list[Any]]:
    settings.MAIL_SERVER = "mail.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def _invite(officer: SiteClient, email: str = "new@example.org", **more: str) -> tuple[Invitation, str]:
    answer = officer.send("/members/invite/", {"email": email, "role": "advocate", "delivery": "hand", **more})
    assert answer.status_code == 200, answer.content.decode()[:2000]
    found = CODE.search(answer.content.decode())
    assert found is not None
    return Invitation.objects.get(email=email.lower(), state="open"), found[1]


def _opened(visitor: Callable[[str], SiteClient], code: str, email: str) -> SiteClient:
    guest = visitor("staff")
    answer = guest.send("/invitation/", {"code": code, "email": email})
    assert answer.status_code == 302
    assert answer["Location"] == "/invitation/answer/"
    return guest


def test_a_code_handed_over_makes_a_member(officer: SiteClient, visitor: Callable[[str], SiteClient]) -> None:
    invitation, code = _invite(officer, "New.Person@Example.org")
    guest = _opened(visitor, f"  {code.upper().replace('-', ' ')} ", "new.person@example.ORG")
    page = guest.get("/invitation/answer/").content.decode()
    assert "Invented Shelter invites you" in page
    assert "opens what that agency" in page, "the role is told in its sentence"
    answer = guest.send("/invitation/answer/", {"display_name": " Nia  Invented ", "password": PASSWORD})
    assert answer["Location"] == "/sign-in/second-step/", "the second factor comes before anything else"
    place = Membership.objects.get(user__email="new.person@example.org")
    assert (place.agency, place.role, place.state) == (invitation.agency, "advocate", "active")
    assert place.user.display_name == "Nia Invented"
    assert place.user.check_password(PASSWORD)
    assert guest.get("/").status_code == 302, "one factor opens nothing"
    with reading(invitation.agency_id):
        told = list(Event.objects.filter(verb__startswith="invitation").order_by("id"))
    assert [each.verb for each in told] == ["invitation.made", "invitation.accepted"]
    assert told[1].actor == str(place.user_id)


def test_the_letter_is_neutral_and_the_code_reaches_neither_the_officer_nor_the_server(
    officer: SiteClient, post: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    data = {"email": "new@example.org", "role": "advocate", "delivery": "mail"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = officer.send("/members/invite/", data)
    invitation = Invitation.objects.get()
    assert answer["Location"] == f"/invitations/{invitation.pk}/"
    sent = post[0]
    text = f"{sent.subject} {sent.body}".lower()
    for word in ("shelter", "invented", "advocate", "victim", "survivor", "traffick", "police", "waymark", "agency"):
        assert word not in text
    code = re.search(r"[a-z2-7]{4}(-[a-z2-7]{4}){5}", sent.body)
    assert code is not None
    assert digest_of(code[0]) == invitation.code_digest
    assert code[0] not in officer.get(answer["Location"]).content.decode()
    link = re.search(r"http://\S+", sent.body)
    assert link is not None
    address, _, fragment = link[0].partition("#")
    assert fragment == code[0], "behind the #, which a browser never sends"
    assert address == "http://staff.localhost/invitation/"
    assert invitation.mail_state == "sent"


def test_a_letter_that_cannot_be_sent_is_told_and_a_new_code_helps(
    officer: SiteClient, settings: SettingsWrapper, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MAIL_SERVER = settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT, settings.EMAIL_BACKEND = 9, "django.core.mail.backends.smtp.EmailBackend"
    with django_capture_on_commit_callbacks(execute=True):
        officer.send("/members/invite/", {"email": "new@example.org", "role": "advocate", "delivery": "mail"})
    invitation = Invitation.objects.get()
    assert invitation.mail_state == "failed"
    assert "could not be sent" in officer.get(f"/invitations/{invitation.pk}/").content.decode()
    answer = officer.send(f"/invitations/{invitation.pk}/code/", {"delivery": "hand"})
    assert CODE.search(answer.content.decode())


def test_without_a_mail_server_the_code_is_handed_over(officer: SiteClient) -> None:
    page = officer.get("/members/invite/").content.decode()
    assert 'value="hand"' in page
    assert 'value="mail"' not in page
    answer = officer.send("/members/invite/", {"email": "new@example.org", "role": "member", "delivery": "mail"})
    assert answer.status_code == 422


def test_no_table_holds_the_code(officer: SiteClient, owner: Any) -> None:
    _, code = _invite(officer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE %s', [f"%{code[:9]}%"])
            assert cursor.fetchone()[0] == 0, table


def _answer_to(client: SiteClient, code: str, email: str) -> tuple[int, str, int, dict[str, str]]:
    client.get("/invitation/")
    token = client.cookies["csrftoken"].value
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.post("/invitation/", {"code": code, "email": email, "csrfmiddlewaretoken": token})
    text = answer.content.decode().replace(code, "CODE").replace(email, "EMAIL")
    text = re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", text)
    return answer.status_code, text, len(queries), {k: v for k, v in answer.headers.items() if k != "Content-Length"}


def test_unknown_used_ended_expired_and_foreign_codes_answer_alike(
    officer: SiteClient, visitor: Callable[[str], SiteClient]
) -> None:
    by = officer.user
    past = timezone.now() - dt.timedelta(days=8)
    now = timezone.now()
    open_one, good = an_invitation(by, email="right@example.org")
    cases = {"mistyped": (new_code(), "right@example.org"), "another address": (good, "wrong@example.org")}
    _, code = an_invitation(by, email="late@example.org", invited_at=past, expires_at=past + dt.timedelta(days=7))
    cases["expired"] = (code, "late@example.org")
    for state in ("declined", "withdrawn"):
        made, code = an_invitation(by, email=f"{state}@example.org")
        Invitation.objects.filter(pk=made.pk).update(state=state, answered_at=now)
        cases[state] = (code, made.email)
    made, code = an_invitation(by, email="used@example.org")
    guest = UserFactory(role=None, email="used@example.org")
    actions.accept_invitation(invitation=made, by=guest)
    cases["used"] = (code, "used@example.org")
    cases["has an account, no invitation"] = (new_code(), by.email)
    answers = {name: _answer_to(visitor("staff"), *case) for name, case in cases.items()}
    first = answers["mistyped"]
    assert first[0] == 422
    assert {name: answer for name, answer in answers.items() if answer != first} == {}
    assert open_one.email not in first[1]


def test_a_used_code_opens_nothing_again(officer: SiteClient, visitor: Callable[[str], SiteClient]) -> None:
    _, code = _invite(officer)
    one, other = (_opened(visitor, code, "new@example.org") for _ in range(2))
    assert one.send("/invitation/answer/", {"display_name": "One", "password": PASSWORD}).status_code == 302
    answer = other.post(
        "/invitation/answer/", {"display_name": "Two", "password": PASSWORD, "csrfmiddlewaretoken": "x" * 32}
    )
    assert answer.status_code == 403
    assert other.get("/invitation/answer/")["Location"] == "/invitation/"
    assert Membership.objects.filter(user__email="new@example.org").count() == 1
    assert _answer_to(visitor("staff"), code, "new@example.org")[0] == 422


def test_a_new_code_ends_the_old_one_also_where_it_is_open(
    officer: SiteClient, visitor: Callable[[str], SiteClient]
) -> None:
    invitation, old = _invite(officer)
    guest = _opened(visitor, old, "new@example.org")
    new = CODE.search(officer.send(f"/invitations/{invitation.pk}/code/", {"delivery": "hand"}).content.decode())
    assert new is not None
    assert new[1] != old
    assert guest.get("/invitation/answer/")["Location"] == "/invitation/"
    assert _answer_to(visitor("staff"), old, "new@example.org")[0] == 422
    _opened(visitor, new[1], "new@example.org")


def test_the_boundary_of_time(officer: SiteClient, visitor: Callable[[str], SiteClient]) -> None:
    invitation, code = _invite(officer)
    end = Invitation.objects.get(pk=invitation.pk).expires_at
    assert end - invitation.invited_at == dt.timedelta(days=7)
    with time_machine.travel(end - dt.timedelta(seconds=2), tick=False):
        guest = _opened(visitor, code, "new@example.org")
    with time_machine.travel(end, tick=False):
        assert _answer_to(visitor("staff"), code, "new@example.org")[0] == 422
        assert guest.get("/invitation/answer/").status_code == 302
        with pytest.raises(Refused):
            actions.accept_with_new_account(invitation=invitation, display_name="Late", password=PASSWORD)


def test_who_has_an_account_signs_in_and_accepts_with_it(officer: SiteClient, staff_of: Staff) -> None:
    known = staff_of(Role.MEMBER.value, agency=AgencyFactory(kind="health"), email="known@example.org")
    _, code = _invite(officer, "known@example.org")
    assert known.send("/invitation/", {"code": code, "email": "known@example.org"}).status_code == 302
    assert "Make your account" not in known.get("/invitation/answer/").content.decode()
    assert known.send("/invitation/answer/")["Location"] == "/acting/"
    assert {place.role for place in known.user.memberships.all()} == {"member", "advocate"}
    assert known.user.memberships.count() == 2
    # Nothing is done for the new agency before the person says so.
    assert "Acting for <strong>Agency" in known.get("/your-place/").content.decode()


def test_a_code_is_worth_nothing_in_another_account(officer: SiteClient, staff_of: Staff) -> None:
    _, code = _invite(officer, "new@example.org")
    thief = staff_of(Role.MEMBER.value, agency=AgencyFactory())
    thief.send("/invitation/", {"code": code, "email": "new@example.org"})
    assert "Sign out first" in thief.get("/invitation/answer/").content.decode()
    assert thief.send("/invitation/answer/", {"display_name": "x", "password": PASSWORD}).status_code == 422
    assert thief.user.memberships.count() == 1
    invitation = Invitation.objects.get()
    with pytest.raises(Refused):
        actions.accept_invitation(invitation=invitation, by=thief.user)


def test_the_holder_of_a_code_cannot_take_over_an_account_that_exists(
    officer: SiteClient, visitor: Callable[[str], SiteClient]
) -> None:
    known = UserFactory(role=None, email="known@example.org", password=PASSWORD)
    _, code = _invite(officer, "known@example.org")
    guest = _opened(visitor, code, "known@example.org")
    answer = guest.send("/invitation/answer/", {"display_name": "Thief", "password": "another long enough one"})
    assert answer.status_code == 422
    known.refresh_from_db()
    assert known.check_password(PASSWORD)
    assert known.memberships.count() == 0


def test_who_stands_on_the_other_side_of_the_wall_is_told_and_stays_out(officer: SiteClient, staff_of: Staff) -> None:
    sergeant = staff_of(Role.MEMBER.value, agency=AgencyFactory(kind="law_enforcement"), email="sergeant@example.org")
    _, code = _invite(officer, "sergeant@example.org")
    sergeant.send("/invitation/", {"code": code, "email": "sergeant@example.org"})
    answer = sergeant.send("/invitation/answer/")
    assert answer.status_code == 422
    assert "justice wall" in answer.content.decode()
    assert sergeant.user.memberships.count() == 1
    assert Invitation.objects.get().state == "open"


def test_declining_takes_no_reason_and_ends_the_code(officer: SiteClient, visitor: Callable[[str], SiteClient]) -> None:
    invitation, code = _invite(officer)
    guest = _opened(visitor, code, "new@example.org")
    answer = guest.send("/invitation/decline/", page="/invitation/answer/")
    assert answer.status_code == 200
    invitation.refresh_from_db()
    assert invitation.state == "declined"
    assert _answer_to(visitor("staff"), code, "new@example.org")[0] == 422
    with reading(invitation.agency_id):
        assert Event.objects.filter(verb="invitation.declined").count() == 1
    assert not User.objects.filter(email="new@example.org").exists()


def test_taking_back_ends_the_code(officer: SiteClient, visitor: Callable[[str], SiteClient]) -> None:
    invitation, code = _invite(officer)
    officer.send(f"/invitations/{invitation.pk}/withdraw/")
    assert _answer_to(visitor("staff"), code, "new@example.org")[0] == 422
    assert officer.get(f"/invitations/{invitation.pk}/withdraw/").status_code == 404
    _invite(officer)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"email": "no address", "role": "member"}, "valid email"),
        ({"email": "new@example.org", "role": "administrator"}, "that are here now"),
        ({"email": "new@example.org", "role": "coordinator"}, "that are here now"),
        ({"email": "new@example.org", "role": "member", "last_day": "2020-01-01"}, "This day has passed"),
    ],
)
def test_a_slip_in_the_form_loses_nothing(officer: SiteClient, data: dict[str, str], words: str) -> None:
    answer = officer.send("/members/invite/", {"delivery": "hand", **data})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert f'value="{data["email"]}"' in page
    assert not Invitation.objects.exists()


def test_inviting_twice_or_a_member_is_refused_in_words(officer: SiteClient) -> None:
    _invite(officer)
    again = officer.send("/members/invite/", {"email": "NEW@example.org", "role": "member", "delivery": "hand"})
    assert "open already" in again.content.decode()
    colleague = MembershipFactory(agency=officer.user.acting.agency)  # type: ignore[union-attr]
    data = {"email": colleague.user.email, "role": "member", "delivery": "hand"}
    assert "a member of your agency already" in officer.send("/members/invite/", data).content.decode()


def test_the_last_day_of_an_invitation_becomes_the_last_day_of_the_membership(officer: SiteClient) -> None:
    day = timezone.localdate() + dt.timedelta(days=30)
    invitation, _ = _invite(officer, last_day=day.isoformat())
    user = actions.accept_with_new_account(invitation=invitation, display_name="Intern", password=PASSWORD)
    assert user.memberships.get().ends_on == day


def test_guessing_codes_is_slowed_with_the_same_words(officer: SiteClient, visitor: Callable[[str], SiteClient]) -> None:
    _, code = _invite(officer)
    guesser = visitor("staff")
    answers = {_answer_to(guesser, new_code(), "new@example.org")[1] for _ in range(11)}
    assert len(answers) == 1
    assert _answer_to(guesser, code, "new@example.org")[1] in answers, "even the right one, for a while"
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16), tick=True):
        _opened(visitor, code, "new@example.org")


def test_codes_are_random_and_read_the_same_however_they_are_typed() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){5}", code) for code in codes)
    assert digest_of("abcd-efgh-lo") == digest_of(" ABCD EFGH 10")
    assert "{" not in letter(page_url="http://staff.example/", code="abcd", expires_at=timezone.now())


def test_prove_is_needed_to_count_as_signed_in(officer: SiteClient, visitor: Callable[[str], SiteClient]) -> None:
    """A session with one factor is a stranger's on the invitation page."""
    known = UserFactory(role=Role.MEMBER.value, agency=the_office(), email="half@example.org")
    _, code = _invite(officer, "half@example.org")
    half = visitor("staff")
    half.force_login(known)
    session = half.session
    session.pop(PROOF, None)
    session.save()
    half.send("/invitation/", {"code": code, "email": "half@example.org"})
    assert half.send("/invitation/answer/", {"display_name": "x", "password": PASSWORD}).status_code == 422
    assert known.memberships.count() == 1
    prove(half)
    assert half.send("/invitation/answer/").status_code == 302
    assert known.memberships.count() == 2
