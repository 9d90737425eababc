"""What a finder of a paper would learn is found before it is printed: names, the agency, a street."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.care.formats.safety_plans import sections, tells

NAMES = ["Rosa Invented", "Rósa I.", "", "Al"]
AGENCIES = ["Harbor House", "HH"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("He goes quiet.", []),
        ("ROSA hides", ["a name of theirs"]),
        ("rósa's key", ["a name of theirs"]),
        ("Call harbor   house!", ["the agency's name"]),
        ("12 Nowhere Lane", ["an address"]),
        ("1400 N. 5th St, apt 2", ["an address"]),
        ("Calle de la Luna 45", ["an address"]),
        ("P.O. Box 555", ["an address"]),
        ("Sacramento CA 95814", ["an address"]),
        ("Bus 30, then 3 stops, the blue door", []),
        ("Also at 5 and at 7", []),
        ("Rosa, 12 Nowhere Lane", ["a name of theirs", "an address"]),
    ],
)
def test_what_a_paper_would_tell(text: str, said: list[str]) -> None:
    assert tells(text, names=NAMES, agencies=AGENCIES) == said


@given(st.text(max_size=60), st.sampled_from(["Rosa", "invented", "ROSA"]), st.text(max_size=60))
def test_a_name_between_words_is_always_found(before: str, name: str, after: str) -> None:
    assert "a name of theirs" in tells(f"{before} {name} {after}", names=NAMES, agencies=[])


def test_headings_say_nothing_in_either_language() -> None:
    known = sections()
    said = [*known.title.values(), *(text for one in known.sections.values() for text in one.heading.values())]
    for text in said:
        assert len(text) <= 24
        for word in ("safe", "segur", "plan", "danger", "peligro", "victim", "víctim", "help", "ayuda", "violen", "abus"):
            assert word not in text.lower(), text
    assert all(set(one.ask) == set(one.heading) == {"en", "es"} for one in known.sections.values())
