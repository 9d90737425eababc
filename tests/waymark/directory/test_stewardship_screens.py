"""Changing listings on the screens: nothing typed is lost, every change has a name, lists stay cheap at any size."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import directory as rows
from tests.factories.accounts import UserFactory
from tests.plugins.staff import SiteClient

from waymark.access.context import SETTING
from waymark.directory.actions import confidentiality, listings
from waymark.directory.forms.parts import PARTS
from waymark.directory.models import (
    Address,
    Contact,
    CostOption,
    Language,
    ListingReport,
    Location,
    Metadata,
    Need,
    Organization,
    PendingChange,
    Phone,
    Schedule,
    Service,
    Translation,
    Verification,
)
from waymark.directory.policies import Refused

MOST_QUERIES = 12


def _service_form(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Night shelter",
        "status": "active",
        "police_contact": "unknown",
        "description": "A bed for tonight.",
    } | changes


def test_a_new_service_with_its_needs(steward: SiteClient) -> None:
    organization: Any = rows.OrganizationFactory(name="Invented House")
    need = Need.objects.create(slug="bed", group="home", sentence={"en": "I need a safe place tonight"})
    page = steward.get(f"/directory/service/new/?organization={organization.pk}").content.decode()
    assert "I need a safe place tonight" in page
    assert f'value="{organization.pk}" selected' in page
    answer = steward.send(
        "/directory/service/new/", _service_form(organization=organization.pk, needs=[need.pk]), follow=True
    )
    page = answer.content.decode()
    assert "Now add what belongs to this service" in page
    assert 'data-saved="service:new"' in page, "the draft in the browser is no longer needed"
    service = Service.objects.get()
    assert (service.organization, list(service.needs.all())) == (organization, [need])
    assert Metadata.objects.filter(resource_id=service.pk, updated_by=f"staff:{steward.user.pk}").exists()


@pytest.mark.parametrize(
    ("changes", "trouble", "anchor"),
    [
        ({"name": ""}, "Fill in “", "id_name"),
        ({"minimum_age": "200"}, "Enter an age in years", "id_minimum_age"),
        ({"minimum_age": "60", "maximum_age": "20"}, "below the youngest", "id_maximum_age"),
        ({"status": "gone"}, "Choose one of the answers to", "id_status"),
        ({"organization": "7b1c6bdc-5d40-4b70-8a2c-0d9c0f6fbd5f"}, "Choose one of the answers to", "id_organization"),
    ],
)
def test_an_error_stands_beside_its_field_and_in_a_summary_that_links(
    steward: SiteClient, changes: dict[str, str], trouble: str, anchor: str
) -> None:
    service: Any = rows.ServiceFactory(name="Old name")
    data = _service_form(description="Words that took an hour <b>to write</b>", **changes)
    answer = steward.send(f"/directory/service/{service.pk}/edit/", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert trouble in page
    assert f'href="#{anchor}"' in page
    assert f'id="{anchor}_error"' in page
    assert "Words that took an hour &lt;b&gt;to write&lt;/b&gt;" in page
    assert "<title>Error: " in page.replace("\n", "")
    service.refresh_from_db()
    assert service.name == "Old name"


def test_history_shows_staff_by_name(steward: SiteClient) -> None:
    service: Any = rows.ServiceFactory(name="Old name")
    steward.send(f"/directory/service/{service.pk}/edit/", _service_form(name="New name"))
    page = steward.get(f"/directory/service/{service.pk}/history/").content.decode()
    row = page.split("Service: name")[1].split("</tr>")[0]
    for word in ("Old name", "New name", "Ana Invented"):
        assert word in row


@pytest.mark.parametrize(
    ("entity", "kind", "data", "model", "field", "value"),
    [
        ("service", "language", {"code": "es", "note": "Mondays"}, Language, "name", "Spanish"),
        ("service", "cost", {"option": "Adults", "amount": "5"}, CostOption, "currency", "USD"),
        ("organization", "contact", {"title": "Intake"}, Contact, "title", "Intake"),
        ("location", "access", {"description": "Ramp"}, None, "description", "Ramp"),
        ("service", "document", {"document": "Any ID"}, None, "document", "Any ID"),
        ("service", "area", {"name": "Rivermont County"}, None, "name", "Rivermont County"),
        ("service", "funder", {"source": "A grant"}, None, "source", "A grant"),
        ("service", "page", {"url": "https://agency.example.org/more", "label": "More"}, None, "label", "More"),
        ("service", "capacity", {"unit_name": "beds", "available": "3", "maximum": "9"}, None, "available", 3.0),
        ("organization", "program", {"name": "Youth"}, None, "name", "Youth"),
        ("organization", "number", {"identifier_type": "EIN", "identifier": "00-0000000"}, None, "identifier_type", "EIN"),
    ],
)
def test_small_rows_come_and_go(
    steward: SiteClient, entity: str, kind: str, data: dict[str, str], model: Any, field: str, value: object
) -> None:
    factory = {"service": rows.ServiceFactory, "organization": rows.OrganizationFactory, "location": rows.LocationFactory}
    listing: Any = factory[entity]()
    part = PARTS[entity][kind]
    model = model or part.model
    answer = steward.send(f"/directory/{entity}/{listing.pk}/{kind}/new/", data, follow=True)
    assert "Saved." in answer.content.decode()
    row = model.objects.get(**{entity: listing})
    assert getattr(row, field) == value
    page = steward.get(f"/directory/{entity}/{listing.pk}/{kind}/{row.pk}/edit/")
    assert page.status_code == 200
    confirm = steward.get(f"/directory/{entity}/{listing.pk}/{kind}/{row.pk}/remove/").content.decode()
    assert "disappears from every page at once" in confirm
    steward.send(f"/directory/{entity}/{listing.pk}/{kind}/{row.pk}/remove/", {})
    assert not model.objects.filter(pk=row.pk).exists()


def test_a_dated_alert_begins_and_ends_by_itself(steward: SiteClient) -> None:
    service: Any = rows.ServiceFactory()
    url = f"/directory/service/{service.pk}/alert/new/"
    first, last = timezone.localdate(), timezone.localdate() + dt.timedelta(days=2)
    wrong = steward.send(url, {"text_en": "No new guests", "first_day": str(last), "last_day": str(first)})
    assert "comes before the first day" in wrong.content.decode()
    steward.send(
        url, {"text_en": "No new guests", "text_es": "No hay lugar", "first_day": str(first), "last_day": str(last)}
    )
    alert = service.dated_alerts.get()
    assert alert.text == {"en": "No new guests", "es": "No hay lugar"}
    assert timezone.localtime(alert.starts_at).date() == first
    assert timezone.localtime(alert.ends_at) == timezone.localtime(alert.starts_at).replace(hour=0) + dt.timedelta(days=3)
    assert "shown now" in steward.get(f"/directory/services/{service.pk}/").content.decode()


def test_a_translation_reads_as_old_when_its_source_moves_on(steward: SiteClient) -> None:
    service: Any = rows.ServiceFactory(description="A bed for tonight.")
    url = f"/directory/service/{service.pk}/words/new/"
    steward.send(url, {"field_name": "description", "language": "es", "text": "Una cama para esta noche."})
    page = steward.get(f"/directory/services/{service.pk}/").content.decode()
    assert "Not yet checked by a speaker" in page
    assert "Older than its source" not in page
    Service.objects.filter(pk=service.pk).update(description="Two beds.")
    assert "Older than its source" in steward.get(f"/directory/services/{service.pk}/").content.decode()
    # The same text a second time is a change of the first, never a second truth.
    again = steward.send(url, {"field_name": "description", "language": "es", "text": "Dos camas."})
    assert again.status_code == 422
    assert "has this text already" in again.content.decode()
    assert "Dos camas." in again.content.decode()
    row = Translation.objects.get()
    steward.send(
        f"/directory/service/{service.pk}/words/{row.pk}/",
        {"field_name": "description", "language": "es", "text": "Dos camas.", "checked_by_speaker_on": "2026-11-01"},
    )
    page = steward.get(f"/directory/services/{service.pk}/").content.decode()
    assert "Checked by a speaker Sunday, November 1, 2026" in page
    assert "Older than its source" not in page


def _hidden_place(by: Any) -> Any:
    location: Any = rows.LocationFactory(
        name="Lantern house", transportation="Bus 4", url="https://agency.example.org/map", external_identifier="77"
    )
    address: Any = rows.AddressFactory(location=location, address_1="12 Secret Lane", postal_code="98765")
    Verification.objects.create(
        entity="address", entity_id=address.pk, source="Visited 12 Secret Lane", verified_on=dt.date(2026, 1, 1)
    )
    data = {"location": str(location.pk), "address_1": "14 Secret Lane"}
    PendingChange.objects.create(
        entity="address",
        entity_id=address.pk,
        before={},
        after=data,
        reason="x",
        proposed_by=by,
        proposed_at=timezone.now(),
    )
    Translation.objects.create(
        entity="location",
        entity_id=location.pk,
        field_name="transportation",
        language="es",
        text="Autobús 4",
        source_hash="x",
    )
    return location


def test_the_confidential_switch_says_exactly_what_it_deletes_and_deletes_it(steward: SiteClient, owner: Any) -> None:
    location = _hidden_place(steward.user)
    url = f"/directory/places/{location.pk}/confidential/"
    page = steward.get(url).content.decode()
    for line in (
        "Address: 12 Secret Lane, Rivermont 98765",
        "Point on the map: 38.58, -121.49",
        "How to get there: Bus 4",
        "Web page: https://agency.example.org/map",
        "Number in another list: 77",
        "Waiting changes of it: 1",
    ):
        assert line in page
    # Looking changes nothing; a form without its hidden word changes nothing.
    steward.send(url, {})
    location.refresh_from_db()
    assert not location.is_confidential
    steward.send(url, {"wanted": "yes"})
    location.refresh_from_db()
    assert location.is_confidential
    assert (location.latitude, location.transportation, location.url, location.external_identifier) == (None, "", "", "")
    assert not Address.objects.exists()
    assert not Verification.objects.exists()
    assert not Translation.objects.exists()
    left = " ".join(str(row) for row in Metadata.objects.values_list("previous_value", "replacement_value"))
    left += " ".join(str(row) for row in PendingChange.objects.values_list("before", "after"))
    assert "Secret" not in left
    assert "98765" not in left
    page = steward.get(f"/directory/places/{location.pk}/").content.decode()
    assert "This place is confidential" in page
    assert "Secret" not in page


def test_a_confidential_place_has_no_form_for_an_address(steward: SiteClient) -> None:
    location: Any = rows.ConfidentialLocationFactory()
    assert steward.get(f"/directory/location/{location.pk}/address/new/").status_code == 404
    page = steward.get(f"/directory/location/{location.pk}/edit/").content.decode()
    assert 'name="latitude"' not in page
    assert "Write nothing that leads to its door" in page
    steward.send(
        f"/directory/location/{location.pk}/edit/",
        {"name": "Lantern", "location_type": "physical", "latitude": "38", "longitude": "-121", "transportation": "Bus 4"},
    )
    location.refresh_from_db()
    assert (location.name, location.latitude, location.transportation) == ("Lantern", None, "")


def test_ending_secrecy_brings_nothing_back(steward: SiteClient) -> None:
    location = _hidden_place(steward.user)
    url = f"/directory/places/{location.pk}/confidential/"
    steward.send(url, {"wanted": "yes"})
    steward.send(url, {"wanted": "no"})
    location.refresh_from_db()
    assert not location.is_confidential
    assert location.latitude is None
    assert not Address.objects.exists()


def test_two_tabs_do_not_undo_each_other(steward: SiteClient) -> None:
    """A page that still says "make it confidential" must not end it when it is so already."""
    location: Any = rows.ConfidentialLocationFactory()
    steward.send(f"/directory/places/{location.pk}/confidential/", {"wanted": "yes"})
    location.refresh_from_db()
    assert location.is_confidential


@pytest.mark.parametrize("role", ["member", None])
def test_actions_refuse_who_may_not(db: None, role: str | None) -> None:
    by = UserFactory(role=role)
    location: Any = rows.LocationFactory()
    service: Any = rows.ServiceFactory()
    for act in (
        lambda: confidentiality.make_confidential(location=location, by=by),
        lambda: confidentiality.end_confidentiality(location=location, by=by),
        lambda: listings.save_listing(listing=service, by=by),
        lambda: listings.save_part(part=rows.PhoneFactory.build(service=service), listing=service, by=by),
        lambda: listings.remove_part(part=rows.PhoneFactory(service=service), listing=service, by=by),
    ):
        with pytest.raises(Refused):
            act()
    assert not Location.objects.get().is_confidential


def test_an_organization_cannot_be_part_of_itself(steward: SiteClient) -> None:
    top: Any = rows.OrganizationFactory(name="Top")
    part: Any = rows.OrganizationFactory(name="Part", parent_organization=top)
    answer = steward.send(f"/directory/organization/{top.pk}/edit/", {"name": "Top", "parent_organization": str(part.pk)})
    assert "part of itself" in answer.content.decode()
    assert Organization.objects.get(pk=top.pk).parent_organization is None


@pytest.fixture
def many(db: None) -> None:
    """Thousands of rows, written in bulk."""
    organization: Any = rows.OrganizationFactory()
    services = Service.objects.bulk_create(
        Service(name=f"Invented service {n:04}", organization=organization) for n in range(2000)
    )
    locations = Location.objects.bulk_create(
        Location(name=f"Invented place {n:04}", organization=organization) for n in range(2000)
    )
    Organization.objects.bulk_create(Organization(name=f"Invented Agency {n:04}") for n in range(2000))
    Phone.objects.bulk_create(Phone(service=service, number="916-555-0142") for service in services)
    Address.objects.bulk_create(
        Address(
            location=place,
            address_1="1 Invented Street",
            city="Rivermont",
            state_province="CA",
            postal_code="1",
            country="US",
        )
        for place in locations
    )
    Schedule.objects.bulk_create(
        Schedule(service=service, freq="WEEKLY", byday="MO", opens_at=dt.time(9), closes_at=dt.time(17))
        for service in services
    )
    ListingReport.objects.bulk_create(
        ListingReport(service=service, reason="closed", reported_on=timezone.localdate()) for service in services
    )
    by = UserFactory()
    PendingChange.objects.bulk_create(
        PendingChange(
            entity="phone",
            entity_id=service.pk,
            after={"number": "916-555-0199", "service": str(service.pk)},
            reason="New phone",
            proposed_by=by,
            proposed_at=timezone.now(),
        )
        for service in services
    )


def test_lists_stay_cheap_with_thousands_of_rows(steward: SiteClient, many: None) -> None:
    for path in (
        "services/?q=invented&status=active",
        "services/?mark=unchecked&page=40",
        "organizations/",
        "places/?q=rivermont",
        "phones/?q=5550142",
        "hours/?known=yes",
        "to-check/",
        "reports/",
        "changes/",
        "help-lines/",
    ):
        with CaptureQueriesContext(connection) as queries:
            page = steward.get(f"/directory/{path}")
        assert page.status_code == 200
        if path != "help-lines/":
            assert len(page.context["listing"].rows) == 25, path
        # Only a test has a transaction around the page's own, which makes that one a savepoint to clean up after.
        outer = ("SAVEPOINT", "RELEASE", f"SELECT set_config('{SETTING}', '',")
        asked = [query["sql"] for query in queries if not query["sql"].startswith(outer)]
        assert len(asked) <= MOST_QUERIES, "\n".join([path, *asked])


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page=99999", "status=nonsense", "q=%00", "q=" + "x" * 500]
)
def test_junk_in_the_address_shows_a_list_all_the_same(steward: SiteClient, query: str) -> None:
    rows.ServiceFactory()
    assert steward.get(f"/directory/services/?{query}").status_code == 200


def test_an_empty_list_says_what_to_do_next(steward: SiteClient) -> None:
    assert "Add the first one" in steward.get("/directory/services/").content.decode()
    page = steward.get("/directory/services/?q=nothing&status=active").content.decode()
    assert "Nothing matches “nothing” with <em>Active</em>." in page
    assert '<a href="?q=nothing">Remove Active</a>' in page


def test_a_number_is_found_however_it_is_written(steward: SiteClient) -> None:
    rows.PhoneFactory(number="(916) 555-0142")
    rows.PhoneFactory(number="916-555-0177")
    page = steward.get("/directory/phones/?q=9165550142").content.decode()
    assert "(916) 555-0142" in page
    assert "555-0177" not in page


def test_searching_keeps_the_chips_and_chips_keep_the_search(steward: SiteClient) -> None:
    rows.ServiceFactory(name="Night shelter")
    page = steward.get("/directory/services/?q=night&status=active&mark=unchecked").content.decode()
    assert 'name="q" value="night"' in page
    assert '<input type="hidden" name="status" value="active">' in page
    assert 'href="?q=night&amp;status=active" aria-current="true"' not in page
    assert 'href="?q=night&amp;status=active&amp;mark=unchecked" aria-current="true"' in page
    assert "Night shelter" in page
