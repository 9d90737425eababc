"""Files of a case: known by their content, cleaned in a room without doors, sealed, shown as pictures, kept on record."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.people import a_case, a_file, opened_case
from tests.waymark.cases.desks import Desk
from tests.waymark.cases.test_rules import refused

from waymark.access.uploads import MOST_BYTES as MOST_UPLOADED
from waymark.audit.models import Event
from waymark.cases.formats import file_cleaning, reading_room
from waymark.cases.formats.file_kinds import MOST_BYTES, NotTaken
from waymark.cases.models import Case, CaseFile
from waymark.consent.models import Disclosure

pytestmark = pytest.mark.django_db
GPS, MAKER = b"38 33 12.3", b"SecretCam 9"


def a_photo(form: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """Red on the left and blue on the right, turned by its own note, with the place where it was taken."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    notes = Image.Exif()
    notes[0x010F] = MAKER.decode()
    notes[0x010E] = GPS.decode()
    notes[0x0112] = 3
    made = io.BytesIO()
    image.save(made, form, exif=notes, **({"comment": b"taken by Rosa"} if form == "JPEG" else {}))
    return made.getvalue()


def a_paper(pages: int = 1) -> bytes:
    """A PDF with an author, a program, an attached file and a photo with its own secrets inside."""
    page = io.BytesIO()
    Image.open(io.BytesIO(a_photo())).save(page, "PDF", author="Rosa Invented", title="Plan")
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.append(io.BytesIO(page.getvalue()))
    writer.add_metadata({"/Author": "Rosa Invented"})
    writer.add_attachment("secret.txt", b"attached words")
    program = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(DictionaryObject(program))
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def everything_in(pdf: bytes) -> bytes:
    """Each object and each stream of a PDF, unpacked."""
    found = [pdf]
    for start in range(len(pdf)):
        if pdf.startswith(b"stream", start):
            body = pdf[start + 6 :].lstrip(b"\r\n")
            try:
                found.append(zlib.decompressobj().decompress(body))
            except zlib.error:
                continue
    return b"\n".join(found)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_tells_nothing_of_its_place_and_stands_upright(form: str) -> None:
    photo = a_photo(form)
    assert MAKER in photo
    made = file_cleaning.clean(photo)
    assert MAKER not in made.content
    assert GPS not in made.content
    assert b"Rosa" not in made.content
    shown = Image.open(io.BytesIO(made.content))
    assert not shown.getexif()
    red, _, blue = shown.convert("RGB").getpixel((3, 20))  # type: ignore[misc]
    assert blue > red, "turned as the camera was held"


def test_a_paper_loses_its_author_its_program_and_what_was_attached() -> None:
    paper = a_paper(pages=2)
    for secret in (b"Rosa Invented", b"alert", b"attached words"):
        assert secret in everything_in(paper)
    made = file_cleaning.clean(paper)
    left = everything_in(made.content)
    assert made.pages == 2
    for secret in (b"Rosa", b"alert", b"attached words", b"secret.txt", MAKER, GPS):
        assert secret not in left, secret


def test_a_jpeg_inside_a_paper_loses_its_own_notes() -> None:
    photo = a_photo()
    bare = file_cleaning.bare_jpeg(photo)
    assert MAKER in photo
    assert MAKER not in bare
    assert b"taken by" not in bare
    assert Image.open(io.BytesIO(bare)).size == (60, 40)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"PK\x03\x04" + bytes(50), "Save it as PDF"),
        (b"\xd0\xcf\x11\xe0" + bytes(50), "Save it as PDF"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(50), "as JPEG"),
        (b"<html><script>alert(1)</script>", "Print the page"),
        (b"MZ\x90\x00" + bytes(60), "is not taken"),
        (b"%PDF-1.7 but nothing more", "damaged"),
        (b"\xff\xd8\xff" + bytes(300), "damaged"),
        (b"x" * (MOST_BYTES + 1), "larger than 10 MB"),
    ],
)
def test_what_is_not_taken_says_what_to_do(content: bytes, told: str) -> None:
    with pytest.raises(NotTaken, match=told):
        reading_room.clean_apart(content)


def test_a_room_that_hangs_is_left_and_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    made = reading_room.clean_apart(a_photo("PNG"))
    assert made.media_type == "image/png"
    monkeypatch.setattr(reading_room, "SECONDS", 0)
    with pytest.raises(NotTaken, match="too much work"):
        reading_room.clean_apart(a_photo())


