"""What the pages of the survivor side look like with an open vault: an intake with an error, a case, a file, a look-up."""

from __future__ import annotations

import re
from typing import Any

from tests.factories.vault import let_in
from tests.plugins.photographs import Camera, Stage, unlocked

ANY_DAY = [str(day) for day in range(7)]


def survivor_side(stage: Stage, camera: Camera) -> None:
    """One person's case from the first page on, and a second that stays an inquiry."""
    client = unlocked(let_in(stage.shelter, display_name="Ada Invented"))
    camera.post(client, "/cases/new/", {"name": "Rosa Invented", "channel": "call"})
    case = _opened(client, name="Rosa Invented", channel="call", value="916-555-0142", days=ANY_DAY, told=["limits"])
    _opened(client)
    camera.get(client, "/cases/", "caseload")
    camera.post(client, "/cases/", {"words": "rosa"})
    camera.get(client, "/cases/team/", "team")
    camera.post(client, f"{case}notes/new/", {"kind": "privileged", "happened_on": "today", "text": "She is safe."})
    camera.get(client, f"{case}move/begin_intake/", "begin an intake")
    camera.post(client, f"{case}move/begin_closing/", {"reason": ""})
    camera.post(client, f"{case}move/begin_closing/", {"reason": "She moved away."})
    camera.get(client, case, "a case")
    camera.post(client, "/people/", {"words": "Roza"})
    camera.post(client, "/people/", {"words": "Nobody Invented"})
    file = _link(client, case, r"/people/[0-9a-f-]{36}/")
    camera.get(client, file, "a file")
    contact = _link(client, file, r"/people/[0-9a-f-]{36}/contacts/[0-9a-f-]{36}/")
    camera.post(client, contact, page=file)


def _opened(client: Any, **answers: Any) -> str:
    page = _link(client, "/cases/new/", r'(?<=name="page" value=")[^"]+')
    return str(client.send("/cases/new/", {"page": page, "could_talk": "yes", **answers})["Location"])


def _link(client: Any, url: str, pattern: str) -> str:
    found = re.search(pattern, client.get(url).content.decode())
    assert found is not None, url
    return found[0]
