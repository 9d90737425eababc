"""The desk of the tests of cases, for the tests of people."""

from tests.waymark.cases.conftest import cheap, desk

__all__ = ["cheap", "desk"]