def send(desk: Desk, case: Case, content: bytes, **answers: Any) -> Any:
    told = {"called": "Lease, first page", **answers, "file": SimpleUploadedFile("passport rosa.exe", content)}
    return desk.client.send(f"/cases/{case.pk}/files/new/", told)


def test_a_file_is_sealed_shown_as_a_picture_and_taken_out_on_record(desk: Desk) -> None:
    case = opened_case(desk.person, name="Rosa Invented")
    assert send(desk, case, a_paper()).status_code == 302
    page = desk.get(f"/cases/{case.pk}/files/")
    assert "Lease, first page" in page
    assert "passport" not in page
    with desk.person.acting():
        row = CaseFile.objects.get()
        assert b"Lease" not in bytes(row.facts)
        assert b"PDF" not in bytes(row.content)
    here = f"/cases/{case.pk}/files/{row.pk}/"
    assert f"{here}page/?page=1" in desk.get(here)
    picture = desk.client.get(f"{here}page/?page=1")
    assert picture["Content-Type"] == "image/png"
    assert "no-store" in picture["Cache-Control"]
    assert Image.open(io.BytesIO(picture.content)).width > 100
    assert desk.client.get(f"{here}page/?page=2").status_code == 404
    taken = desk.client.send(f"{here}save/", {"for_whom": "survivor"})
    assert taken["Content-Disposition"] == 'attachment; filename="document.pdf"'
    assert pypdf.PdfReader(io.BytesIO(taken.content)).pages
    with desk.person.acting():
        line = Disclosure.objects.get()
        assert (line.person_id, line.basis, line.method) == (case.person_id, "survivor_delivered", "file")
        assert Event.objects.filter(verb="case_file.taken_out").count() == 1
    desk.client.send("/vault/lock/", {}, page="/vault/")
    assert "Lease" not in desk.get(here)
    assert desk.client.get(f"{here}page/?page=1")["Location"] == here


def test_when_the_ledger_cannot_be_written_nothing_leaves(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case = opened_case(desk.person)
    send(desk, case, b"Plain words.")
    with desk.person.acting():
        row = CaseFile.objects.get()

    def fails(**_: Any) -> None:
        raise OSError("no room")

    monkeypatch.setattr("waymark.cases.actions.files.write_line", fails)
    desk.client.raise_request_exception = False
    answer = desk.client.send(f"/cases/{case.pk}/files/{row.pk}/save/", {"for_whom": "own_agency"})
    assert answer.status_code == 500
    assert b"Plain words." not in answer.content


def test_a_wrong_file_loses_nothing_that_was_typed(desk: Desk) -> None:
    case = opened_case(desk.person)
    answer = send(desk, case, b"MZ\x90\x00" + bytes(60))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "is not taken" in page
    assert 'value="Lease, first page"' in page
    missing = send(desk, case, b"Words.", called="")
    assert "Choose the file again" in missing.content.decode()
    large = send(desk, case, b"x" * (MOST_UPLOADED + 1))
    assert "larger than 10 MB" in large.content.decode()


def test_text_is_shown_as_words_and_never_as_a_page(desk: Desk) -> None:
    case = opened_case(desk.person)
    send(desk, case, "Señal: a <script>alert(1)</script> word".encode())
    with desk.person.acting():
        row = CaseFile.objects.get()
    page = desk.client.get(f"/cases/{case.pk}/files/{row.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert desk.client.get(f"/cases/{case.pk}/files/{row.pk}/page/?page=1").status_code == 404


def test_a_removed_file_leaves_a_line_and_no_content(desk: Desk) -> None:
    case = opened_case(desk.person)
    send(desk, case, b"Words.")
    with desk.person.acting():
        row = CaseFile.objects.get()
    assert desk.client.send(f"/cases/{case.pk}/files/{row.pk}/remove/", {}).status_code == 302
    assert desk.client.get(f"/cases/{case.pk}/files/{row.pk}/").status_code == 404
    assert "Removed" in desk.get(f"/cases/{case.pk}/files/")
    with desk.person.acting():
        row.refresh_from_db()
        assert bytes(row.content) == b""
        assert row.removed_by_id == desk.user.pk


def test_the_database_keeps_a_file_as_it_was_added() -> None:
    agency, user = agency_with_member()
    with acting(user):
        row = a_file(a_case(agency, user), user)
        same = CaseFile.objects.filter(pk=row.pk)
        refused(lambda: same.update(facts=b"other"), "stays as it is")
        refused(lambda: same.update(content=b"other"), "stays as it is")
        refused(lambda: same.delete(), "stays")
