"""What leaves the directory validates against the standard and holds nothing of a confidential place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.factories import directory as make
from tests.waymark.directory.schemas import problems

from waymark.directory.formats.hsds_objects import OBJECTS
from waymark.directory.selectors.documents import full_documents, list_documents, model_of, public_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def service() -> Any:
    return make.full_service()


@pytest.mark.parametrize("name", ["service", "organization", "service_at_location", "location", "taxonomy_term"])
def test_full_and_list_documents_validate(service: Any, name: str) -> None:
    ids = list(model_of(name)._default_manager.values_list("pk", flat=True))
    assert ids
    for document in full_documents(name, ids) + list_documents(name, ids):
        assert problems(name, document) == []


def test_a_full_service_nests_every_list_of_the_standard(service: Any) -> None:
    [document] = full_documents("service", [service.pk])
    item = OBJECTS["service"]
    expected = {many.key for many in item.many} | {one.key for one in item.one} | {"attributes", "metadata"}
    assert expected <= set(document)
    [visit] = document["service_at_locations"]
    assert visit["location"]["addresses"][0]["address_1"].endswith("Invented Street")
    assert visit["location"]["latitude"] == 38.58
    assert document["phones"][0]["languages"][0]["code"] == "es"
    assert document["attributes"][0]["taxonomy_term"]["taxonomy_detail"]["name"]


def test_empty_text_is_left_out_and_numbers_are_numbers(service: Any) -> None:
    [document] = full_documents("service", [service.pk])
    assert "fees" not in document
    assert document["capacities"][0]["available"] == 2
    assert isinstance(document["capacities"][0]["available"], int)
    assert '""' not in json.dumps(document["phones"])


def test_a_value_that_the_standard_refuses_is_left_out() -> None:
    service = make.ServiceFactory(url="call us", email="not an address")
    make.UrlFactory(service=service, url="www no scheme")
    [document] = full_documents("service", [service.pk])
    assert not {"url", "email", "additional_urls"} & set(document)
    assert problems("service", document) == []


def test_the_author_of_a_change_is_never_a_person(service: Any) -> None:
    make.MetadataFactory(resource_id=service.pk, updated_by="staff:4c3c")
    [document] = full_documents("service", [service.pk])
    assert {row["updated_by"] for row in document["metadata"]} <= {"source", "steward", "system"}


def test_flat_rows_pass_the_same_door(service: Any) -> None:
    for name in OBJECTS:
        for row in public_rows(name):
            assert set(row) <= {field.name for field in OBJECTS[name].fields}
    assert any(row["updated_by"] == "source" for row in public_rows("metadata"))


def test_the_number_of_queries_does_not_grow_with_the_services(service: Any, django_assert_max_num_queries: Any) -> None:
    ids = [service.pk, *(make.full_service().pk for _ in range(5))]
    with django_assert_max_num_queries(60):
        assert len(full_documents("service", ids)) == 6
    with django_assert_max_num_queries(4):
        assert len(list_documents("service", ids)) == 6


def test_the_history_of_what_is_not_in_the_standard_stays_inside() -> None:
    line = make.HelpLineFactory()
    line.operator = "Another agency"
    line.save()
    assert model_of("metadata")._default_manager.filter(resource_type="help_line").exists()
    assert not [row for row in public_rows("metadata") if row["resource_id"] == str(line.pk)]
