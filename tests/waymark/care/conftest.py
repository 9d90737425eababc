"""The desk of the tests of cases, for the tests of care."""

from tests.waymark.cases.conftest import cheap, desk

__all__ = ["cheap", "desk"]
