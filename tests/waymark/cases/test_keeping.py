"""How long cases are kept, what holds them, and how one is destroyed: by two people, as a whole, with a tombstone."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.people import a_case, a_person, a_request_to_destroy, agreed_to_destroy, opened_case
from tests.factories.vault import Person as Member
from tests.plugins.staff import SiteClient
from tests.waymark.cases.desks import Desk, desk_of_colleague
from tests.waymark.cases.test_rules import put_into, refused

from waymark.audit.models import Event
from waymark.cases.actions.moves import move_case
from waymark.cases.models import Case, CaseMove, DestructionRequest, State
from waymark.cases.policies import kept_until, years_after
from waymark.cases.selectors.keeping import kept_long_enough, last_closing_day
from waymark.notices.models import Notice
from waymark.people.models import LookUpValue, Person
from waymark.people.policies import Refused
from waymark.vault.models import RecordHold, RecordKey, WrappedKey

pytestmark = pytest.mark.django_db
WAY = (("begin_closing", "Done."), ("close", "Done."), ("archive", ""))


def put_away(member: Member, case: Case) -> None:
    with member.acting():
        for move, reason in WAY:
            move_case(vault=member.vault(), case=case, move=move, reason=reason, by=member.user)


def officer_at(desk: Desk) -> SiteClient:
    """The founder of the desk's agency, at a browser, freshly proved."""
    client = SiteClient("staff")
    client.user = desk.founder.user
    client.force_login(desk.founder.user)
    return client


