"""A court day as one PDF: a page a person, numbers and no name, a line in the log before the paper."""

from __future__ import annotations

import datetime as dt
import io

import pypdf
import pytest
from django.utils import timezone
from tests.factories.disclosures import acting
from tests.plugins.tagged import read_tagged
from tests.waymark.diversion.desks import MATTER, Desks, send

from waymark.audit.models import Event
from waymark.diversion.formats.docket_paper import Sheet, docket_pdf
from waymark.diversion.models import Matter

DAY = dt.date(2026, 12, 1)
ROWS = (("Status", "On track"), ("Sessions attended", "7 of 24"))


def test_sixty_reports_are_one_tagged_paper_with_a_page_each() -> None:
    sheets = [Sheet(f"R.K., case 26MI{number:04d}", "", ROWS if number else ()) for number in range(60)]
    paper = docket_pdf(sheets, on=DAY, printed="Jo Invented, Court, today")
    read = read_tagged(paper)
    assert read.is_for_everybody
    assert (read.pages, read.title) == (60, "Reports for December 1, 2026")
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages]
    assert all(f"26MI{number:04d}" in page for number, page in enumerate(pages))
    assert all("Printed by Jo Invented" in page and "Destroy after the court day" in page for page in pages)
    assert "No report." in pages[0]
    assert "7 of 24" not in pages[0]
    assert all("7 of 24" in page for page in pages[1:])


@pytest.mark.django_db
def test_a_printed_docket_names_no_program_and_is_written_down_first(four: Desks) -> None:
    day = timezone.localdate() + dt.timedelta(days=7)
    form = MATTER | {"program_agency": str(four.worker.agency.pk)}
    send(four.judge, "/diversion/matters/new/", form)
    with acting(four.judge.user):
        matter = Matter.objects.get()
    send(four.judge, f"/diversion/matters/{matter.pk}/docket/", {"on": day.isoformat(), "kind": "review"})
    here = f"/diversion/docket/{day}/reports/"
    answer = four.judge.client.send(f"/diversion/docket/{day}/reports.pdf", {}, page=here)
    assert answer.headers["Content-Type"] == "application/pdf"
    text = read_tagged(answer.content).text
    for words in ("R.K., case 26MI004321", "No report.", "Printed by Jo Invented, Superior Court"):
        assert words in text
    for words in ("Harbor", "Program", "Rosa"):
        assert words not in text
    with acting(four.judge.user):
        assert Event.objects.filter(verb="report.printed", object_id=str(matter.pk)).count() == 1
    empty = four.judge.client.send(f"/diversion/docket/{day + dt.timedelta(days=1)}/reports.pdf", {}, page=here)
    assert empty.status_code == 302
    assert four.judge.client.get(f"/diversion/docket/{day}/reports.pdf").status_code == 405
