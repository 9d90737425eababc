"""What the pages of record relief look like: asking the rules, a case with its draft, who must seal."""

from __future__ import annotations

import re
from typing import Any

from tests.factories.accounts import AgencyFactory
from tests.factories.vault import founder_of, let_in
from tests.plugins.photographs import Camera, Stage, unlocked
from tests.plugins.survivor_photographs import _link, _opened

from waymark.accounts.models import AgencyKind

ANSWERS = {"entry": "conviction", "charged": "PC 653.22", "fact_nonviolent": "yes", "fact_trafficked": "yes"}


def lawyers(stage: Stage, camera: Camera) -> None:
    """One entry of a record, from the questions to an order."""
    office = AgencyFactory(name="Legal Aid (invented)", kind=AgencyKind.LEGAL_AID)
    client = unlocked(let_in(founder_of(office, display_name="Kim Invented"), display_name="Lee Invented"))
    camera.get(client, "/relief/", "no relief case yet")
    camera.post(client, "/relief/ask/", ANSWERS)
    camera.get(client, "/relief/counts/", "no counts yet")
    file = _link(client, _opened(client, name="Rosa Invented"), r"/people/[0-9a-f-]{36}/")
    camera.post(client, "/relief/find/", {"words": "Rosa"})
    new = file.replace("/people/", "/relief/new/")
    camera.post(client, new, {"entry": ""})
    page = _link(client, new, r'(?<=name="page" value=")[^"]+')
    case = str(client.send(new, {"page": page, **ANSWERS, "court": "Superior Court, Invented County"})["Location"])
    camera.post(client, f"{case}draft/", {"section": ""})
    draft = {"section": "PC 236.14", "attorney": "Lee Invented", "declaration": "I was told what to do."}
    client.send(f"{case}draft/", draft)
    camera.get(client, case, "a drafted petition")
    client.send(f"{case}step/review/", {})
    camera.post(client, f"{case}step/serve/", {})
    client.send(f"{case}step/serve/", {"happened_on": "today", "is_signed": "on"})
    client.send(f"{case}step/file/", {"happened_on": "today"})
    client.send(f"{case}step/order/", {"happened_on": "today"})
    client.send(f"{case}agencies/new/", {"name": "Invented Records Bureau"})
    camera.get(client, case, "relief is ordered")
    holder = _holder(client, case)
    camera.post(client, holder, {})
    client.send(holder, {"sealed_on": "today"})
    client.send(f"{case}step/confirm/", {})
    camera.get(client, "/relief/?state=confirmed", "a relief case that is over")
    camera.get(client, "/relief/counts/", "counts held back")
    camera.get(client, f"{case}forget/", "delete the words")


def _holder(client: Any, case: str) -> str:
    found = re.search(rf"{case}agencies/[0-9a-f-]{{36}}/", client.get(case).content.decode())
    assert found is not None
    return found[0]
