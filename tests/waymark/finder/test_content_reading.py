"""Every public word can be read by a tired person with little schooling, and none of them hurts."""

from __future__ import annotations

import re

import pytest
from tests.reading import ease_of_spanish, english_syllables, grade_of_english, spanish_syllables

from waymark.directory.formats.demo_file import read_services
from waymark.directory.formats.needs_file import read_needs
from waymark.finder.content import HelpPage, help_pages, offered_languages, sector_cards, strings
from waymark.finder.content.catalog import own_strings
from waymark.finder.content.pages import HELP_PAGES, SECTOR_CARDS

CODES = [language.code for language in offered_languages()]
FORBIDDEN = re.compile(
    r"!|\brescu|\bvictim|completely confidential|you qualify|\berase[sd]?\b|guarantee|¡|\brescat|\bvíctima|garantiza|"
    r"totalmente confidencial|usted califica",
    re.IGNORECASE,
)
THE_WORD = re.compile(r"traffick|\btrata\b|tráfico de personas|الاتجار", re.IGNORECASE)
# The content page itself says what cannot be erased; nothing else may speak of erasing.
MAY_SAY_ERASE = {"danger.trace", "leave.limits"}


def pages(code: str) -> tuple[HelpPage, ...]:
    return (*help_pages(code), *sector_cards(code))


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("help", 1),
        ("police", 2),
        ("number", 2),
        ("someone", 2),
        ("asked", 1),
        ("needed", 2),
        ("lawyer", 2),
        ("immigration", 4),
        ("table", 2),
        ("clothes", 1),
        ("ambulance", 3),
        ("messages", 3),
        ("quiet", 2),
    ],
)
def test_english_syllables(word: str, count: int) -> None:
    assert english_syllables(word) == count


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("ayuda", 3),
        ("policía", 4),
        ("usted", 2),
        ("quiere", 2),
        ("guardar", 2),
        ("ahora", 3),
        ("dueño", 2),
        ("teléfono", 4),
        ("país", 2),
        ("muy", 1),
    ],
)
def test_spanish_syllables(word: str, count: int) -> None:
    assert spanish_syllables(word) == count


def test_formulas_tell_hard_from_easy() -> None:
    easy, hard = "I need help. You can call.", "Confidentiality considerations necessitate comprehensive documentation."
    assert grade_of_english(easy) < 2 < 12 < grade_of_english(hard)
    assert (
        ease_of_spanish("Llame ya. Hay comida.")
        > 80
        > 20
        > ease_of_spanish("Consideraciones administrativas confidenciales.")
    )


@pytest.mark.parametrize("page", pages("en"), ids=lambda page: page.slug)
def test_english_pages_are_grade_six_or_easier(page: HelpPage) -> None:
    assert grade_of_english(page.words()) <= 6


@pytest.mark.parametrize("page", pages("es"), ids=lambda page: page.slug)
def test_spanish_pages_are_easy(page: HelpPage) -> None:
    assert page.language == "es"
    assert ease_of_spanish(page.words()) >= 65


def by_subject(code: str) -> dict[str, str]:
    """The sentences of the screens by subject; labels of a word or two are no text that a formula could weigh."""
    found: dict[str, list[str]] = {}
    for key, text in own_strings(code).items():
        if len(text.split()) >= 5:
            found.setdefault(key.split(".")[0], []).append(text)
    return {subject: "\n".join(texts) for subject, texts in found.items()}


@pytest.mark.parametrize("subject", sorted(by_subject("en")))
def test_english_screens_are_grade_six_or_easier(subject: str) -> None:
    assert grade_of_english(by_subject("en")[subject]) <= 6


@pytest.mark.parametrize("subject", sorted(by_subject("es")))
def test_spanish_screens_are_easy(subject: str) -> None:
    assert ease_of_spanish(by_subject("es")[subject]) >= 65


def test_needs_and_demo_listings_are_easy() -> None:
    needs = read_needs()
    assert grade_of_english("\n".join(need.sentence["en"] for need in needs)) <= 6
    assert ease_of_spanish("\n".join(need.sentence["es"] for need in needs)) >= 65
    services = read_services()
    assert grade_of_english("\n".join(row["about"]["en"] for row in services)) <= 6
    assert ease_of_spanish("\n".join(row["about"]["es"] for row in services)) >= 65


@pytest.mark.parametrize("code", CODES)
def test_every_page_exists_in_every_offered_language_and_is_short(code: str) -> None:
    assert [page.slug for page in help_pages(code)] == list(HELP_PAGES)
    assert [card.slug for card in sector_cards(code)] == list(SECTOR_CARDS)
    for page in pages(code):
        assert page.language == code, page.slug
        assert len(page.words().split()) <= 350, page.slug


@pytest.mark.parametrize("code", CODES)
def test_translations_have_the_shape_of_the_english(code: str) -> None:
    for page, english in zip(pages(code), pages("en"), strict=True):
        assert shape(page) == shape(english), page.slug


def shape(page: HelpPage) -> list[object]:
    return [(len(part.points), [law.key for law in part.laws], part.lines, len(part.table)) for part in page.sections]


@pytest.mark.parametrize("code", CODES)
def test_no_word_that_hurts_or_promises(code: str) -> None:
    for key, text in strings(code).items():
        if key not in MAY_SAY_ERASE:
            assert not FORBIDDEN.search(text), (key, text)
    for page in pages(code):
        assert not FORBIDDEN.search(page.words()), (page.slug, FORBIDDEN.search(page.words()))


@pytest.mark.parametrize("code", CODES)
def test_the_word_is_in_no_screen_title_slug_or_printed_card(code: str) -> None:
    for key, text in strings(code).items():
        assert not THE_WORD.search(text), key
    for page in pages(code):
        assert not THE_WORD.search(" ".join([page.slug, page.title, page.link, *page.lead])), page.slug
    for card in sector_cards(code):
        assert not THE_WORD.search(card.words()), card.slug
