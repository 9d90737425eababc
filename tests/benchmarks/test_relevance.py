"""The scale that grades the search is itself weighed: known rankings have known grades."""

from __future__ import annotations

import csv
import math
import os
from pathlib import Path

import pytest
from benchmarks.relevance import GoldQuery, gold_queries, grade, ndcg, report

QUERY = GoldQuery(text="x", language="en", kind="words", want=frozenset({"a", "b"}), good=frozenset({"c"}))


def test_best_order_is_one() -> None:
    assert ndcg(QUERY, ["b", "a", "c", "z"]) == pytest.approx(1.0)


def test_grade_by_hand() -> None:
    best = 2 + 2 / math.log2(3) + 1 / 2
    assert ndcg(QUERY, ["z", "a", "c"]) == pytest.approx((2 / math.log2(3) + 1 / 2) / best)


def test_sixth_place_is_worth_nothing() -> None:
    assert ndcg(QUERY, ["1", "2", "3", "4", "5", "a"]) == 0


def test_a_service_twice_counts_once() -> None:
    assert ndcg(QUERY, ["a", "a", "a", "a", "a"]) == ndcg(QUERY, ["a"])


def test_empty_and_missed_are_told() -> None:
    empty = grade(QUERY, [])
    assert empty.is_empty
    assert empty.missed == ("a", "b")
    assert grade(QUERY, ["c", "b"]).missed == ("a",)


def test_report_adds_up() -> None:
    result = report("demo", lambda query: sorted(query.want) + sorted(query.good))
    assert result.ndcg == pytest.approx(1.0)
    assert result.empty == 0
    assert result.complete == 1
    assert report("demo", lambda query: []).empty == len(gold_queries("demo"))


def test_gold_set_is_as_large_and_mixed_as_promised() -> None:
    demo, imported = gold_queries("demo"), gold_queries("imported")
    both = demo + imported
    assert len(both) >= 80
    assert 0.4 <= len(imported) / len(both) <= 0.6
    assert {query.kind for query in both} >= {"words", "sentence", "misspelled", "slang"}
    assert sum(query.language == "es" for query in both) >= len(both) / 4
    for queries in (demo, imported):
        assert len({query.text for query in queries}) == len(queries)
        for query in queries:
            assert query.want or query.good
            assert len(query.want) <= 5
            assert not query.want & query.good


def shared_data() -> Path:
    return Path(os.environ.get("WAYMARK_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))


def test_imported_gold_names_services_that_exist() -> None:
    path = shared_data() / "hsds" / "ilao" / "output_services.csv"
    if not path.exists():
        if os.environ.get("REQUIRE_SHARED_DATA") == "1":
            pytest.fail(f"{path} is missing")
        pytest.skip("the Illinois data is not here")
    with path.open(encoding="utf-8-sig", newline="") as file:
        known = {row["id"] for row in csv.DictReader(file)}
    for query in gold_queries("imported"):
        assert query.want | query.good <= known, query.text
