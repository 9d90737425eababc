"""Kept to named colleagues, and the deny list that beats every grant: on the screens, in the keys, in the database."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, transaction
from tests.factories.people import opened_case
from tests.waymark.cases.desks import Desk, desk_of_colleague

from waymark.audit.models import Event
from waymark.cases.actions.access import deny, lift_denial, release_case, restrict_case
from waymark.cases.actions.opening import Intake, open_case_for
from waymark.cases.models import Case
from waymark.people.actions.merging import merge_person, split_person
from waymark.people.models import Denial, LookUpValue, NamedReader
from waymark.people.policies import Refused
from waymark.people.selectors.finding import find_people
from waymark.sealing.errors import CannotOpenError
from waymark.vault.actions import open_record

pytestmark = pytest.mark.django_db


def pages_of(case: Case) -> list[str]:
    here = f"/cases/{case.pk}/"
    return [here, f"{here}notes/new/", f"{here}access/", f"{here}plan/", f"/people/{case.person_id}/"]


def statuses(desk: Desk, case: Case) -> set[int]:
    return {desk.client.get(page).status_code for page in pages_of(case)}


def test_a_denied_colleague_is_answered_as_if_there_were_nobody(desk: Desk) -> None:
    case = opened_case(desk.person, name="Rosa Invented")
    colleague = desk_of_colleague(desk)
    assert statuses(colleague, case) == {200}
    told = desk.client.send(f"/cases/{case.pk}/access/deny/", {"user": str(colleague.user.pk), "reason": "Her sister"})
    assert told.status_code == 302
    assert "Her sister" in desk.get(f"/cases/{case.pk}/access/")
    assert statuses(colleague, case) == {404}
    nowhere = colleague.client.get(f"/cases/{uuid.uuid4()}/")
    hidden = colleague.client.get(f"/cases/{case.pk}/")
    assert (hidden.status_code, hidden.content) == (nowhere.status_code, nowhere.content)
    assert case.code not in colleague.get("/cases/?whose=all")
    found = colleague.client.send("/people/", {"words": "Rosa"}).content.decode()
    assert "Rosa Invented" not in found
    with desk.person.acting():
        assert Event.objects.filter(verb="denial.made").count() == 1
        denial = Denial.objects.get()
        lift_denial(vault=desk.person.vault(), case=case, denial=denial, by=desk.user)
    assert statuses(colleague, case) == {200}


def test_two_files_that_became_one_meanwhile_are_closed_both(desk: Desk) -> None:
    """Somebody put the file together with another one after this page was shown: the row in hand is an old one."""
    case, other = opened_case(desk.person), opened_case(desk.person)
    colleague = desk_of_colleague(desk)
    with desk.person.acting():
        old = Case.objects.select_related("person").get(pk=case.pk)
        merge_person(vault=desk.person.vault(), person=case.person, into=other.person, by=desk.user)
        deny(vault=desk.person.vault(), case=old, user=colleague.user.pk, reason="A conflict", by=desk.user)
        apart = Case.objects.select_related("person").get(pk=case.pk)
        split_person(vault=desk.person.vault(), person=case.person, by=desk.user)
        deny(vault=desk.person.vault(), case=apart, user=desk.founder.user.pk, reason="A conflict", by=desk.user)
        denied = set(Denial.objects.values_list("person_id", "user_id"))
    both = {case.person_id, other.person_id}
    assert denied == {(pk, colleague.user.pk) for pk in both} | {(case.person_id, desk.founder.user.pk)}
    assert statuses(colleague, other) == {404}


def test_nobody_denies_themselves_or_the_worker_of_an_open_case(desk: Desk) -> None:
    case = opened_case(desk.person)
    colleague = desk_of_colleague(desk)
    with desk.person.acting(), pytest.raises(Refused, match="Ask a colleague"):
        deny(vault=desk.person.vault(), case=case, user=desk.user.pk, reason="x", by=desk.user)
    with colleague.person.acting(), pytest.raises(Refused, match="Give it to somebody else"):
        deny(vault=colleague.person.vault(), case=case, user=desk.user.pk, reason="x", by=colleague.user)


def test_a_restricted_person_leaves_lists_look_up_and_keys_of_all_others(desk: Desk) -> None:
    case = opened_case(desk.person, name="Rosa Invented", contact={"channel": "call", "value": "916-555-0142"})
    colleague = desk_of_colleague(desk)
    kept = desk.client.send(f"/cases/{case.pk}/access/restrict/", {"to": [str(desk.user.pk)]})
    assert kept.status_code == 302
    assert statuses(colleague, case) == {404}
    assert case.code not in colleague.get("/cases/?whose=all")
    assert "Rosa Invented" in desk.get(f"/cases/{case.pk}/")
    with colleague.person.acting():
        for kind, pk in (("case", case.pk), ("person", case.person_id)):
            with pytest.raises(CannotOpenError):
                open_record(vault=colleague.person.vault(), kind=kind, record=pk)
    with desk.person.acting():
        assert LookUpValue.objects.count() == 0
        for words in ("Rosa", "916-555-0142"):
            assert find_people(words, vault=desk.person.vault(), to=desk.user) == []
        # A case that is opened for them later is kept to the same people.
        case.person.refresh_from_db()
        second = open_case_for(
            vault=desk.person.vault(), person=case.person, intake=Intake(page=uuid.uuid4()), by=desk.user
        )
    with colleague.person.acting(), pytest.raises(CannotOpenError):
        open_record(vault=colleague.person.vault(), kind="case", record=second.pk)
    with desk.person.acting():
        release_case(vault=desk.person.vault(), case=case, by=desk.user)
        assert LookUpValue.objects.filter(kind="phone").count() == 1
    assert statuses(colleague, case) == {200}
    assert "Rosa Invented" in colleague.get(f"/cases/{case.pk}/")


def test_the_deny_list_beats_a_grant_in_the_program_and_in_the_database(desk: Desk) -> None:
    case = opened_case(desk.person)
    colleague = desk_of_colleague(desk)
    both = [desk.user.pk, colleague.user.pk]
    with desk.person.acting():
        restrict_case(vault=desk.person.vault(), case=case, to=both, by=desk.user)
        deny(vault=desk.person.vault(), case=case, user=colleague.user.pk, reason="A conflict", by=desk.user)
        assert list(NamedReader.objects.values_list("user_id", flat=True)) == [desk.user.pk]
        with pytest.raises(Refused, match="beats every grant"):
            restrict_case(vault=desk.person.vault(), case=case, to=both, by=desk.user)
        with pytest.raises(IntegrityError, match="beats every grant"), transaction.atomic():
            NamedReader.objects.create(agency_id=case.agency_id, person_id=case.person_id, user=colleague.user)
        with pytest.raises(IntegrityError, match="beats every grant"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(worker=colleague.user)
    with colleague.person.acting():
        for kind, pk in (("case", case.pk), ("person", case.person_id)):
            with pytest.raises(CannotOpenError):
                open_record(vault=colleague.person.vault(), kind=kind, record=pk)
    assert statuses(colleague, case) == {404}
