"""A confidential place has no address, coordinate or postcode in the database, whoever writes and however."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests.factories import directory as make
from tests.factories.accounts import UserFactory

from waymark.directory import models


def sql(statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def place() -> models.Location:
    return make.ConfidentialLocationFactory()


# Counters of refused attempts are read by the database alone; what they hold is in tests/waymark/audit.
READABLE = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    " AND has_table_privilege(oid, 'SELECT')"
)
REFUSED = [
    "INSERT INTO directory_address (id, location_id, attention, address_1, address_2, city, region, state_province,"
    " postal_code, country, address_type)"
    " VALUES (gen_random_uuid(), %s, '', '1 Invented Street', '', 'Rivermont', '', 'CA', '00001', 'US', 'physical')",
    "UPDATE directory_address SET location_id = %s",
    "UPDATE directory_location SET latitude = 38.5 WHERE id = %s",
    "UPDATE directory_location SET longitude = -121.5 WHERE id = %s",
    "UPDATE directory_location SET transportation = 'Bus 4 to Invented Street' WHERE id = %s",
    "UPDATE directory_location SET url = 'https://maps.example.org/x' WHERE id = %s",
]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_what_would_reveal_the_place(place: models.Location, statement: str) -> None:
    make.AddressFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(statement, place.pk)
    assert not models.Address.objects.filter(location=place).exists()


@pytest.mark.django_db
def test_a_confidential_place_cannot_be_born_with_coordinates() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make.LocationFactory(is_confidential=True)


@pytest.mark.django_db
def test_a_confidential_place_may_have_a_phone(place: models.Location) -> None:
    assert make.PhoneFactory(service=None, location=place).pk


def _everything_about(text: str) -> list[str]:
    """Every table and column of the whole database in which the text stands."""
    found = []
    for (table,) in sql(READABLE):
        if sql(f'SELECT 1 FROM "{table}" t WHERE to_jsonb(t)::text ILIKE %s LIMIT 1', f"%{text}%"):
            found.append(table)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("raw", [True, False], ids=["raw SQL", "a save"])
def test_marking_a_place_deletes_what_reveals_it_with_its_history(raw: bool) -> None:
    place = make.LocationFactory(
        transportation="Bus to Quince Lane", description="Behind Quince Lane", latitude=38.123456, longitude=-121.654321
    )
    visit = make.ServiceAtLocationFactory(location=place)
    address = make.AddressFactory(location=place, address_1="7 Quince Lane", postal_code="09977")
    address.address_1 = "9 Quince Lane"
    address.save()
    moved = make.AddressFactory(location=place, address_1="5 Quince Lane")
    moved.delete()
    make.AccessibilityFactory(location=place, details="Ramp from Quince Lane")
    make.AttributeFactory(link_id=place.pk, link_entity="location", value="Quince Lane 09977")
    steward = UserFactory()
    waiting = models.PendingChange.objects.create(
        entity="address", entity_id=uuid.uuid4(), after={"location_id": str(place.pk), "address_1": "3 Quince Lane"},
        reason="moved", proposed_by=steward, proposed_at=timezone.now(),
    )  # fmt: skip
    assert "directory_metadata" in _everything_about("Quince")

    if raw:
        sql("UPDATE directory_location SET is_confidential = true WHERE id = %s", place.pk)
    else:
        place.is_confidential = True
        place.latitude = place.longitude = None
        place.transportation = ""
        place.save()

    sql("DELETE FROM directory_servicedocument")
    sql("DELETE FROM directory_visitdocument")
    for text in ("Quince", "09977", "38.123456", "121.654321"):
        assert _everything_about(text) == []
    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"
    assert models.ServiceAtLocation.objects.filter(pk=visit.pk).exists()


@pytest.mark.django_db
def test_a_waiting_change_may_not_hold_the_address_of_a_confidential_place(place: models.Location) -> None:
    steward = UserFactory()
    common = {"reason": "new", "proposed_by": steward, "proposed_at": timezone.now()}
    for entity, entity_id, after in (
        ("address", uuid.uuid4(), {"location_id": str(place.pk), "address_1": "3 Quince Lane"}),
        ("location", place.pk, {"latitude": 38.5}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            models.PendingChange.objects.create(entity=entity, entity_id=entity_id, after=after, **common)


def test_an_address_that_races_with_the_marking_loses(committed_db: str, test_cluster: Any) -> None:
    place = make.LocationFactory()
    insert = REFUSED[0]
    with psycopg.connect(test_cluster.url(committed_db)) as first:
        first.execute(insert, (place.pk,))
        with psycopg.connect(test_cluster.url(committed_db)) as second:
            second.execute("SET lock_timeout = '200ms'")
            # The marking waits for the address, so it sees and deletes it.
            with pytest.raises(psycopg.errors.LockNotAvailable):
                second.execute("UPDATE directory_location SET is_confidential = true WHERE id = %s", (place.pk,))
    with psycopg.connect(test_cluster.url(committed_db)) as second:
        second.execute("UPDATE directory_location SET is_confidential = true WHERE id = %s", (place.pk,))
    assert not models.Address.objects.filter(location=place).exists()


@pytest.mark.django_db
def test_history_of_a_confidential_place_holds_no_values(place: models.Location) -> None:
    phone = make.PhoneFactory(service=None, location=place, number="916-555-0111")
    sql("UPDATE directory_phone SET number = '916-555-0112' WHERE id = %s", phone.pk)
    sql("UPDATE directory_location SET name = 'House behind Quince Lane' WHERE id = %s", place.pk)
    changes = models.Metadata.objects.filter(last_action_type="update")
    assert {(row.previous_value, row.replacement_value) for row in changes} == {("", "")}


def test_only_the_forgetting_function_runs_with_the_owners_rights(
    committed_db: str, owner: Callable[..., list[tuple[Any, ...]]]
) -> None:
    found = owner("SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace"
                  " WHERE prosecdef AND nspname = 'public' AND proname LIKE 'directory%%'")  # fmt: skip
    assert found == [("directory_forget_place",)]
