"""A quarter is counted from the rows, certified by one person, frozen, corrected beside, given with a ledger line."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.db.utils import Error as DatabaseError
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader
from tests.factories.care import a_service
from tests.factories.people import opened_case
from tests.factories.reports import a_report
from tests.waymark.cases.desks import Desk, desk_in
from tests.waymark.reports.counting import FIRST, LAST, VOCA, served

from waymark.audit.models import Event
from waymark.care.models import Service
from waymark.consent.models import Disclosure
from waymark.people.models import Person
from waymark.reports.models import Report
from waymark.reports.selectors.counted import counted_tables

pytestmark = pytest.mark.django_db
COUNT = f"/reports/count/voca/{FIRST.isoformat()}/"


@pytest.fixture(autouse=True)
def november() -> Any:
    with time_machine.travel("2026-11-22T18:00:00Z", tick=True):
        yield


def certified(desk: Desk) -> str:
    mark = re.search(r'name="mark" value="([0-9a-f]{64})"', desk.client.get(COUNT).content.decode())
    assert mark is not None
    answer = desk.client.send(COUNT, {"mark": mark[1]})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_a_quarter_is_counted_certified_and_frozen(desk: Desk) -> None:
    served(desk, 12, gender="female", htcds={"vic_TypeOfExploitation": ["SexualExploitation"]})
    served(desk, 2, gender="male")
    with desk.person.acting():
        true = {
            one.key: one.table for one in counted_tables(VOCA, vault=desk.person.vault(), starts_on=FIRST, ends_on=LAST)
        }
        rows = Service.objects.filter(state="provided", voided_at__isnull=True, on__gte=FIRST, on__lte=LAST)
        assert true["occurrences"].counts[-1] == sum(rows.values_list("units", flat=True)) == 14 * 5
        assert true["individuals"].counts.tolist() == [14, 0, 14]
        assert true["victimization:trafficking_sex"].counts.tolist() == [12, 2, 14]
        assert true["service:D1"].counts.tolist() == [14, 0, 14]
    page = desk.get(COUNT)
    assert "hidden" in page
    here = certified(desk)
    with desk.person.acting():
        report = Report.objects.get()
        assert report.certified_by == desk.user
        assert Event.objects.filter(verb="report.certified").count() == 1
        # The two are hidden, and with them what would tell of them.
        stored = {one["key"]: one["shown"] for one in report.tables}
        assert stored["victimization:trafficking_sex"][:2] == [None, None]
        assert stored["individuals"] == [14, 0, 14]
        for change in ({"tables": []}, {"ends_on": dt.date(2026, 10, 1)}):
            with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
                Report.objects.filter(pk=report.pk).update(**change)
    assert "Certified" in desk.get(here)
    assert "This quarter is certified" in desk.get(COUNT)


def test_nobody_deletes_a_report(desk: Desk) -> None:
    with desk.person.acting():
        report = a_report(desk.agency, desk.user)
        with pytest.raises(DatabaseError, match="never changes"):
            report.delete()


def test_numbers_that_changed_since_they_were_seen_are_not_certified(desk: Desk) -> None:
    served(desk, 12)
    mark = re.search(r'name="mark" value="([0-9a-f]{64})"', desk.client.get(COUNT).content.decode())
    assert mark is not None
    served(desk, 11)
    answer = desk.client.send(COUNT, {"mark": mark[1]})
    assert answer.status_code == 422
    assert "The numbers have changed" in answer.content.decode()
    with desk.person.acting():
        assert not Report.objects.exists()


def test_two_files_of_one_person_count_once_and_a_first_service_makes_new(desk: Desk) -> None:
    one, other = served(desk, 2)
    earlier = opened_case(desk.person)
    with desk.person.acting():
        Person.objects.filter(pk=other.person_id).update(merged_into=one.person, merged_at="2026-08-01T00:00:00Z")
        a_service(earlier, desk.user, on=dt.date(2025, 12, 1))
        a_service(earlier, desk.user, on=FIRST)
        a_service(earlier, desk.user, on=dt.date(2026, 10, 1))
        a_service(earlier, desk.user, on=FIRST, state="planned")
        true = {
            one.key: one.table for one in counted_tables(VOCA, vault=desk.person.vault(), starts_on=FIRST, ends_on=LAST)
        }
        assert true["individuals"].counts.tolist() == [1, 1, 2]


def test_a_correction_stands_beside_the_report(desk: Desk) -> None:
    served(desk, 15)
    here = certified(desk)
    served(desk, 14)
    page = desk.client.get(f"{here}correct/").content.decode()
    mark = re.search(r'name="mark" value="([0-9a-f]{64})"', page)
    assert mark is not None
    missing = desk.client.send(f"{here}correct/", {"mark": mark[1]})
    assert missing.status_code == 422
    # Numbers that were not looked at are shown as they are now, and the next press is about these.
    late = desk.client.send(f"{here}correct/", {"mark": "0" * 64, "what_was_wrong": "One office sent its rows late."})
    assert late.status_code == 422
    assert f'name="mark" value="{mark[1]}"' in late.content.decode()
    done = desk.client.send(f"{here}correct/", {"mark": mark[1], "what_was_wrong": "One office sent its rows late."})
    assert done.status_code == 302, done.content.decode()
    seen = desk.get(here)
    assert "One office sent its rows late." in seen
    with desk.person.acting():
        first, second = Report.objects.order_by("certified_at")
        assert second.corrects == first
        assert next(one for one in first.tables if one["key"] == "individuals")["shown"] == [15, 0, 15]
        assert next(one for one in second.tables if one["key"] == "individuals")["shown"] == [29, 0, 29]
        assert Event.objects.filter(verb="report.corrected").count() == 1


def test_a_file_leaves_after_its_ledger_line(desk: Desk) -> None:
    served(desk, 12)
    here = certified(desk)
    answer = desk.client.send(f"{here}file/csv/", {}, page=here)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8-sig")
    assert "Individuals served,New in this fiscal year,12" in text
    paper = desk.client.send(f"{here}file/pdf/", {}, page=here)
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert "VOCA victim assistance" in words
    with desk.person.acting():
        lines = list(Disclosure.objects.values_list("basis", "outside", "method", "person"))
        assert sorted(lines) == [("aggregate", "funder", "csv", None), ("aggregate", "funder", "pdf", None)]
        assert Event.objects.filter(verb="report.handed_over").count() == 2


def test_a_locked_vault_counts_nothing(desk: Desk) -> None:
    served(desk, 1)
    desk.client.send("/vault/lock/", {}, page="/vault/")
    page = desk.get(COUNT)
    assert "Your vault is locked" in page
    assert 'name="mark"' not in page


def test_another_agency_sees_no_report_and_no_address_is_a_quarter_that_runs(desk: Desk) -> None:
    with desk.person.acting():
        report = a_report(desk.agency, desk.user)
    other = desk_in("Meadow House (invented)", "Cy Invented")
    assert other.client.get(f"/reports/{report.pk}/").status_code == 404
    assert "No report is certified yet" in other.get("/reports/")
    for wrong in ("/reports/count/voca/2026-10-01/", "/reports/count/voca/now/", "/reports/count/otip/2026-07-01/"):
        assert desk.client.get(wrong).status_code == 404


def test_the_list_of_reports_asks_few_questions(desk: Desk) -> None:
    with desk.person.acting():
        # Quarters of 26 years, and as many corrections as make 5,000 rows: there is one report a quarter.
        given = {"agency": desk.agency, "template": "voca", "version": VOCA.version, "tables": []}
        begins = [dt.date(year, month, 1) for year in range(2000, 2026) for month in (1, 4, 7, 10)]
        made = Report.objects.bulk_create(
            Report(starts_on=day, ends_on=day + dt.timedelta(days=80), **given) for day in begins
        )
        Report.objects.bulk_create(
            Report(starts_on=one.starts_on, ends_on=one.ends_on, corrects=one, what_was_wrong="A late entry", **given)
            for one in made
            for _ in range(47)
        )
    desk.client.get("/reports/")
    with CaptureQueriesContext(connection) as asked:
        assert desk.client.get("/reports/?year=2025").status_code == 200
    assert len(asked) <= 12, [query["sql"][:90] for query in asked]
