"""Importing service directories: real published files of every version, twice, dry, and with the traps of the wild."""

from __future__ import annotations

import json
import uuid
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from tests.waymark.directory.schemas import shared_data

from waymark.directory.actions.import_hsds import ImportRefusedError, ImportReport, describe, import_hsds
from waymark.directory.formats.hsds_records import stable_id
from waymark.directory.models import (
    Address,
    Attribute,
    CostOption,
    Language,
    Location,
    Organization,
    Phone,
    Program,
    Schedule,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
)

ORGANIZATION = "11111111-1111-4111-8111-111111111111"
SERVICE = "22222222-2222-4222-8222-222222222222"


def write(folder: Path, **files: str | bytes) -> Path:
    for name, text in files.items():
        target = folder / f"{name}.csv"
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def imported(place: Path, **options: bool) -> ImportReport:
    return import_hsds(place=str(place), by="test", source="test", **options)


def said(report: ImportReport) -> str:
    return "\n".join(describe(report))


@pytest.mark.django_db
def test_illinois_legal_aid_imports_completely_and_says_what_it_left_out() -> None:
    report = imported(shared_data() / "hsds" / "ilao")

    # The file holds 430 services of which one row is empty, and 982 phones of which 19 have no number.
    assert Service.objects.count() == 429
    assert Organization.objects.count() == 33
    assert Phone.objects.count() == 963
    assert Schedule.objects.count() == 2492
    # 520 of the file, and one for each organization's postal address (3.x keeps addresses at locations only).
    assert Location.objects.filter(location_type="physical").count() == 520
    assert Location.objects.filter(location_type="postal").count() == Address.objects.count() == 33
    words = said(report)
    assert "output_services.csv, row 431, field name: this field must be filled: the row was left out" in words
    assert "output_phones.csv, rows 226, 253–254" in words
    assert "not read: input_services.csv is no table of the standard" in words
    sunday = Schedule.objects.filter(byday="SU").first()
    assert sunday is not None
    assert sunday.freq == "WEEKLY"


@pytest.mark.django_db
def test_importing_the_same_set_again_changes_nothing() -> None:
    imported(shared_data() / "hsds" / "ilao")
    again = imported(shared_data() / "hsds" / "ilao")

    assert {name: (count.new, count.changed) for name, count in again.tables.items()} == dict.fromkeys(again.tables, (0, 0))
    assert again.tables["phone"].unchanged == 963


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["csv", "tabular.json", "organization_full.json", "service_at_location_full.json"])
def test_official_examples_import(form: str) -> None:
    imported(shared_data() / "hsds" / "spec" / "examples-3.2.3" / form)

    assert Service.objects.get().name == "Community Counselling"
    assert ServiceAtLocation.objects.get().location.addresses.get().city == "MyCity"
    assert Program.objects.get().organization.name == "Example Organization Inc."


@pytest.mark.django_db
def test_a_dry_run_shows_the_difference_and_stores_nothing(tmp_path: Path) -> None:
    heading = "id,organization_id,name,email,status\n"
    write(
        tmp_path,
        organizations=f"id,name,description\n{ORGANIZATION},House,Help\n",
        services=heading + f"{SERVICE},{ORGANIZATION},Shelter,a@example.org,active\n",
    )
    imported(tmp_path)
    write(tmp_path, services=heading + f"{SERVICE},{ORGANIZATION},Shelter,b@example.org,active\n")

    report = imported(tmp_path, dry_run=True)

    assert "service “Shelter”: email: “a@example.org” → “b@example.org”" in said(report)
    assert "1 would be changed" in said(report)
    assert Service.objects.get().email == "a@example.org"
    imported(tmp_path)
    assert Service.objects.get().email == "b@example.org"


