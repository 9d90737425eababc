"""Courts' papers on the screens: nothing leaves, who answers courts is told; asked for, approved, handed over once."""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader
from tests.factories.accounts import UserFactory
from tests.factories.obligations import answering
from tests.factories.people import opened_case
from tests.plugins.staff import SiteClient, prove
from tests.waymark.cases.desks import Desk, desk_in, desk_of_colleague

from waymark.access.permissions import ROLE_PERMISSIONS, Permission, Role
from waymark.audit.models import Event
from waymark.cases.actions.notes import write_note
from waymark.cases.actions.opening import tell_notices
from waymark.cases.models import Case, Note
from waymark.consent.models import Disclosure
from waymark.notices.models import Notice
from waymark.obligations.actions.releases import ask_release
from waymark.obligations.formats.words import day_in_words
from waymark.obligations.models import CompelledRelease, LegalProcess
from waymark.obligations.policies.steps import WHAT_IT_IS
from waymark.people.actions.records import change_person
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.vault.models import RecordHold

pytestmark = pytest.mark.django_db
PAPER = {"received_on": "today", "due_on": "", "sender": "A lawyer (invented)", "court": "", "asks_for": "Everything"}


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


def a_paper(desk: Desk, case: Case, kind: str = "subpoena", **typed: str) -> str:
    """The address of a paper that came about a case's person."""
    done = desk.client.send(f"/obligations/people/{case.person_id}/papers/new/", {**PAPER, "kind": kind, **typed})
    assert done.status_code == 302, done.content.decode()
    return str(done["Location"])


def ledger(desk: Desk) -> list[Disclosure]:
    with desk.person.acting():
        return list(Disclosure.objects.order_by("at"))


@pytest.fixture
def case(desk: Desk) -> Case:
    found: Case = opened_case(desk.person, name="Rosa Invented", facts={"code_word": "yellow kettle"})
    return found


def test_a_paper_calls_who_answers_courts_and_releases_nothing(desk: Desk, case: Case) -> None:
    """Told by a neutral line without a name; a colleague on the deny list is told nothing."""
    named, denied = desk_of_colleague(desk), desk_of_colleague(desk, "Cy Invented")
    answering(named.user)
    answering(denied.user)
    kept = desk.client.send(f"/cases/{case.pk}/access/deny/", {"user": str(denied.user.pk), "reason": "A conflict"})
    assert kept.status_code == 302
    here = a_paper(desk, case)
    assert ledger(desk) == []
    with named.person.acting():
        notice = Notice.objects.get(to=named.user.acting)
        assert (notice.kind, notice.path) == ("task.waits", here)
    with denied.person.acting():
        assert not Notice.objects.filter(to=denied.user.acting).exists()
    page = named.get(here)
    assert "You do not have to hand over anything now" in page
    assert "A subpoena is not an order" in page
    assert denied.client.get(here).status_code == 404
    with desk.person.acting():
        assert Event.objects.filter(verb="legal_process.opened").count() == 1
        hold = RecordHold.objects.get()
        assert (hold.why, hold.record_key.record) == ("process", case.person_id), "nothing is destroyed meanwhile"
    a_paper(desk, case)
    with desk.person.acting():
        assert RecordHold.objects.count() == 1


def test_nobody_named_means_every_advocate_is_told(desk: Desk, case: Case) -> None:
    colleague = desk_of_colleague(desk)
    a_paper(desk, case)
    with colleague.person.acting():
        assert Notice.objects.filter(to=colleague.user.acting, kind="task.waits").count() == 1


@pytest.mark.parametrize("kind", sorted(WHAT_IT_IS))
def test_what_is_no_order_offers_nothing_to_give(desk: Desk, case: Case, kind: str) -> None:
    here = a_paper(desk, case, kind)
    page = desk.get(here)
    assert "Ask for what the order names" not in page
    asked = desk.client.get(f"{here}given/new/", follow=True).content.decode()
    assert "without a judge&#x27;s order that stands" in asked
    is_judged = kind in {"subpoena", "court_order", "warrant"}
    assert (f"{here}move/order/" in page) == is_judged
    assert desk.client.get(f"{here}move/order/").status_code == (200 if is_judged else 302)
    if not is_judged:
        assert "Nothing is ever given on this paper" in page


