"""The desk of the tests of cases, for the tests of reports."""

from tests.waymark.cases.conftest import cheap, desk

__all__ = ["cheap", "desk"]
