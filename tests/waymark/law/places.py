"""Where the law's addresses lead: to what every member may read."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.plugins.places import no_object, of_coalition

from waymark.law.models import Charge


def _charge() -> Charge:
    # A long number: a digit alone stands in every page, and could not be told from what was asked for.
    return Charge.objects.create(
        id=20_000_111,
        section="XX 1",
        title="Invented charge",
        side="other",
        source="Invented for a test",
        was_read=False,
        as_of=dt.date(2026, 11, 22),
    )


def charge(world: Any) -> dict[str, Any]:
    return {"pk": world.once(_charge).pk}


PLACES = {
    "law:charge_detail": of_coalition(charge),
    "law:charge_list": no_object(),
    "law:rule_list": no_object(),
}
