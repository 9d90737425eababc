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
    camera.post(client, "/cases/new/", {"name": "Rosa Invented", "channel": "call", "happened_on": "someday"})
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
    for kind in ("substitute", "real"):
        client.send(f"{file}addresses/new/", {"kind": kind, "text": "12 Nowhere Lane (invented)"})
    client.send(f"{file}with/new/", {"kind": "child", "name": "Leo Invented", "born": "5/3/2020"})
    camera.get(client, file, "a file with addresses and a child")
    real = _link(client, file, r"/people/[0-9a-f-]{36}/addresses/[0-9a-f-]{36}/(?=\">I have)")
    camera.post(client, real, {"reason": "visit"})
    care_of(camera, client, case)
    child = _link(client, case, r"/cases/new/for/[0-9a-f-]{36}/")
    client.send(child, {"page": _link(client, child, r'(?<=name="page" value=")[^"]+'), "could_talk": "yes"})
    camera.get(client, child, "a second case")
    colleague = let_in(stage.shelter, display_name="Bo Invented")
    camera.post(client, f"{case}access/deny/", {"user": colleague.user.pk, "reason": "Knows her brother"})
    camera.post(client, f"{case}access/restrict/", {})
    client.send(f"{case}access/restrict/", {"to": [str(client_user(client))]})
    camera.get(client, f"{case}access/", "who may see a case")


def care_of(camera: Camera, client: Any, case: str) -> None:
    """A plan with a child's beside it, services, an instrument with its alert, a safety plan and its paper."""
    whose = _link(client, f"{case}needs/new/", r'(?<=name="whose" value=")[^"]+')
    client.send(f"{case}needs/new/", {"whose": whose, "domain": "housing", "text": "No place after Friday"})
    need = _link(client, case, r"(?<=needs/)[0-9a-f-]{36}(?=/goals)")
    client.send(f"{case}needs/{need}/goals/new/", {"text": "A room with a lock", "due_on": "tomorrow"})
    goal = _link(client, case, r"(?<=goals/)[0-9a-f-]{36}(?=/steps)")
    for text in ("Call about a room", "Ask about the deposit"):
        client.send(f"{case}goals/{goal}/steps/new/", {"text": text, "who": "worker", "due_on": "today"})
    step = _link(client, case, r"(?<=plan/step/)[0-9a-f-]{36}(?=/met)")
    client.send(f"{case}plan/step/{step}/met/", page=case)
    camera.post(client, f"{case}needs/new/", {"whose": whose, "due_on": "yesterday"})
    camera.get(client, f"{case}goals/{goal}/change/", "change a goal")
    usual = {"on": "today", "units": "1", "household": "1"}
    client.send(f"{case}services/new/", {"code": "case_work", "state": "provided", "minutes": "30", **usual})
    client.send(f"{case}services/new/", {"code": "ride", "state": "no_show", **usual})
    camera.get(client, f"{case}services/", "services")
    camera.post(client, f"{case}services/new/", {"state": "provided", **usual})
    for day, value in (("May 3, 2026", "2"), ("June 3, 2026", "1")):
        begun = client.send(f"{case}instruments/new/", {"instrument": "phq9-1999", "language": "en"})["Location"]
        answers = {f"item_{number}": value for number in range(1, 10)}
        camera.post(client, begun, {"taken_on": day})
        done = client.send(begun, {**answers, "taken_on": day})["Location"]
    camera.get(client, done, "an instrument with an alert")
    camera.get(client, f"{case}instruments/", "scores over time")
    plan = f"{case}safety-plan/"
    client.send(f"{plan}new/", {"review_on": "tomorrow", "after": "", "signs": "He goes quiet.", "word": "Kettle"})
    camera.get(client, plan, "a safety plan")
    camera.get(client, f"{plan}new/", "a new version")
    camera.get(client, f"{plan}paper/", "what goes on paper")
    camera.post(client, f"{plan}paper/", {"language": "es", "chosen": ["signs", "word"], "thought_of": "on"})
    camera.get(client, case, "a case with a plan")


def client_user(client: Any) -> str:
    """Who is signed in."""
    return str(client.session["_auth_user_id"])


def _opened(client: Any, **answers: Any) -> str:
    page = _link(client, "/cases/new/", r'(?<=name="page" value=")[^"]+')
    return str(client.send("/cases/new/", {"page": page, "could_talk": "yes", **answers})["Location"])


def _link(client: Any, url: str, pattern: str) -> str:
    found = re.search(pattern, client.get(url).content.decode())
    assert found is not None, url
    return found[0]
