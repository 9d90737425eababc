"""What a person may see of their own record: who got it, who looked, a copy, their own words; and that there is
no log-in.
"""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone
from tests.factories.accounts import AgencyFactory
from tests.factories.people import opened_case
from tests.waymark.cases.desks import Desk, desk_in, desk_of_colleague
from tests.waymark.obligations.test_processes import ledger, words_of

from waymark.access.permissions import ROLE_SENTENCES
from waymark.accounts.models import AgencyKind, Membership, User
from waymark.audit.models import Event
from waymark.cases.actions.notes import write_note
from waymark.cases.actions.opening import tell_notices
from waymark.cases.models import Case, Note
from waymark.consent.actions.ledger import hash_of, record_disclosure
from waymark.obligations.formats.words import WORDS, day_in_words
from waymark.obligations.models import Statement
from waymark.people.actions.merging import merge_person
from waymark.people.models import Person

pytestmark = pytest.mark.django_db
THEM = {"is_them": "on", "can_talk": "on"}


@pytest.fixture
def case(desk: Desk) -> Case:
    found: Case = opened_case(desk.person, name="Rosa Invented", facts={"code_word": "yellow kettle"})
    return found


def of(case: Case) -> str:
    return f"/obligations/people/{case.person_id}/"


def traces(desk: Desk) -> tuple[int, int]:
    with desk.person.acting():
        return Event.objects.count(), len(ledger(desk))


def given_to_a_lawyer(desk: Desk, case: Case) -> None:
    with desk.person.acting():
        record_disclosure(
            by=desk.user,
            person=case.person,
            basis="internal",
            method="print",
            fields=["person.name", "note"],
            recipient="own_agency",
            content_hash=hash_of(b"invented", vault=desk.person.vault()),
        )


def test_putting_it_off_leaves_no_trace(desk: Desk, case: Case) -> None:
    """She asks while somebody watches: the worker opens the page, hears a no, and leaves."""
    before = traces(desk)
    for page in ("seen/", "seen/print/", "copy/"):
        shown = desk.get(of(case) + page)
        assert "Can you talk freely now?" in shown
        assert "¿Puede hablar con libertad ahora?" in shown
        assert "yellow kettle" in shown
        assert "Not today: nothing was written" in shown
        for missing in ({"is_them": "on"}, {"can_talk": "on"}, {}):
            refused = desk.client.send(of(case) + page, {"language": "en", "codes": ["person.name"], **missing})
            assert refused.status_code == 422
            assert b"%PDF" not in refused.content
    assert traces(desk) == before


@pytest.mark.parametrize(
    ("language", "court", "looked", "own_words"),
    [
        ("en", "This agency", "looked into your case", "Who got something about you"),
        ("es", "Esta agencia", "miró su caso", "Quién recibió algo sobre usted"),
    ],
)
def test_she_reads_who_got_what_and_who_looked_in_her_language(
    desk: Desk, case: Case, language: str, court: str, looked: str, own_words: str
) -> None:
    given_to_a_lawyer(desk, case)
    colleague = desk_of_colleague(desk)
    colleague.get(f"/cases/{case.pk}/")
    desk.get(f"/cases/{case.pk}/")
    done = desk.client.send(of(case) + "seen/", {"language": language, **THEM})
    assert done.status_code == 200
    page = " ".join(done.content.decode().split())
    for said in (court, looked, own_words, "Bo Invented", WORDS[language]["checked"]):
        assert said in page
    assert page.count(looked) == 1, "a look into one's own case is work, and no line"
    assert f'lang="{language}"' in page
    main = page[page.index("<main") : page.index("</main>")]
    assert "Rosa Invented" not in main
    assert case.code not in main
    with desk.person.acting():
        assert Event.objects.filter(verb="own_record.shown", object_id=str(case.person_id)).count() == 1
    assert len(ledger(desk)) == 1, "what they read here has not left"


def test_her_list_and_her_copy_know_both_files_when_they_became_one(desk: Desk, case: Case) -> None:
    """Which of the two was open when she spoke, when something left or when somebody looked is chance."""
    other: Case = opened_case(desk.person, name="Rosa I. Invented")
    colleague = desk_of_colleague(desk)
    colleague.get(f"/cases/{other.pk}/")
    given_to_a_lawyer(desk, other)
    said = {"about": "part", "text": "That is not my name.", "language": "en", "part": "person.name"}
    assert desk.client.send(of(other) + "statements/new/", said).status_code == 302

    def what_she_reads() -> list[bool]:
        shown = desk.client.send(of(case) + "seen/", {"language": "en", **THEM}).content.decode()
        copy = desk.client.send(of(case) + "copy/", {"language": "en", "codes": ["person.name"], **THEM})
        page = shown[shown.index("<main") : shown.index("</main>")]
        assert desk.user.display_name in page, "who works on her open case"
        told = ("This agency", "looked into your case", "That is not my name.")
        return [*(words in page for words in told), "not my name" in words_of(copy.content)]

    assert not any(what_she_reads())
    with desk.person.acting():
        merge_person(vault=desk.person.vault(), person=other.person, into=case.person, by=desk.user)
    assert all(what_she_reads())


