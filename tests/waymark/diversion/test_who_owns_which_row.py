"""Every sentence of "who owns which row": nobody shares a row, and no page of one agency depends on another's."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting
from tests.factories.diversion import a_matter, agency_of, an_enrollment, four_parties
from tests.factories.people import a_case
from tests.plugins import askers
from tests.plugins.askers import Asker, ask
from tests.plugins.places import addresses
from tests.plugins.staff import SiteClient
from tests.waymark.diversion.desks import (
    ENROLL,
    MATTER,
    Desks,
    attach,
    enrolled,
    permit_for,
    refer_and_agree,
    report,
    send,
)

from waymark.access.guard import access_of
from waymark.access.permissions import Role, permissions_of
from waymark.accounts.models import AgencyKind, AgencyOwned
from waymark.disclosures.models import InboxPacket, OutboxPacket
from waymark.diversion.actions.reports import send_waiting_reports
from waymark.diversion.models import Attendance, DocketEntry, Enrollment, GroupSession, Matter, Referral
from waymark.sealing.facts import pack

pytestmark = pytest.mark.django_db


def test_every_table_stands_behind_the_wall_of_one_agency() -> None:
    models = list(apps.get_app_config("diversion").get_models())
    assert len(models) == 27
    assert [model.__name__ for model in models if not issubclass(model, AgencyOwned)] == ["ReliefTotal"], (
        "what lawyers let out is nobody's row"
    )


@pytest.mark.django_db(databases=["default", "attempts"])
def test_a_court_s_whole_site_is_the_same_bytes_with_and_without_a_survivor_s_case() -> None:
    """Every address that a court's member may open, before and after: status, headers, body, queries."""
    here = four_parties()
    court = agency_of(here.judge)
    with acting(here.judge):
        matter = a_matter(here.judge, agency_of(here.worker))
        DocketEntry.objects.create(agency=court, matter=matter, on=dt.date(2026, 12, 1))
    client = askers._client(here.judge)
    asker = Asker("of a court", client, court, Role.MEMBER, here.judge)
    own = {"pk": matter.pk, "on": dt.date(2026, 12, 1), "language": "en", "part": "waiting"}
    held = permissions_of(Role.MEMBER)
    urls = []
    for address in addresses():
        access = access_of(address.view)
        # One's own pages show a new secret at each visit, and nothing of anybody else.
        may = access is not None and access.permission in held
        if may and (address.key.startswith("diversion:") or not address.kinds) and set(address.kinds) <= set(own):
            arguments = {name: own[name] for name in address.kinds}
            urls.append(askers.question(address, arguments, {}).url)
    assert len(urls) > 40

    moment = timezone.now()

    def seen() -> dict[str, Any]:
        # The clock stands: a cookie says when it ends.
        with time_machine.travel(moment, tick=False):
            return {url: ask(asker, "GET", url, []) for url in urls}

    before = seen()
    an_enrollment(here)
    with acting(here.worker):
        a_case(agency=agency_of(here.worker), by=here.worker)
        session = GroupSession.objects.create(
            agency=agency_of(here.worker), program=here.program, starts_at=timezone.now(), minutes=90, made_by=here.worker
        )
        Attendance.objects.create(
            agency=agency_of(here.worker),
            session=session,
            enrollment=Enrollment.objects.get(),
            mark="present",
            marked_by=here.worker,
        )
    after = seen()
    for url in urls:
        for part in ("status", "headers", "queries"):
            assert getattr(before[url], part) == getattr(after[url], part), f"{url}: {part}"
        assert _without_page(before[url].body) == _without_page(after[url].body), url


def _without_page(body: bytes) -> bytes:
    """A form has a random id, so that it sent twice is one packet."""
    return re.sub(rb'name="page" value="[^"]+"', b"", body)


def test_enrollment_attendance_counts_and_reminders_are_the_program_s(four: Desks) -> None:
    enrollment = enrolled(four)
    for desk in (four.judge, four.prosecutor, four.counsel):
        for path in ("", "change/", "report/", "peer/", "responses/", "alumnus/", "end/", "hearing/"):
            url = f"/diversion/people/{enrollment.pk}/{path}"
            assert desk.client.get(url).status_code in {403, 404}, url
        assert desk.client.get("/diversion/").status_code in {200, 403}
    # And the program has no docket and no matter.
    assert four.worker.client.get("/diversion/matters/new/").status_code == 200
    refused = four.worker.client.send("/diversion/matters/new/", MATTER | {"program_agency": str(four.worker.agency.pk)})
    assert refused.status_code == 422
    with acting(four.worker.user):
        assert Matter.objects.count() == 0


def test_nobody_under_18_is_enrolled_and_the_page_shows_the_way(four: Desks) -> None:
    referral = refer_and_agree(four)
    young = {name: value for name, value in ENROLL.items() if name != "was_adult"}
    refused = four.worker.client.send(f"/diversion/referrals/{referral.pk}/enroll/", young)
    assert refused.status_code == 422
    assert "child welfare’s hotline" in refused.content.decode()
    assert "Rosa Invented" in refused.content.decode(), "nothing that was typed is lost"
    minor = {name: value for name, value in MATTER.items() if name != "is_adult"}
    refused = four.counsel.client.send("/diversion/matters/new/", minor | {"program_agency": str(four.worker.agency.pk)})
    assert "child welfare’s hotline" in refused.content.decode()


