"""Where a confidential place is appears nowhere: the test walks every public address, every form of export and every table.

The walk reads the address tables of the public sites. An address that it does not know how to open fails the test, so that
a new page is walked from its first day.
"""

from __future__ import annotations

import gzip
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.factories import directory as make

from waymark.coalition.models import PostalArea, Region
from waymark.directory.actions.export_hsds import export_hsds
from waymark.directory.models import Location, Need, Service, ServiceAtLocation
from waymark.directory.selectors.freshness import refresh
from waymark.finder.selectors.needs import key_of

STREET, POSTCODE, LATITUDE, LONGITUDE = "9 Hidden Lane", "98799", "38.123457", "121.987654"
WHEREABOUTS = (STREET, POSTCODE, LATITUDE, LONGITUDE, "Bus 77 to the end", "ramp behind the mill", "UPRN-4711")
# Said about the place or by its keepers: the database may know it, the public may not.
TOLD = ("Gertrude Keyholder", "keyholder@house.example", "opposite the old mill", "two beds at Hidden Lane")
NEED = "safe-place"
SITES = {"localhost": "waymark.config.urls_finder", "news.localhost": "waymark.config.urls_newsroom"}
LISTS = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")


@pytest.fixture
def safe_house(static_files: None, committed_db: str) -> ServiceAtLocation:
    """A place whose every field told where it is, until it was marked."""
    Region.objects.create(name="Example County", languages=["en", "es", "ar"], is_demo=False)
    PostalArea.objects.create(code=POSTCODE, latitude=float(LATITUDE), longitude=-float(LONGITUDE), source="Invented")
    service: Service = make.full_service(name="Safe house", assurer_email="keyholder@house.example")
    need = Need.objects.create(slug=NEED, group="safety", sentence={"en": "I need a safe place tonight"})
    service.needs.add(need)
    visit = ServiceAtLocation.objects.filter(service=service).select_related("location").first()
    assert visit is not None
    place = visit.location
    Location.objects.filter(pk=place.pk).update(
        latitude=float(LATITUDE),
        longitude=-float(LONGITUDE),
        transportation="Bus 77 to the end",
        external_identifier="UPRN-4711",
        description="opposite the old mill",
    )
    place.addresses.all().delete()
    make.AddressFactory(location=place, address_1=STREET, postal_code=POSTCODE)
    make.AccessibilityFactory(location=place, description="ramp behind the mill")
    make.ContactFactory(service=None, location=place, name="Gertrude Keyholder", email="keyholder@house.example")
    make.AttributeFactory(link_id=place.pk, link_entity="location", value="opposite the old mill")
    make.AttributeFactory(link_id=visit.pk, link_entity="service_at_location", label="opposite the old mill")
    make.ServiceCapacityFactory(service=service, description="two beds at Hidden Lane")
    make.MetadataFactory(resource_id=place.pk, resource_type="location", previous_value=STREET, replacement_value=STREET)
    refresh()

    Location.objects.filter(pk=place.pk).update(is_confidential=True)
    return visit


def patterns(urlconf: str) -> Iterator[tuple[str, URLPattern]]:
    def walk(prefix: str, nodes: list[URLPattern | URLResolver]) -> Iterator[tuple[str, URLPattern]]:
        for node in nodes:
            here = prefix + str(node.pattern)
            if isinstance(node, URLResolver):
                yield from walk(here, node.url_patterns)
            else:
                yield here, node

    yield from walk("/", get_resolver(urlconf).url_patterns)


def filled(path: str, visit: ServiceAtLocation) -> list[str]:
    """Addresses of a pattern with real values in it."""
    service = visit.service
    values: dict[str, list[object]] = {
        "<language:code>": ["en", "es", "ar"],
        "<slug:key>": [key_of(NEED)],
        "<slug:slug>": ["nothing-here"],
        "<uuid:service_id>": [service.pk],
        "<int:number>": [1, 2],
        "<int:year>": [2026],
        "<str:name>": ["service.json", "location.json"],
        "<str:key>": [visit.pk, service.pk, service.organization_id],
        "^(?P<rest>.*)$": ["nothing-here"],
    }
    found = [path]
    for slot, options in values.items():
        found = [each.replace(slot, str(option)) for each in found for option in (options if slot in each else [""])]
    assert not any("<" in each for each in found), f"tell this test how to open {path}"
    return found