def test_the_list_on_paper_is_in_a_safe_form_and_in_the_ledger(desk: Desk, case: Case) -> None:
    partner = AgencyFactory(name="Partner House (invented)", kind=AgencyKind.HEALTH)
    colleague = desk_of_colleague(desk)
    colleague.get(f"/cases/{case.pk}/")
    given_to_a_lawyer(desk, case)
    plain = desk.client.send(of(case) + "seen/print/", {"language": "es", **THEM})
    assert plain["Content-Disposition"] == 'attachment; filename="notes.pdf"'
    text = words_of(plain.content)
    assert "Quién recibió algo sobre usted" in text
    for hidden in ("Rosa", case.code, case.person.code, desk.agency.name, "Bo Invented", partner.name):
        assert hidden not in text
    named = words_of(desk.client.send(of(case) + "seen/print/", {"language": "en", "with_names": "on", **THEM}).content)
    assert "Bo Invented" in named
    lines = ledger(desk)[1:]
    assert [(line.basis, line.outside, line.fields) for line in lines] == [
        ("survivor_delivered", "survivor", ["own_list"])
    ] * 2


def written(desk: Desk, case: Case) -> tuple[Note, Note]:
    with desk.person.acting():
        vault, today = desk.person.vault(), timezone.localdate()
        tell_notices(vault=vault, case=case, about=("limits",), language="English", by=desk.user)
        for kind, text in (("progress", "She was late."), ("privileged", "In confidence.")):
            write_note(vault=vault, case=case, kind=kind, happened_on=today, text=text, by=desk.user)
        return Note.objects.get(kind="progress"), Note.objects.get(kind="privileged")


def test_a_copy_says_no_name_of_ours_and_carries_her_words(desk: Desk, case: Case) -> None:
    plain, _ = written(desk, case)
    about = {"about": "note", "note": str(plain.pk), "language": "en", "text": "The bus was late, not I."}
    assert desk.client.send(of(case) + "statements/new/", about).status_code == 302
    nothing = desk.client.send(of(case) + "copy/", {"language": "en", **THEM})
    assert nothing.status_code == 422
    copy = desk.client.send(of(case) + "copy/", {"language": "en", "codes": ["person.name", "note"], **THEM})
    text = words_of(copy.content)
    for said in ("Rosa Invented", "She was late.", "The bus was late, not I."):
        assert said in text
    for kept in ("In confidence.", desk.agency.name, case.code):
        assert kept not in text
    whole = desk.client.send(of(case) + "copy/", {"language": "es", "codes": ["note.privileged", "own_list"], **THEM})
    text = words_of(whole.content)
    assert "In confidence." in text
    assert "She was late." not in text
    assert "The bus was late" not in text, "her words go where that part goes, and nowhere else"
    first, second = ledger(desk)
    assert first.fields == ["note", "person.name", "statement"]
    assert second.fields == ["note.privileged", "own_list"]


def test_her_words_stand_beside_what_was_written_until_she_takes_them_back(desk: Desk, case: Case) -> None:
    new = of(case) + "statements/new/"
    said = {"about": "file", "note": "", "language": "es", "text": "Ese no es mi nombre."}
    assert desk.client.send(new, {**said, "about": "note"}).status_code == 422
    assert desk.client.send(new, {**said, "text": ""}).status_code == 422
    assert desk.client.send(new, {**said, "note": str(uuid.uuid4()), "about": "note"}).status_code == 422
    assert desk.client.send(new, said).status_code == 302
    assert "Ese no es mi nombre." in desk.get(of(case))
    with desk.person.acting():
        statement = Statement.objects.get()
        assert b"nombre" not in bytes(statement.sealed)
    back = f"{of(case)}statements/{statement.pk}/back/"
    assert desk.client.send(back).status_code == 302
    assert "Ese no es mi nombre." not in desk.get(of(case))
    assert desk.client.get(back).status_code == 404


def test_another_agency_is_told_what_it_would_be_told_of_nobody(desk: Desk, case: Case) -> None:
    stranger = desk_in("Other House (invented)", "Eve Invented")
    for page in ("", "seen/", "seen/print/", "copy/", "statements/new/"):
        hidden = stranger.client.get(of(case) + page)
        absent = stranger.client.get(f"/obligations/people/{uuid.uuid4()}/{page}")
        assert (hidden.status_code, hidden.content) == (404, absent.content)


def test_nobody_signs_in_as_a_survivor() -> None:
    """No role, no account that belongs to a person, no bond between the two, on either end."""
    assert not {role for role in ROLE_SENTENCES if "survivor" in role or "client" in role}
    assert set(Membership._meta.get_field("role").flatchoices) == {
        (role.value, role.value.capitalize()) for role in ROLE_SENTENCES
    }
    owners = {"made_by", "by"}
    bonds: set[Any] = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if model in (User, Membership) and field.related_model is Person
    }
    own = {field.name for field in Person._meta.concrete_fields if field.related_model is User}
    assert bonds == set()
    assert own <= owners, "a file knows who made it, and no account is its person's"


def test_days_are_said_as_in_both_languages() -> None:
    day = timezone.datetime(2026, 12, 3).date()
    assert day_in_words(day, "en") == "December 3, 2026"
    assert day_in_words(day, "es") == "3 de diciembre de 2026"


def test_both_languages_have_all_words() -> None:
    assert WORDS["en"].keys() == WORDS["es"].keys()
    assert "todavía" in WORDS["es"]["checked"], "marked as not read yet"
