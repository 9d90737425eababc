"""Copies for the person and for work, the lists, the deny list, who signs for a child, and who looks at what would go."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.consent import a_release, sent_package, signed, signed_release, terms_for
from tests.factories.people import a_denial, a_person, a_relation, opened_case
from tests.waymark.cases.desks import desk_of_colleague
from tests.waymark.consent.conftest import Two
from tests.waymark.consent.test_rules import refused
from tests.waymark.consent.test_sharing import answers, of

from waymark.audit.models import Event
from waymark.audit.selectors import readings
from waymark.cases.models import Case
from waymark.consent.actions.packages import CHANGED, tell_aloud
from waymark.consent.actions.releases import draft_release, sign_release
from waymark.consent.formats.words import day_in_words
from waymark.consent.models import Disclosure, Release, Signer
from waymark.consent.selectors.releases import sealed_part
from waymark.disclosures.models import InboxPacket, LedgerLine
from waymark.people.actions.records import change_person
from waymark.people.models import Person
from waymark.people.policies import Refused, age_on, eighteenth_birthday
from waymark.people.selectors import secret_of


def test_copies_stand_in_the_ledger_and_no_table_runs_a_formula(two: Two) -> None:
    risky = opened_case(two.here.person, name='=HYPERLINK("http://x.example";"y")', facts={"languages": "@SUM(1)"}).person
    at = f"/sharing/people/{risky.pk}/copy/"
    answer = {"outside": "survivor", "codes": ["person.name", "person.languages"], "language": "es"}
    refused = two.here.client.send(at, {**answer, "method": "csv"})
    assert refused.status_code == 422
    assert "code word" in refused.content.decode()
    table = two.here.client.send(at, {**answer, "method": "csv", "code_word_said": "on"})
    assert table.status_code == 200
    assert table["Content-Disposition"] == 'attachment; filename="copy.csv"'
    text = table.content.decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert "'@SUM" in text
    pdf = two.here.client.send(at, {**answer, "method": "pdf", "code_word_said": "on"})
    assert pdf.content.startswith(b"%PDF-")
    printed = two.here.client.send(at, {**answer, "method": "print", "code_word_said": "on"})
    assert "HYPERLINK" in printed.content.decode()
    with two.here.person.acting():
        lines = Disclosure.objects.filter(person=risky)
        assert sorted(lines.values_list("method", flat=True)) == ["csv", "pdf", "print"]
        assert {line.basis for line in lines} == {"survivor_delivered"}


def test_what_is_counted_is_what_left(two: Two) -> None:
    """Lines are as many as acts by which something left; refused tries leave none."""
    with two.here.person.acting():
        member = two.here.person
        release = signed_release(member, two.person, two.there.agency)
        for _ in range(3):
            sent_package(member, release)
        page = uuid.uuid4()
        for _ in range(3):
            sent_package(member, release, page=page)
        assert Disclosure.objects.count() == LedgerLine.objects.filter(what="disclosed").count() == 4
    with two.there.person.acting():
        assert InboxPacket.objects.count() == 4


def test_a_colleague_on_the_deny_list_sees_no_release(two: Two) -> None:
    colleague = desk_of_colleague(two.here)
    with two.here.person.acting():
        release = signed_release(two.here.person, two.person, two.there.agency)
        a_denial(two.person, colleague.user, two.by)
    for url in (f"/sharing/{release.pk}/", of(two), f"/sharing/{release.pk}/send/"):
        assert colleague.client.get(url).status_code == 404
    assert colleague.client.send(f"/sharing/{release.pk}/stop/", {}, page="/sharing/").status_code == 404
    assert release.code not in colleague.get("/sharing/")


def questions_of(two: Two, url: str) -> tuple[list[str], str]:
    """What a page asks the database, without beginning and ending its transaction, and the page."""
    with CaptureQueriesContext(connection) as work:
        text = two.here.get(url)
    frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")
    return [query["sql"][:90] for query in work if not query["sql"].startswith(frame)], text


def test_lists_ask_no_more_however_many(two: Two) -> None:
    with two.here.person.acting():
        release = a_release(two.person, two.there.agency)
        Release.objects.bulk_create(
            [
                Release(
                    agency=two.here.agency,
                    code=f"many-{number}",
                    person=two.person,
                    recipient=two.there.agency,
                    purpose="housing",
                    scopes=["person.name"],
                    starts_at=release.starts_at,
                    ends_at=release.ends_at,
                    text_version="test",
                    alternatives=["wait"],
                    interpreter="none",
                    sealed=b"x",
                )
                for number in range(5000)
            ],
            batch_size=1000,
        )
    for url in ("/sharing/?state=active", "/sharing/"):
        asked, text = questions_of(two, url)
        assert len(asked) <= 12, "\n".join(asked)
        assert (release.code in text) == url.endswith("active")


def test_a_person_under_eighteen_and_who_signs(two: Two) -> None:
    child = opened_case(two.here.person, name="Young Invented", age_band="13-17").person
    two.person = child
    with two.here.person.acting():
        parent = a_person(two.here.agency, two.by, age_band="25-59")
        vault = two.here.person.vault()
        with pytest.raises(Refused, match="Ask counsel"):
            draft_release(vault=vault, person=two.person, terms=terms_for(two.there.agency), by=two.by)
        with pytest.raises(Refused, match="Ask counsel"):
            draft_release(vault=vault, person=two.person, terms=terms_for(two.there.agency, signer=parent.pk), by=two.by)
        a_relation(two.person, parent, two.by, may_sign=True)
        # Somebody of 13 to 17 signs beside who may sign for them; a younger child does not have to.
        for band, capacities in (
            ("13-17", ["beside", "for_child"]),
            ("0-12", ["for_child"]),
            ("13-17", ["beside", "for_child"]),
        ):
            Person.objects.filter(pk=two.person.pk).update(age_band=band)
            two.person.refresh_from_db()
            terms = terms_for(two.there.agency, signer=parent.pk)
            draft = draft_release(vault=vault, person=two.person, terms=terms, by=two.by)
            assert sorted(draft.signers.values_list("capacity", flat=True)) == capacities
        Signer.objects.filter(release=draft, capacity="beside").delete()
        refused(lambda: signed(draft), "sign both")
        a_relation(parent, two.person, two.by, is_alleged_abuser=False)
        alone = terms_for(two.there.agency, is_minor_alone=True)
        with pytest.raises(Refused, match="Ask counsel"):
            draft_release(vault=vault, person=two.person, terms=alone, by=two.by)
        draft_release(vault=vault, person=two.person, terms=replace(alone, ground="Family Code 6928"), by=two.by)
    assert (
        "the law lets them sign alone" in two.here.client.send(of(two) + "new/", answers(two, step="talk")).content.decode()
    )


def test_a_parent_signs_until_the_day_before_the_birthday_that_is_sealed(two: Two) -> None:
    """The thirty days are cut where the childhood ends earlier; the survivor's own page says the day that counts."""
    member, today = two.here.person, timezone.localdate()
    usual = today + dt.timedelta(days=30)
    for days, born_in in ((14, today.year - 18), (14, today.year - 10)):
        birthday = today + dt.timedelta(days=days)
        born = dt.date(born_in + birthday.year - today.year, birthday.month, min(birthday.day, 28))
        last = min(usual, eighteenth_birthday(born) - dt.timedelta(days=1))
        facts = {"born": born.isoformat()}
        child = opened_case(member, name="Young Invented", age_band="13-17", facts=facts).person
        with member.acting():
            parent = a_person(two.here.agency, two.by, age_band="25-59")
            a_relation(child, parent, two.by, may_sign=True)
            vault, asked = member.vault(), terms_for(two.there.agency, signer=parent.pk)
            draft = draft_release(vault=vault, person=child, terms=asked, by=two.by)
            alone = terms_for(two.there.agency, is_minor_alone=True, ground="Family Code 6928")
            own = draft_release(vault=vault, person=child, terms=alone, by=two.by)
        assert draft.ends_on == last
        assert own.ends_on == usual, "their own signature does not end with their childhood"
        said = answers(two, step="terms", signer=str(parent.pk), last_day=usual.isoformat())
        page = two.here.client.send(f"/sharing/people/{child.pk}/new/", said).content.decode()
        assert day_in_words(last, "es") in page
    assert last == usual


