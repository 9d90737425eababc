"""What the quick profile leaves out: tests that need a database, but for those of an app that was changed."""

from __future__ import annotations

import pytest
from tests.plugins.quick import apps_in, is_quick

STATUS = """ M src/waymark/consent/actions/ending.py
R  src/waymark/care/a.py -> src/waymark/cases/a.py
?? tests/waymark/relief/test_new.py
 M README.md
 M src/waymark/py.typed
 M tests/factories/people.py
"""


def test_apps_are_known_by_their_changed_files() -> None:
    assert apps_in(STATUS) == {"consent", "cases", "relief"}
    assert apps_in("") == set()


@pytest.mark.parametrize(
    ("folder", "file", "fixtures", "is_in"),
    [
        ("law", "test_clocks.py", {"request"}, True),
        ("law", "test_clocks.py", {"db"}, False),
        ("cases", "test_files.py", {"test_cluster", "db"}, True),
        ("architecture", "test_who_asks.py", set(), False),
    ],
)
def test_a_test_with_a_database_is_quick_only_where_something_was_changed(
    folder: str, file: str, fixtures: set[str], is_in: bool
) -> None:
    assert is_quick(folder, file, fixtures, {"cases"}) is is_in
