"""The standard's own JSON Schemas, for tests that hold our JSON against them."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from waymark.directory.formats.hsds_objects import OBJECTS

ROOT = Path(__file__).resolve().parents[3]


def shared_data() -> Path:
    """Where the shared data lies; without it the test is skipped, unless the run demands it."""
    folder = Path(os.environ.get("WAYMARK_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.exists():
        if os.environ.get("REQUIRE_SHARED_DATA"):
            pytest.fail(f"The shared data is not at {folder}.")
        pytest.skip("The shared data is not here.")
    return folder


@cache
def schemas() -> dict[str, dict[str, Any]]:
    folder = shared_data() / "hsds" / "spec" / "schema-3.1"
    return {name: json.loads((folder / f"{name}.json").read_text()) for name in OBJECTS}


@cache
def _registry() -> Registry[Any]:
    resources = [(f"{name}.json", DRAFT202012.create_resource(schema)) for name, schema in schemas().items()]
    return Registry().with_resources(resources)


def problems(name: str, value: object) -> list[str]:
    """What the standard's schema says against a value, empty when it is valid."""
    validator = Draft202012Validator(schemas()[name], registry=_registry(), format_checker=FormatChecker())
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(value)]
