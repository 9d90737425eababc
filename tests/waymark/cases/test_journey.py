"""The whole way on the screens: look somebody up, open a case, tell where privilege ends, write, move on, lock."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.people import opened_case
from tests.waymark.cases.desks import Desk, desk_of_colleague

from waymark.accounts.models import User
from waymark.audit.models import Event
from waymark.cases.models import Case, Note
from waymark.people.models import Person

pytestmark = pytest.mark.django_db


def intake(desk: Desk, **answers: Any) -> Any:
    page = re.search(r'name="page" value="([^"]+)"', desk.client.get("/cases/new/").content.decode())
    assert page is not None
    return desk.client.send("/cases/new/", {"page": page[1], "could_talk": "yes", **answers})


def test_a_case_is_opened_without_a_name_and_found_by_nothing_but_its_code(desk: Desk) -> None:
    done = intake(desk)
    assert done.status_code == 302, done.content
    page = desk.get(done["Location"])
    assert "No name given" in page
    assert "Inquiry" in page
    with desk.person.acting():
        case = Case.objects.get()
        assert case.due_on is not None
        assert Event.objects.filter(verb="case.opened").count() == 1
    assert case.code in desk.get("/cases/")


def test_the_first_question_is_whether_they_can_talk_and_nothing_typed_is_lost(desk: Desk) -> None:
    answer = desk.client.send("/cases/new/", {"name": "Rosa Invented", "channel": "call", "value": "916-555-0142"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.index("Can you talk freely now?") < page.index("What should we call them?")
    assert 'value="Rosa Invented"' in page
    assert 'value="916-555-0142"' in page
    assert "Say on which days it is safe" in page


def test_a_form_sent_twice_is_one_case(desk: Desk) -> None:
    page = re.search(r'name="page" value="([^"]+)"', desk.client.get("/cases/new/").content.decode())
    assert page is not None
    told = {"page": page[1], "could_talk": "no", "name": "Rosa Invented"}
    first, second = (desk.client.send("/cases/new/", told) for _ in range(2))
    assert first["Location"] == second["Location"]
    with desk.person.acting():
        assert Case.objects.count() == Person.objects.count() == 1


def test_privileged_talk_is_written_only_after_its_limits_were_told(desk: Desk) -> None:
    here = intake(desk, name="Rosa Invented")["Location"]
    note = {"kind": "privileged", "happened_on": "today", "text": "What she said."}
    refused = desk.client.send(f"{here}notes/new/", note)
    assert refused.status_code == 422
    assert "First tell the person where confidentiality ends" in refused.content.decode()
    assert "What she said." in refused.content.decode()
    told = desk.client.send(f"{here}notices/", {"about": ["limits", "rights"], "language": "Spanish"})
    assert told.status_code == 302
    assert desk.client.send(f"{here}notes/new/", note).status_code == 302
    page = desk.get(here)
    assert "What she said." in page
    assert "In Spanish" in page
    assert "Privileged talk" in page


def test_one_s_own_note_is_corrected_and_a_colleague_only_adds(desk: Desk) -> None:
    here = intake(desk)["Location"]
    desk.client.send(f"{here}notes/new/", {"kind": "progress", "happened_on": "today", "text": "First."})
    with desk.person.acting():
        note = Note.objects.get()
    fixed = desk.client.send(f"{here}notes/{note.pk}/", {"kind": "progress", "happened_on": "today", "text": "Better."})
    assert fixed.status_code == 302
    colleague = desk_of_colleague(desk)
    assert colleague.client.get(f"{here}notes/{note.pk}/")["Location"] == f"{here}notes/{note.pk}/add/"
    added = colleague.client.send(f"{here}notes/{note.pk}/add/", {"text": "And this."})
    assert added.status_code == 302
    page = colleague.get(here)
    assert "Better." in page
    assert "First." not in page
    assert "And this." in page
    with desk.person.acting():
        # A look into a colleague's case is told, a look into one's own is work.
        assert Event.objects.filter(verb="case.read", actor=str(colleague.user.pk)).exists()
        assert not Event.objects.filter(verb="case.read", actor=str(desk.user.pk)).exists()


def test_a_case_moves_only_where_a_move_leads_and_says_why(desk: Desk) -> None:
    here = intake(desk)["Location"]
    assert desk.client.send(f"{here}move/begin_intake/").status_code == 302
    assert desk.client.send(f"{here}move/activate/").status_code == 302
    silent = desk.client.send(f"{here}move/hold/", {"reason": ""})
    assert silent.status_code == 422
    assert desk.client.send(f"{here}move/hold/", {"reason": "She is away."}).status_code == 302
    page = desk.get(here)
    assert "On hold" in page
    assert "She is away." in page
    again = desk.client.get(f"{here}move/activate/", follow=True).content.decode()
    assert "A colleague has moved this case meanwhile" in again
    assert desk.client.get(f"{here}move/no_such_move/").status_code == 404


def test_a_locked_vault_shows_the_header_and_nothing_that_was_said(desk: Desk) -> None:
    here = intake(desk, name="Rosa Invented", asked_for="A bed tonight.", do_not_tell="Her brother")["Location"]
    desk.client.send(f"{here}notes/new/", {"kind": "progress", "happened_on": "today", "text": "She was afraid."})
    desk.client.send("/vault/lock/", page=here)
    page = desk.get(here)
    for sealed in ("Rosa", "A bed tonight", "Her brother", "She was afraid"):
        assert sealed not in page
    assert "Unlock your vault" in page
    assert "1 note, sealed" in page
    assert "Rosa" not in desk.get("/cases/")
    kept = desk.client.send(f"{here}notes/new/", {"kind": "progress", "happened_on": "today", "text": "Typed in vain?"})
    assert kept.status_code == 422
    assert "Typed in vain?" in kept.content.decode()


def test_a_name_is_found_in_the_caseload_and_stands_in_no_address(desk: Desk) -> None:
    for name in ("Katharina Invented", "Bea Invented", ""):
        opened_case(desk.person, name=name)
    found = desk.client.send("/cases/", {"words": "catarina"})
    page = found.content.decode()
    assert "Katharina Invented" in page
    assert "Bea Invented" not in page
    assert "catarina" not in found.headers.get("Location", "")
    ordered = desk.get("/cases/?order=name")
    assert ordered.index("Bea Invented") < ordered.index("Katharina Invented")


def test_a_case_is_given_to_an_advocate_of_the_agency_only(desk: Desk) -> None:
    case = opened_case(desk.person)
    colleague = desk_of_colleague(desk)
    here = f"/cases/{case.pk}/plan/"
    stranger = User.objects.exclude(memberships__agency=desk.agency).first()
    refused = desk.client.send(here, {"worker": str(stranger.pk if stranger else desk.agency.pk), "due_on": "tomorrow"})
    assert refused.status_code == 422
    assert desk.client.send(here, {"worker": str(colleague.user.pk), "due_on": ""}).status_code == 302
    assert case.code not in desk.get("/cases/")
    assert case.code in desk.get("/cases/?whose=all")
    assert case.code in colleague.get("/cases/")
    team = desk.get("/cases/team/")
    assert colleague.user.display_name in team


@pytest.mark.parametrize("path", ["/cases/", "/cases/?order=name", "/cases/team/"])
def test_a_caseload_asks_few_questions(desk: Desk, path: str) -> None:
    for number in range(30):
        opened_case(desk.person, name=f"Invented {number}", due_on=timezone.localdate())
    desk.get(path)
    with CaptureQueriesContext(connection) as work:
        desk.get(path)
    # The test's own transaction is around the page's: a savepoint and the end of the context are its.
    asked = [query["sql"] for query in work if "SAVEPOINT" not in query["sql"] and "'', true" not in query["sql"]]
    assert len(asked) <= 12, "\n".join(asked)


def test_no_form_asks_for_a_social_security_number(desk: Desk) -> None:
    case = opened_case(desk.person)
    for page in ("/cases/new/", f"/people/{case.person_id}/change/", f"/people/{case.person_id}/with/new/"):
        text = desk.get(page).lower()
        assert "ssn" not in re.findall(r'name="(\w+)"', text)
        assert "social security" not in text
