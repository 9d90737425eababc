"""What every test can ask for.

The fixtures live in tests/plugins: `database` (db, committed_db, owner), `server` (web_server, chromium).
"""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.plugins.database",
    "tests.plugins.passwords",
    "tests.plugins.quick",
    "tests.plugins.server",
    "tests.plugins.staff",
    "tests.plugins.walled",
    "tests.plugins.who_asks_page",
]

# How slowly examples are made tells of the machine and never of a rule.
SLOW = [HealthCheck.too_slow]
settings.register_profile("quick", max_examples=25, deadline=None, derandomize=True, suppress_health_check=SLOW)
settings.register_profile("ci", max_examples=50, deadline=None, derandomize=True, suppress_health_check=SLOW)
settings.register_profile("nightly", max_examples=1000, deadline=None, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("WAYMARK_TEST_PROFILE", "ci"))


def pytest_configure() -> None:
    """Pages are rendered without collected static files; only the real web server needs those."""
    from django.conf import settings as django_settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django_settings.STORAGES = {**django_settings.STORAGES, "staticfiles": plain}
    # Otherwise every client that a test makes reads the whole folder of static files, to serve none of them.
    django_settings.WHITENOISE_AUTOREFRESH = True
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


def pytest_collection_finish() -> None:
    """What is imported and collected stays to the end: the collector need not look at all of it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


# Files that take minutes: each first among its like, so that no process is left alone with one.
LONG = ("test_staff_accessibility.py", "test_who_asks.py", "test_staff_journeys.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; browsers last: Playwright's event loop stays open. The longest of all closes its own.

    Several processes take files in this order, each the next when it has finished one.
    """

    def rank(item: pytest.Item) -> tuple[int, bool]:
        is_short = item.path.name not in LONG
        if item.path.name == LONG[0]:
            return 0, False
        if item.get_closest_marker("browser") is not None or "browser" in item.path.parts:
            return 2, is_short
        return 0 if item.get_closest_marker("house") is not None else 1, is_short

    items.sort(key=rank)
