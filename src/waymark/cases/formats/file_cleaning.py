"""Taking out of a file what its owner does not see: where a photo was taken, who wrote a paper, programs and files inside.

These functions read bytes of strangers with libraries written for speed. They run in a process of their own without rights
(`reading_room`), never in the program that holds keys.
"""

from __future__ import annotations

import io
import warnings
from typing import Any

import pypdf
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from waymark.cases.formats.file_kinds import IMAGES, PDF, CleanFile, NotTaken, media_type_of

MOST_PIXELS = 50_000_000
MOST_PAGES = 200
# Kinds of marks on a page that carry files, films or programs.
_CARRIERS = {"/FileAttachment", "/Sound", "/Movie", "/Screen", "/RichMedia", "/3D", "/Redact"}
_HIDDEN = (
    *("/A", "/AA", "/AF", "/JS", "/Names", "/OpenAction", "/URI", "/XFA"),
    *("/EmbeddedFiles", "/LastModified", "/Metadata", "/Outlines", "/PieceInfo"),
)
_BROKEN = "This file is damaged, or not what it says it is. Open it on your device, save it again and add that."


def clean(content: bytes) -> CleanFile:
    """The file without what is hidden in it. Raises NotTaken."""
    media_type = media_type_of(content)
    if media_type in IMAGES:
        return _clean_image(content, media_type)
    return _clean_pdf(content) if media_type == PDF else CleanFile(media_type, content)


def _clean_image(content: bytes, media_type: str) -> CleanFile:
    """Drawn anew from its dots, upright: nothing but the dots is left."""
    form = IMAGES[media_type]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(content), formats=[form])
            if image.width * image.height > MOST_PIXELS:
                raise NotTaken("This picture is too large. Save it at most 7,000 dots wide and high.")
            upright = ImageOps.exif_transpose(image)
            mode = "RGBA" if form != "JPEG" and upright.has_transparency_data else "RGB"
            dots = upright.convert(mode)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise NotTaken(_BROKEN) from None
    bare = Image.new(mode, dots.size)
    bare.paste(dots)
    drawn = io.BytesIO()
    bare.save(drawn, form, **({"quality": 88, "optimize": True} if form != "PNG" else {"optimize": True}))
    return CleanFile(media_type, drawn.getvalue())


def _clean_pdf(content: bytes) -> CleanFile:
    """What is on the pages, also what was filled in: no author, no program, no file inside, no photo's own secrets."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise NotTaken("This PDF has a password. Open it, print it to a new PDF without one and add that.")
        pages = len(reader.pages)
        if not 1 <= pages <= MOST_PAGES:
            raise NotTaken(f"A PDF has between 1 and {MOST_PAGES} pages here. Split it and add the parts.")
        writer = _copied(reader)
        for page in writer.pages:
            _strip_marks(page)
        for one in writer._objects:
            _strip_object(one)
        drawn = _written(_copied(_written(writer)))
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError):
        raise NotTaken(_BROKEN) from None
    return CleanFile(PDF, drawn, pages)


def _copied(source: pypdf.PdfReader | bytes) -> pypdf.PdfWriter:
    """What can be reached from the first object of a document, and so nothing that was taken out of it."""
    reader = pypdf.PdfReader(io.BytesIO(source)) if isinstance(source, bytes) else source
    writer = pypdf.PdfWriter(clone_from=reader)
    writer.metadata = None
    return writer


def _written(writer: pypdf.PdfWriter) -> bytes:
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _strip_marks(page: Any) -> None:
    """Marks that carry something go; what somebody filled in or highlighted stays."""
    marks = page.get("/Annots")
    if marks is None:
        return
    kept = ArrayObject()
    for mark in marks.get_object():
        if mark.get_object().get("/Subtype") not in _CARRIERS:
            kept.append(mark)
    page[NameObject("/Annots")] = kept


def _strip_object(one: Any) -> None:
    thing = one.get_object() if isinstance(one, IndirectObject) else one
    if not isinstance(thing, DictionaryObject):
        return
    for name in _HIDDEN:
        thing.pop(NameObject(name), None)
    if isinstance(thing, StreamObject) and thing.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        thing._data = bare_jpeg(thing._data)


def bare_jpeg(content: bytes) -> bytes:
    """A JPEG without what programs write beside the picture, but with what says how its colors are meant."""
    kept, at = bytearray(content[:2]), 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xDA:
            break
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        is_private = 0xE1 <= marker <= 0xEF and marker != 0xEE
        if not is_private and marker != 0xFE:
            kept += content[at : at + 2 + length]
        at += 2 + length
    return bytes(kept + content[at:])
