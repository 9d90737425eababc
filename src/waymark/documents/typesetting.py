"""Setting words in type, in memory: the one door to the typesetter.

A template is a file of ours; words are data and never a template, so a name like `#read("x")` prints as it stands. What a
document says may be the worst day of somebody's life: nothing of it is written to a disk, and no error repeats it.

The fonts inside the library have the letters of Latin, Greek, Cyrillic and Arabic writing. A sign that they lack is printed
as □, and the last line of the document says so: whoever hands it over writes the word in by hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

FOLDER = Path(__file__).resolve().parent
HOUSE = FOLDER / "house.typ"
PIXELS_PER_INCH = 72.0
STANDS_FOR = "□"
MISSING = "□ = a letter that could not be printed here. Write it in by hand."
# A round finds every sign that the fonts lack; signs that join with others may need one more.
ROUNDS = 4
LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:-[A-Za-z]{4})?(?:-([A-Za-z]{2}))?")
LACKS = re.compile(r'the text `"((?:[^"\\]|\\.)+)"` could not be displayed')
ESCAPED = re.compile(r"\\(?:u\{([0-9a-f]{1,6})\}|(.))", re.DOTALL)
# Signs that nobody sees: controls but for the line's end, halves of pairs, and what is no character at all.
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u2028\u2029]")


class CannotTypeset(Exception):
    """A template does not fit its data. What the data say is left out of the message."""


def typeset(
    template: Path,
    data: Mapping[str, Any],
    *,
    language: str,
    title: str,
    form: Literal["pdf", "png"],
) -> bytes:
    """One document after `template`, which finds `data` under the name `it`.

    `language` is a BCP 47 tag, `title` what a reader of screens says first. Raises ValueError for a tag that is none or a
    title that is empty, CannotTypeset for a template that is wrong.
    """
    tag = LANGUAGE.fullmatch(language)
    if tag is None:
        raise ValueError(f"No language: {language!r}")
    words: dict[str, Any] = {"title": title, "data": data}
    words = _seen(words)
    if not words["title"].strip():
        raise ValueError("A document has a title.")
    lacking: set[str] = set()
    for _ in range(ROUNDS):
        made, lacks = _compiled(_source(template), words, (tag[1].lower(), (tag[2] or "").upper()), form, bool(lacking))
        if made is not None:
            return made
        if not lacks - lacking:
            break
        lacking |= lacks
        words = _without(words, lacks)
    raise CannotTypeset(template.name) from None


def _compiled(
    source: bytes, words: dict[str, Any], tag: tuple[str, str], form: Literal["pdf", "png"], is_lacking: bool
) -> tuple[bytes | None, set[str]]:
    """The document, or what the fonts lack for it."""
    said = {
        "data": json.dumps(words["data"]),
        "title": words["title"],
        "lang": tag[0],
        "region": tag[1],
        "missing": MISSING if is_lacking else "",
    }
    try:
        compiler = typst.Compiler(input=source, root=str(FOLDER), font_paths=_fonts(), sys_inputs=said)
        standard: Literal["ua-1", "1.7"] = "ua-1" if form == "pdf" else "1.7"
        made = compiler.compile(format=form, ppi=PIXELS_PER_INCH, pdf_standards=standard)
    except typst.TypstError as failure:
        return None, {_unescaped(found) for found in LACKS.findall(failure.diagnostic)}
    return made if isinstance(made, bytes) else None, set()


@cache
def _fonts() -> typst.Fonts:
    """The fonts inside the library alone: a page looks the same on every host."""
    return typst.Fonts(include_system_fonts=False)


@cache
def _source(template: Path) -> bytes:
    """The house's own beginning, the template, and the line about letters that are missing."""
    end = '#if sys.inputs.missing != "" { par(text(9pt, lang: "en", sys.inputs.missing)) }\n'
    return b"\n".join([HOUSE.read_bytes(), template.read_bytes(), end.encode()])


def _seen(value: Any) -> Any:
    """The same data without signs that nobody sees; a tab and the separators of lines become spaces."""
    return _changed(value, lambda text: UNSEEN.sub(lambda sign: " " if sign[0] in "\t\u2028\u2029" else "", text))


def _without(value: Any, lacks: set[str]) -> Any:
    signs = re.compile("|".join(re.escape(sign) for sign in sorted(lacks, key=len, reverse=True)))
    return _changed(value, lambda text: signs.sub(STANDS_FOR, text))


def _changed(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _changed(part, change) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_changed(part, change) for part in value]
    return value


def _unescaped(found: str) -> str:
    """A text as the typesetter's own messages quote it."""
    return ESCAPED.sub(lambda sign: chr(int(sign[1], 16)) if sign[1] else sign[2], found)
