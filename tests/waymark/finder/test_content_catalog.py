"""The words of the screens: complete in every offered language, with the same gaps to fill."""

from __future__ import annotations

import string

import pytest

from waymark.finder.content import languages, offered_languages, strings, unchecked_subjects
from waymark.finder.content.catalog import own_strings


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", [language.code for language in offered_languages()])
def test_an_offered_language_is_complete(code: str) -> None:
    assert set(own_strings(code)) == set(own_strings("en"))
    assert all(own_strings(code).values())


@pytest.mark.parametrize("code", [language.code for language in offered_languages()])
def test_translations_have_the_gaps_of_the_english(code: str) -> None:
    for key, english in own_strings("en").items():
        assert gaps(own_strings(code)[key]) == gaps(english), key


def test_a_language_that_is_not_complete_shows_english_and_is_not_offered() -> None:
    assert strings("hmn")["door.heading"] == "Free help near you"
    assert "hmn" not in {language.code for language in offered_languages()}


def test_twelve_languages_two_of_them_right_to_left() -> None:
    assert len(languages()) == 12
    assert [language.code for language in languages() if language.direction == "rtl"] == ["ar", "fa"]


def test_a_stranger_code_gets_english() -> None:
    assert strings("../../etc") == strings("en")


def test_what_no_speaker_checked_is_told() -> None:
    assert unchecked_subjects("en") == ()
    assert "first" not in unchecked_subjects("es")
    assert {"find", "more"} <= set(unchecked_subjects("es"))
    assert "first" in unchecked_subjects("ar")
