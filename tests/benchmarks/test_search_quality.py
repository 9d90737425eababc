"""Search keeps its promise on the gold queries, on the server and on the phone."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable

import pytest
from benchmarks.relevance import Report
from benchmarks.search_quality import CONTRACT, device_report, graded, server_report, shared_data

pytestmark = [pytest.mark.django_db, pytest.mark.house]


def both(search: Callable[[str, dict[uuid.UUID, str]], Report]) -> tuple[Report, Report]:
    if not shared_data().exists():
        if os.environ.get("REQUIRE_SHARED_DATA"):
            pytest.fail("The shared data is not here.")
        pytest.skip("The shared data is not here.")
    return graded("demo", search), graded("imported", search)


@pytest.mark.parametrize("search", [server_report, device_report], ids=["server", "device"])
def test_the_right_services_are_in_the_first_five_and_no_search_is_empty(
    search: Callable[[str, dict[uuid.UUID, str]], Report],
) -> None:
    demo, imported = both(search)
    assert demo.empty == imported.empty == 0
    assert demo.ndcg >= CONTRACT, demo.lines()
    assert Report(demo.grades + imported.grades).ndcg >= CONTRACT, imported.lines()
