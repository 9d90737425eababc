"""A person's file on the screens: addresses, who is with them, files of one person, and the look-up."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.accounts import UserFactory
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.people import a_person, a_relation, opened_case
from tests.waymark.cases.desks import Desk, desk_in, desk_of_colleague

from waymark.audit.models import Event
from waymark.people.actions.merging import merge_person, split_person
from waymark.people.formats.codes import SHAPE, new_code, read_code
from waymark.people.formats.sealed import STEP, pack, unpack
from waymark.people.formats.sounds import is_alike, sounds_of
from waymark.people.models import Address, Denial, LookUpValue, Person, Relation
from waymark.people.policies import Refused, age_on, band_of, is_grown_up, may_sign_for
from waymark.people.selectors.finding import find_people


def file_of(desk: Desk, **answers: Any) -> str:
    return f"/people/{opened_case(desk.person, **answers).person_id}/"


@pytest.mark.django_db
def test_a_real_address_is_shown_for_a_reason_and_never_along(desk: Desk) -> None:
    file = file_of(desk, name="Rosa Invented")
    for kind, text in (("real", "12 Nowhere Lane (invented)"), ("substitute", "PO Box 555 (invented)")):
        assert desk.client.send(f"{file}addresses/new/", {"kind": kind, "text": text}).status_code == 302
    page = desk.get(file)
    assert "PO Box 555" in page
    assert "Nowhere Lane" not in page
    with desk.person.acting():
        real = Address.objects.get(kind="real")
    without = desk.client.send(f"{file}addresses/{real.pk}/", {})
    assert without.status_code == 422
    assert "Nowhere Lane" not in without.content.decode()
    shown = desk.client.send(f"{file}addresses/{real.pk}/", {"reason": "visit"})
    assert "12 Nowhere Lane" in shown.content.decode()
    with desk.person.acting():
        told = Event.objects.get(verb="address.read")
        assert told.purpose == "visit"
        assert "Nowhere" not in str(told.__dict__)
    session = desk.client.session
    session["proof"] = {**session["proof"], "proved_at": session["proof"]["proved_at"] - 7200}
    session.save()
    assert "12 Nowhere Lane" not in desk.client.get(f"{file}addresses/{real.pk}/").content.decode()
    again = desk.client.get(f"{file}addresses/{real.pk}/")
    assert "Show it" not in again.content.decode()


@pytest.mark.django_db
def test_a_child_has_a_file_of_their_own_and_an_alleged_abuser_never_signs(desk: Desk) -> None:
    file = file_of(desk, name="Rosa Invented")
    refused = desk.client.send(f"{file}with/new/", {"kind": "spouse", "may_sign": "on", "is_alleged_abuser": "on"})
    assert refused.status_code == 422
    assert "never signs" in refused.content.decode()
    child = {"kind": "child", "name": "Leo Invented", "born": "5/3/2020", "lives_with": "on"}
    assert desk.client.send(f"{file}with/new/", child).status_code == 302
    with desk.person.acting():
        relation = Relation.objects.get()
        assert relation.other.age_band
    assert "Leo Invented" in desk.get(file)
    assert "Leo Invented" in desk.get(f"/people/{relation.other_id}/")
    colleague = desk_of_colleague(desk)
    with desk.person.acting():
        Denial.objects.create(
            agency_id=relation.agency_id, person_id=relation.other_id, user=colleague.user, sealed=b"x", made_by=desk.user
        )
    # A link shows only to whom both ends are open.
    page = colleague.get(file)
    assert "Leo" not in page
    assert relation.other.code not in page


@pytest.mark.django_db
def test_the_database_knows_that_an_alleged_abuser_never_signs() -> None:
    agency, user = agency_with_member()
    with acting(user):
        one, other = a_person(agency, user), a_person(agency, user)
        with pytest.raises(IntegrityError, match="never_signs"), transaction.atomic():
            a_relation(one, other, user, may_sign=True, is_alleged_abuser=True)
        with pytest.raises(IntegrityError, match="own_relation"), transaction.atomic():
            a_relation(one, one, user)


@given(st.booleans(), st.booleans(), st.booleans())
def test_who_may_sign(abuser: bool, may: bool, grown_up: bool) -> None:
    signs = may_sign_for(is_alleged_abuser=abuser, may_sign=may, is_subject_grown_up=grown_up)
    assert not (signs and (abuser or grown_up))
    assert signs == (may and not abuser and not grown_up)


@given(st.dates(dt.date(1930, 1, 1), dt.date(2026, 1, 1)), st.integers(0, 100))
def test_somebody_is_grown_up_from_the_eighteenth_birthday_on(born: dt.date, years: int) -> None:
    birthday = dt.date(born.year + 18, 3, 1) if (born.month, born.day) == (2, 29) else born.replace(year=born.year + 18)
    if (born.month, born.day) == (2, 29) and birthday.year % 4 == 0 and (birthday.year % 100 or birthday.year % 400 == 0):
        birthday = born.replace(year=born.year + 18)
    assert is_grown_up(born, birthday)
    assert not is_grown_up(born, birthday - dt.timedelta(days=1))
    assert age_on(born, birthday) == 18
    assert not is_grown_up(None, birthday)
    assert band_of(years) == band_of(years)


@pytest.mark.django_db
def test_files_of_one_person_are_put_together_by_the_stricter_and_taken_apart(desk: Desk, time_machine: Any) -> None:
    one, other = (opened_case(desk.person, name=name).person for name in ("Rosa Invented", "Rosa I."))
    colleague = UserFactory(role="advocate", agency=desk.agency)
    with desk.person.acting():
        vault = desk.person.vault()
        Denial.objects.create(agency=desk.agency, person=other, user=colleague, sealed=b"x", made_by=desk.user)
        merge_person(vault=vault, person=one, into=other, by=desk.user)
        assert Denial.objects.filter(user=colleague).count() == 2
        one.refresh_from_db()
        assert one.merged_into_id == other.pk
        third = a_person(desk.agency, desk.user)
        with pytest.raises(IntegrityError, match="chains"), transaction.atomic():
            Person.objects.filter(pk=other.pk).update(merged_into=third, merged_at=one.merged_at)
        split_person(vault=vault, person=one, by=desk.user)
        one.refresh_from_db()
        assert one.merged_into_id is None
        assert Denial.objects.filter(user=colleague).count() == 2
        Person.objects.filter(pk=one.pk).update(
            merged_into=other, merged_at=dt.datetime.now(dt.UTC) - dt.timedelta(days=30, seconds=5)
        )
        with pytest.raises(Refused, match="30 days"):
            split_person(vault=vault, person=one, by=desk.user)


@pytest.mark.django_db
def test_somebody_is_found_by_code_phone_and_sound_inside_the_agency_alone(desk: Desk) -> None:
    contact = {"channel": "text", "value": "+1 (916) 555-0142", "days": list("0123456")}
    case = opened_case(desk.person, name="Katharina Invented", contact=contact)
    opened_case(desk.person, name="Bea Other")
    elsewhere = desk_in(name="Second House (invented)", who="Eva Elsewhere")
    for words in (
        case.person.code.upper().replace("-", " "),
        "9165550142",
        "916.555.0142",
        "Catarina",
        "katarina invented",
    ):
        with desk.person.acting():
            found = find_people(words, vault=desk.person.vault(), to=desk.user)
            assert [one.opened.name for one in found] == ["Katharina Invented"], words
        with elsewhere.person.acting():
            assert find_people(words, vault=elsewhere.person.vault(), to=elsewhere.user) == []
    with desk.person.acting():
        assert find_people("Zoltan", vault=desk.person.vault(), to=desk.user) == []
        for value in LookUpValue.objects.all():
            assert value.sound is None or 0 <= value.sound < 2**20
            assert b"Katharina" not in bytes(value.exact or b"")


@pytest.mark.django_db
def test_a_code_finds_its_own_file_and_none_that_sounds_like_it(desk: Desk) -> None:
    asked_for = opened_case(desk.person).person
    word = asked_for.code[:5]
    other = opened_case(desk.person, name=f"{word.title()} Other").person
    with desk.person.acting():
        for words, file in ((asked_for.code, asked_for), (word, other)):
            found = find_people(words, vault=desk.person.vault(), to=desk.user)
            assert [one.opened.person for one in found] == [file], words


@given(st.text(max_size=400), st.text(max_size=40))
def test_what_is_sealed_has_one_of_few_lengths_and_comes_back(text: str, name: str) -> None:
    packed = pack({"text": text, "name": name})
    assert len(packed) % STEP == 0
    assert unpack(packed) == {key: value for key, value in (("text", text), ("name", name)) if value}


def test_a_code_is_said_and_heard() -> None:
    for _ in range(200):
        code = new_code()
        assert SHAPE.fullmatch(code)
        assert read_code(code.upper().replace("-", " ")) == code
    assert read_code("Rosa Invented") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("Katharina", "Catarina"), ("Jiménez", "Gimenez"), ("Philip", "Felipe"), ("Vázquez", "Basques"), ("Sara", "Sarah")],
)
def test_names_that_sound_alike_are_alike(one: str, other: str) -> None:
    assert is_alike(one, other)
    assert sounds_of(one)


def test_names_that_do_not_sound_alike_are_not() -> None:
    assert not is_alike("Rosa", "Miguel")
    assert not is_alike("", "Rosa")
    assert sounds_of("李 娜") == frozenset()
