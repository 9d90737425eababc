"""Which announced counts may be numbers, and what is left when a headline and its parts stand side by side."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waymark.newsroom.formats.charts import chart_of
from waymark.newsroom.formats.results import Result, ResultLine, read_result, small_numeral_in, texts_of
from waymark.operations.formats.shown_counts import Announced, shown_counts


def count(value: int | None, side: str = "", charge: str = "", words: str = "", measure: str = "arrests") -> Announced:
    return Announced(measure, side, charge, value, words)


def told(*counts: Announced) -> list[tuple[str, int | None]]:
    return [(each.shown, each.value) for each in shown_counts(counts)]


def test_a_count_below_eleven_is_words_or_fewer_and_never_a_number() -> None:
    assert told(count(46)) == [("number", 46)]
    assert told(count(11)) == [("number", 11)]
    assert told(count(10)) == told(count(1)) == told(count(0)) == [("few", None)]
    assert told(count(1, words="A juvenile recovery was also made during the stings.")) == [("words", None)]
    assert told(count(None)) == [("unpublished", None)]
    # Words in which the count stands as a numeral are not quoted.
    assert [(each.shown, each.words) for each in shown_counts([count(9, words="9 girls were found")])] == [("few", "")]
    assert shown_counts([count(46, words="46 arrests, 3 of them for more")])[0].words == ""


def test_what_is_left_of_a_headline_is_a_count_too() -> None:
    assert told(count(46), count(40, "buyer")) == [("number", 46), ("withheld", None)]
    assert told(count(46), count(46, "buyer")) == [("number", 46), ("number", 46)]
    assert told(count(90), count(50, "buyer"), count(40, "seller")) == [("number", 90), ("number", 50), ("number", 40)]
    shown = told(count(90), count(50, "buyer"), count(34, "seller"), count(6, "exploiter"))
    assert shown[0] == ("number", 90)
    assert shown[3] == ("withheld", None)
    assert [kind for kind, _ in shown[1:3]].count("withheld") >= 1
    # Charges are parts of their sides: a side beside its own charges shows no number at all.
    assert told(count(50, "buyer"), count(44, "buyer", "PC 1")) == [("withheld", None)] * 2
    assert told(count(22, measure="citations"), count(3, measure="investigations")) == [("number", 22), ("few", None)]
    assert told(count(30), count(40, "buyer")) == [("number", 30), ("withheld", None)]


@settings(max_examples=60, deadline=None)
@given(parts=st.lists(st.integers(0, 40), min_size=1, max_size=4), rest=st.integers(0, 20))
def test_no_reader_works_a_small_part_out_of_a_headline(parts: list[int], rest: int) -> None:
    sides = ("buyer", "seller", "exploiter", "other")
    headline = sum(parts) + rest
    shown = shown_counts([count(headline), *(count(value, side) for value, side in zip(parts, sides, strict=False))])
    assert all(each.value is None or each.value >= 11 for each in shown)
    if shown[0].value is None:
        return
    known = sum(each.value or 0 for each in shown[1:])
    hidden = [value for value, each in zip(parts, shown[1:], strict=True) if each.value is None]
    unknown = len(hidden) + 1
    left = headline - known
    # Every hidden part lies between nothing and all that is left: as long as that is wide, nobody is singled out.
    small = [value for value in [*hidden, rest] if 0 < value < 11]
    assert not small or (unknown > 1 and left >= 11)


@pytest.mark.parametrize(
    ("text", "is_small"),
    [
        ("3 girls were found", True),
        ("in all, 10.", True),
        ("at ３ places", True),
        ("four girls", False),
        ("the 4th annual edition", False),
        ("46 arrests", False),
        ("1,046 calls", False),
        ("On September 4, 2020 and on 9/24", False),
        ("at 9 am", False),
        ("under PC 647(b)(2)", False),
        ("2.5 hours", False),
        ("1-888-373-7888", False),
    ],
)
def test_a_small_numeral_is_found_and_days_are_not(text: str, is_small: bool) -> None:
    assert small_numeral_in(text) == is_small


def result(*lines: ResultLine) -> Result:
    return Result("Operation Invented", "", 2020, "2020", "Invented Sheriff", (), (), (), (), "", "", lines)


def test_a_chart_begins_at_zero_draws_intervals_and_no_number_that_is_not_public() -> None:
    lines = (
        ResultLine("arrests", "Arrests", False, "number", 46, ""),
        ResultLine("citations", "Citations · Buyers", False, "number", 23, ""),
        ResultLine("investigations", "Investigations opened", False, "few", None, ""),
        ResultLine("juveniles_recovered", "Juveniles recovered", True, "words", None, "A juvenile recovery"),
        ResultLine("charged", "People charged", False, "unpublished", None, ""),
    )
    chart = chart_of(result(*lines))
    assert chart is not None
    said = {bar.label_lines[0][1]: (bar.width, bar.is_interval, bar.said) for bar in chart.bars}
    assert said["Juveniles recovered"] == (0, False, "in words only, see the table")
    assert said["People charged"] == (0, False, "not published")
    assert said["Arrests"][0] == 2 * said["Citations · Buyers"][0]
    width, is_interval, words = said["Investigations opened"]
    assert (is_interval, words) == (True, "fewer than 11")
    assert width == round(said["Arrests"][0] * 10 / 46)
    # Help stands first, and the rows do not overlap.
    assert chart.bars[0].label_lines[0][1] == "Juveniles recovered"
    assert all(one.said_y < other.label_lines[0][0] for one, other in itertools.pairwise(chart.bars))
    assert chart_of(result(lines[2], lines[4])) is None
    assert "Arrests are not convictions." in texts_of(result(*lines))
    assert read_result(result(*lines).frozen()) == result(*lines)
    with pytest.raises(ValueError, match="never one below 11"):
        ResultLine("arrests", "Arrests", False, "number", 10, "")
