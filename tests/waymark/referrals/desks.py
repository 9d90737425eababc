"""An advocate who asks and an advocate who is asked, each at a browser with an open vault."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from tests.factories.accounts import AgencyFactory
from tests.factories.directory import ServiceFactory
from tests.factories.disclosures import compare_words
from tests.factories.people import opened_case
from tests.factories.referrals import a_desk
from tests.factories.vault import founder_of, let_in
from tests.waymark.cases.desks import Desk, desk_in, open_desk

from waymark.accounts.models import AgencyKind
from waymark.cases.models import Case
from waymark.referrals.models import Desk as Answering


@dataclass
class Both:
    """Ada asks for a case of hers; Hal answers for a service."""

    ada: Desk
    hal: Desk
    case: Case
    answering: Answering

    def choose(self, way: str) -> str:
        return f"/referrals/for/{self.case.pk}/{way}/"

    def ask_room(self, **changes: Any) -> Any:
        told = {
            "page": str(uuid.uuid4()), "need": "safe-tonight", "household": "3", "languages": ["es", "en"],
            "when": "tonight", "providers": [str(self.answering.pk)], "hours": "4", **changes,
        }  # fmt: skip
        return self.ada.client.send(self.choose("room"), told)

    def refer(self, **changes: Any) -> Any:
        told = {
            "page": str(uuid.uuid4()), "needs": ["safe-tonight", "lawyer"], "household": "3", "urgency": "today",
            "provider": str(self.answering.pk), "phone": "916-555-0142", "hours": "8", **changes,
        }  # fmt: skip
        return self.ada.client.send(self.choose("opaque"), told)

    def write_letter(self, **changes: Any) -> Any:
        told = {
            "page": str(uuid.uuid4()), "provider": str(self.answering.pk), "phone": "916-555-0142", "days": "7", **changes,
        }  # fmt: skip
        return self.ada.client.send(self.choose("letter"), told)

    def came_in(self) -> str:
        """The address of the newest request at the other agency."""
        found = re.search(r"/referrals/inbox/[0-9a-f-]{36}/", self.hal.get("/referrals/inbox/"))
        assert found is not None
        return found[0]


def both_desks(name: str = "Harbor House (invented)") -> Both:
    ada = desk_in(name)
    founder = founder_of(AgencyFactory(name="Hope Homes (invented)", kind=AgencyKind.HOUSING), display_name="Uma Invented")
    hal = open_desk(let_in(founder, display_name="Hal Invented"), founder)
    compare_words(ada.person, hal.person)
    case = opened_case(ada.person, name="Rosa Invented")
    answering = a_desk(hal.agency, hal.user, ServiceFactory(name="Rooms for a night (invented)"))
    return Both(ada, hal, case, answering)