@pytest.mark.django_db
def test_version_1_tables_find_their_place(tmp_path: Path) -> None:
    write(
        tmp_path,
        organizations="id,name,description,url\n1,House,Help,https://house.example\n",
        services="id,organization_id,name\n7,1,Shelter\n",
        locations="id,organization_id,name\n3,1,Front door\n",
        services_at_location="service_id,location_id\n7,3\n",
        physical_addresses="location_id,address_1,address_2,address_3,city,state_province,postal_code,country\n"
        "3,1 Elm Street,Door 2,Floor 3,Rivermont,CA,98701,US\n",
        regular_schedules="service_id,weekday,opens_at,closes_at\n7,Monday,9:00 AM,5 pm\n7,7,22:00,02:00\n",
        holiday_schedules="service_id,closed,start_date,end_date\n7,TRUE,2026-12-25,2026-12-25\n",
        eligibility="service_id,eligibility\n7,Adults\n7,Women with children\n",
        payments_accepted="service_id,payment\n7,Free\n",
        services_taxonomy="service_id,taxonomy_id,taxonomy_detail\n7,BH-180,beds\n",
        taxonomy="id,name,parent_id,parent_name,vocabulary\nBH,Housing,,,211\nBH-180,Shelter,BH,Housing,211\n",
        phones="id,service_id,number,language,department\n5,7,555-0101,Hmong,Front desk\n",
        accessibility_for_disabilities="location_id,accessibility\n3,Ramp\n",
    )

    report = imported(tmp_path)

    service = Service.objects.get()
    assert service.organization is not None
    assert service.organization.website == "https://house.example"
    assert service.status == "active"
    assert service.eligibility_description == "Adults; Women with children"
    hours = service.schedules.filter(freq="WEEKLY").order_by("byday")
    assert [(row.byday, str(row.opens_at), str(row.closes_at)) for row in hours] == [
        ("MO", "09:00:00", "17:00:00"),
        ("SU", "22:00:00", "02:00:00"),
    ]
    assert service.schedules.get(is_closed=True).valid_from is not None
    assert CostOption.objects.get().option == "Free"
    term = TaxonomyTerm.objects.get(name="Shelter")
    assert term.parent is not None
    assert term.parent.name == "Housing"
    attribute = Attribute.objects.get()
    assert (attribute.link_id, attribute.taxonomy_term) == (service.id, term)
    location = service.service_at_locations.get().location
    assert location.accessibility.get().description == "Ramp"
    assert location.addresses.get().address_2 == "Door 2, Floor 3"
    assert Language.objects.get().phone == Phone.objects.get()
    assert Phone.objects.get().description == "Front desk"
    assert not report.messages.has_errors


@pytest.mark.django_db
def test_ids_that_are_no_uuid_are_lasting_and_apart_by_source(tmp_path: Path) -> None:
    write(tmp_path, organizations="id,name,description\n1,House,\n")
    import_hsds(place=str(tmp_path), by="test", source="north")
    import_hsds(place=str(tmp_path), by="test", source="south")
    import_hsds(place=str(tmp_path), by="test", source="south")

    assert set(Organization.objects.values_list("id", flat=True)) == {
        stable_id("north", "organization", "1"),
        stable_id("south", "organization", "1"),
    }


@pytest.mark.django_db
def test_broken_references_are_warnings_with_their_rows(tmp_path: Path) -> None:
    write(
        tmp_path,
        organizations=f"id,name,description\n{ORGANIZATION},House,\n",
        services=f"id,organization_id,name,status\n{SERVICE},{uuid.uuid4()},Shelter,active\n",
        phones=f"id,service_id,number\n{uuid.uuid4()},{SERVICE},555-0101\n{uuid.uuid4()},{uuid.uuid4()},555-0102\n",
        service_at_location=f"id,service_id,location_id\n{uuid.uuid4()},{SERVICE},{uuid.uuid4()}\n",
    )

    words = said(imported(tmp_path))

    assert Service.objects.get().organization is None
    assert [phone.number for phone in Phone.objects.all()] == ["555-0101"]
    assert not ServiceAtLocation.objects.exists()
    assert "services.csv, row 2, field organization_id: refers to an organization that is not there" in words
    assert "phones.csv, row 3: belongs to nothing: the row was left out" in words
    assert "service_at_location.csv, row 2, field location_id: refers to a location that is not there" in words


