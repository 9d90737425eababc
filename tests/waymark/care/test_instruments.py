"""Scoring against the published cut points, at both sides of each; what is left unsaid; words only where they are free."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.care.formats.instruments import CURRENT, SLOTS, UNSAID, Instrument, NoSuchInstrument, instrument, instruments

PHQ9, GAD7, PCL5, SSM = (instrument(key) for key in CURRENT)


def answers_of(one: Instrument, total: int) -> dict[str, str]:
    """Answers that add up to a total, as even as they can be."""
    each, more = divmod(total, len(one.items))
    return {item.id: str(each + (number < more)) for number, item in enumerate(one.items)}


@pytest.mark.parametrize(
    ("one", "total", "band"),
    [
        # Kroenke, Spitzer, Williams 2001: 5, 10, 15, 20
        *[(PHQ9, total, band) for total, band in ((0, "Minimal"), (4, "Minimal"), (5, "Mild"), (9, "Mild"))],
        *[(PHQ9, total, band) for total, band in ((10, "Moderate"), (14, "Moderate"), (15, "Moderately severe"))],
        *[(PHQ9, total, band) for total, band in ((19, "Moderately severe"), (20, "Severe"), (27, "Severe"))],
        # Spitzer, Kroenke, Williams, Löwe 2006: 5, 10, 15
        *[(GAD7, total, band) for total, band in ((4, "Minimal"), (5, "Mild"), (9, "Mild"), (10, "Moderate"))],
        *[(GAD7, total, band) for total, band in ((14, "Moderate"), (15, "Severe"), (21, "Severe"))],
        # National Center for PTSD: 31 to 33
        *[(PCL5, total, band) for total, band in ((0, "Below the cut point"), (30, "Below the cut point"))],
        *[(PCL5, total, band) for total, band in ((31, "At the cut point"), (33, "At the cut point"))],
        *[(PCL5, total, band) for total, band in ((34, "Above the cut point"), (80, "Above the cut point"))],
    ],
)
def test_published_cut_points(one: Instrument, total: int, band: str) -> None:
    score = one.score(answers_of(one, total))
    assert (score.total, score.band) == (total, band)
    assert score.says == str(total)


def test_the_rule_of_the_four_parts() -> None:
    """One of B, one of C, two of D, two of E, each from "moderately" on."""
    nothing = {item.id: "0" for item in PCL5.items}
    met = {**nothing, "1": "2", "6": "2", "8": "2", "9": "3", "15": "2", "20": "4"}
    assert [part.is_met for part in PCL5.score(met).parts] == [True] * 4
    assert [part.total for part in PCL5.score(met).parts] == [2, 2, 5, 6]
    for item, part in (("1", 0), ("6", 1), ("8", 2), ("20", 3)):
        assert PCL5.score({**met, item: "1"}).parts[part].is_met is False


@pytest.mark.parametrize(("said", "is_alert"), [("0", False), ("1", True), ("3", True), (UNSAID, False), ("x", False)])
def test_the_ninth_item_alone_raises_the_alert(said: str, is_alert: bool) -> None:
    # Also when nothing else was answered.
    assert PHQ9.is_alert({"9": said}) is is_alert
    assert PHQ9.is_alert({str(number): "3" for number in range(1, 9)}) is False
    assert not GAD7.is_alert({"9": said})


@given(st.sampled_from([PHQ9, GAD7, PCL5, SSM]), st.data())
def test_what_is_left_unsaid_makes_no_number_up(one: Instrument, data: st.DataObject) -> None:
    answers = {
        item.id: data.draw(st.sampled_from([UNSAID, *(str(answer.value) for answer in item.answers)])) for item in one.items
    }
    score = one.score(answers)
    assert score.unsaid == sum(said == UNSAID for said in answers.values())
    assert (score.total is None) == (score.unsaid > one.most_missing or score.unsaid == len(one.items))
    if score.total is not None:
        assert one.lowest <= score.total <= one.highest
        assert score.band
    if score.unsaid == 0 and one.method == "sum":
        assert score.total == sum(int(said) for said in answers.values())


def test_one_or_two_missing_answers_count_as_the_mean_of_the_others() -> None:
    answers = {item.id: "2" for item in PHQ9.items}
    assert PHQ9.score({**answers, "1": UNSAID, "2": UNSAID}).total == 18
    assert PHQ9.score({**answers, "1": UNSAID, "2": UNSAID, "3": UNSAID}).total is None
    assert GAD7.score({item.id: "1" for item in GAD7.items[1:]}).total is None


def test_the_matrix_is_a_mean_of_what_applies() -> None:
    answers = {item.id: "3" for item in SSM.items}
    assert SSM.score(answers).total == 3
    assert SSM.score({**answers, "childcare": UNSAID, "housing": "1"}).says == "2.9"
    assert SSM.score({**answers, "housing": "1"}).band == "Vulnerable"


@pytest.mark.parametrize("wrong", ["4", "-1", "one", "0.5", ""])
def test_an_answer_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="no answer"):
        PHQ9.score({"1": wrong})


@pytest.mark.parametrize("key", instruments())
def test_each_definition_is_whole(key: str) -> None:
    one = instrument(key)
    assert one.source
    assert key in (*CURRENT, *SLOTS)
    if one.is_slot:
        # No words of others, and what is missing is said.
        assert (one.missing, one.stem, one.leave) == (one.missing, "", "")
        assert len(one.missing) > 40
        return
    assert one.leave.startswith("Free")
    assert len({item.id for item in one.items}) == len(one.items)
    assert one.bands[0].lowest == one.lowest
    assert one.bands[-1].highest == one.highest
    for lower, upper in zip(one.bands, one.bands[1:], strict=False):
        assert lower.highest < upper.lowest
    if one.stem_es:
        assert all(item.es for item in one.items)
        assert all(answer.es for item in one.items for answer in item.answers)


def test_an_unknown_instrument_is_none_of_ours() -> None:
    with pytest.raises(NoSuchInstrument):
        instrument("../phq9")
