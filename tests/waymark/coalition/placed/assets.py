"""Where the addresses of the asset board lead."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from tests.factories.accounts import AgencyFactory
from tests.factories.coalition import OfferFactory
from tests.plugins.places import no_object, of_agency, of_coalition

from waymark.access.permissions import Role
from waymark.accounts.models import Agency
from waymark.coalition.models import Offer, OfferRequest

NOT_KEPT = dict.fromkeys(
    (Role.ADVOCATE, Role.MEMBER, Role.STEWARD), "officers and whoever speaks for an agency keep its offers"
)
TOMORROW = dt.timedelta(days=1)


def _elsewhere(world: Any) -> Offer:
    """Offered by an agency for which nobody asks."""
    agency = world.once(AgencyFactory, name="Invented lender")
    made: Offer = world.once(OfferFactory, agency=agency, title="Invented room to lend")
    return made


def elsewhere(world: Any) -> dict[str, Any]:
    return {"pk": _elsewhere(world).pk}


def own(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": world.once(OfferFactory, agency=agency, title="Invented room").pk}


def own_step(world: Any, agency: Agency) -> dict[str, Any]:
    return own(world, agency) | {"step": "confirm"}


def asked(world: Any, agency: Agency) -> dict[str, Any]:
    day = timezone.localdate() + TOMORROW
    made = OfferRequest.objects.create(
        offer=_elsewhere(world),
        asked_by=world.member_of(agency).acting,
        occasion="meeting",
        first_day=day,
        last_day=day,
        asked_at=timezone.now(),
    )
    return {"pk": made.pk}


PLACES = {
    "coalition:offer_add": no_object(hidden_from=NOT_KEPT),
    "coalition:offer_ask": of_coalition(elsewhere),
    "coalition:offer_change": of_agency(own, hidden_from=NOT_KEPT),
    "coalition:offer_detail": of_coalition(elsewhere),
    "coalition:offer_list": no_object(),
    "coalition:offer_request_detail": of_agency(asked),
    "coalition:offer_request_list": no_object(),
    "coalition:offer_step": of_agency(own_step, hidden_from=NOT_KEPT),
}