@pytest.mark.django_db
def test_an_error_anywhere_stores_nothing(tmp_path: Path) -> None:
    write(
        tmp_path,
        organizations=f"id,name,description\n{ORGANIZATION},House,\n",
        services=f"id,name,status\n{SERVICE},Shelter,active\n{SERVICE},Another,active\n",
    )

    with pytest.raises(ImportRefusedError) as refused:
        imported(tmp_path)

    assert "services.csv, row 3, field name: the same id stands in services.csv, row 2" in said(refused.value.report)
    assert not Organization.objects.exists()


@pytest.mark.django_db
def test_a_confidential_place_never_gets_an_address_from_a_file(tmp_path: Path) -> None:
    place = Location.objects.create(name="Safe house", is_confidential=True)
    flagged = uuid.uuid4()
    write(
        tmp_path,
        locations="id,location_type,name,latitude,longitude,confidential\n"
        f"{place.id},physical,Safe house,38.5,-121.4,\n{flagged},physical,Other house,38.6,-121.5,true\n",
        addresses="id,location_id,address_1,city,state_province,postal_code,country,address_type\n"
        f"{uuid.uuid4()},{place.id},9 Hidden Lane,Rivermont,CA,98701,US,physical\n"
        f"{uuid.uuid4()},{flagged},8 Hidden Lane,Rivermont,CA,98701,US,physical\n",
    )

    words = said(imported(tmp_path))

    assert not Address.objects.exists()
    assert set(Location.objects.values_list("latitude", "longitude", "is_confidential")) == {(None, None, True)}
    assert "Hidden Lane" not in words
    assert "38.5" not in words
    assert "addresses.csv, rows 2–3: belongs to a confidential place: left out" in words


@pytest.mark.django_db
def test_what_the_standard_does_not_know_is_listed(tmp_path: Path) -> None:
    write(tmp_path, organizations=f"id,name,description,favorite_color\n{ORGANIZATION},House,,green\n", pets="a\nb\n")

    words = said(imported(tmp_path))

    assert "not mapped: organizations.csv, favorite_color: 1 filled cells have no place in HSDS 3.1" in words
    assert "not read: pets.csv is no table of the standard" in words


@pytest.mark.django_db
def test_a_zip_and_lines_of_json_import_like_a_folder(tmp_path: Path) -> None:
    archive = tmp_path / "set.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("data/organizations.csv", f"id,name,description\n{ORGANIZATION},House,\n")
    lines = tmp_path / "services.ndjson"
    lines.write_text(json.dumps({"id": SERVICE, "name": "Shelter", "status": "active"}) + "\n")

    imported(archive)
    imported(lines)

    assert Organization.objects.get().name == "House"
    assert Service.objects.get().name == "Shelter"


@pytest.mark.django_db
def test_the_later_of_two_dated_services_is_taken() -> None:
    report = imported(shared_data() / "hsds" / "oruk-mocks" / "V3.0-UK-Test_service_list.json")

    assert "with another date: the later one was taken" in said(report)
    assert Service.objects.exists()


@pytest.mark.django_db
def test_the_command_says_what_it_did_and_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, organizations=f"id,name,description\n{ORGANIZATION},House,\n")

    call_command("import_hsds", str(tmp_path), "--dry-run")
    assert "1 would be added" in capsys.readouterr().out
    assert not Organization.objects.exists()
    call_command("import_hsds", str(tmp_path))
    assert Organization.objects.exists()
    with pytest.raises(CommandError, match="there is no such file or folder"):
        call_command("import_hsds", str(tmp_path / "nowhere"))
