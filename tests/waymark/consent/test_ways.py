"""An agreed way to reach somebody, read to them in Spanish before they say yes."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.waymark.cases.conftest import cheap
from tests.waymark.consent.conftest import Two, two

from waymark.consent.formats.ways import CHANNELS_ES, way_in_spanish, way_in_words
from waymark.consent.forms.naming import label_of_item
from waymark.consent.selectors.named import nameable
from waymark.people.actions.contacts import add_contact
from waymark.people.policies import CHANNELS, SafeWay

__all__ = ["cheap", "two"]
WEEK = frozenset(range(5))


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (
            SafeWay("text", "916-555-0142"),
            "Mensaje de texto: 916-555-0142. cualquier día, a cualquier hora. No se deja ningún mensaje.",
        ),
        (
            SafeWay("call", "916-555-0142", WEEK, dt.time(9), dt.time(13, 30), may_leave_message=True),
            "Llamada: 916-555-0142. de lunes a viernes, de las 9:00 a. m. a la 1:30 p. m. Se puede dejar un mensaje.",
        ),
        (
            SafeWay("visit", "At the library", frozenset({1, 5}), dt.time(0), dt.time(12)),
            "En persona: At the library. martes, sábado, de las 12:00 a. m. a las 12:00 p. m. No se deja ningún mensaje.",
        ),
        (
            SafeWay("letter", "PO Box", frozenset()),
            "Carta: PO Box. ningún día, a cualquier hora. No se deja ningún mensaje.",
        ),
    ],
)
def test_a_way_is_said_in_spanish(way: SafeWay, said: str) -> None:
    assert way_in_spanish(way) == said


def test_every_channel_has_its_spanish_word() -> None:
    assert set(CHANNELS_ES) == {code for code, _ in CHANNELS}


def test_on_the_spanish_screen_a_way_has_no_english_word_of_ours(two: Two) -> None:
    facts = {"channel": "call", "value": "916-555-0142", "days": ["0", "1", "2"], "may_leave_message": True}
    with two.here.person.acting():
        add_contact(vault=two.here.person.vault(), person=two.person, values=facts, by=two.by)
        items = nameable(["person.contact"], two.person, vault=two.here.person.vault(), by=two.by)["person.contact"]
    [item] = [item for item in items if "916-555-0142" in item.text]
    said = label_of_item(item, "es").split(": ", 1)[1]
    assert said == way_in_spanish(SafeWay.of(facts))
    assert way_in_words(SafeWay.of(facts)).endswith("A message may be left.")
    assert item.text == way_in_words(SafeWay.of(facts)), "who is to obey it reads it in English"