def test_whose_birthday_was_learned_too_late_signs_themselves(two: Two) -> None:
    member = two.here.person
    child = opened_case(member, name="Young Invented", age_band="13-17").person
    with member.acting():
        parent = a_person(two.here.agency, two.by, age_band="25-59")
        a_relation(child, parent, two.by, may_sign=True)
        vault = member.vault()
        terms = terms_for(two.there.agency, ["person.name"], signer=parent.pk)
        release = draft_release(vault=vault, person=child, terms=terms, by=two.by)
        release = sign_release(vault=vault, release=release, evidence="paper", place="Cabinet 2", by=two.by)
        sent_package(member, release, codes=["person.name"])
        born = timezone.localdate() - dt.timedelta(days=366 * 18)
        change_person(
            vault=vault, person=child, name="Young Invented", facts={"born": born.isoformat()}, age_band="13-17", by=two.by
        )
        child.refresh_from_db()
        with pytest.raises(Refused):
            sent_package(member, release, codes=["person.name"])
        with pytest.raises(Refused):
            tell_aloud(vault=vault, release=release, codes=["person.name"], by=two.by)
        with pytest.raises(Refused, match="grown up"):
            draft_release(vault=vault, person=child, terms=terms, by=two.by)
        assert Disclosure.objects.filter(person=child).count() == 1


