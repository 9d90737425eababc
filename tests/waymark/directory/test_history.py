"""Every change leaves a row of history, written by the database, that the application can only add to."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories import directory as make

from waymark.directory.models import Metadata, Service

pytestmark = pytest.mark.django_db


def test_create_update_and_delete_are_told_field_by_field() -> None:
    phone = make.PhoneFactory(number="916-555-0101")
    phone.number = "916-555-0102"
    phone.save()
    key = phone.pk
    phone.delete()
    told = {
        (row.last_action_type, row.field_name): (row.previous_value, row.replacement_value, row.updated_by)
        for row in Metadata.objects.filter(resource_id=key, resource_type="phone")
    }
    assert told["create", "id"] == ("", str(key), "system")
    assert told["update", "number"] == ("916-555-0101", "916-555-0102", "system")
    assert told["delete", "number"] == ("916-555-0102", "", "system")
    assert ("update", "description") not in told


def test_raw_sql_is_told_too() -> None:
    service = make.ServiceFactory(name="Before")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE directory_service SET name = 'After' WHERE id = %s", [service.pk])
    row = Metadata.objects.get(resource_id=service.pk, field_name="name")
    assert (row.previous_value, row.replacement_value, row.last_action_type) == ("Before", "After", "update")


def test_a_need_given_to_a_service_is_told() -> None:
    service = make.ServiceFactory()
    need = make.NeedFactory()
    service.needs.add(need)
    service.needs.remove(need)
    rows = Metadata.objects.filter(resource_id=service.pk, field_name="needs").order_by("last_action_date")
    assert [(row.previous_value, row.replacement_value) for row in rows] == [("", need.slug), (need.slug, "")]


def test_an_id_never_changes() -> None:
    service = make.ServiceFactory()
    with pytest.raises(DatabaseError), transaction.atomic():
        Service.objects.filter(pk=service.pk).update(id=make.ServiceFactory().organization_id)


@pytest.mark.parametrize(
    "statement", ["DELETE FROM directory_metadata", "UPDATE directory_metadata SET previous_value = 'lies'"]
)
def test_history_cannot_be_changed_or_deleted(statement: str) -> None:
    make.ServiceFactory()
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="stays"), transaction.atomic():
        cursor.execute(statement)