def an_approved_request(desk: Desk, case: Case, **ticked: Any) -> tuple[Desk, str, CompelledRelease]:
    approver = desk_of_colleague(desk, "Ann Swers")
    answering(approver.user)
    here = a_paper(desk, case, "court_order")
    assert desk.client.send(f"{here}move/order/", {"reason": "Judge Invented, today"}).status_code == 302
    asked = desk.client.send(
        f"{here}given/new/", {"fields_named": ["person.name"], "words": "The name she uses.", **ticked}
    )
    assert asked.status_code == 302, asked.content.decode()
    with desk.person.acting():
        request = CompelledRelease.objects.get()
    return approver, here, request


def test_an_order_is_approved_by_another_written_down_first_and_handed_over_once(desk: Desk, case: Case) -> None:
    said = desk.client.send(
        f"/obligations/people/{case.person_id}/statements/new/",
        {"about": "file", "note": "", "language": "en", "text": "That is not my name."},
    )
    assert said.status_code == 302
    approver, here, request = an_approved_request(desk, case)
    answer, hand = f"{here}given/{request.pk}/answer/", f"{here}given/{request.pk}/hand-over/"
    answering(desk.user)
    own = desk.client.send(answer, {"answer": "approve"})
    assert own.status_code == 422
    assert "never whoever asked" in own.content.decode()
    assert "Answer it" not in desk.get(here)
    assert "Answer it" in approver.get(here)
    prove(desk.client)
    # Worker, approver and court read of them; only on their own paper the person is "you".
    for page in (desk.get(here), desk.get(f"{here}given/new/"), approver.get(answer)):
        assert "Name to use" in page
        assert "you want to be called by" not in page
    early = desk.client.send(hand)
    assert early.status_code == 422
    assert "Nobody who answers courts has approved" in early.content.decode()
    assert ledger(desk) == []
    assert approver.client.send(answer, {"answer": "approve"}).status_code == 302
    assert ledger(desk) == [], "approving hands nothing over"
    given = desk.client.send(hand)
    assert (given.status_code, given["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in given["Cache-Control"]
    text = words_of(given.content)
    assert "Rosa Invented" in text
    assert "yellow kettle" not in text
    assert "That is not my name." in text, "what she said against it goes with it"
    assert "What the person said is wrong" in text
    assert "Name to use" in text
    assert not re.search(r"\byou\b", text, re.IGNORECASE)
    line = ledger(desk)[0]
    assert (line.basis, line.outside, line.process, line.by_id) == ("compelled", "court", request.pk, desk.user.pk)
    assert line.fields == ["person.name", "statement"]
    again = desk.client.send(hand)
    assert again.status_code == 422
    assert "handed over already" in again.content.decode()
    assert len(ledger(desk)) == 1
    with desk.person.acting():
        verbs = ["asked", "approved", "handed_over"]
        told = Event.objects.filter(verb__startswith="compelled_release.").order_by("id")
        assert [event.verb for event in told] == [f"compelled_release.{verb}" for verb in verbs]


def test_if_the_ledger_fails_nothing_leaves(desk: Desk, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database refuses the line: an order that fell between approval and paper."""
    approver, here, request = an_approved_request(desk, case)
    approver.client.send(f"{here}given/{request.pk}/answer/", {"answer": "approve"})
    assert desk.client.send(f"{here}move/quash/", {"reason": "Set aside"}).status_code == 302
    prove(desk.client)
    late = desk.client.send(f"{here}given/{request.pk}/hand-over/")
    assert late.status_code == 422
    assert b"%PDF" not in late.content
    assert ledger(desk) == []


def test_a_privileged_note_is_offered_only_after_a_judge_has_read_it_alone(desk: Desk, case: Case) -> None:
    with desk.person.acting():
        vault = desk.person.vault()
        tell_notices(vault=vault, case=case, about=("limits",), language="English", by=desk.user)
        for kind, text in (("privileged", "In confidence."), ("progress", "Plain work.")):
            write_note(vault=vault, case=case, kind=kind, happened_on=timezone.localdate(), text=text, by=desk.user)
        secret_note, plain = Note.objects.get(kind="privileged"), Note.objects.get(kind="progress")
    approver, here, request = an_approved_request(desk, case, notes_named=[str(plain.pk)])
    assert str(secret_note.pk) not in desk.get(f"{here}given/new/")
    sneaked = desk.client.send(f"{here}given/new/", {"notes_named": [str(secret_note.pk)], "words": "All notes"})
    assert sneaked.status_code == 422
    for chambers in ("to_give", "asked", "to_give"):
        noted = desk.client.send(f"{here}privilege/", {"claimed_on": "today", "chambers": chambers, "due_on": ""})
    assert noted.status_code == 302
    assert str(secret_note.pk) in desk.get(f"{here}given/new/")
    approver.client.send(f"{here}given/{request.pk}/answer/", {"answer": "approve"})
    prove(desk.client)
    text = words_of(desk.client.send(f"{here}given/{request.pk}/hand-over/").content)
    assert "Plain work." in text
    assert "In confidence." not in text, "no more than was asked for and approved"


def marked(desk: Desk, case: Case, is_marked: bool = True) -> None:
    """The file itself says that something in it came from a program that treats substance use."""
    with desk.person.acting():
        change_person(
            vault=desk.person.vault(), person=Person.objects.get(pk=case.person_id), name="Rosa Invented",
            facts={"is_part_two": is_marked}, age_band="", by=desk.user,
        )  # fmt: skip


def test_an_order_about_substance_use_records_needs_its_finding_and_a_subpoena(desk: Desk, case: Case) -> None:
    marked(desk, case)
    here = a_paper(desk, case, "court_order")
    assert "An order alone is not enough" in desk.get(here)
    desk.client.send(f"{here}move/order/", {"reason": "Judge Invented, today"})
    told = {"fields_named": ["person.name"], "words": "The name she uses."}
    bare = desk.client.send(f"{here}given/new/", told)
    assert bare.status_code == 422
    assert "The name she uses." in bare.content.decode()
    for wrong in (
        {"finding": "noncriminal"},
        {"subpoena_on": "today"},
        {"finding": "noncriminal", "subpoena_on": "12/31/2199"},
        {"finding": "because", "subpoena_on": "today"},
    ):
        assert desk.client.send(f"{here}given/new/", {**told, **wrong}).status_code == 422
    with desk.person.acting(), pytest.raises(Refused, match="An order alone is not enough"):
        ask_release(
            vault=desk.person.vault(), process=LegalProcess.objects.select_related("person").get(),
            fields=["person.name"], notes=[], words="", by=desk.user,
        )  # fmt: skip
    assert ledger(desk) == []
    whole = {**told, "finding": "noncriminal", "subpoena_on": "today"}
    assert desk.client.send(f"{here}given/new/", whole).status_code == 302
    approver = desk_of_colleague(desk, "Ann Swers")
    answering(approver.user)
    with desk.person.acting():
        request = CompelledRelease.objects.get()
        assert not request.has_finding, "a dump does not tell of this file"
        assert b"noncriminal" not in bytes(request.part_two)
    answer = f"{here}given/{request.pk}/answer/"
    read = approver.get(answer)
    assert "42 CFR 2.64(d)" in read
    assert f"Subpoena or mandate of {day_in_words(timezone.localdate(), 'en')}." in read
    approver.client.send(answer, {"answer": "approve"})
    prove(desk.client)
    assert desk.client.send(f"{here}given/{request.pk}/hand-over/").status_code == 200
    assert len(ledger(desk)) == 1


def test_a_file_that_was_marked_after_the_request_is_not_given(desk: Desk, case: Case) -> None:
    approver, here, request = an_approved_request(desk, case)
    assert "An order alone is not enough" not in desk.get(here)
    approver.client.send(f"{here}given/{request.pk}/answer/", {"answer": "approve"})
    marked(desk, case)
    prove(desk.client)
    late = desk.client.send(f"{here}given/{request.pk}/hand-over/")
    assert late.status_code == 422
    assert "Ask anew, and write down what the order finds" in late.content.decode()
    assert ledger(desk) == []


def test_the_person_is_told_or_it_says_why_not(desk: Desk, case: Case) -> None:
    here = a_paper(desk, case)
    assert "Nobody has told them yet" in desk.get(here)
    assert desk.client.send(f"{here}told/", {"was_told": "no", "words": ""}).status_code == 422
    assert desk.client.send(f"{here}told/", {"was_told": "no", "words": "No safe way today"}).status_code == 302
    assert desk.client.send(f"{here}told/", {"was_told": "yes", "words": "On the phone"}).status_code == 302
    page = desk.get(here)
    assert "No safe way today" in page
    assert "On the phone" in page


def test_a_locked_vault_shows_no_word_of_a_paper(desk: Desk, case: Case) -> None:
    here = a_paper(desk, case, court="Superior Court, 12-345 (invented)")
    assert "12-345" in desk.get(here)
    desk.client.send("/vault/lock/", page=here)
    page = desk.get(here)
    for sealed in ("12-345", "A lawyer (invented)", "Everything"):
        assert sealed not in page
    refused = desk.client.send(f"{here}told/", {"was_told": "yes", "words": "Typed in vain?"})
    assert refused.status_code == 422
    assert "Typed in vain?" in refused.content.decode()


def test_the_home_page_says_what_is_due_without_a_name(desk: Desk, case: Case) -> None:
    approver, _, _ = an_approved_request(desk, case)
    page = approver.get("/")
    assert "request under an order waits for your answer" in page
    assert "court paper waits for an answer" in page
    assert "Rosa" not in page
    page = desk.get("/")
    assert "court paper waits for an answer" in page
    assert "request under an order" not in page, "who does not answer courts has no line of approvals"


def test_the_first_steps_need_no_vault_and_name_whom_to_call(desk: Desk) -> None:
    assert "Write down whom you call" in desk.get("/obligations/door/")
    saved = desk.client.send(
        "/obligations/counsel/", {"name": "Law office (invented)", "phone": "916-555-0190", "hours": ""}
    )
    assert saved.status_code == 302
    desk.client.send("/obligations/counsel/", {"name": "Another office (invented)", "phone": "916-555-0191", "hours": ""})
    page = desk.get("/obligations/door/")
    assert "Another office (invented)" in page
    assert "916-555-0191" in page
    assert "You do not have to hand over anything now" in page


def test_a_list_of_five_thousand_papers_asks_twelve_questions_at_most(desk: Desk, case: Case) -> None:
    with desk.person.acting():
        row = {"agency_id": desk.agency.pk, "person": case.person, "made_by": desk.user, "sealed": b"sealed"}
        rows = [LegalProcess(kind="subpoena", received_on=timezone.localdate(), **row) for _ in range(5000)]
        LegalProcess.objects.bulk_create(rows)
    for address in ("/obligations/papers/", "/obligations/papers/?due=now&state=received&q=x"):
        with CaptureQueriesContext(connection) as asked:
            desk.get(address)
        # Only a test has a transaction around the page's own.
        own = [query["sql"] for query in asked if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        assert len(own) <= 12, own


def test_nobody_but_advocates_holds_these_permissions() -> None:
    """So nobody of the justice side has a route, a list or a count (docs/adr/0600-give-cases-to-advocates-alone.md)."""
    for permission in Permission:
        if permission.startswith("obligations.") and permission is not Permission.OBLIGATIONS_INCIDENT_KEEP:
            holders = [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
            assert holders == [Role.ADVOCATE]


def test_another_agency_is_answered_as_if_there_were_nothing(desk: Desk, case: Case) -> None:
    here = a_paper(desk, case)
    stranger = desk_in("Other House (invented)", "Eve Invented")
    hidden, absent = stranger.client.get(here), stranger.client.get(f"/obligations/papers/{uuid.uuid4()}/")
    assert (hidden.status_code, hidden.content) == (404, absent.content)
    officer = SiteClient("staff")
    officer.user = UserFactory(role="officer", agency=desk.agency)
    officer.force_login(officer.user)
    assert officer.get("/obligations/papers/").status_code == 403


def test_bad_days_and_kinds_are_told_beside_the_field_and_nothing_is_lost(desk: Desk, case: Case) -> None:
    tomorrow = (timezone.localdate() + dt.timedelta(days=1)).isoformat()
    new = f"/obligations/people/{case.person_id}/papers/new/"
    for typed in ({"kind": "invented"}, {"received_on": tomorrow}, {"received_on": "someday"}, {"asks_for": "x" * 4001}):
        answer = desk.client.send(new, {**PAPER, "kind": "subpoena", **typed})
        assert answer.status_code == 422
        assert "A lawyer (invented)" in answer.content.decode()
    here = a_paper(desk, case)
    assert desk.client.get(f"{here}move/invented/").status_code == 404
    assert desk.client.get(f"{here}move/phone/").status_code == 404
