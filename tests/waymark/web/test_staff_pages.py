"""Who may open which page of the staff site: every view, every kind of asker, and wrong methods."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from tests.factories import directory as rows
from tests.factories.accounts import UserFactory
from tests.plugins.staff import SiteClient

from waymark.access.guard import access_of
from waymark.access.permissions import Permission, Role
from waymark.coalition.models import RegionNotice
from waymark.directory.models import HelpLine, HelpLineChannel, ListingReport, PendingChange, Translation

URLS = "waymark.config.urls_staff"
ABSENT = uuid.UUID(int=7)
READ, FORM, POST = "read", "form", "post"


def _notice() -> RegionNotice:
    now = timezone.now()
    return RegionNotice.objects.create(title={"en": "Heat"}, starts_at=now, ends_at=now + dt.timedelta(days=1))


def _line() -> HelpLine:
    line = HelpLine.objects.create(
        slug="invented-line",
        name={"en": "Invented line"},
        scope="local",
        operator="Invented Agency",
        source="Called it",
        verified_on=dt.date(2026, 11, 1),
        verified_by="Ana",
        review_on=dt.date(2027, 1, 1),
        state=HelpLine.State.SHOWN,
    )
    HelpLineChannel.objects.create(help_line=line, kind="text", value="916-555-0142")
    return line


@pytest.fixture
def keys(db: None) -> dict[str, Any]:
    """Ids of one record of every kind."""
    service = rows.ServiceFactory()
    visit = rows.ServiceAtLocationFactory(service=service)
    phone = rows.PhoneFactory(service=service)
    ListingReport.objects.create(service=service, reason="closed", reported_on=timezone.localdate())
    change = PendingChange.objects.create(
        entity="phone",
        entity_id=phone.pk,
        before={"number": phone.number, "service": str(service.pk)},
        after={"number": "916-555-0199", "service": str(service.pk)},
        reason="Changed phone",
        proposed_by=UserFactory(),
        proposed_at=timezone.now(),
    )
    words = Translation.objects.create(
        entity="service", entity_id=service.pk, field_name="name", language="es", text="Servicio", source_hash="x"
    )
    return {
        "service": service.pk,
        "location": visit.location.pk,
        "organization": service.organization.pk,
        "phone": phone.pk,
        "change": change.pk,
        "line": _line().slug,
        "words": words.pk,
        "notice": _notice().pk,
    }


# name of the URL, its arguments (a key of `keys` or a literal after "="), what it takes.
PAGES: list[tuple[str, dict[str, str], str]] = [
    ("staff_home", {}, READ),
    ("home_changed", {}, READ),
    ("home_next", {}, READ),
    ("home_waiting", {}, READ),
    ("keyboard_shortcuts", {}, READ),
    ("directory:service_list", {}, READ),
    ("directory:service_detail", {"pk": "service"}, READ),
    ("directory:service_hours", {"pk": "service"}, FORM),
    ("directory:report_resolve", {"pk": "service"}, FORM),
    ("directory:organization_list", {}, READ),
    ("directory:organization_detail", {"pk": "organization"}, READ),
    ("directory:location_list", {}, READ),
    ("directory:location_detail", {"pk": "location"}, READ),
    ("directory:location_confidential", {"pk": "location"}, FORM),
    ("directory:phone_list", {}, READ),
    ("directory:hours_list", {}, READ),
    ("directory:stale_list", {}, READ),
    ("directory:report_list", {}, READ),
    ("directory:change_list", {}, READ),
    ("directory:change_detail", {"pk": "change"}, FORM),
    ("directory:change_refuse", {"pk": "change"}, POST),
    ("directory:change_withdraw", {"pk": "change"}, POST),
    ("directory:help_line_list", {}, READ),
    ("directory:help_line_add", {}, FORM),
    ("directory:help_line_detail", {"slug": "line"}, READ),
    ("directory:help_line_edit", {"slug": "line"}, FORM),
    ("directory:help_line_put_up", {"slug": "line"}, POST),
    ("directory:help_line_take_down", {"slug": "line"}, FORM),
    ("directory:help_line_propose_again", {"slug": "line"}, POST),
    ("directory:help_line_verify", {"slug": "line"}, FORM),
    ("directory:listing_add", {"entity": "=service"}, FORM),
    ("directory:listing_edit", {"entity": "=service", "pk": "service"}, FORM),
    ("directory:listing_edit", {"entity": "=organization", "pk": "organization"}, FORM),
    ("directory:listing_edit", {"entity": "=location", "pk": "location"}, FORM),
    ("directory:listing_verify", {"entity": "=location", "pk": "location"}, FORM),
    ("directory:listing_history", {"entity": "=organization", "pk": "organization"}, READ),
    ("directory:translation_add", {"entity": "=service", "pk": "service"}, FORM),
    ("directory:translation_edit", {"entity": "=service", "pk": "service", "row_pk": "words"}, FORM),
    ("directory:part_add", {"entity": "=service", "pk": "service", "kind": "=phone"}, FORM),
    ("directory:part_edit", {"entity": "=service", "pk": "service", "kind": "=phone", "row_pk": "phone"}, FORM),
    ("directory:part_remove", {"entity": "=service", "pk": "service", "kind": "=phone", "row_pk": "phone"}, FORM),
    ("public_words", {}, READ),
    ("agency_sign_in_settings", {}, FORM),
    ("ask_factor_reset", {}, FORM),
    ("lost_factor_list", {}, READ),
    ("region_settings", {}, FORM),
    ("coalition:notice_list", {}, READ),
    ("coalition:notice_add", {}, FORM),
    ("coalition:notice_edit", {"pk": "notice"}, FORM),
    ("coalition:notice_end", {"pk": "notice"}, FORM),
]
EVERYONE_S = {"home_changed", "home_next", "home_waiting", "keyboard_shortcuts", "staff_home"}
OFFICER_ONLY = {"agency_sign_in_settings", "ask_factor_reset", "lost_factor_list"}
COORDINATOR_ONLY = {name for name, _, _ in PAGES if name.startswith(("coalition:", "region_"))}
IDS = [f"{name}-{'-'.join(kwargs.values())}" for name, kwargs, _ in PAGES]


def _url(name: str, kwargs: dict[str, str], keys: dict[str, Any], *, absent: bool = False) -> str:
    filled: dict[str, Any] = {}
    for argument, key in kwargs.items():
        if key.startswith("="):
            filled[argument] = key[1:]
        elif absent and argument == "row_pk":
            filled[argument] = 99_999 if key == "words" else ABSENT
        elif absent and argument in {"pk", "slug"}:
            filled[argument] = {"line": "no-such-line", "notice": 99_999}.get(key, ABSENT)
        else:
            filled[argument] = keys[key]
    return reverse(name, urlconf=URLS, kwargs=filled)


@pytest.mark.parametrize(("name", "kwargs", "kind"), PAGES, ids=IDS)
def test_who_may_open_it(
    name: str,
    kwargs: dict[str, str],
    kind: str,
    keys: dict[str, Any],
    visitor: Callable[[str], SiteClient],
    staff_of: Callable[..., SiteClient],
) -> None:
    url = _url(name, kwargs, keys)

    anonymous = visitor("staff").get(url)
    assert anonymous.status_code == 302
    assert anonymous["Location"].startswith("/sign-in/")

    role = Role.COORDINATOR if name in COORDINATOR_ONLY else Role.OFFICER if name in OFFICER_ONLY else Role.STEWARD
    right = staff_of(role.value)
    without_membership = staff_of(None)
    assert right.get(url).status_code == (405 if kind == POST else 200)
    assert without_membership.get(url).status_code == 403
    is_everyone_s = name in EVERYONE_S
    assert staff_of(Role.MEMBER.value).get(url).status_code == (200 if is_everyone_s else 403)
    if name in COORDINATOR_ONLY | OFFICER_ONLY:
        assert staff_of(Role.STEWARD.value).get(url).status_code == 403

    # A form without the token of our own page is refused before the view sees it.
    assert right.post(url).status_code == 403
    trusted = SiteClient("staff")
    trusted.handler.enforce_csrf_checks = False
    trusted.force_login(right.user)
    assert trusted.put(url).status_code == 405
    if kind == READ:
        assert trusted.post(url).status_code == 405

    if set(kwargs) & {"pk", "slug"}:
        absent = _url(name, kwargs, keys, absent=True)
        answer = trusted.post(absent) if kind == POST else trusted.get(absent)
        assert answer.status_code == 404
        # Hidden and absent answer alike: the very page of an address that was never there.
        assert answer.content == trusted.get("/no/such/address/").content


def _names(resolver: URLResolver, prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            found[f"{prefix}{pattern.name}"] = pattern.callback
        else:
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            found.update(_names(pattern, space))
    return found


def test_the_table_names_every_guarded_page_of_the_directory_and_the_region() -> None:
    """A new page fails here until someone has said who may open it. Who may open the others is asked, exhaustively, in
    tests/architecture/test_who_asks.py."""
    guarded = set()
    for name, view in _names(get_resolver(URLS)).items():
        access = access_of(view)
        if access is not None and access.kind == "requires" and name.startswith(ASKED_HERE):
            guarded.add(name)
    assert guarded == {name for name, _, _ in PAGES if name.startswith(ASKED_HERE)}


ASKED_HERE = ("directory:", "coalition:notice_", "region_", "public_words")


def test_a_row_of_another_listing_is_absent(steward: SiteClient, keys: dict[str, Any]) -> None:
    other = rows.PhoneFactory()
    for action in ("edit", "remove"):
        url = f"/directory/service/{keys['service']}/phone/{other.pk}/{action}/"
        assert steward.get(url).status_code == 404


@pytest.mark.parametrize("row", ["not-a-uuid", "0", "x" * 60])
def test_junk_for_a_row_is_absent(steward: SiteClient, keys: dict[str, Any], row: str) -> None:
    assert steward.get(f"/directory/service/{keys['service']}/phone/{row}/edit/").status_code == 404
    assert steward.get(f"/directory/service/{keys['service']}/nonsense/new/").status_code == 404


def test_staff_pages_are_never_kept_by_the_browser(steward: SiteClient) -> None:
    answer = steward.get("/")
    assert answer["Cache-Control"] == "no-store"
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    # Under no-referrer a browser sends `Origin: null` with our own forms, which the CSRF check must refuse.
    assert answer["Referrer-Policy"] == "same-origin"


def test_permissions_are_what_the_menu_shows(steward: SiteClient, coordinator: SiteClient) -> None:
    assert Permission.REGION_NOTICE_EDIT in Permission
    assert "/region/notices/" not in steward.get("/").content.decode()
    assert "/region/notices/" in coordinator.get("/").content.decode()


@pytest.mark.parametrize(("role", "is_told"), [(Role.OFFICER, True), (Role.COORDINATOR, True), (Role.ADVOCATE, False)])
def test_the_menu_leads_officers_to_their_agency_s_sign_in(
    staff_of: Callable[..., SiteClient], role: Role, is_told: bool
) -> None:
    page = staff_of(role.value).get("/").content.decode()
    assert ('href="/agency/lost-factors/"' in page) is is_told
    assert ('href="/agency/sign-in/"' in page) is is_told
