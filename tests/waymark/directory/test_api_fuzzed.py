"""Schemathesis reads our description and asks everything that it allows, and much that it does not.

A quick run has 50 examples an operation and a fixed seed; the nightly profile asks a thousand times.
"""

from __future__ import annotations

import json
import os
import urllib.request
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from tests.plugins.server import Server

from waymark.directory.api.description import describe

pytestmark = pytest.mark.house

DEEP = os.environ.get("WAYMARK_TEST_PROFILE") == "nightly"
schema = schemathesis.openapi.from_dict(describe("http://localhost/hsds/"))


@pytest.fixture(scope="module")
def api(demo_server: Server) -> str:
    """The address of a running API with the demo region behind it."""
    return f"{demo_server.url}/hsds"


def known_ids(address: str) -> list[str]:
    with urllib.request.urlopen(f"{address}?per_page=16") as answer:
        return [row["id"] for row in json.load(answer)["contents"]]


@schema.parametrize()
@settings(max_examples=1000 if DEEP else 50, derandomize=not DEEP, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_is_found(case: Any, api: str) -> None:
    asked = str((case.path_parameters or {}).get("id", ""))
    if asked and asked[-1] in "02468ace":
        # Random ids exist nowhere: half of them become real ones.
        known = known_ids(api + case.operation.path.removesuffix("/{id}"))
        case.path_parameters["id"] = known[int(asked[-1], 16) % len(known)]
    case.call_and_validate(base_url=api)
