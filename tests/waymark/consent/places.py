"""Where the addresses of sharing lead. Nobody in the matrix has an open vault: that comes after."""

from __future__ import annotations

from typing import Any

from tests.factories.accounts import AgencyFactory
from tests.factories.consent import a_draft, a_release
from tests.plugins.places import no_object, of_agency
from tests.waymark.disclosures.places import elsewhere
from tests.waymark.people.places import SERVING, person, person_in

from waymark.accounts.models import Agency


def _recipient() -> Agency:
    found: Agency = elsewhere(lambda: AgencyFactory(name="Invented recipient"))
    return found


def release(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": a_release(person_in(world, agency), world.once(_recipient)).pk}


def draft(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": a_draft(person_in(world, agency), world.once(_recipient)).pk}


PLACES = {
    "consent:again": of_agency(release, only=SERVING),
    "consent:copy": of_agency(person, only=SERVING),
    "consent:detail": of_agency(release, only=SERVING),
    "consent:drop": of_agency(draft, only=SERVING),
    "consent:list": no_object(),
    "consent:new": of_agency(person, only=SERVING),
    "consent:paper": of_agency(release, only=SERVING),
    "consent:person": of_agency(person, only=SERVING),
    "consent:send": of_agency(release, only=SERVING),
    "consent:sign": of_agency(draft, only=SERVING),
    "consent:stop": of_agency(release, only=SERVING),
    "consent:tell": of_agency(release, only=SERVING),
}
