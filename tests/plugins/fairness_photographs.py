"""What the fairness survey looks like: what goes out, the sheet, the box, and the device in a participant's hands."""

from __future__ import annotations

from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting
from tests.factories.diversion import a_program
from tests.plugins.photographs import Camera, Stage, signed_in
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.models import AgencyKind


def a_survey(stage: Stage, camera: Camera) -> None:
    """Two sheets handed out, a device handed over, and one of them answered."""
    worker = UserFactory(role=Role.ADVOCATE.value, agency=AgencyFactory(kind=AgencyKind.VICTIM_SERVICES))
    with acting(worker):
        court, prosecution = (AgencyFactory(kind=kind) for kind in (AgencyKind.COURT, AgencyKind.PROSECUTION))
        program = a_program(worker, court=court, prosecution=prosecution)
    client, here = signed_in(worker), f"/diversion/programs/{program.pk}/fairness/"
    camera.post(client, here, {"sheets": "0"})
    client.send(here, {"sheets": "2"})
    camera.get(client, here, "a survey that went out")
    camera.post(client, f"{here}count/", {"fair": "1"})
    address = str(client.send(f"{here}device/")["Location"])
    hands = SiteClient("staff")
    camera.get(hands, address, "the survey in a participant's hands")
    camera.post(hands, address, {"fair": "1"})
    camera.get(hands, f"{address}?thanks", "a participant is thanked")