def test_a_minor_signs_alone_only_where_the_law_lets_them(two: Two) -> None:
    """The dated table decides, by the kind of help, their age and what is known; the ground is kept, sealed."""
    with two.here.person.acting():
        born = {"born": (timezone.localdate() - dt.timedelta(days=14 * 366)).isoformat()}
        change_person(
            vault=two.here.person.vault(), person=two.person, name="Mar", facts=born, age_band="13-17", by=two.by
        )  # fmt: skip
    new = of(two) + "new/"
    for told, says in (
        ({}, "Choose for which help"),
        ({"alone_for": "victim_services"}, "Ask counsel"),
        ({"alone_for": "opioid_treatment"}, "Ask counsel"),
        ({"alone_for": "mental_health"}, "Ask counsel"),
    ):
        answer = two.here.client.send(new, answers(two, **told))
        assert answer.status_code == 422
        assert says in answer.content.decode()
    assert "sign alone for some kinds" in two.here.client.send(new, answers(two, step="talk")).content.decode()
    done = two.here.client.send(new, answers(two, alone_for="mental_health", alone_facts=["is_mature_enough"]))
    assert done.status_code == 302
    with two.here.person.acting():
        release = Release.objects.get()
        secret = secret_of(two.here.person.vault(), two.person)
        assert secret is not None
        assert sealed_part(release, secret).facts["ground"] == "Family Code 6924"
        assert [one.capacity for one in release.signers.all()] == ["minor"]


@pytest.mark.parametrize("born", [dt.date(2008, 2, 29), dt.date(2009, 1, 1), dt.date(2008, 12, 31)])
def test_the_eighteenth_birthday_is_the_first_day_at_eighteen(born: dt.date) -> None:
    day = eighteenth_birthday(born)
    assert (age_on(born, day), age_on(born, day - dt.timedelta(days=1))) == (18, 17)


def test_what_has_changed_is_looked_at_and_sent_with_the_next_press(two: Two) -> None:
    """The page that says so shows the file as it is now, and is no dead end."""
    member = two.here.person
    with member.acting():
        release = signed_release(member, two.person, two.there.agency)
    at = f"/sharing/{release.pk}/send/"
    hidden = dict(re.findall(r'name="(page|seen)" value="([^"]+)"', two.here.get(at)))
    with member.acting():
        facts = {"languages": "Mam, Spanish", "born": "1990-02-03"}
        change_person(
            vault=member.vault(), person=two.person, name="Mari Invented", facts=facts, age_band="25-59", by=two.by
        )
    told = two.here.client.send(at, {**hidden, "codes": ["person.name"]})
    assert told.status_code == 422
    page = told.content.decode()
    assert CHANGED in page
    assert "Mari Invented" in page
    hidden = dict(re.findall(r'name="(page|seen)" value="([^"]+)"', page))
    assert two.here.client.send(at, {**hidden, "codes": ["person.name"]}).status_code == 302
    # While the vault is locked nothing is looked at, so what was looked at before still counts.
    hidden = dict(re.findall(r'name="(page|seen)" value="([^"]+)"', two.here.get(at)))
    two.here.client.send("/vault/lock/", {}, page=at)
    locked = two.here.client.send(at, {**hidden, "codes": ["person.name"]}).content.decode()
    assert dict(re.findall(r'name="(page|seen)" value="([^"]+)"', locked)) == hidden


def test_nobody_looks_untold_by_sending_forms_alone(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages that list what can be named, and what would go, come as answers to forms too."""
    monkeypatch.setattr(readings, "ONE_LOOK", dt.timedelta(0))
    colleague = desk_of_colleague(two.here)
    with two.here.person.acting():
        release = signed_release(two.here.person, two.person, two.there.agency)

    def shows(at: str, typed: dict[str, Any], words: str) -> int:
        answer = colleague.client.send(at, typed, page="/")
        assert words in answer.content.decode()
        with two.here.person.acting():
            looks = Event.objects.filter(verb="person.read", object_id=str(two.person.pk))
            assert set(looks.values_list("actor", flat=True)) <= {str(colleague.user.pk)}
            return looks.count()

    terms = answers(two, step="terms", scopes=["case.asked_for"])
    assert shows(of(two) + "new/", terms, "A room") == 1
    assert shows(f"/sharing/{release.pk}/send/", {"page": str(uuid.uuid4())}, "Marisol Invented") == 2
    with two.here.person.acting():
        at = f"/cases/{Case.objects.get().pk}/needs/new/"
    assert colleague.client.send(at, {}, page="/").status_code == 422
    with two.here.person.acting():
        assert Event.objects.filter(verb="case.read").count() == 1
    # One's own work is told nowhere.
    assert two.here.client.send(of(two) + "new/", terms, page="/").status_code == 200
    with two.here.person.acting():
        assert Event.objects.filter(verb="person.read").count() == 2
