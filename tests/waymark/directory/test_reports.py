"""A script may send what it likes: a listing is labeled and sorted last, and never hidden."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

import pytest
from django.utils import timezone
from tests.factories import directory as rows
from tests.factories.accounts import UserFactory
from tests.plugins.staff import SiteClient

from waymark.coalition.models import Region
from waymark.directory.actions import reports as actions
from waymark.directory.models import ListingReport, Service
from waymark.directory.policies import Refused
from waymark.directory.selectors import reports
from waymark.directory.selectors.documents import full_documents
from waymark.directory.selectors.epoch import publication_epoch
from waymark.finder.actions import MOST_FOR_ONE, TooManyReports, report_listing
from waymark.finder.selectors.results import Wish, results

TODAY = dt.date(2026, 11, 22)


def _report(service: Any, times: int = 1, *, reason: str = "closed", on: dt.date = TODAY) -> None:
    ListingReport.objects.bulk_create(ListingReport(service=service, reason=reason, reported_on=on) for _ in range(times))


def test_fifty_scripted_reports_label_a_listing_and_hide_nothing(db: None) -> None:
    service: Any = rows.ServiceFactory()
    before = full_documents("service", [service.pk])
    for _ in range(50):
        with suppress(TooManyReports):
            report_listing(service_id=service.pk, reason="closed")
    assert ListingReport.objects.count() == MOST_FOR_ONE, "a script cannot fill the disk"
    label = reports.report_labels(ListingReport.objects.all()[0].reported_on)[service.pk]
    assert (label.reason, label.sorts_last) == ("closed", True)
    service.refresh_from_db()
    assert service.status == Service.Status.ACTIVE
    assert full_documents("service", [service.pk]) == before
    other: Any = rows.ServiceFactory(name="Zzz, the last by name")
    publication_epoch()
    found = results(Wish(), Region(name="x"), "en", timezone.now()).rows
    assert [row.id for row in found] == [str(other.pk), str(service.pk)], "sorted last, not hidden"
    assert found[1].labels


def test_two_reports_are_no_label_and_three_are(db: None) -> None:
    service: Any = rows.ServiceFactory()
    _report(service, 2)
    assert reports.report_labels(TODAY) == {}
    _report(service, 1, on=TODAY - dt.timedelta(days=3))
    assert reports.report_labels(TODAY)[service.pk].reports == 3


def test_different_reasons_do_not_add_up(db: None) -> None:
    service: Any = rows.ServiceFactory()
    for reason in ("closed", "no_answer", "wrong_hours"):
        _report(service, reason=reason)
    assert reports.report_labels(TODAY) == {}


def test_an_old_report_labels_nothing(db: None) -> None:
    service: Any = rows.ServiceFactory()
    _report(service, 5, on=TODAY - dt.timedelta(days=reports.LABEL_DAYS))
    assert reports.report_labels(TODAY) == {}


def test_wrong_hours_label_but_do_not_sort_last(db: None) -> None:
    service: Any = rows.ServiceFactory()
    _report(service, 4, reason="wrong_hours")
    assert not reports.report_labels(TODAY)[service.pk].sorts_last


def test_a_mass_event_freezes_its_own_day_only(db: None) -> None:
    early: Any = rows.ServiceFactory()
    _report(early, 3, on=TODAY - dt.timedelta(days=2))
    for _ in range(reports.MASS_SERVICES):
        _report(rows.ServiceFactory(), 5)
    assert reports.mass_days(TODAY) == [TODAY]
    assert set(reports.report_labels(TODAY)) == {early.pk}
    # One less is an ordinary bad day.
    ListingReport.objects.filter(service__in=[ListingReport.objects.filter(reported_on=TODAY)[0].service]).delete()
    assert reports.mass_days(TODAY) == []
    assert len(reports.report_labels(TODAY)) == reports.MASS_SERVICES


def test_a_mass_event_is_told_to_stewards_with_every_report(steward: SiteClient) -> None:
    for _ in range(reports.MASS_SERVICES):
        _report(rows.ServiceFactory(), 3, on=timezone.localdate())
    page = steward.get("/directory/reports/").content.decode()
    assert "Labels are frozen" in page
    assert page.count("It is closed: 3") == reports.MASS_SERVICES


def test_a_report_holds_no_time_no_words_and_no_sender(db: None) -> None:
    """Nothing that one device sends may link two reports."""
    names = {field.name for field in ListingReport._meta.fields}
    assert names == {"id", "service", "reason", "reported_on", "resolved_on", "resolved_by"}
    assert ListingReport._meta.get_field("reported_on").get_internal_type() == "DateField"


def test_a_steward_answers_the_reports_and_the_label_goes(steward: SiteClient) -> None:
    service: Any = rows.ServiceFactory()
    _report(service, 4, on=timezone.localdate())
    page = steward.get(f"/directory/services/{service.pk}/").content.decode()
    assert "It is closed (4)" in page
    answer = steward.send(f"/directory/services/{service.pk}/reports/", {}, follow=True)
    assert "4 reports about" in answer.content.decode()
    assert reports.report_labels(timezone.localdate()) == {}
    assert ListingReport.objects.filter(resolved_by=steward.user).count() == 4


def test_who_may_answer_reports(db: None) -> None:
    with pytest.raises(Refused):
        actions.resolve_reports(service=rows.ServiceFactory(), by=UserFactory(role="member"))


def test_labels_of_a_large_directory_cost_two_queries(db: None, django_assert_num_queries: Any) -> None:
    for _ in range(5):
        _report(rows.ServiceFactory(), 3)
    with django_assert_num_queries(2):
        assert len(reports.report_labels(TODAY)) == 5
