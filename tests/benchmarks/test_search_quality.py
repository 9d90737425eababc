"""The server's search keeps its promise on the gold queries."""

from __future__ import annotations

import os

import pytest
from benchmarks.relevance import Report
from benchmarks.search_quality import CONTRACT, server_report, shared_data

pytestmark = pytest.mark.django_db


def both() -> tuple[Report, Report]:
    if not shared_data().exists():
        if os.environ.get("REQUIRE_SHARED_DATA"):
            pytest.fail("The shared data is not here.")
        pytest.skip("The shared data is not here.")
    return server_report("demo"), server_report("imported")


def test_the_right_services_are_in_the_first_five_and_no_search_is_empty() -> None:
    demo, imported = both()
    assert demo.empty == imported.empty == 0
    assert demo.ndcg >= CONTRACT, demo.lines()
    assert Report(demo.grades + imported.grades).ndcg >= CONTRACT, imported.lines()
