"""Reading a tagged PDF as a program does that reads it out: its tags in their order, and the text that hangs on each."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdf


@dataclass(frozen=True)
class Tagged:
    """`elements` are pairs of a tag and its own text, in the order in which they are read out."""

    language: str
    title: str
    shows_title: bool
    is_marked: bool
    ua_part: str
    pages: int
    fonts_inside: bool
    elements: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        return " ".join(" ".join(words.split()) for _, words in self.elements if words.strip())

    @property
    def is_for_everybody(self) -> bool:
        """What PDF/UA-1 asks of the frame: tagged, titled, with its language, its fonts and its own word for it."""
        frame = self.is_marked and self.shows_title and self.title and self.language and self.fonts_inside
        return bool(frame and self.elements and self.ua_part == "1")


def read_tagged(paper: bytes) -> Tagged:
    reader = pypdf.PdfReader(io.BytesIO(paper))
    root: Any = reader.trailer["/Root"]
    texts = {page.indirect_reference.idnum: _texts(page) for page in reader.pages if page.indirect_reference}
    known: Any = reader.metadata or {}
    about = reader.xmp_metadata
    packet = about.stream.get_data().decode() if about is not None else ""
    return Tagged(
        language=str(root.get("/Lang", "")),
        title=str(known.get("/Title", "")),
        shows_title=bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")),
        is_marked=bool(root.get("/MarkInfo", {}).get("/Marked")),
        ua_part=packet.partition("<pdfuaid:part>")[2].partition("<")[0],
        pages=len(reader.pages),
        fonts_inside=all(_is_inside(font) for page in reader.pages for font in _fonts(page)),
        elements=tuple(_elements(root["/StructTreeRoot"].get_object(), texts, None)) if "/StructTreeRoot" in root else (),
    )


def _fonts(page: Any) -> list[Any]:
    return [font.get_object() for font in page["/Resources"].get_object().get("/Font", {}).get_object().values()]


def _is_inside(font: Any) -> bool:
    below = [part.get_object() for part in font.get("/DescendantFonts", [])] or [font]
    described = [part["/FontDescriptor"].get_object() for part in below]
    return all({"/FontFile", "/FontFile2", "/FontFile3"} & set(each) for each in described)


def _texts(page: Any) -> dict[int, str]:
    """The text of each marked piece of a page, by its number."""
    found: dict[int, str] = {}
    now: list[int | None] = []

    def operator(name: bytes, operands: Any, *_: Any) -> None:
        if name in {b"BDC", b"BMC"}:
            number = operands[1].get("/MCID") if name == b"BDC" and isinstance(operands[1], dict) else None
            now.append(int(number) if number is not None else (now[-1] if now else None))
        elif name == b"EMC" and now:
            now.pop()

    def text(words: str, *_: Any) -> None:
        if now and now[-1] is not None:
            found[now[-1]] = found.get(now[-1], "") + words

    page.extract_text(visitor_operand_before=operator, visitor_text=text)
    return found


def _elements(node: Any, texts: dict[int, dict[int, str]], page: int | None) -> Iterator[tuple[str, str]]:
    """Tags in depth-first order. A tag's own text comes with it; what lies deeper follows."""
    if "/Pg" in node:
        page = node.raw_get("/Pg").idnum
    below = node.get("/K", [])
    below = below if isinstance(below, list) else [below]
    own, deeper = [], []
    for each in below:
        part = each.get_object()
        if isinstance(part, int):
            own.append(texts.get(page or 0, {}).get(int(part), ""))
        elif "/MCID" in part:
            place = part.raw_get("/Pg").idnum if "/Pg" in part else page
            own.append(texts.get(place or 0, {}).get(int(part["/MCID"]), ""))
        elif part.get("/Type") != "/OBJR":
            deeper.append(part)
    if "/S" in node:
        yield str(node["/S"]).removeprefix("/"), "".join(own)
    for part in deeper:
        yield from _elements(part, texts, page)
