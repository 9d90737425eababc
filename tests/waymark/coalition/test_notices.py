"""Region notices: dated, in words by language, and gone by themselves."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from tests.factories.accounts import UserFactory
from tests.plugins.staff import SiteClient

from waymark.coalition import actions
from waymark.coalition.models import RegionNotice
from waymark.coalition.policies import Refused, may_edit_notices

NEW = "/region/notices/new/"


def _form(**changes: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "level": "warning",
        "title_en": "Very hot until Friday",
        "text_en": "Cool rooms are open.",
        "first_day": str(today),
        "last_day": str(today + dt.timedelta(days=2)),
    } | changes


def test_a_notice_is_shown_from_its_first_to_its_last_day(coordinator: SiteClient) -> None:
    page = coordinator.send(NEW, _form(), follow=True).content.decode()
    assert "Shown now" in page
    notice = RegionNotice.objects.get()
    assert timezone.localtime(notice.starts_at).time() == dt.time(0)
    assert timezone.localtime(notice.ends_at).date() == timezone.localdate() + dt.timedelta(days=3)
    assert notice.title == {"en": "Very hot until Friday"}


def test_words_in_other_languages_are_kept(coordinator: SiteClient) -> None:
    coordinator.send(NEW, _form())
    notice = RegionNotice.objects.get()
    RegionNotice.objects.update(title={**notice.title, "hmn": "Kub heev"})
    coordinator.send(f"/region/notices/{notice.pk}/edit/", _form(title_es="Mucho calor"))
    notice.refresh_from_db()
    assert notice.title == {"en": "Very hot until Friday", "es": "Mucho calor", "hmn": "Kub heev"}


@pytest.mark.parametrize(
    ("changes", "trouble"),
    [
        ({"last_day": "2020-01-01"}, "comes before the first day"),
        ({"last_day": "2099-01-01"}, "within three months"),
        ({"title_en": ""}, "required"),
        ({"first_day": "soon"}, "Enter a day"),
    ],
)
def test_a_slip_is_told_and_nothing_typed_is_lost(coordinator: SiteClient, changes: dict[str, str], trouble: str) -> None:
    answer = coordinator.send(NEW, _form(**changes))
    assert answer.status_code == 422
    assert trouble in answer.content.decode()
    assert "Cool rooms are open." in answer.content.decode()
    assert not RegionNotice.objects.exists()


def test_ending_a_notice_now(coordinator: SiteClient) -> None:
    coordinator.send(NEW, _form())
    notice = RegionNotice.objects.get()
    coordinator.send(f"/region/notices/{notice.pk}/end/", {})
    notice.refresh_from_db()
    assert notice.ends_at <= timezone.now()
    # One that nobody has seen yet leaves no trace.
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    coordinator.send(NEW, _form(first_day=str(tomorrow)))
    coming = RegionNotice.objects.exclude(pk=notice.pk).get()
    coordinator.send(f"/region/notices/{coming.pk}/end/", {})
    assert not RegionNotice.objects.filter(pk=coming.pk).exists()


@pytest.mark.parametrize(
    ("role", "is_active", "may"), [("coordinator", True, True), ("steward", True, False), ("coordinator", False, False)]
)
def test_who_may_write_notices(db: None, role: str, is_active: bool, may: bool) -> None:
    by = UserFactory(role=role, is_active=is_active)
    assert may_edit_notices(by) is may
    now = timezone.now()
    notice = RegionNotice(title={"en": "x"}, starts_at=now, ends_at=now + dt.timedelta(days=1))
    if may:
        actions.save_notice(notice=notice, by=by)
    else:
        with pytest.raises(Refused):
            actions.save_notice(notice=notice, by=by)
    assert RegionNotice.objects.exists() is may
