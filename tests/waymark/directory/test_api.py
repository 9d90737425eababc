"""The API answers as the standard says, for good requests and bad ones."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from tests.factories import directory as make
from tests.waymark.directory.schemas import problems

from waymark.coalition.models import PostalArea, Region
from waymark.directory import models
from waymark.directory.api.description import describe
from waymark.directory.api.paths import RESOURCES
from waymark.directory.selectors.documents import model_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> Client:
    return Client(headers={"host": "localhost"}, enforce_csrf_checks=True)


@pytest.fixture
def service() -> models.Service:
    return make.full_service(name="Shelter by the river")


def got(api: Client, path: str, status: int = 200, **query: Any) -> Any:
    answer = api.get(f"/hsds/{path}", query)
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def names(page: Any) -> list[str]:
    return [row.get("name", row.get("id")) for row in page["contents"]]


def test_the_root_names_version_profile_and_description(api: Client) -> None:
    Region.objects.create(name="Rivermont County")
    root = got(api, "")
    assert root["version"] == "3.2"
    assert root["publisher"] == "Rivermont County"
    for key in ("profile", "openapi_url", "data_guide"):
        assert api.get(root[key]).status_code == 200, key


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.path)
def test_every_path_validates_against_the_standard(api: Client, service: models.Service, resource: Any) -> None:
    full = any(parameter.name == "full" for parameter in resource.parameters)
    for query in ({}, {"full": "true"}) if full else ({},):
        page = got(api, resource.path, **query)
        assert page["total_items"] == page["size"] == len(page["contents"]) > 0
        assert (page["first_page"], page["last_page"], page["empty"]) == (True, True, False)
        for row in page["contents"]:
            assert problems(resource.object, row) == []
    for key in model_of(resource.object)._default_manager.values_list("pk", flat=True):
        assert problems(resource.object, got(api, f"{resource.path}/{key}")) == []


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.path)
def test_a_post_twin_answers_as_the_get(api: Client, service: models.Service, resource: Any) -> None:
    expected = got(api, resource.path, search="river")
    for answer in (
        api.post(f"/hsds/{resource.path}?search=river"),
        api.post(f"/hsds/{resource.path}", {"search": "river"}, content_type="application/json"),
        api.post(f"/hsds/{resource.path}", "search=river", content_type="application/x-www-form-urlencoded"),
    ):
        assert answer.status_code == 200
        assert answer.json() == expected


def test_a_foreign_page_may_not_post_but_a_partners_system_may(api: Client) -> None:
    assert api.post("/hsds/services").status_code == 200
    assert api.post("/hsds/services", headers={"origin": "https://elsewhere.example"}).status_code == 403
    assert api.post("/hsds/services", headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_pages_follow_each_other_and_end(api: Client) -> None:
    for number in range(5):
        make.ServiceFactory(name=f"Service {number}")
    pages = [got(api, "services", per_page=2, page=number) for number in (1, 2, 3, 4)]
    assert [names(page) for page in pages] == [
        ["Service 0", "Service 1"],
        ["Service 2", "Service 3"],
        ["Service 4"],
        [],
    ]
    assert [(page["first_page"], page["last_page"], page["empty"]) for page in pages] == [
        (True, False, False),
        (False, False, False),
        (False, True, False),
        (False, True, True),
    ]
    assert {(page["total_items"], page["total_pages"]) for page in pages} == {(5, 3)}


def test_an_empty_directory_has_an_empty_page(api: Client) -> None:
    page = got(api, "services")
    assert (page["empty"], page["total_pages"], page["first_page"], page["last_page"]) == (True, 0, True, True)


def test_filters_are_joined_by_and(api: Client) -> None:
    one, two = make.ServiceFactory(name="Legal aid north"), make.ServiceFactory(name="Legal aid south")
    term = make.TaxonomyTermFactory()
    for service in (one, two):
        make.AttributeFactory(link_id=service.pk, taxonomy_term=term)
    other = make.AttributeFactory(link_id=two.pk)
    assert names(got(api, "services", taxonomy_term_id=term.pk)) == ["Legal aid north", "Legal aid south"]
    assert names(got(api, "services", taxonomy_id=term.taxonomy_id)) == ["Legal aid north", "Legal aid south"]
    assert names(got(api, "services", taxonomy_term_id=term.pk, organization_id=one.organization_id)) == [one.name]
    assert names(got(api, "services", taxonomy_term_id=other.taxonomy_term_id, search="legal")) == [two.name]
    assert names(got(api, "services", taxonomy_term_id=other.taxonomy_term_id, organization_id=one.organization_id)) == []
    assert names(got(api, "organizations", taxonomy_term_id=other.taxonomy_term_id)) == [two.organization.name]
    assert got(api, "service_at_locations", taxonomy_term_id=uuid.uuid4())["empty"]


def test_modified_after_and_minimal_serve_a_partner_who_keeps_a_copy(api: Client, service: models.Service) -> None:
    page = got(api, "services", minimal="true")
    [row] = page["contents"]
    assert set(row) == {"id", "modified_date"}
    assert got(api, "services", modified_after=row["modified_date"])["total_items"] == 1
    assert got(api, "services", modified_after="2999-01-01")["total_items"] == 0
    assert got(api, "services", modified_after="2000-01-01T00:00:00+02:00")["total_items"] == 1


def test_a_change_of_a_phone_moves_the_modified_date(api: Client, service: models.Service) -> None:
    before = got(api, "services", minimal="true")["contents"][0]["modified_date"]
    phone = service.phones.first()
    assert phone
    phone.number = "916-555-0177"
    phone.save()
    assert got(api, "services", minimal="true")["contents"][0]["modified_date"] > before


def test_terms_by_parent_and_top(api: Client) -> None:
    top = make.TaxonomyTermFactory(name="Housing")
    make.TaxonomyTermFactory(name="Shelter", parent=top, taxonomy=top.taxonomy)
    assert names(got(api, "taxonomy_terms", top_only="true")) == ["Housing"]
    assert names(got(api, "taxonomy_terms", parent_id=top.pk)) == ["Shelter"]
    assert names(got(api, "taxonomy_terms", taxonomy_id=top.taxonomy_id)) == ["Housing", "Shelter"]


def test_full_service_carries_the_services(api: Client, service: models.Service) -> None:
    key = service.organization_id
    assert got(api, f"organizations/{key}")["services"] == [
        {"id": str(service.pk), "name": service.name, "status": "active"}
    ]
    [whole] = got(api, f"organizations/{key}", full_service="true")["services"]
    assert whole == got(api, f"services/{service.pk}")


def test_ndjson_gives_everything_one_object_a_line(api: Client) -> None:
    for _ in range(3):
        make.full_service()
    for path, item in (("services", "service"), ("organizations", "organization"), ("taxonomies", "taxonomy")):
        answer = api.get(f"/hsds/{path}", {"format": "ndjson", "per_page": 1})
        assert answer["Content-Type"] == "application/x-ndjson"
        lines = b"".join(answer.streaming_content).splitlines()  # type: ignore[attr-defined]
        assert len(lines) == model_of(item)._default_manager.count()
        for line in lines:
            assert problems(item, json.loads(line)) == []


def near(api: Client, **query: Any) -> list[str]:
    return [row["location_id"] for row in got(api, "service_at_locations", **query)["contents"]]


def test_near_me_finds_open_places_nearest_first_and_never_a_confidential_one(api: Client) -> None:
    PostalArea.objects.create(code="00001", latitude=38.58, longitude=-121.49, source="invented")
    far = make.ServiceAtLocationFactory(location=make.LocationFactory(latitude=38.60, longitude=-121.49))
    close = make.ServiceAtLocationFactory(location=make.LocationFactory(latitude=38.581, longitude=-121.49))
    make.ServiceAtLocationFactory(location=make.LocationFactory(latitude=39.5, longitude=-121.49))
    hidden = make.ServiceAtLocationFactory(location=make.ConfidentialLocationFactory())
    make.ServiceAreaFactory(service=hidden.service, name="ZIP 00001")
    make.AddressFactory(location=far.location, postal_code="00001-1234")
    assert near(api, postcode="00001", proximity=5000) == [str(close.location_id), str(far.location_id)]
    assert near(api, postcode="00001", proximity=500) == [str(close.location_id)]
    assert near(api, postcode="00001") == [str(far.location_id)]
    assert near(api, postcode="99999", proximity=5000) == []
    assert "postcode" in got(api, "service_at_locations", proximity=5000)["note"]


BAD = [
    ("services", {"page": "0"}, "page"),
    ("services", {"page": "two"}, "page"),
    ("services", {"per_page": "100000"}, "per_page"),
    ("services", {"full": "yes"}, "full"),
    ("services", {"format": "xml"}, "format"),
    ("services", {"organization_id": "12"}, "organization_id"),
    ("services", {"modified_after": "last week"}, "modified_after"),
    ("services", {"modified_after": "2026-13-01"}, "modified_after"),
    ("services", {"serach": "shelter"}, "serach"),
    ("services", {"postcode": "95814"}, "postcode"),
    ("service_at_locations", {"postcode": "95814", "proximity": "near"}, "proximity"),
    ("service_at_locations", {"postcode": "<script>"}, "postcode"),
    ("taxonomy_terms", {"top_only": "1"}, "top_only"),
]


@pytest.mark.parametrize(("path", "query", "parameter"), BAD)
def test_a_bad_parameter_is_refused_with_a_sentence(api: Client, path: str, query: Any, parameter: str) -> None:
    said = got(api, path, 422, **query)
    assert said["parameter"] == parameter
    assert said["detail"].endswith(".")


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [("{", "application/json", 422), ("[]", "application/json", 422), ("x", "text/plain", 415)],
)
def test_a_bad_body_is_refused(api: Client, body: str, content_type: str, status: int) -> None:
    assert api.post("/hsds/services", body, content_type=content_type).status_code == status


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.path)
def test_what_is_not_there_and_what_is_not_allowed(api: Client, resource: Any) -> None:
    for key in (uuid.uuid4(), "not-an-id"):
        assert got(api, f"{resource.path}/{key}", 404)["detail"].startswith("There is no")
    assert api.delete(f"/hsds/{resource.path}").status_code == 405
    answer = api.post(f"/hsds/{resource.path}/{uuid.uuid4()}")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert got(api, "nowhere", 404)["detail"]


def test_head_answers_without_error_and_no_answer_sets_a_cookie(api: Client, service: models.Service) -> None:
    for path in ("", "openapi.json", "profile/", "services", f"services/{service.pk}"):
        answer = api.head(f"/hsds/{path}")
        assert answer.status_code == 200
        assert not answer.cookies


def test_lists_ask_few_questions_however_long_they_are(
    api: Client, service: models.Service, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        make.full_service()
    got(api, "services")
    for path, most in (("services", 3), ("service_at_locations", 3), ("organizations", 5), ("taxonomy_terms", 6)):
        with django_assert_max_num_queries(most):
            assert got(api, path)["size"] >= 5
    with django_assert_max_num_queries(2):
        got(api, f"services/{service.pk}")


def test_the_description_and_the_profile_name_every_object(api: Client) -> None:
    described = got(api, "openapi.json")
    assert described == describe("http://localhost/hsds/")
    assert len(described["paths"]) == 11
    page = api.get("/hsds/profile/").content.decode()
    for name in ("service.json", "location.json", "schedule.json", "openapi.json"):
        assert f"/hsds/profile/{name}" in page
        assert got(api, f"profile/{name}")
    assert got(api, "profile/phone.json", 404)


@pytest.mark.parametrize("search", ["!!!", "?", "-", "\U0001f600", "\U000fa435"])
def test_a_search_without_a_word_finds_nothing_and_breaks_nothing(api: Client, search: str) -> None:
    make.ServiceFactory()
    for path in ("services", "organizations", "service_at_locations"):
        assert got(api, path, search=search)["contents"] == []
