"""Blank sheets: numbered, tagged, without a word of what they are for; typed in later, once, with both days."""

from __future__ import annotations

import datetime as dt
import io

import pypdf
import pytest
from django.utils import timezone
from tests.factories.people import a_case
from tests.waymark.cases.desks import Desk
from tests.waymark.cases.test_journey import intake
from tests.waymark.cases.test_rules import refused

from waymark.cases.formats.sheets import LANGUAGES, LETTERS, sheets_pdf
from waymark.cases.models import Case, Sheet

pytestmark = pytest.mark.django_db
# What a finder must not read on a blank sheet.
TELLING = (
    "traffick",
    "trata",
    "victim",
    "víctima",
    "surviv",
    "sobreviv",
    "shelter",
    "refugio",
    "waymark",
    "police",
    "polic",
)


@pytest.mark.parametrize("language", [code for code, _ in LANGUAGES])
@pytest.mark.parametrize("kind", sorted(LETTERS))
def test_each_sheet_is_one_tagged_page_that_tells_a_finder_nothing(kind: str, language: str) -> None:
    read = pypdf.PdfReader(io.BytesIO(sheets_pdf(kind, language, [41, 42])))
    assert len(read.pages) == 2
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert str(read.trailer["/Root"]["/Lang"]).startswith(language)  # type: ignore[index]
    text = " ".join(" ".join(page.extract_text() for page in read.pages).casefold().split())
    assert f"{LETTERS[kind]}-0042".casefold() in text
    assert [word for word in TELLING if word in text] == []
    assert ("un hablante nativo aún no" in text) == (language == "es")


def test_numbers_go_on_and_are_the_agency_s_own(desk: Desk) -> None:
    for count in ("3", "2"):
        answer = desk.client.send("/cases/sheets/", {"kind": "intake", "language": "en", "count": count})
        assert answer["Content-Type"] == "application/pdf"
    with desk.person.acting():
        assert list(Sheet.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    wrong = desk.client.send("/cases/sheets/", {"kind": "intake", "language": "en", "count": "400"})
    assert wrong.status_code == 422


def test_what_is_typed_in_later_keeps_both_days_and_is_typed_in_once(desk: Desk) -> None:
    desk.client.send("/cases/sheets/", {"kind": "intake", "language": "es", "count": "1"})
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    done = intake(desk, name="Rosa Invented", happened_on=yesterday.isoformat(), sheet=" i-1 ")
    assert done.status_code == 302, done.content
    with desk.person.acting():
        case = Case.objects.get()
        assert case.opened_on == yesterday
        assert timezone.localdate(case.made_at) == timezone.localdate()
        assert case.sheet is not None
        assert case.sheet.number == 1
    for number, told in (
        ("I-0001", "typed in from this sheet already"),
        ("I-0009", "printed no intake"),
        ("R-1", "no number"),
    ):
        again = intake(desk, name="Rosa Invented", sheet=number)
        page = again.content.decode()
        assert again.status_code == 422
        assert told in page
        assert 'value="Rosa Invented"' in page
    later = intake(desk, happened_on=(timezone.localdate() + dt.timedelta(days=1)).isoformat())
    assert "This day has not come yet." in later.content.decode()


def test_the_database_takes_one_case_from_a_sheet(desk: Desk) -> None:
    with desk.person.acting():
        sheet = Sheet.objects.create(agency=desk.agency, kind="intake", number=1, language="en", printed_by=desk.user)
        a_case(desk.agency, desk.user, sheet=sheet)
        refused(lambda: a_case(desk.agency, desk.user, sheet=sheet), "one_case_a_sheet")
