"""Our table of objects, our models and the standard's 24 schemas say the same."""

from __future__ import annotations

import pytest
from tests.waymark.directory.schemas import schemas

from waymark.directory.formats.hsds_objects import OBJECTS, Kind
from waymark.directory.selectors.documents import model_of

NUMBERS = {Kind.NUMBER}


def test_there_are_the_24_objects_and_the_csv_forms_description() -> None:
    assert len(OBJECTS) == 24
    assert len({item.csv for item in OBJECTS.values()}) == 24


@pytest.mark.parametrize("name", OBJECTS)
def test_every_field_of_the_schema_is_here_with_its_kind(name: str) -> None:
    schema = schemas()[name]
    item = OBJECTS[name]
    ours = {field.name: field for field in item.fields if not field.profile}
    nested = {many.key for many in item.many} | {one.key for one in item.one}
    nested |= {"attributes"} if item.has_attributes else set()
    nested |= {"metadata"} if item.has_metadata else set()
    assert set(schema["properties"]) == set(ours) | nested
    assert set(schema["required"]) <= {field.name for field in ours.values() if field.required} | nested
    for key, field in ours.items():
        described = schema["properties"][key]
        assert (described["type"] == "number") == (field.kind is Kind.NUMBER), key
        assert set(described.get("enum", [])) == set(field.choices), key
        kind = {"uri": Kind.URI, "email": Kind.EMAIL, "uuid": Kind.UUID}.get(described.get("format", ""))
        assert kind is None or field.kind is kind, key


@pytest.mark.parametrize("name", OBJECTS)
def test_every_field_has_a_column_in_the_model(name: str) -> None:
    columns = {field.attname for field in model_of(name)._meta.concrete_fields}
    assert {field.source for field in OBJECTS[name].fields} <= columns


@pytest.mark.parametrize("name", OBJECTS)
def test_every_column_of_the_model_is_published_or_kept_on_purpose(name: str) -> None:
    columns = {field.attname for field in model_of(name)._meta.concrete_fields}
    assert columns - {field.source for field in OBJECTS[name].fields} <= {"modified_at"}