def body_of(response: Any) -> str:
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    if raw[:2] == b"\x1f\x8b":
        raw = gzip.decompress(raw)
    text = raw.decode(errors="replace")
    if "\n{" in text and '"zips":' in text:
        # The phone's copy carries the middle of every ZIP of the region, whether anything is there or not.
        copy = json.loads(text.split("\n", 1)[1])
        assert POSTCODE in copy.pop("zips")
        text = json.dumps(copy, ensure_ascii=False)
    return text + str(dict(response.headers))


def leaks(text: str, secrets: tuple[str, ...] = WHEREABOUTS + TOLD) -> list[str]:
    return [secret for secret in secrets if secret in text]


def test_no_public_address_tells(safe_house: ServiceAtLocation) -> None:
    opened = 0
    for host, urlconf in SITES.items():
        for path, _ in patterns(urlconf):
            for address in filled(path, safe_house):
                response = Client(headers={"host": host}).get(address)
                opened += response.status_code == 200
                assert leaks(body_of(response)) == [], address
    assert opened > 60


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?full=true",
        "?full_service=true",
        "?format=ndjson",
        "?format=ndjson&full=true",
        "?minimal=true",
        "?search=house",
    ],
)
def test_no_list_of_the_interface_tells(query: str, safe_house: ServiceAtLocation) -> None:
    client = Client(headers={"host": "localhost"})
    for name in LISTS:
        assert leaks(body_of(client.get(f"/hsds/{name}{query}"))) == [], name
        assert leaks(body_of(client.post(f"/hsds/{name}{query}"))) == [], name


def test_neither_postcode_nor_distance_finds_it(safe_house: ServiceAtLocation) -> None:
    client = Client(headers={"host": "localhost"})
    for query in (f"postcode={POSTCODE}", f"postcode={POSTCODE}&proximity=1000000"):
        page = client.get(f"/hsds/service_at_locations?{query}").json()
        assert [item["id"] for item in page["contents"]] == []
    by_street = client.get("/hsds/services", {"search": "Hidden Lane"}).json()
    assert by_street["total_items"] == 0


def test_the_search_of_a_browser_without_script_does_not_tell(safe_house: ServiceAtLocation) -> None:
    client = Client(headers={"host": "localhost", "sec-fetch-site": "same-origin"})
    for words in ("safe", "Hidden Lane", POSTCODE):
        response = client.post("/en/list/", {"words": words, "q": words, "zip": POSTCODE})
        assert response.status_code == 200
        # The page repeats what was typed into its own field; nothing else may say it.
        text = body_of(response)
        assert leaks(text, tuple(secret for secret in WHEREABOUTS + TOLD if secret not in {words, POSTCODE})) == []
        assert " mi" not in "".join(line for line in text.splitlines() if "Safe house" in line)


@pytest.mark.parametrize("target", ["package.zip", "all.json", "all.ndjson"])
def test_no_export_tells(target: str, safe_house: ServiceAtLocation, tmp_path: Path) -> None:
    path = tmp_path / target
    export_hsds(path=path)
    if target.endswith(".zip"):
        with zipfile.ZipFile(path) as package:
            text = "\n".join(package.read(name).decode() for name in package.namelist())
    else:
        text = path.read_text()

    assert "Safe house" in text
    assert leaks(text) == []


def test_no_table_holds_its_whereabouts(safe_house: ServiceAtLocation, owner: Callable[..., list[tuple[Any, ...]]]) -> None:
    """Whoever takes the whole database finds no street, postcode or coordinate of the place."""
    refresh()
    tables = [name for (name,) in owner("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]
    assert "directory_metadata" in tables
    for table in tables:
        if table == "coalition_postalarea":
            continue
        for (row,) in owner(f"SELECT row_to_json(t)::text FROM {table} t"):
            assert leaks(row, WHEREABOUTS) == [], (table, json.loads(row))


def test_what_should_be_public_still_is(safe_house: ServiceAtLocation) -> None:
    """The walk would pass on an empty site: the service, its phone and its need are there."""
    client = Client(headers={"host": "localhost"})
    document = client.get(f"/hsds/services/{safe_house.service_id}").json()
    assert document["name"] == "Safe house"
    assert document["phones"]
    assert "Safe house" in body_of(client.get(f"/en/s/{safe_house.service_id}/"))
    assert "Safe house" in body_of(client.get(f"/en/find/{key_of(NEED)}/"))
    assert uuid.UUID(document["id"]) == safe_house.service_id
