"""What a file is, by its first bytes: never by its name, and never by what a browser says of it."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_BYTES = 10 * 1024 * 1024
IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
PDF, TEXT = "application/pdf", "text/plain"
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", PDF: ".pdf", TEXT: ".txt"}
TAKEN = "Photos (JPEG, PNG, WebP), PDF and plain text are taken"
_CONTROLS = frozenset(range(32)) - {9, 10, 13}


class NotTaken(Exception):
    """A file that is not kept; the text says why and what to do."""


@dataclass(frozen=True)
class CleanFile:
    """A file without what says where, when and by whom it was made. `pages` is the number of pages that can be shown."""

    media_type: str
    content: bytes = field(repr=False)
    pages: int = 1


def media_type_of(content: bytes) -> str:
    """The type of a file. Raises NotTaken, with what to do instead."""
    head = content[:1024]
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if b"%PDF-" in head:
        return PDF
    if head[4:8] == b"ftyp":
        raise NotTaken("Photos of this kind (HEIC) and films are not taken. Send the photo as JPEG.")
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise NotTaken("Word and Excel files can hold programs and other people's names. Save it as PDF and add that.")
    if head[:5].lower() in {b"<!doc", b"<html", b"<?xml", b"<svg "}:
        raise NotTaken("Web pages and drawings can hold programs. Print the page to PDF and add that.")
    if content and _is_text(content):
        return TEXT
    raise NotTaken(f"This kind of file is not taken. {TAKEN}.")


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not _CONTROLS.intersection(content)
