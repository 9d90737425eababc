"""What every test can ask for.

The fixtures live in tests/plugins: `database` (db, committed_db, owner), `server` (web_server, chromium).
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.plugins.database", "tests.plugins.server"]

settings.register_profile("quick", max_examples=25, deadline=None, derandomize=True)
settings.register_profile("ci", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("nightly", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("WAYMARK_TEST_PROFILE", "ci"))
