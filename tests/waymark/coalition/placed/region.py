"""Where the addresses of the region's notices lead."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.plugins.places import no_object, of_coalition

from waymark.coalition.models import RegionNotice


def _notice() -> RegionNotice:
    return RegionNotice.objects.create(
        title={"en": "Invented heat"},
        text={"en": "Cool rooms are open."},
        starts_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        ends_at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC),
    )


def notice(world: Any) -> dict[str, Any]:
    return {"pk": world.once(_notice).pk}


PLACES = {
    "coalition:notice_add": no_object(),
    "coalition:notice_edit": of_coalition(notice),
    "coalition:notice_end": of_coalition(notice),
    "coalition:notice_list": no_object(),
}
