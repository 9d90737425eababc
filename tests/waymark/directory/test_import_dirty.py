"""Dirty input: each trap is refused or mended with a message that names file, row and field, and never fills memory."""

from __future__ import annotations

import json
import threading
import tracemalloc
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from waymark.directory.actions.import_hsds import ImportRefusedError, describe, import_hsds
from waymark.directory.formats.hsds_csv_reader import read_csv
from waymark.directory.formats.hsds_records import ExchangeError, Messages
from waymark.directory.formats.hsds_rows import RowBuilder
from waymark.directory.formats.hsds_sources import SourceFile
from waymark.directory.models import Organization, Schedule, Service

ID = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def words_of(place: Path | str) -> str:
    try:
        return "\n".join(describe(import_hsds(place=str(place), by="test")))
    except ImportRefusedError as refused:
        return "\n".join(describe(refused.report))


REFUSED = {
    "no heading": (
        "services.csv",
        "id;name;status\n1;Shelter;active\n",
        r"services\.csv, row 1: the columns are not divided",
    ),
    "twice": ("services.csv", "id,name,name\n1,a,b\n", r"services\.csv, row 1, field name: the column stands twice"),
    "no name": ("services.csv", "id,status\n1,active\n", r"services\.csv, row 1, field name: the column is missing"),
    "open quote": (
        "services.csv",
        'id,name\n1,"' + "x" * 1_200_000,
        r"services\.csv, row 2: field larger than field limit",
    ),
    "endless line": (
        "services.csv",
        "id,name\n1," + "x" * 5_000_000,
        r"services\.csv, row 2: the line is longer than 4 MB",
    ),
    "no json": ("services.json", '{"id": 1,', r"services\.json: this is not valid JSON"),
    "a scalar": ("services.json", "5", r"services\.json: an object or a list was expected"),
    "endless value": ("services.json", '{"name": "' + "x" * 20_000_000 + '"}', r"larger than 16 MB"),
    "bad line": ("services.ndjson", '{"id": 1}\n{', r"services\.ndjson, row 2: this line is not valid JSON"),
    "unknown ending": ("services.xlsx", "x", r"give a \.csv, \.json, \.ndjson or \.zip file"),
    "nothing known": ("pets.csv", "a\nb\n", r"nothing of the standard was found"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("trap", REFUSED.values(), ids=REFUSED.keys())
def test_refused_with_a_sentence_that_says_where(trap: tuple[str, str, str], tmp_path: Path) -> None:
    name, content, expected = trap
    path = put(tmp_path, name, content)

    with pytest.raises(ExchangeError, match=expected):
        import_hsds(place=str(path), by="test")

    assert not Service.objects.exists()


MENDED = {
    "byte order mark": ("organizations.csv", b"\xef\xbb\xbfid,name\n1,House\n", "House", ""),
    "latin-1": (
        "organizations.csv",
        "id,name\n1,Casa\n2,Niños\n".encode("latin-1"),
        "Niños",
        "organizations.csv, row 3: the file is not UTF-8",
    ),
    "utf-16": ("organizations.csv", "id,name\n1,Niños\n".encode("utf-16"), "Niños", ""),
    "formula": (
        "organizations.csv",
        'id,name\n1,"=HYPERLINK(""http://x.example"",""House"")"\n',
        'HYPERLINK("http://x.example","House")',
        "organizations.csv, row 2, field name: the cell looked like a spreadsheet formula",
    ),
    "control characters": (
        "organizations.csv",
        "id,name\n1,Ho\x07use\n",
        "House",
        "organizations.csv, row 2, field name: control characters were removed",
    ),
    "nul": ("organizations.csv", "id,name\n1,Ho\x00use\n", "House", "organizations.csv, row 2: a NUL character"),
    "too many cells": ("organizations.csv", "id,name\n1,House,extra\n", "House", "row 2: 1 cells more than the heading"),
    "spaces and case in the heading": ("organizations.csv", " ID , Name \n1,House\n", "House", ""),
    "wrong number": (
        "organizations.csv",
        "id,name,year_incorporated\n1,House,long ago\n",
        "House",
        "row 2, field year_incorporated: “long ago” is not a number; the value was left out",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", MENDED.values(), ids=MENDED.keys())
def test_mended_with_a_message(case: tuple[str, str | bytes, str, str], tmp_path: Path) -> None:
    name, content, expected, message = case

    words = words_of(put(tmp_path, name, content))

    assert expected in Organization.objects.values_list("name", flat=True)
    assert message in words


@pytest.mark.django_db
def test_a_phone_number_with_a_plus_is_no_formula(tmp_path: Path) -> None:
    put(tmp_path, "organizations.csv", "id,name\n1,House\n")
    put(tmp_path, "phones.csv", "id,organization_id,number\n1,1,+1 916 555 0101\n")

    words = words_of(tmp_path)

    assert Organization.objects.get().phones.get().number == "+1 916 555 0101"
    assert "formula" not in words


@pytest.mark.django_db
def test_wrong_types_name_their_field(tmp_path: Path) -> None:
    put(tmp_path, "services.csv", f"id,name,status,assured_date\n{ID},Shelter,open sometimes,yesterday\n")
    put(tmp_path, "schedules.csv", f"id,service_id,freq,byday,opens_at\n1,{ID},weekly,MO,noonish\n")

    words = words_of(tmp_path)

    assert "services.csv, row 2, field status: “open sometimes” is none of: active, inactive" in words
    assert "services.csv, row 2, field assured_date: “yesterday” is not a date: write it as 2026-01-31" in words
    assert "schedules.csv, row 2, field opens_at: “noonish” is not a clock time: write it as 17:30" in words
    # An hour that could not be read is unknown: it never turns into “open”.
    assert Schedule.objects.get().opens_at is None


@pytest.mark.django_db
def test_a_row_without_an_id_is_kept_once_however_often_it_is_imported(tmp_path: Path) -> None:
    path = put(tmp_path, "organizations.csv", "id,name\n,House\n,House\n,Barn\n")

    words_of(path)
    words_of(path)

    assert sorted(Organization.objects.values_list("name", flat=True)) == ["Barn", "House", "House"]


@pytest.mark.django_db
def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made, made.open("services.csv", "w") as entry:
        for _ in range(60):
            entry.write(b"0" * 1024**2)

    with pytest.raises(ExchangeError, match=r"services\.csv unpacks to 60 MB, .* times its packed size"):
        import_hsds(place=str(bomb), by="test")


@pytest.mark.django_db
def test_objects_inside_each_other_without_end_are_an_error(tmp_path: Path) -> None:
    nested: dict[str, object] = {"id": ID, "name": "Shelter", "status": "active"}
    for _ in range(20):
        owner = {"id": OTHER, "name": "House", "description": "", "services": [nested]}
        nested = {"id": ID, "name": "Shelter", "status": "active", "organization": owner}

    words = words_of(put(tmp_path, "services.json", json.dumps(nested)))

    assert "objects stand inside each other more than 12 deep" in words
    assert not Service.objects.exists()


def test_reading_needs_the_same_memory_for_ten_times_the_rows(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        line = f"{ID},Shelter,{'long words ' * 40},active\n"
        path = put(tmp_path, f"services-{rows}.csv", "id,name,description,status\n" + line * rows)
        builder = RowBuilder("test", Messages())
        tracemalloc.start()
        try:
            for _ in read_csv(SourceFile("services.csv", path), "services", builder):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(8_000) < 1.5 * peak(800) + 1_000_000


class _Answers(BaseHTTPRequestHandler):
    """A little web server: a data file, and an interface that answers in two pages."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/services.csv":
            kind, body = "text/csv", f"id,name,status\n{ID},Shelter,active\n".encode()
        elif parts.path == "/services":
            kind, page = "application/json", int(dict(parse_qsl(parts.query)).get("page", 1))
            one = {"id": [ID, OTHER][page - 1], "name": f"Service {page}", "status": "active"}
            body = json.dumps({"total_items": 2, "total_pages": 2, "page_number": page, "contents": [one]}).encode()
        else:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: a test's output is the tests'."""


@pytest.fixture
def web() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.django_db
def test_a_web_address_imports_and_a_wrong_one_is_explained(web: str) -> None:
    words_of(f"{web}/services.csv")
    assert Service.objects.get().name == "Shelter"

    with pytest.raises(ExchangeError, match="the server answered 404"):
        import_hsds(place=f"{web}/nothing.csv", by="test")
    with pytest.raises(ExchangeError, match="could not be reached"):
        import_hsds(place="http://127.0.0.1:1/services.csv", by="test")


@pytest.mark.django_db
def test_all_pages_of_an_interface_are_read_and_a_single_saved_page_says_so(web: str, tmp_path: Path) -> None:
    words_of(f"{web}/services?per_page=1")
    assert sorted(Service.objects.values_list("name", flat=True)) == ["Service 1", "Service 2"]

    page = {"total_pages": 3, "page_number": 2, "contents": [{"id": ID, "name": "Again", "status": "active"}]}
    words = words_of(put(tmp_path, "page.json", json.dumps(page)))
    assert "page.json: this is page 2 of 3: only its rows were read" in words
