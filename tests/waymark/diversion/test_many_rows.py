"""Every list of diversion with sixty rows, at night with five thousand: as many questions as with one, at most twelve."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.disclosures import acting
from tests.factories.diversion import a_matter, agency_of, an_enrollment, four_parties
from tests.plugins.staff import SiteClient

from waymark.accounts.models import User
from waymark.diversion.models import (
    Alumnus,
    ComplianceReport,
    DocketEntry,
    GroupSession,
    Hearing,
)

MOST = 12
TABLES = ("referral", "enrollment", "matter", "docketentry", "groupsession", "hearing", "compliancereport", "alumnus")
# Each row with an id and a code of its own, and what points at the first row points at the copy of the same number.
COPY = """
INSERT INTO diversion_{table} SELECT (jsonb_populate_record(one, jsonb_build_object({changes}))).*
FROM diversion_{table} one, generate_series(1, {rows}) n
"""
SAME = "md5('{what}' || n)::uuid"
CHANGES = {
    "referral": {"id": SAME.format(what="referral"), "code": "'F-' || n"},
    "enrollment": {
        "id": SAME.format(what="enrollment"),
        "code": "'E-' || n",
        "referral_id": SAME.format(what="referral"),
    },
    "matter": {"id": SAME.format(what="matter"), "code": "'M-' || n"},
    # A busy court: twenty matters a day.
    "docketentry": {
        "id": SAME.format(what="docket"),
        "matter_id": SAME.format(what="matter"),
        "on": 'one."on" + n / 20',
    },
    "groupsession": {"id": SAME.format(what="session")},
    "hearing": {"id": SAME.format(what="hearing"), "enrollment_id": SAME.format(what="enrollment")},
    "compliancereport": {"id": SAME.format(what="report"), "enrollment_id": SAME.format(what="enrollment")},
    "alumnus": {"id": SAME.format(what="alumnus"), "enrollment_id": SAME.format(what="enrollment")},
}
PROGRAM = (
    "/diversion/",
    "/diversion/?state=every&q=E-",
    "/diversion/?court=week&report=due",
    "/diversion/referrals/",
    "/diversion/referrals/?state=agreed",
    "/diversion/sessions/",
    "/diversion/reports/",
    "/diversion/reports/?state=waiting",
    "/diversion/hearings/?state=open",
    "/diversion/alumni/?state=due",
    "/",
)
COURT = ("/diversion/matters/", "/diversion/docket/", "/diversion/docket/?when=past", "/diversion/docket/{today}/", "/")


def client_of(user: User) -> SiteClient:
    client = SiteClient("staff")
    client.force_login(user)
    return client


@pytest.mark.parametrize("rows", [60, pytest.param(5_000, marks=pytest.mark.nightly)])
def test_a_list_asks_twelve_questions_at_most_however_long(rows: int, committed_db: str, owner: Callable[..., Any]) -> None:
    here, today = four_parties(), timezone.localdate()
    enrollment = an_enrollment(here, next_court_on=today + dt.timedelta(days=3))
    of = {"agency_id": agency_of(here.worker).pk}
    with acting(here.worker):
        told = {"noticed_on": today, "counsel_noticed_on": today, "set_for": today + dt.timedelta(days=9)}
        Hearing.objects.create(**of, enrollment=enrollment, written_by=here.worker, **told)
        GroupSession.objects.create(**of, program=here.program, starts_at=timezone.now(), minutes=90, made_by=here.worker)
        numbers = dict.fromkeys(("phase", "sessions_attended", "sessions_required", "hours", "appointments"), 1)
        ComplianceReport.objects.create(
            **of, enrollment=enrollment, for_day=today, is_enrolled=True, status="on_track", **numbers
        )
        Alumnus.objects.create(**of, enrollment=enrollment, opted_in_on=today - dt.timedelta(days=400))
    with acting(here.judge):
        matter = a_matter(here.judge, agency_of(here.worker))
        DocketEntry.objects.create(agency=agency_of(here.judge), matter=matter, on=today)
    program, court = client_of(here.worker), client_of(here.judge)
    pages = [(program, url) for url in PROGRAM] + [(court, url.format(today=today)) for url in COURT]

    def prices() -> list[int]:
        found = []
        for client, url in pages:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200, url
            found.append(sum(query["sql"] not in {"BEGIN", "COMMIT"} for query in asked))
        return found

    few = prices()
    for table in TABLES:
        changes = ", ".join(f"'{name}', {value}" for name, value in CHANGES[table].items())
        owner(f"ALTER TABLE diversion_{table} DISABLE TRIGGER USER")
        owner(COPY.format(table=table, changes=changes, rows=rows))
        owner(f"ALTER TABLE diversion_{table} ENABLE TRIGGER USER")
    many = prices()
    assert dict(zip(pages, many, strict=True)) == dict(zip(pages, few, strict=True)), "the number follows the rows"
    assert max(many) <= MOST, {url: price for (_, url), price in zip(pages, many, strict=True)}
    for name in ("", "referrals/", "sessions/", "reports/", "alumni/"):
        assert program.get(f"/diversion/{name}").context["listing"].count == rows + 1, name
    assert court.get("/diversion/matters/").context["listing"].count == rows + 1
