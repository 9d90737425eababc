"""What a person says is wrong goes with its part, into packages and copies, and stands beside it here."""

from __future__ import annotations

from typing import Any

from tests.factories.consent import sent_package, signed_release
from tests.factories.people import opened_case
from tests.waymark.cases.conftest import cheap
from tests.waymark.cases.test_sharing import of
from tests.waymark.consent.conftest import Two, two
from tests.waymark.consent.test_sharing import answers
from tests.waymark.consent.test_terms import read_there

from waymark.cases.actions.notes import write_note
from waymark.consent.selectors.against import SAID
from waymark.obligations.models import Statement
from waymark.people.actions.merging import merge_person

__all__ = ["cheap", "two"]
WORDS = {
    "file": "That is not how I am written.",
    "languages": "I never said Spanish.",
    "needs": "I need no car.",
    "note": "I was not late.",
    "other": "Somebody mixed me up.",
}


def say(two: Two, about: str, text: str, **more: str) -> None:
    url = f"/obligations/people/{two.person.pk}/statements/new/"
    done = two.here.client.send(url, {"about": about, "text": text, "language": "en", **more})
    assert done.status_code == 302, done.content.decode()


def all_said(two: Two) -> str:
    """Five statements, each against something else; gives the case's address."""
    case, member = of(two), two.here.person
    with member.acting():
        note = write_note(
            vault=member.vault(), case=case, kind="progress", happened_on=case.opened_on, text="Was late.", by=two.by
        )
    say(two, "file", WORDS["file"])
    say(two, "part", WORDS["languages"], part="person.languages")
    say(two, "part", WORDS["needs"], part="care.needs")
    say(two, "note", WORDS["note"], note=str(note.pk))
    say(two, "other", WORDS["other"])
    return f"/cases/{case.pk}/"


def test_a_statement_goes_with_its_part_and_stands_beside_it(two: Two) -> None:
    here = all_said(two)
    page = two.here.get(here)
    # Beside the note, beside the plan, beside who they are.
    assert page.index("Was late.") < page.index(WORDS["note"])
    assert page.index("plan-title") < page.index(WORDS["needs"]) < page.index("care-title")
    assert page.index(WORDS["file"]) < page.index("plan-title")
    file = two.here.get(f"/people/{two.person.pk}/")
    assert WORDS["languages"] in file
    assert WORDS["note"] not in file

    member = two.here.person
    with member.acting():
        release = signed_release(member, two.person, two.there.agency)
        assert "care.needs" not in release.scopes
    preview = two.here.get(f"/sharing/{release.pk}/send/")
    assert WORDS["languages"] in preview
    assert WORDS["needs"] not in preview
    with member.acting():
        sent_package(member, release, codes=["person.languages"])
    read = read_there(two)
    assert {code for code in read if not code.startswith("terms.")} == {"person.languages", SAID}
    for name in ("file", "languages", "other"):
        assert WORDS[name] in read[SAID]
    for name in ("needs", "note"):
        assert WORDS[name] not in read[SAID]
    with member.acting():
        sent_package(member, release, codes=["person.name"])
    assert WORDS["languages"] not in read_there(two)[SAID], "it goes with its part, and with no other"


def test_who_says_yes_sees_before_that_her_words_against_a_part_go_with_it(two: Two) -> None:
    all_said(two)
    asked = answers(two, step="terms")
    del asked["answer"]
    screen = two.here.client.send(f"/sharing/people/{two.person.pk}/new/", asked).content.decode()
    assert "Con estas partes va también lo que usted dijo que no es correcto en ellas:" in screen
    assert f"Los idiomas que habla: {WORDS['languages']}" in screen
    for name in ("file", "other"):
        assert WORDS[name] in screen
    for name in ("needs", "note"):
        assert WORDS[name] not in screen
    without = two.here.client.send(f"/sharing/people/{two.person.pk}/new/", {**asked, "scopes": ["person.name"]})
    assert WORDS["languages"] not in without.content.decode()
    # While the vault is locked they cannot be shown; then the page says so to the worker, who unlocks it first.
    assert "your vault is locked" not in screen
    two.here.client.send("/vault/lock/", {}, page="/")
    locked = two.here.client.send(f"/sharing/people/{two.person.pk}/new/", asked).content.decode()
    assert WORDS["languages"] not in locked
    assert "For you, the worker: your vault is locked, so what they said is wrong" in locked


def test_what_was_said_against_another_file_of_theirs_goes_along(two: Two) -> None:
    """Two files were found to be of one person: they spoke of themselves, whichever of the two was open."""
    member = two.here.person
    other = opened_case(member, name="Mari Invented").person
    url = f"/obligations/people/{other.pk}/statements/new/"
    for about, text, part in (("file", WORDS["file"], ""), ("part", WORDS["languages"], "person.languages")):
        done = two.here.client.send(url, {"about": about, "text": text, "language": "en", "part": part})
        assert done.status_code == 302, done.content.decode()
    with member.acting():
        release = signed_release(member, two.person, two.there.agency)
        sent_package(member, release, codes=["person.languages"])
    assert SAID not in read_there(two), "they are two people, as far as anybody knows"
    with member.acting():
        merge_person(vault=member.vault(), person=other, into=two.person, by=two.by)
        sent_package(member, release, codes=["person.languages"])
    said = read_there(two)[SAID]
    assert WORDS["file"] in said
    assert WORDS["languages"] in said
    with member.acting():
        sent_package(member, release, codes=["person.name"])
    assert WORDS["languages"] not in read_there(two)[SAID]


def test_a_preview_that_knew_no_statement_is_not_sent(two: Two) -> None:
    """What is said between looking and sending is looked at first."""
    member = two.here.person
    with member.acting():
        release = signed_release(member, two.person, two.there.agency)
    at = f"/sharing/{release.pk}/send/"
    shown = two.here.client.get(at).content.decode()
    hidden = {name: shown.split(f'name="{name}" value="')[1].split('"')[0] for name in ("page", "seen")}
    say(two, "file", WORDS["file"])
    done = two.here.client.send(at, {**hidden, "codes": ["person.name"]})
    assert done.status_code == 422
    assert "has changed since this page was shown" in done.content.decode()


def test_copies_carry_the_statement_of_their_parts_until_it_is_taken_back(two: Two) -> None:
    all_said(two)
    at, asked = f"/sharing/people/{two.person.pk}/copy/", {"outside": "own_agency", "method": "print", "language": "es"}

    def copied(*codes: str) -> Any:
        return two.here.client.send(at, {**asked, "codes": list(codes)}).content.decode()

    page = copied("person.languages")
    assert "Lo que usted dijo que está mal" in page
    assert WORDS["languages"] in page
    assert WORDS["languages"] not in copied("person.name")
    with two.here.person.acting():
        rows = Statement.objects.filter(about="other").order_by("made_at")
        # In the open a statement does not say which part it is against.
        assert {row.about for row in Statement.objects.all()} == {"file", "note", "other"}
        first = rows.first()
    assert first is not None
    back = f"/obligations/people/{two.person.pk}/statements/{first.pk}/back/"
    assert two.here.client.send(back, {}).status_code == 302
    assert WORDS["languages"] not in copied("person.languages")


def test_a_part_is_named_or_nothing_is_kept(two: Two) -> None:
    url = f"/obligations/people/{two.person.pk}/statements/new/"
    for part in ("", "note.privileged"):
        refused = two.here.client.send(url, {"about": "part", "part": part, "text": "No.", "language": "en"})
        assert refused.status_code == 422
    with two.here.person.acting():
        assert not Statement.objects.exists()
