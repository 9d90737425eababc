"""The demo region: fictional in every number, complete in every need, the same however often it is loaded."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from benchmarks.relevance import gold_queries
from django.core.management import CommandError, call_command
from tests.plugins.database import TestCluster, pointed_at

from waymark.access.permissions import Role
from waymark.accounts.models import Membership
from waymark.coalition.models import PostalArea, Region, RegionNotice
from waymark.directory import models
from waymark.directory.actions.demo_region import RealRegion, demo_slugs, load_demo_region
from waymark.directory.formats.demo_file import demo_id, holidays_after, read_hours, season_around
from waymark.directory.formats.needs_file import read_needs
from waymark.directory.formats.translations import source_hash

TODAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def loaded(test_cluster: TestCluster, django_db_setup: None) -> Iterator[str]:
    """A database with the demo region, loaded once for all that follows."""
    name = test_cluster.clone("demo_region")
    with pointed_at(test_cluster, name):
        load_demo_region(today=TODAY)
    yield name
    test_cluster.drop(name)


@pytest.fixture
def in_it(test_cluster: TestCluster, loaded: str) -> Iterator[None]:
    with pointed_at(test_cluster, loaded):
        yield


@pytest.fixture
def demo(in_it: None, db: None) -> None:
    """One transaction in the demo region, rolled back."""


@pytest.mark.usefixtures("demo")
def test_the_county_is_of_the_promised_size() -> None:
    assert models.Service.objects.count() == len(demo_slugs())
    assert 115 <= models.Service.objects.count() <= 130
    assert models.Organization.objects.count() == 14
    assert models.Location.objects.filter(is_confidential=True).count() == 3
    assert models.Language.objects.values("code").distinct().count() >= 12
    assert RegionNotice.objects.count() == 1
    assert models.ServiceAlert.objects.count() == 2
    assert models.ListingReport.objects.filter(resolved_on=None).count() == 6
    assert models.PendingChange.objects.filter(state="waiting").count() == 1
    assert models.HelpLine.objects.filter(state="proposed").count() == 1
    places = Membership.objects.select_related("agency", "user")
    assert {place.role for place in places} == {role.value for role in Role}, "somebody for every role"
    assert {place.agency.side for place in places} == {"common", "justice", "survivor"}
    assert len([place for place in places if place.user.email == "advocate@legal-aid.example"]) == 2
    assert all(place.user.email.endswith(".example") for place in places)


@pytest.mark.usefixtures("demo")
def test_every_number_of_the_county_is_fictional() -> None:
    for number in models.Phone.objects.values_list("number", flat=True):
        assert re.fullmatch(r"\(555\) 555-01\d\d", number)
    for line in models.HelpLine.objects.filter(scope="local"):
        for channel in line.channels.exclude(kind="relay"):
            assert re.fullmatch(r"\(555\) 555-01\d\d", channel.value)
    assert all(code.startswith("987") for code in PostalArea.objects.values_list("code", flat=True))
    for address in models.Address.objects.all():
        assert address.postal_code.startswith("987")


@pytest.mark.usefixtures("demo")
def test_every_tile_of_the_finder_leads_somewhere() -> None:
    for need in models.Need.objects.filter(is_tile=True):
        assert need.services.filter(status="active").exists(), need.slug


@pytest.mark.usefixtures("demo")
def test_there_are_hours_of_every_kind() -> None:
    schedules = models.Schedule.objects
    assert schedules.filter(opens_at=dt.time(0), closes_at=dt.time(0)).exists()
    assert schedules.filter(opens_at=dt.time(18), closes_at=dt.time(2)).exists()
    assert schedules.filter(freq="MONTHLY", byday="1SA").exists()
    assert schedules.filter(freq="MONTHLY", byday="-1TU").exists()
    assert schedules.filter(is_closed=True, valid_from=dt.date(2026, 11, 26)).exists()
    assert schedules.filter(valid_from=dt.date(2026, 11, 1), valid_to=dt.date(2027, 3, 31)).exists()
    assert models.Service.objects.filter(schedules=None).count() == 2


@pytest.mark.usefixtures("demo")
def test_confidential_places_have_a_phone_and_an_area_and_nothing_else() -> None:
    for place in models.Location.objects.filter(is_confidential=True):
        assert place.latitude is None
        assert not place.addresses.exists()
        service = models.Service.objects.get(service_at_locations__location=place)
        assert service.phones.exists()
        assert service.service_areas.get().name == "Rivermont County"


@pytest.mark.usefixtures("demo")
def test_every_text_of_a_service_has_its_spanish_unchecked_and_of_this_wording() -> None:
    assert models.Translation.objects.filter(checked_by_speaker_on=None).count() == 5 * len(demo_slugs()) + 14
    service = models.Service.objects.get(pk=demo_id("service", "lantern-pets"))
    spanish = models.Translation.objects.get(entity_id=service.pk, field_name="name", language="es")
    assert spanish.text.startswith("Cuidado de su mascota")
    assert spanish.source_hash == source_hash(service.name)


@pytest.mark.usefixtures("demo")
def test_some_listings_are_stale_and_most_are_not() -> None:
    old = models.Verification.objects.filter(verified_on__lt=TODAY - dt.timedelta(days=180)).count()
    assert 8 <= old <= 20


def test_loading_again_changes_nothing_and_puts_back_what_was_changed(demo: None) -> None:
    before = {model: model.objects.count() for model in (models.Service, models.Phone, models.Schedule, models.Attribute)}
    names = dict(models.Service.objects.values_list("pk", "name"))
    service = models.Service.objects.get(pk=demo_id("service", "lantern-pets"))
    service.name = "Changed"
    service.save()
    load_demo_region(today=TODAY)
    assert {model: model.objects.count() for model in before} == before
    assert dict(models.Service.objects.values_list("pk", "name")) == names


@pytest.mark.django_db
def test_a_real_region_is_never_entered() -> None:
    Region.objects.create(pk=1, name="Real County", is_demo=False)
    with pytest.raises(RealRegion):
        load_demo_region(today=TODAY)
    with pytest.raises(CommandError, match="Real County"):
        call_command("load_demo_region")
    assert not models.Service.objects.exists()


def test_the_gold_queries_name_services_of_the_demo() -> None:
    slugs = set(demo_slugs())
    for query in gold_queries("demo"):
        assert query.want | query.good <= slugs, query.text


def test_services_answer_needs_that_exist() -> None:
    assert len(demo_slugs()) == len(set(demo_slugs()))
    assert {need.slug for need in read_needs()}


@pytest.mark.parametrize(
    ("text", "byday", "opens", "closes"),
    [
        ("24/7", "MO,TU,WE,TH,FR,SA,SU", dt.time(0), dt.time(0)),
        ("MO-FR 09:00-17:00", "MO,TU,WE,TH,FR", dt.time(9), dt.time(17)),
        ("MO-SU 08:00-24:00", "MO,TU,WE,TH,FR,SA,SU", dt.time(8), dt.time(0)),
        ("FR,SA 20:00-02:00", "FR,SA", dt.time(20), dt.time(2)),
        ("1SA 10:00-13:00", "1SA", dt.time(10), dt.time(13)),
    ],
)
def test_hours_are_read(text: str, byday: str, opens: dt.time, closes: dt.time) -> None:
    hours = read_hours(text)
    assert (hours.byday, hours.opens_at, hours.closes_at) == (byday, opens, closes)
    assert hours.freq == ("MONTHLY" if byday == "1SA" else "WEEKLY")


def test_hours_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="not understood"):
        read_hours("mornings")


@pytest.mark.parametrize(
    ("today", "begins", "ends"),
    [
        (dt.date(2026, 11, 22), dt.date(2026, 11, 1), dt.date(2027, 3, 31)),
        (dt.date(2027, 2, 1), dt.date(2026, 11, 1), dt.date(2027, 3, 31)),
        (dt.date(2027, 5, 1), dt.date(2027, 11, 1), dt.date(2028, 3, 31)),
    ],
)
def test_a_winter_season_runs_over_new_year(today: dt.date, begins: dt.date, ends: dt.date) -> None:
    assert season_around("11-01", "03-31", today=today) == (begins, ends)


def test_thanksgiving_is_the_fourth_thursday() -> None:
    days = {name: day for day, name in holidays_after(dt.date(2026, 11, 1))}
    assert days["Thanksgiving"] == dt.date(2026, 11, 26)
