"""From the questions to what agencies confirmed, on the screens and in the acts behind them."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Iterator
from typing import Any

import docx
import pypdf
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.people import opened_case
from tests.factories.relief import DECLARATION, asked, drafted
from tests.plugins.tagged import read_tagged
from tests.waymark.cases.desks import Desk, desk_in, desk_of_colleague
from tests.waymark.relief.conftest import lawyers_desk
from tests.waymark.relief.steps import drafted_relief, move, opened_relief, vault_of

from waymark.audit.models import Event
from waymark.cases.actions.access import deny, restrict_case
from waymark.consent.actions import hash_of
from waymark.consent.models import Disclosure
from waymark.people.policies import Refused
from waymark.relief.actions.asking import answer_again, draft_petition, forget_words, open_relief
from waymark.relief.actions.papers import Form, print_petition
from waymark.relief.models import Holder, Move, ReliefCase, State
from waymark.relief.selectors import records

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 5, 4, 19, tzinfo=dt.UTC)
DAY = dt.date(2026, 5, 4)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """Everything here happens at one noon, desks included."""
    with time_machine.travel(NOON, tick=False):
        yield


def answers(**more: Any) -> dict[str, Any]:
    facts = {"fact_nonviolent": "yes", "fact_trafficked": "yes", "fact_out_or_in_services": ""}
    return {
        "page": str(uuid.uuid4()),
        "entry": "conviction",
        "charged": "653.22 pc",
        "entry_on": "May 3, 2018",
        **facts,
        **more,
    }


@pytest.mark.parametrize(
    ("day", "expected"), [("2022-12-31", "Another section"), ("2023-01-01", "May be worth asking a lawyer")]
)
def test_a_rule_that_changes_on_a_day_is_asked_on_both_sides_of_it(db: None, day: str, expected: str) -> None:
    with time_machine.travel(dt.datetime.fromisoformat(f"{day}T20:00:00+00:00"), tick=False):
        page = lawyers_desk().client.send("/relief/ask/", {"entry": "conviction", "charged": "PC 653.22"}).content.decode()
    said = page.partition("What the rules say today")[2].partition("Ask again")[0]
    shown, _, others = said.partition("<details")
    assert "Not legal advice. Rule version 2026-11-22." in page
    if expected == "Another section":
        assert "PC 653.29" in others.partition("</details>")[0]
        assert "PC 653.29" not in shown
    else:
        assert expected in shown.partition("PC 653.29")[2].partition("</li>")[0]


def test_asking_the_rules_keeps_nothing_and_is_open_to_every_advocate(desk: Desk) -> None:
    shelter = desk_in()
    for each in (desk, shelter):
        page = each.client.send("/relief/ask/", {"entry": "arrest", "charged": "", "fact_trafficked": "yes"})
        assert page.status_code == 200
        assert "Ask a lawyer" in page.content.decode()
    assert Event.objects.filter(verb__startswith="relief").count() == 0
    assert shelter.client.send("/relief/ask/", {"entry": "dream"}).status_code == 422
    assert "keeps no relief cases" in shelter.get("/relief/")
    assert shelter.client.get("/relief/find/").status_code == 302
    case = opened_case(shelter.person)
    assert shelter.client.get(f"/relief/new/{case.person_id}/").status_code == 404
    with shelter.person.acting(), pytest.raises(Refused, match="Defender and legal aid"):
        open_relief(vault=shelter.person.vault(), person=case.person, asked=asked(), page=uuid.uuid4(), by=shelter.user)


def test_from_the_questions_to_what_agencies_confirmed(desk: Desk) -> None:
    person = opened_case(desk.person, name="Ana Invented").person
    assert "Ana Invented" in desk.client.send("/relief/find/", {"words": "Ana"}).content.decode()
    sent = answers()
    made = desk.client.send(f"/relief/new/{person.pk}/", sent)
    again = desk.client.send(f"/relief/new/{person.pk}/", sent)
    assert made.status_code == 302
    assert made.url == again.url, "the same page twice is one case"
    here = made.url
    page = desk.get(here)
    assert "Conviction, PC 653.22, May 3, 2018" in page
    assert "Has the trafficking ended" in page, "what is not known yet is named"
    assert "Rule version 2026-11-22" in page
    assert desk.client.send(f"{here}draft/", {"section": "PC 236.14", "attorney": ""}).status_code == 422
    done = desk.client.send(
        f"{here}draft/", {"section": "PC 236.14", "attorney": "Lee Invented", "declaration": DECLARATION}
    )
    assert done.status_code == 302, done.content
    assert "brother would be hurt" in desk.get(here)
    for step, data, label in (
        ("review", {}, "Reviewed"),
        ("serve", {"happened_on": "May 4, 2026", "is_signed": "on"}, "Served"),
        ("file", {"happened_on": "May 4, 2026"}, "Filed"),
        ("set_hearing", {"happened_on": "July 1, 2026"}, "Hearing set"),
        ("order", {"happened_on": "May 4, 2026"}, "Relief ordered"),
    ):
        answer = desk.client.send(f"{here}step/{step}/", data)
        assert answer.status_code == 302, (step, answer.content)
        assert label in desk.get(here)
        if step == "serve":
            assert "Thursday, June 18, 2026" in desk.get(here), "45 days from service"
    desk.client.send(f"{here}agencies/new/", {"name": "Invented Records Bureau"})
    with desk.person.acting():
        holder = Holder.objects.get()
    assert desk.client.send(f"{here}step/confirm/", {}).status_code == 422
    confirmed = desk.client.send(f"{here}agencies/{holder.pk}/", {"sealed_on": "May 4, 2026"})
    assert confirmed.status_code == 302, confirmed.content
    assert desk.client.send(f"{here}step/confirm/", {}).status_code == 302
    assert "Sealed everywhere" in desk.get(here)
    assert "Held back" in desk.get("/relief/counts/")
    assert desk.client.send(f"{here}forget/", {}).status_code == 302
    assert "brother would be hurt" not in desk.get(here)


def test_a_draft_has_its_attorney_both_forms_and_a_line_first(desk: Desk) -> None:
    case = drafted_relief(desk)
    here = f"/relief/{case.pk}/"
    made = desk.client.send(f"{here}paper/pdf/", {}, page=here)
    with desk.person.acting():
        line = Disclosure.objects.get()
        assert (line.person_id, line.method, line.basis, line.fields) == (
            case.person_id,
            "pdf",
            "internal",
            ["petition"],
        )
        assert bytes(line.content_hash) == hash_of(made.content, vault=desk.person.vault())
    assert made.headers["Content-Type"] == "application/pdf"
    assert "Ana" not in made.headers["Content-Disposition"]
    read = read_tagged(made.content)
    assert read.is_for_everybody
    for words in ("18INV0042", "I was nineteen.", "Fines are stayed", "45 days (Cal. Penal Code 236.14)"):
        assert words in read.text
    sheets = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made.content)).pages]
    assert all("Draft for Lee Invented. Not filed. Not legal advice. Rule version 2026-11-22." in sheet for sheet in sheets)
    file = desk.client.send(f"{here}paper/docx/", {}, page=here)
    paper = docx.Document(io.BytesIO(file.content))
    text = "\n".join(each.text for each in paper.paragraphs)
    assert "I was nineteen." in text
    assert "Petition under PC 236.14" in text
    assert "Lee Invented" in paper.sections[0].header.paragraphs[0].text
    assert paper.core_properties.author == ""
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert "Was it a direct result of being trafficked?" in cells


def test_nothing_is_printed_before_an_attorney_is_named_or_without_a_vault(desk: Desk) -> None:
    case = opened_relief(desk)
    here = f"/relief/{case.pk}/"
    assert desk.client.send(f"{here}paper/pdf/", {}, page=here).status_code == 302
    with desk.person.acting(), pytest.raises(Refused, match="Draft the petition first"):
        print_petition(vault=desk.person.vault(), case=case, form=Form.DOCX, by=desk.user)
    assert desk.client.get(f"/relief/{case.pk}/paper/pdf/").status_code == 405
    assert desk.client.send(f"{here}paper/exe/", {}, page=here).status_code == 404
    with desk.person.acting():
        assert Disclosure.objects.count() == 0


def test_markup_in_a_name_is_printed_as_it_stands(desk: Desk) -> None:
    case = opened_relief(desk, court='#panic() *Court* $x$ <a> \x07 "', case_number="]]>&amp;")
    with desk.person.acting():
        draft = drafted(petitioner='#read("/etc/passwd")', declaration="你好 = _x_")
        case = draft_petition(vault=desk.person.vault(), case=case, section="PC 236.14", draft=draft, by=desk.user)
        pdf = print_petition(vault=desk.person.vault(), case=case, form=Form.PDF, by=desk.user)
        file = print_petition(vault=desk.person.vault(), case=case, form=Form.DOCX, by=desk.user)
    text = read_tagged(pdf).text
    assert "#panic() *Court* $x$ <a>" in text
    assert '#read("/etc/passwd")' in text
    assert "]]>&amp;" in "\n".join(each.text for each in docx.Document(io.BytesIO(file)).paragraphs)


def test_days_that_cannot_be_are_refused(desk: Desk) -> None:
    case = move(desk, drafted_relief(desk, "PC 851.91", entry="arrest"), "review")
    for moves, on, why in (
        (["serve"], DAY + dt.timedelta(days=1), "not come yet"),
        (["file"], DAY, "moved this case"),
        (["draft"], DAY, "moved this case"),
    ):
        with pytest.raises(Refused, match=why):
            move(desk, case, *moves, on=on)
    case = move(desk, case, "serve")
    with pytest.raises(Refused, match="before the step"):
        move(desk, case, "file", on=DAY - dt.timedelta(days=1))
    case = move(desk, case, "file")
    with pytest.raises(Refused, match="May 19, 2026"):
        move(desk, case, "set_hearing", on=dt.date(2026, 5, 18))
    assert move(desk, case, "set_hearing", on=dt.date(2026, 5, 19)).due_on == dt.date(2026, 5, 19)


def test_words_change_until_they_are_served_and_are_reviewed_anew(desk: Desk) -> None:
    case = move(desk, drafted_relief(desk), "review")
    vault = vault_of(desk)
    with desk.person.acting():
        answer_again(vault=vault, case=case, asked=asked(court="Another Court"), by=desk.user)
        case.refresh_from_db()
    assert case.state == State.DRAFTED
    with desk.person.acting(), pytest.raises(Refused, match="still needed"):
        forget_words(vault=vault, case=case, by=desk.user)
    case = move(desk, case, "review", "serve")
    with desk.person.acting():
        with pytest.raises(Refused, match="stays as it was"):
            answer_again(vault=vault, case=case, asked=asked(), by=desk.user)
        with pytest.raises(Refused, match="stays as it was"):
            draft_petition(vault=vault, case=case, section="PC 236.14", draft=drafted(), by=desk.user)
    case = move(desk, case, "withdraw")
    with desk.person.acting():
        forget_words(vault=vault, case=case, by=desk.user)
        case.refresh_from_db()
        secret = records.secret_of(vault, case)
        assert secret is not None
        assert records.words_of(case, secret) == {"entry": "conviction", "is_forgotten": True}


def test_who_may_not_see_the_person_sees_no_relief_case(desk: Desk) -> None:
    case, colleague = drafted_relief(desk), desk_of_colleague(desk)
    here = f"/relief/{case.pk}/"
    assert "Ana Invented" in colleague.get(here)
    shelter = desk_in("Shelter (invented)", "Bo Invented")
    nowhere = shelter.client.get(f"/relief/{uuid.uuid4()}/")
    hidden = shelter.client.get(here)
    assert (hidden.status_code, hidden.content) == (404, nowhere.content)
    with desk.person.acting():
        first = next(iter(_cases_of(case)))
        restrict_case(vault=desk.person.vault(), case=first, to=[desk.user.pk], by=desk.user)
    assert colleague.client.get(here).status_code == 404
    assert case.code not in colleague.get("/relief/")
    assert "Ana Invented" in desk.get(here)
    with desk.person.acting(), pytest.raises(Refused):
        deny(vault=desk.person.vault(), case=first, user=desk.user.pk, reason="x", by=desk.user)


def _cases_of(case: ReliefCase) -> Any:
    from waymark.cases.models import Case

    return Case.objects.filter(person_id=case.person_id)


def test_a_locked_vault_shows_code_and_days_and_no_word(desk: Desk) -> None:
    case = drafted_relief(desk)
    desk.client.send("/vault/lock/", {}, page="/relief/")
    for page in (f"/relief/{case.pk}/", "/relief/"):
        seen = desk.get(page)
        assert case.code in seen
        assert "Ana Invented" not in seen
        assert "PC 647(b)" not in seen
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM relief_reliefcase")
        assert b"brother" not in b"".join(
            bytes(each) for row in cursor.fetchall() for each in row if isinstance(each, memoryview)
        )


def test_one_event_for_each_act_and_nothing_of_what_was_said(desk: Desk) -> None:
    case = move(desk, drafted_relief(desk), "review")
    with desk.person.acting():
        print_petition(vault=desk.person.vault(), case=case, form=Form.PDF, by=desk.user)
        told = list(Event.objects.filter(object_id=str(case.pk)).order_by("id").values_list("verb", flat=True))
    assert told == ["relief.opened", "relief.drafted", "relief.moved", "relief.printed"]


def test_the_list_asks_little_for_five_thousand_cases(desk: Desk) -> None:
    case = opened_relief(desk)
    with desk.person.acting():
        ReliefCase.objects.bulk_create(
            [
                ReliefCase(
                    agency_id=case.agency_id,
                    person_id=case.person_id,
                    code=f"x{number}",
                    rule_version="test",
                    worker=desk.user,
                    opened_on=DAY,
                    sealed=bytes(case.sealed),
                    made_by=desk.user,
                )
                for number in range(5000)
            ],
            batch_size=1000,
        )
    desk.get("/relief/")
    with CaptureQueriesContext(connection) as asked_for:
        assert "Ana Invented" in desk.get("/relief/?due=&whose=mine")
    # The test's own transaction is around the page's: a savepoint and the end of the context are its.
    said = [query["sql"] for query in asked_for if "SAVEPOINT" not in query["sql"] and "'', true" not in query["sql"]]
    assert len(said) <= 12, "\n".join(said)


def test_the_home_tells_that_something_is_due_and_never_what(desk: Desk) -> None:
    case = move(desk, drafted_relief(desk), "review", "serve")
    says = "relief case of yours is due within a week"
    assert says not in desk.get("/waiting/")
    case = move(desk, move(desk, case, "file"), "set_hearing", on=DAY + dt.timedelta(days=7))
    home = desk.get("/waiting/")
    assert says in home
    assert "236.14" not in home


def test_a_step_that_a_colleague_was_quicker_with_is_told(desk: Desk) -> None:
    case = drafted_relief(desk)
    assert desk.client.get(f"/relief/{case.pk}/step/order/").status_code == 302
    assert "moved this case meanwhile" in desk.get(f"/relief/{case.pk}/")
    assert desk.client.get(f"/relief/{case.pk}/step/dance/").status_code == 404
    assert desk.client.get(f"/relief/{case.pk}/step/{Move.DRAFT}/").status_code == 404
