"""What is wrong with a table, in plain words, before anything is estimated."""

from __future__ import annotations

import numpy as np
import pytest
from tests.hiddenpop.tables import table

from hiddenpop.guards import findings, require_table, table_warnings
from hiddenpop.histories import CaptureHistories
from hiddenpop.methods import METHODS, estimate
from hiddenpop.results import Refusal


def kinds(histories: CaptureHistories, fatal: bool) -> set[str]:
    return {finding.kind for finding in findings(histories) if finding.fatal is fatal}


def rows(text: str, k: int = 3) -> CaptureHistories:
    entries = [entry.split(":") for entry in text.split()]
    return CaptureHistories.from_rows(
        "ABCD"[:k], [tuple(map(int, history)) for history, _ in entries], [int(count) for _, count in entries]
    )


FATAL = {
    "nobody": (CaptureHistories(("A", "B"), np.zeros(4, dtype=int)), "size"),
    "one list": (CaptureHistories(("A",), np.array([0, 9])), "size"),
    "one person": (rows("111:1"), "size"),
    "an empty list": (rows("100:30 010:20 110:10"), "empty-list"),
    "a list twice": (rows("110:30 001:20 111:10"), "same-list"),
    "a subset": (rows("010:30 110:20 011:30 111:5 001:20"), "subset-list"),
    "everybody on one list": (rows("100:30 110:20 101:10 111:5"), "full-list"),
    "no overlap": (rows("100:30 010:20 001:10"), "no-overlap"),
}


@pytest.mark.parametrize("case", FATAL)
def test_tables_that_carry_no_estimate_are_refused_by_every_method(case: str) -> None:
    histories, kind = FATAL[case]
    assert kind in kinds(histories, fatal=True)
    with pytest.raises(Refusal):
        require_table(histories, lists=1)
    for name in METHODS:
        if name == "latent-class":
            continue  # Its refusals are tested with its sampler.
        options = {"model": "[12]"} if name == "model" else {}
        answer = estimate(histories, name, **options)
        assert answer.estimate is None
        assert answer.interval is None
        assert answer.refused
        assert answer.refused[0].isupper()


def test_a_tiny_list_inside_a_large_one_is_only_flagged() -> None:
    histories = rows("010:300 110:2 011:30 001:20")
    assert "subset-list" in kinds(histories, fatal=False)
    assert "subset-list" not in kinds(histories, fatal=True)


def test_small_overlaps_and_referral_are_flagged() -> None:
    uk = "".join(table_warnings(table("uk_2013_5")))
    assert "3 of 10 pairs" in uk
    assert "LA and GP share 0" in uk
    assert "referral" in kinds(table("korea_3"), fatal=False)
    assert kinds(table("kosovo_4"), fatal=False) == set()


def test_few_people_are_flagged() -> None:
    assert "size" in kinds(rows("100:8 010:8 001:8 110:3 101:3 011:3"), fatal=False)


def test_two_lists_name_what_is_left() -> None:
    with pytest.raises(Refusal, match="'chapman' and 'chao'"):
        require_table(table("korea_3").subset([0, 2]))
    require_table(table("korea_3").subset([0, 2]), lists=2)
