"""Tagged documents: read back by another library, with the worst that a name can hold, in every writing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.architecture.sources import under
from tests.plugins.tagged import read_tagged

from waymark.cases.formats.sheets import TAGS
from waymark.consent.views.copies import HEADINGS
from waymark.documents.pdf import tagged_pdf
from waymark.documents.typesetting import MISSING, CannotTypeset

TEMPLATE = """= #it.heading
#for words in it.words [#par(words)]
#table(columns: 2, table.header([What], [Answer]), ..it.cells)
"""
MARKUP = '#panic() #read("/etc/passwd") *x* _y_ $z$ <label> @label // gone = no \\ [a] `b` #let it = none'


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.typ"
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


def paper(template: Path, *words: str, language: str = "en-US") -> bytes:
    data = {"heading": "A sheet", "words": list(words), "cells": ["Name", *words[:1]]}
    return tagged_pdf(template, data, language=language, title="A sheet of paper")


def test_a_document_can_be_read_out(template: Path) -> None:
    read = read_tagged(paper(template, "The first paragraph.", "The second one."))
    assert read.is_for_everybody
    assert (read.language, read.title) == ("en-US", "A sheet of paper")
    tags = [tag for tag, _ in read.elements]
    assert tags[:4] == ["Document", "H1", "P", "P"]
    assert tags[4:] == ["Table", "THead", "TR", "TH", "TH", "TBody", "TR", "TD", "TD"]
    assert read.text == "A sheet The first paragraph. The second one. What Answer Name The first paragraph."


def test_what_was_typed_is_printed_and_never_run(template: Path) -> None:
    read = read_tagged(paper(template, MARKUP))
    assert read.text.count(" ".join(MARKUP.split())) == 2


def test_arabic_is_set_from_the_right_and_its_letters_join(template: Path) -> None:
    read = read_tagged(paper(template, "مرحبا بالعالم", "السطر الثاني", language="ar"))
    assert read.is_for_everybody
    assert read.language == "ar"
    assert MISSING not in read.text
    paragraphs = [set(words.split()) for tag, words in read.elements if tag == "P"]
    assert paragraphs == [{"مرحبا", "بالعالم"}, {"السطر", "الثاني"}]


def test_words_from_the_right_are_read_out_backwards_which_is_why_no_paper_is_offered_in_arabic(template: Path) -> None:
    """A limit of the typesetter, told in documents/pdf.py. When this fails, papers in Arabic can be offered."""
    words = "مرحبا بالعالم"
    read = read_tagged(paper(template, words, language="ar"))
    (said,) = [" ".join(text.split()) for tag, text in read.elements if tag == "P" and "مرحبا" in text]
    assert said.split() == list(reversed(words.split()))
    assert {language[:2] for language in (*TAGS, *HEADINGS)} <= {"en", "es"}


@pytest.mark.parametrize(
    ("language", "words"), [("es", "¿Qué pasó, señora Núñez?"), ("vi", "Tiếng Việt"), ("ru", "Русский")]
)
def test_other_writings_lose_no_letter(template: Path, language: str, words: str) -> None:
    read = read_tagged(paper(template, words, language=language))
    assert words in read.text
    assert MISSING not in read.text
    assert read.language == language


def test_a_letter_that_no_font_has_is_told_and_stops_nothing(template: Path) -> None:
    read = read_tagged(paper(template, "Ms. 你好 of Elm Street", language="zh-Hans"))
    assert read.is_for_everybody
    assert "Ms. □□ of Elm Street" in read.text
    assert read.text.endswith(MISSING)


def test_nothing_is_written_to_a_disk(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    monkeypatch.setenv("TMPDIR", str(empty))
    paper(template, "Somebody's name")
    assert list(empty.iterdir()) == []


def test_a_wrong_template_says_nothing_of_the_data(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.typ"
    wrong.write_text("#panic(it.name)", encoding="utf-8")
    with pytest.raises(CannotTypeset) as failure:
        tagged_pdf(wrong, {"name": "Somebody's name"}, language="en", title="A sheet")
    said = failure.value
    assert "Somebody" not in str(said)
    assert said.__cause__ is None
    assert said.__context__ is None


@pytest.mark.parametrize(("language", "title"), [("", "A sheet"), ("x", "A sheet"), ("en_US", "A sheet"), ("en", " \t")])
def test_a_document_without_language_or_title_is_refused(template: Path, language: str, title: str) -> None:
    with pytest.raises(ValueError, match=r"language|title"):
        tagged_pdf(template, {}, language=language, title=title)


@given(words=st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_printed(words: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.typ"
    path.write_text(TEMPLATE, encoding="utf-8")
    assert read_tagged(paper(path, words)).is_for_everybody


def test_templates_of_the_house_load_nothing_from_elsewhere() -> None:
    """A package would come from the network, and a file from a disk."""
    loads = re.compile(r"#?\b(import|include|read|json|csv|yaml|toml|xml|image|plugin|bibliography)\b\s*\(?\s*[\"@]")
    templates = under("src/waymark", ".typ")
    assert len(templates) >= 3
    assert [path.name for path in templates if loads.search(path.read_text(encoding="utf-8"))] == []