def text_of(client: SiteClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def asked(desk: Desk, case: Case, **answers: object) -> DestructionRequest:
    done = desk.client.send(f"/cases/{case.pk}/keeping/destroy/", {"reason": "asked", **answers})
    assert done.status_code == 302, done.content
    with desk.person.acting():
        return DestructionRequest.objects.get(case=case, state="waiting")


def test_a_case_is_destroyed_by_two_people_and_leaves_a_tombstone(desk: Desk) -> None:
    case = opened_case(desk.person, name="Rosa Invented", asked_for="A bed tonight.")
    early = desk.client.send(f"/cases/{case.pk}/keeping/destroy/", {"reason": "asked"})
    assert "was put away is destroyed" in early.content.decode()
    put_away(desk.person, case)
    request = asked(desk, case, with_person="on")
    assert "Rosa" in desk.get(f"/cases/{case.pk}/")
    officer = officer_at(desk)
    with desk.founder.acting():
        assert Notice.objects.filter(to=desk.founder.user.acting, kind="destruction.asked").count() == 1
    page = text_of(officer, "/cases/keeping/")
    assert case.code in page
    assert "Rosa" not in page
    here = f"/cases/keeping/requests/{request.pk}/"
    wrong = officer.send(here, {"code": "nonsense"})
    assert "This is not the code of the case" in wrong.content.decode()
    done = officer.send(here, {"code": case.code.upper()})
    assert done.status_code == 302, done.content
    with desk.person.acting():
        case.refresh_from_db()
        assert case.state == State.SHREDDED
        assert not WrappedKey.objects.filter(record_key__record__in=[case.pk, case.person_id]).exists()
        assert not LookUpValue.objects.filter(person=case.person_id).exists()
        assert RecordKey.objects.filter(shredded_at__isnull=False).count() == 2
        assert CaseMove.objects.get(case=case, move="shred").by_id == desk.founder.user.pk
        assert Event.objects.filter(verb="case.destroyed", object_id=str(case.pk)).count() == 1
    after = desk.get(f"/cases/{case.pk}/")
    assert "This case was destroyed. Nothing opens it." in after
    assert "Rosa" not in after
    certificate = desk.get(f"/cases/{case.pk}/keeping/")
    assert "Certificate of destruction" in certificate
    assert "Rosa" not in desk.client.send("/people/", {"q": "Rosa"}).content.decode().replace('value="Rosa"', "")


def test_who_asks_does_not_decide_in_the_program_and_in_the_database() -> None:
    agency, user = agency_with_member()
    with acting(user):
        case = a_case(agency, user)
        put_into(case, State.ARCHIVED)
        row = a_request_to_destroy(case, user)
        refused(
            lambda: DestructionRequest.objects.filter(pk=row.pk).update(
                state="done", decided_by=user, decided_at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
            ),
            "nobody_decides",
        )
        refused(lambda: CaseMove.objects.create(agency=agency, case=case, move="shred"), "takes two people")


def test_the_key_of_a_living_case_cannot_be_deleted_by_any_program(desk: Desk) -> None:
    case = opened_case(desk.person)
    gone = {"shredded_at": dt.datetime(2026, 11, 22, tzinfo=dt.UTC), "shredded_by": desk.user, "gone_on": "2026-12-24"}
    with desk.person.acting():
        for record in (case.pk, case.person_id):
            refused(lambda record=record: RecordKey.objects.filter(record=record).update(**gone), "keeps its key")  # type: ignore[misc]


def test_a_hold_beats_every_request_until_an_officer_lifts_it(desk: Desk) -> None:
    case = opened_case(desk.person)
    put_away(desk.person, case)
    request = asked(desk, case)
    assert desk.client.send(f"/cases/{case.pk}/keeping/hold/", {"reason": "process"}).status_code == 302
    assert desk.client.send(f"/cases/{case.pk}/keeping/hold/", {"reason": "process"}).status_code == 302
    officer = officer_at(desk)
    stopped = officer.send(f"/cases/keeping/requests/{request.pk}/", {"code": case.code})
    assert "A legal hold stands on this case" in stopped.content.decode()
    with desk.person.acting():
        hold = RecordHold.objects.get()
        refused(lambda: RecordHold.objects.filter(pk=hold.pk).update(why="audit"), "stays as it is")
        refused(lambda: RecordHold.objects.filter(pk=hold.pk).delete(), "stays as it is")
    assert desk.client.get(f"/cases/keeping/holds/{hold.pk}/lift/").status_code == 403
    assert case.code in text_of(officer, f"/cases/keeping/holds/{hold.pk}/lift/")
    assert officer.send(f"/cases/keeping/holds/{hold.pk}/lift/", {}).status_code == 302
    assert officer.send(f"/cases/keeping/requests/{request.pk}/", {"code": case.code}).status_code == 302
    with desk.person.acting():
        assert not RecordKey.objects.filter(record=case.person_id, shredded_at__isnull=False).exists(), "not asked for"


def test_a_hold_on_the_person_holds_the_case_too() -> None:
    agency, user = agency_with_member()
    with acting(user):
        case = a_case(agency, user)
        put_into(case, State.ARCHIVED)
        key = RecordKey.objects.create(agency=agency, kind="person", record=case.person_id)
        RecordHold.objects.create(agency=agency, record_key=key, why="claim", placed_by=user)
    agreed_to_destroy(case)
    with acting(user):
        refused(lambda: CaseMove.objects.create(agency=agency, case=case, move="shred"), "no legal hold")


def test_a_person_stays_while_one_of_their_cases_is_kept(desk: Desk) -> None:
    case = opened_case(desk.person, name="Rosa Invented")
    put_away(desk.person, case)
    with desk.person.acting():
        a_case(desk.agency, desk.user, case.person)
    request = asked(desk, case, with_person="on")
    assert officer_at(desk).send(f"/cases/keeping/requests/{request.pk}/", {"code": case.code}).status_code == 302
    with desk.person.acting():
        assert RecordKey.objects.filter(record=case.person_id, shredded_at__isnull=True).exists()
        assert LookUpValue.objects.filter(person=case.person_id).exists()


def test_a_request_is_taken_back_or_refused_and_the_case_stays(desk: Desk) -> None:
    case = opened_case(desk.person)
    put_away(desk.person, case)
    asked(desk, case)
    colleague = desk_of_colleague(desk)
    assert colleague.client.send(f"/cases/{case.pk}/keeping/take-back/", {}).status_code == 302
    again = asked(desk, case)
    assert officer_at(desk).send(f"/cases/keeping/requests/{again.pk}/keep/", {}).status_code == 302
    gone = officer_at(desk).get(f"/cases/keeping/requests/{again.pk}/")
    assert gone.status_code == 404
    with desk.person.acting():
        assert Notice.objects.filter(to=desk.user.acting, kind="destruction.decided").count() == 1
        assert WrappedKey.objects.filter(record_key__record=case.pk).exists()
        states = set(DestructionRequest.objects.filter(case=case).values_list("state", flat=True))
    assert states == {"withdrawn", "refused"}


def test_an_officer_on_the_deny_list_decides_nothing_about_the_person(desk: Desk) -> None:
    from tests.factories.people import a_denial

    case = opened_case(desk.person)
    put_away(desk.person, case)
    request = asked(desk, case)
    with desk.person.acting():
        a_denial(case.person, desk.founder.user, desk.user)
    officer = officer_at(desk)
    assert case.code not in text_of(officer, "/cases/keeping/")
    assert officer.get(f"/cases/keeping/requests/{request.pk}/").status_code == 404


def test_nothing_is_kept_long_enough_before_the_agency_says_how_long(desk: Desk) -> None:
    with time_machine.travel("2019-03-01 12:00 -08:00", tick=False):
        case = opened_case(desk.person)
        put_away(desk.person, case)
    answer = desk.client.send(f"/cases/{case.pk}/keeping/destroy/", {"reason": "kept"})
    assert "not kept long enough" in answer.content.decode()
    with desk.founder.acting():
        assert not kept_long_enough(desk.founder.user, on=dt.date(2099, 1, 1)).exists()
    officer = officer_at(desk)
    missing = officer.send("/cases/keeping/rule/", {"years": "3", "source": ""})
    assert missing.status_code == 422
    assert officer.send("/cases/keeping/rule/", {"years": "3", "source": "2 CFR 200.334"}).status_code == 302
    assert "2 CFR 200.334" in desk.get(f"/cases/{case.pk}/keeping/")
    with desk.founder.acting():
        move = CaseMove.objects.get(case=case, move="close")
        assert move.at is not None
        closed = move.at.date()
        due = years_after(closed, 3)
        assert not kept_long_enough(desk.founder.user, on=due - dt.timedelta(days=2)).exists()
        assert kept_long_enough(desk.founder.user, on=due + dt.timedelta(days=1)).get() == case


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.integers(1, 100), st.integers(-3, 3))
def test_the_list_and_the_single_case_agree_on_the_last_day(closed: dt.date, years: int, off: int) -> None:
    until = kept_until(closed, years)
    assert until is not None
    day = until + dt.timedelta(days=off)
    assert (closed <= last_closing_day(years, day)) == (until <= day)


