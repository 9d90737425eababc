"""Sharing on a case's page: what is shared, what went to whom, what was asked of others, and stopping it there."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.consent import sent_package, signed_release
from tests.factories.referrals import asked
from tests.waymark.cases.conftest import cheap
from tests.waymark.consent.conftest import Two, two

from waymark.care.actions.plan import add_need, set_goal
from waymark.cases.actions.notes import add_to_note, write_note
from waymark.cases.models import Case
from waymark.consent.models import Release
from waymark.people.actions.relations import relate

__all__ = ["cheap", "two"]
MOST_QUESTIONS = 25


def of(two: Two) -> Case:
    with two.here.person.acting():
        return Case.objects.select_related("person").get(person=two.person)


def busy(two: Two) -> str:
    """A case with a child, a plan of both, notes, three releases with packages, questions and a referral; its address."""
    member, case = two.here.person, of(two)
    with member.acting():
        vault, by = member.vault(), member.user
        child = relate(
            vault=vault, person=case.person, other=None, newcomer={"name": "Tadpole Invented", "age_band": "0-12"},
            values={"kind": "child", "lives_with": True}, may_sign=False, is_alleged_abuser=False, by=by,
        ).other  # fmt: skip
        for person in (case.person, child):
            for number in range(3):
                need = add_need(
                    vault=vault, person=person, case=case.pk, domain="housing", text=f"Need {number}", due_on=None,
                    on=case.opened_on, by=by,
                )  # fmt: skip
                set_goal(vault=vault, need=need, text="A goal", due_on=None, pair=None, by=by)
        for _ in range(3):
            sent_package(member, signed_release(member, case.person, two.there.agency))
            note = write_note(vault=vault, case=case, kind="progress", happened_on=case.opened_on, text="A note", by=by)
            add_to_note(vault=vault, case=case, note=note, text="And more", by=by)
        asked(by, two.there.agency, case=case)
        asked(by, two.there.agency, "question", case=case)
    return f"/cases/{case.pk}/"


def test_a_case_asks_few_questions_however_much_stands_on_it(two: Two) -> None:
    here = busy(two)
    with CaptureQueriesContext(connection) as work:
        page = two.here.get(here)
    # The test's own transaction is around the page's: a savepoint and the end of the context are its.
    questions = [query["sql"][:120] for query in work if "SAVEPOINT" not in query["sql"] and "'', true" not in query["sql"]]
    assert page.count("Package of") == 3
    assert page.count("And more") == 3
    assert len(questions) <= MOST_QUESTIONS, "\n".join(questions)


def test_a_case_says_what_is_shared_and_stops_it(two: Two) -> None:
    member = two.here.person
    with member.acting():
        release = signed_release(member, two.person, two.there.agency)
        sent_package(member, release)
    here = f"/cases/{of(two).pk}/"
    page = two.here.get(here)
    assert release.code in page
    assert "Until " in page
    assert f"/obligations/people/{two.person.pk}/seen/" in page
    # What stopping means stands before the button, in the language of the person.
    assert page.index("No lo han abierto") < page.index("Dejar de compartir ahora")
    assert two.here.client.send(f"/sharing/{release.pk}/stop/", {}, page=here).status_code == 302
    page = two.here.get(here)
    assert "Stopped" in page
    assert "Dejar de compartir ahora" not in page


def test_sharing_is_stopped_from_a_case_whose_vault_is_locked(two: Two) -> None:
    member = two.here.person
    with member.acting():
        release = signed_release(member, two.person, two.there.agency)
    here = f"/cases/{of(two).pk}/"
    two.here.client.send("/vault/lock/", {}, page=here)
    page = two.here.get(here)
    assert "Marisol" not in page
    assert "Stop sharing now" in page
    assert two.here.client.send(f"/sharing/{release.pk}/stop/", {}, page=here).status_code == 302
    with member.acting():
        release.refresh_from_db()
    assert release.state == Release.State.REVOKED