@pytest.mark.parametrize("number", ["A01234567", "123456AB7", "CII 5"])
def test_cii_and_fbi_numbers_are_refused(four: Desks, number: str) -> None:
    data = MATTER | {"program_agency": str(four.worker.agency.pk), "case_number": number}
    refused = four.judge.client.send("/diversion/matters/new/", data)
    assert refused.status_code == 422
    assert "criminal record" in refused.content.decode()
    with acting(four.judge.user):
        assert Matter.objects.count() == 0


def test_a_charge_that_was_not_in_force_is_refused_on_the_day(four: Desks) -> None:
    data = MATTER | {"program_agency": str(four.worker.agency.pk), "charge": "PC 653.22", "offense_on": "May 2 2024"}
    refused = four.counsel.client.send("/diversion/matters/new/", data)
    assert refused.status_code == 422
    assert "not in force on that day" in refused.content.decode()
    send(four.counsel, "/diversion/matters/new/", data | {"offense_on": "May 2 2019"})


def test_an_enrollment_counts_as_decided_when_all_packets_are_in(four: Desks) -> None:
    """The prosecution has agreed, but its packet is not opened yet: nobody is enrolled."""
    referral = refer_and_agree(four)
    with acting(four.prosecutor.user):
        matter = Matter.objects.get()
    send(four.prosecutor, f"/diversion/matters/{matter.pk}/decide/", {"verdict": "not_now"})
    send(four.prosecutor, f"/diversion/matters/{matter.pk}/decide/", {"verdict": "agrees"})
    with acting(four.worker.user):
        assert InboxPacket.objects.filter(read_at__isnull=True).count() == 2
    send(four.worker, "/diversion/mail/")
    send(four.worker, f"/diversion/referrals/{referral.pk}/enroll/", ENROLL)


def test_when_relief_is_ordered_a_row_is_put_away_then_destroyed_and_counts_stay(four: Desks) -> None:
    enrollment = enrolled(four)
    send(four.worker, f"/diversion/people/{enrollment.pk}/end/", {"kind": "graduated", "on": "today"})
    send(four.worker, f"/diversion/people/{enrollment.pk}/put-away/")
    assert four.worker.client.get(f"/diversion/people/{enrollment.pk}/").status_code == 404
    assert "Rosa" not in four.worker.get("/diversion/?state=every")
    with acting(four.worker.user):
        assert Referral.objects.get().put_away_on is not None
    officer = SiteClient("staff")
    officer.force_login(four.people.founder.user)
    assert enrollment.code in officer.get("/diversion/put-away/").content.decode()
    assert officer.send(f"/diversion/put-away/enrollment/{enrollment.pk}/").status_code == 302
    assert enrollment.code not in officer.get("/diversion/put-away/").content.decode()
    with acting(four.worker.user):
        assert Enrollment.objects.get().state == "graduated", "counts stay"


def test_a_report_goes_under_a_permit_of_its_own_enrollment_for_each_reader(four: Desks) -> None:
    enrollment = enrolled(four)
    permit = permit_for(four.people, four.judge.agency)
    attach(four, enrollment, permit)
    twice = four.worker.client.send(f"/diversion/people/{enrollment.pk}/permit/", {"permit": str(permit.pk)})
    assert twice.status_code == 422
    report(four, enrollment, timezone.localdate() + dt.timedelta(days=3))
    with acting(four.worker.user):
        assert set(OutboxPacket.objects.filter(kind="compliance_report").values_list("recipient", flat=True)) == {
            four.judge.agency.pk
        }, "counsel and prosecution had no permit, so nothing was written for them"
    assert send_waiting_reports(agency_id=four.worker.agency.pk) == 0, "counsel has not read it"


def test_lists_ask_twelve_questions_at_most_with_an_open_vault(owner: Callable[..., Any], four: Desks) -> None:
    enrolled(four)
    with acting(four.judge.user):
        for _ in range(3):
            matter = a_matter(four.judge.user, four.worker.agency, sealed=os.urandom(200))
            DocketEntry.objects.create(agency=four.judge.agency, matter=matter, on=dt.date(2026, 12, 1))
    for desk, url in (
        (four.worker, "/diversion/"),
        (four.worker, "/diversion/referrals/"),
        (four.worker, "/diversion/sessions/"),
        (four.judge, "/diversion/matters/"),
        (four.judge, "/diversion/docket/"),
        (four.judge, "/diversion/docket/2026-12-01/"),
    ):
        desk.client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert desk.client.get(url).status_code == 200
        # The test's own transaction is around the page's: a savepoint and the end of the context are its.
        all_of_it = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"] and "'', true" not in one["sql"]]
        assert len(all_of_it) <= 12, "\n".join(all_of_it)


def test_agencies_without_a_part_are_told_so_and_see_nothing() -> None:
    for kind in (AgencyKind.LAW_ENFORCEMENT, AgencyKind.SCHOOL, AgencyKind.PROBATION):
        client = SiteClient("staff")
        client.force_login(UserFactory(role=Role.MEMBER.value, agency=AgencyFactory(kind=kind.value)))
        page = client.get("/diversion/matters/").content.decode()
        assert "Your agency does not" in page
        assert "New matter" not in page
        refused = client.send("/diversion/mail/", page="/")
        assert refused.status_code == 302


def test_what_is_sealed_is_filled_up_so_that_its_length_tells_little() -> None:
    assert len(pack({"name": "Al"})) == len(pack({"name": "Maria Guadalupe Invented"}))
