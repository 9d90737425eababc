"""Answers: their laws and what JSON sees of them."""

from __future__ import annotations

import json
import math
import pickle

import numpy as np
import pytest

from hiddenpop.results import Estimate, Interval, ratio_phrases, refusal


def test_an_estimate_below_the_observed_people_is_an_error() -> None:
    with pytest.raises(ValueError, match="below the 90 people"):
        Estimate("bic", 89.0, observed=90)


def test_an_interval_that_misses_its_estimate_is_an_error() -> None:
    with pytest.raises(ValueError, match="misses"):
        Estimate("bic", 120.0, Interval(121.0, 130.0, 0.95, "normal"), observed=90)


def test_an_answer_is_a_number_or_a_reason_and_never_both() -> None:
    with pytest.raises(ValueError, match="either"):
        Estimate("bic", None)
    with pytest.raises(ValueError, match="either"):
        Estimate("bic", 3.0, refused="because")
    with pytest.raises(ValueError, match="no interval"):
        Estimate("bic", None, Interval(1, 2, 0.9, "x"), refused="because")
    with pytest.raises(ValueError, match="finite"):
        Estimate("bic", math.inf)


@pytest.mark.parametrize(("low", "high", "level"), [(3, 2, 0.95), (math.nan, 2, 0.95), (1, 2, 1.0), (1, 2, 0.0)])
def test_impossible_intervals_are_errors(low: float, high: float, level: float) -> None:
    with pytest.raises(ValueError, match=r"interval|level"):
        Interval(low, high, level, "x")


def test_json_has_no_word_for_infinity() -> None:
    answer = Estimate(
        "bic",
        120.0,
        Interval(101.0, math.inf, 0.95, "BCa"),
        observed=90,
        details={"array": np.array([1.0, np.nan]), 3: (np.int64(2), Interval(1, 2, 0.9, "x")), "set": {1}, "o": object},
    )
    data = json.loads(json.dumps(answer.to_json_dict(), allow_nan=False))
    assert data["interval"] == [101.0, None]
    assert data["details"]["array"] == [1.0, None]
    assert data["details"]["3"] == [2, [1, 2]]
    assert data["ratio"] == {"known : all": "1 : 1.3", "known : unknown": "1 : 0.3"}
    assert {"method", "estimate", "interval", "level", "model", "criterion", "observed", "warnings", "refused"} <= set(data)


def test_a_refusal_says_why() -> None:
    answer = refusal("chapman", 12, "Exactly two lists are needed.", period="2020", details={"lists": 3})
    data = answer.to_json_dict()
    assert data["estimate"] is None
    assert data["interval"] is None
    assert data["ratio"] is None
    assert data["refused"] == "Exactly two lists are needed."
    assert data["period"] == "2020"


def test_the_ratio_is_said_both_ways() -> None:
    assert ratio_phrases(100, 1000.0) == {"known : all": "1 : 10.0", "known : unknown": "1 : 9.0"}
    assert ratio_phrases(0, 5.0)["known : all"] == "nobody is known"


def test_an_answer_survives_pickling_and_hides_its_details_from_change() -> None:
    answer = Estimate("bic", 120.0, Interval(101.0, 130.0, 0.95, "BCa"), observed=90, details={"a": 1})
    again = pickle.loads(pickle.dumps(answer))
    assert again == answer
    with pytest.raises(TypeError):
        again.details["a"] = 2  # type: ignore[index]


def test_an_interval_knows_its_width_and_allows_for_rounding() -> None:
    interval = Interval(10.0, 20.0, 0.95, "x")
    assert interval.width == 10.0
    assert interval.contains(20.0 + 1e-10)
    assert not interval.contains(20.1)