def test_a_rule_is_never_changed_and_never_without_its_source(desk: Desk) -> None:
    from waymark.cases.models import RetentionRule

    with desk.founder.acting():
        for fields in ({"years": 0, "source": "law"}, {"years": 3, "source": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                RetentionRule.objects.create(agency=desk.agency, set_by=desk.founder.user, **fields)
        row = RetentionRule.objects.create(agency=desk.agency, set_by=desk.founder.user, years=7, source="Our board")
        refused(lambda: RetentionRule.objects.filter(pk=row.pk).update(years=1), "stays")


def test_a_worker_cannot_destroy_by_a_move(desk: Desk) -> None:
    case = opened_case(desk.person)
    put_away(desk.person, case)
    with desk.person.acting(), pytest.raises(Refused, match="alone"):
        move_case(vault=desk.person.vault(), case=case, move="shred", reason="", by=desk.user)
    assert "/move/shred/" not in desk.get(f"/cases/{case.pk}/")


def test_a_person_of_another_agency_is_not_destroyed_along(desk: Desk) -> None:
    other_agency, other = agency_with_member()
    with acting(other):
        stays = a_person(other_agency, other)
    case = opened_case(desk.person)
    put_away(desk.person, case)
    request = asked(desk, case, with_person="on")
    assert officer_at(desk).send(f"/cases/keeping/requests/{request.pk}/", {"code": case.code}).status_code == 302
    with acting(other):
        assert Person.objects.filter(pk=stays.pk).exists()
