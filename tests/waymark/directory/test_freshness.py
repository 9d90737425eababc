"""Documents are never older than the rows, however the rows were written."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from tests.factories import directory as make

from waymark.directory import models
from waymark.directory.selectors.documents import full_documents, list_documents
from waymark.directory.selectors.epoch import Remembered, publication_epoch
from waymark.directory.selectors.freshness import ensure_fresh, is_stale, refresh

# Each raw write changes what the full document of the service says.
RAW_WRITES = [
    "UPDATE directory_service SET name = 'Renamed by hand'",
    "UPDATE directory_organization SET name = 'Renamed agency'",
    "UPDATE directory_program SET name = 'Renamed program'",
    "UPDATE directory_location SET latitude = 39",
    "UPDATE directory_location SET is_confidential = true",
    "UPDATE directory_address SET city = 'Elsewhere'",
    "UPDATE directory_phone SET number = '916-555-0199'",
    "UPDATE directory_contact SET title = 'Night desk'",
    "UPDATE directory_schedule SET opens_at = '10:00'",
    "UPDATE directory_language SET name = 'Hmong', code = 'hmn'",
    "UPDATE directory_accessibility SET description = 'Lift'",
    "UPDATE directory_costoption SET amount = 5",
    "UPDATE directory_requireddocument SET document = 'Any paper'",
    "UPDATE directory_funding SET source = 'County'",
    "UPDATE directory_servicearea SET name = 'The whole state'",
    "UPDATE directory_servicecapacity SET available = 0",
    "UPDATE directory_unit SET name = 'room'",
    "UPDATE directory_url SET label = 'Even more'",
    "UPDATE directory_organizationidentifier SET identifier = '11-1111111'",
    "UPDATE directory_taxonomyterm SET name = 'Another kind'",
    "UPDATE directory_taxonomy SET name = 'Another way to sort'",
    "UPDATE directory_attribute SET value = 'by hand'",
    "DELETE FROM directory_language",
    "DELETE FROM directory_attribute",
    "INSERT INTO directory_url (id, service_id, label, url) SELECT gen_random_uuid(), id, 'New', 'https://x.example.org'"
    " FROM directory_service",
]


def stored(table: str = "servicedocument") -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT listed, "full" FROM directory_{table} ORDER BY 1')
        return [(json.loads(listed), json.loads(full)) for listed, full in cursor.fetchall()]


def built(name: str = "service", model: Any = models.Service) -> list[Any]:
    ids = list(model.objects.order_by("id").values_list("pk", flat=True))
    return list(zip(list_documents(name, ids), full_documents(name, ids), strict=True))


@pytest.mark.django_db
@pytest.mark.parametrize("statement", RAW_WRITES)
def test_a_write_by_hand_is_in_the_documents_at_the_next_read(statement: str) -> None:
    make.full_service()
    refresh()
    assert stored() == built()
    with connection.cursor() as cursor:
        cursor.execute(statement)
    before = stored()
    assert is_stale()
    ensure_fresh()
    assert not is_stale()
    assert stored() == built() != before
    assert [pair[1] for pair in stored("visitdocument")] == [
        pair[1] for pair in built("service_at_location", models.ServiceAtLocation)
    ]


@pytest.mark.django_db
def test_a_deleted_service_leaves_no_document_and_no_words() -> None:
    service = make.ServiceFactory(name="Quetzalcoatl house")
    make.ServiceAtLocationFactory(service=service)
    refresh()
    assert models.SearchWord.objects.filter(word__startswith="quetzal").exists()
    service.delete()
    refresh()
    assert not models.ServiceDocument.objects.exists()
    assert not models.VisitDocument.objects.exists()
    assert not models.SearchWord.objects.filter(word__startswith="quetzal").exists()


def test_the_epoch_moves_with_the_commit_and_not_before(committed_db: str, test_cluster: Any) -> None:
    first = publication_epoch()
    with psycopg.connect(test_cluster.url(committed_db)) as other:
        other.execute(
            "INSERT INTO directory_taxonomy (id, name, description, uri, version)"
            " VALUES (gen_random_uuid(), 'By hand', '', '', '')"
        )
        assert publication_epoch() == first
        other.commit()
        assert publication_epoch() == first + 1
        other.execute("UPDATE coalition_region SET name = 'Elsewhere'")
        other.commit()
    assert publication_epoch() == first + 2


def test_a_change_between_a_makers_read_and_its_write_keeps_its_mark(committed_db: str, test_cluster: Any) -> None:
    service = make.ServiceFactory(name="First")
    refresh()
    with psycopg.connect(test_cluster.url(committed_db)) as other:
        other.execute("UPDATE directory_service SET name = 'Second'")
        refresh()
        assert stored()[0][1]["name"] == "First"
        other.commit()
    assert publication_epoch()
    assert stored()[0][1]["name"] == "Second"
    assert full_documents("service", [service.pk])[0]["name"] == "Second"


def test_what_is_remembered_is_asked_again_after_a_change(committed_db: str) -> None:
    names: Remembered[list[str]] = Remembered(4)

    def read() -> list[str]:
        return names.get("names", publication_epoch(), lambda: list(models.Service.objects.values_list("name", flat=True)))

    assert read() == []
    make.ServiceFactory(name="New")
    assert read() == ["New"]


@pytest.mark.django_db
def test_nothing_is_remembered_inside_a_transaction() -> None:
    assert publication_epoch() is None


def test_the_same_answer_is_not_sent_twice(committed_db: str) -> None:
    api = Client(headers={"host": "localhost"})
    service = make.ServiceFactory(name="Before")
    first = api.get("/hsds/services")
    again = api.get("/hsds/services", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    service.name = "After"
    service.save()
    fresh = api.get("/hsds/services", headers={"if-none-match": first["ETag"]})
    assert fresh.status_code == 200
    assert [row["name"] for row in fresh.json()["contents"]] == ["After"]
