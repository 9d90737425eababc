"""Region notices: dated, in words by language, and gone by themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.accounts import UserFactory
from tests.plugins.staff import SiteClient

from waymark.coalition import actions
from waymark.coalition.models import Region, RegionNotice
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
    coordinator.send(f"/region/notices/{notice.pk}/edit/", _form(title_es="Mucho calor", text_es="Hay salas frescas."))
    notice.refresh_from_db()
    assert notice.title == {"en": "Very hot until Friday", "es": "Mucho calor", "hmn": "Kub heev"}


@pytest.mark.parametrize(
    ("changes", "trouble"),
    [
        ({"last_day": "2020-01-01"}, "comes before the first day"),
        ({"last_day": "2099-01-01"}, "within three months"),
        ({"title_en": ""}, "Fill in “"),
        ({"first_day": "soon"}, "Enter a day"),
        ({"first_day": "2020-01-01", "last_day": "2020-01-02"}, "This day is over"),
        ({"title_es": "Mucho calor"}, "Write both in Spanish, or neither"),
        ({"title_en": "x" * 101}, "and 100 fit"),
        ({"text_en": "Cool rooms are open." + "x" * 400}, "and 400 fit"),
        ({"level": "panic"}, "that are here now"),
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


def test_every_language_of_the_region_has_its_words(coordinator: SiteClient) -> None:
    Region.objects.create(pk=1, name="Rivermont Together", languages=["en", "ar"])
    page = coordinator.get(NEW).content.decode()
    assert "Heading in Arabic" in page
    assert 'dir="rtl"' in page
    assert "Heading in Spanish" not in page
    coordinator.send(NEW, _form(title_ar="حر شديد", text_ar="الغرف الباردة مفتوحة."))
    coordinator.send(NEW, _form(title_en="Storm"))
    page = coordinator.get("/region/notices/").content.decode()
    assert page.count("Not written in Arabic") == 1
    assert coordinator.get("/region/notices/?q=حر").context["listing"].count == 1
    assert "Nothing matches “hail”" in coordinator.get("/region/notices/?q=hail").content.decode()
    assert coordinator.get("/region/notices/?level=note").context["listing"].count == 0


def test_a_preview_shows_each_language_and_saves_nothing(coordinator: SiteClient) -> None:
    page = coordinator.send(NEW, _form(preview="1", title_es="Mucho calor", text_es="Hay salas frescas."))
    assert page.status_code == 200
    text = page.content.decode()
    assert "Nothing is saved yet" in text
    assert "<strong>Mucho calor</strong> Hay salas frescas." in text
    assert 'value="Very hot until Friday"' in text
    assert not RegionNotice.objects.exists()


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Auckland", "No/Such"])
def test_the_last_day_is_the_region_s_own(coordinator: SiteClient, visitor: Callable[[str], SiteClient], zone: str) -> None:
    """A notice ends with its last day's midnight in the region, which elsewhere is another day."""
    Region.objects.create(pk=1, name="Rivermont Together", languages=["en", "es"], time_zone=zone)
    with time_machine.travel("2026-11-20T18:00:00Z", tick=False):
        coordinator.send(NEW, _form(first_day="2026-11-20", last_day="2026-11-24"))
        assert "Tuesday, November 24, 2026" in coordinator.get("/region/notices/").content.decode()
        if zone != "No/Such":
            assert "Until Nov. 24, 2026" in visitor("finder").get("/en/").content.decode()
            assert "Until Tuesday, November 24, 2026." in visitor("newsroom").get("/").content.decode()


def test_warnings_stand_above_notes_on_both_public_sites(
    coordinator: SiteClient, visitor: Callable[[str], SiteClient]
) -> None:
    Region.objects.create(pk=1, name="Rivermont Together", languages=["en", "es"])
    coordinator.send(NEW, _form(title_en="Heat <b>now</b>"))
    coordinator.send(NEW, _form(title_en="Bridge closed", level="note"))
    for page in (visitor("finder").get("/en/find/"), visitor("newsroom").get("/")):
        text = page.content.decode()
        assert text.index("Heat &lt;b&gt;now&lt;/b&gt;") < text.index("Bridge closed")
        assert text.count("notice--warning") == 1


def test_ending_what_is_over_is_told_and_changes_nothing(coordinator: SiteClient) -> None:
    now = timezone.now()
    over = RegionNotice.objects.create(title={"en": "Old"}, starts_at=now - dt.timedelta(2), ends_at=now - dt.timedelta(1))
    page = coordinator.get(f"/region/notices/{over.pk}/end/", follow=True)
    assert "This notice is over already" in page.content.decode()
    assert "Delete “Soon”?" in coordinator.get(f"/region/notices/{_coming().pk}/end/").content.decode()


def _coming() -> RegionNotice:
    start = timezone.now() + dt.timedelta(days=2)
    return RegionNotice.objects.create(title={"en": "Soon"}, starts_at=start, ends_at=start + dt.timedelta(days=1))


def test_the_list_costs_the_same_for_many(coordinator: SiteClient) -> None:
    now = timezone.now()
    RegionNotice.objects.bulk_create(
        RegionNotice(title={"en": f"Invented {number}"}, starts_at=now, ends_at=now + dt.timedelta(days=1))
        for number in range(5000)
    )
    with CaptureQueriesContext(connection) as asked:
        assert coordinator.get("/region/notices/?q=invented&when=now").context["listing"].count == 5000
    assert len(asked) <= 12


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
