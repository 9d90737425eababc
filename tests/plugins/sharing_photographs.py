"""What the pages of sharing look like with an open vault: each step, its errors, the survivor's own screen, the copy."""

from __future__ import annotations

import datetime as dt
import re

from django.utils import timezone
from tests.factories.people import opened_case
from tests.factories.vault import let_in
from tests.plugins.photographs import Camera, Stage, unlocked


def sharing(stage: Stage, camera: Camera) -> None:
    """One person's release from the first question to the paper, what goes, and a copy."""
    ada = let_in(stage.shelter, display_name="Ada Invented")
    client = unlocked(ada)
    person = opened_case(ada, name="Rosa Invented", facts={"languages": "Spanish"}, age_band="25-59").person
    of = f"/sharing/people/{person.pk}/"
    talk = {"step": "talk", "can_talk": "yes", "language": "es", "interpreter": "none"}
    assert stage.office.user.acting is not None
    terms = {
        **talk,
        "step": "terms",
        "recipient": str(stage.office.user.acting.agency_id),
        "purpose": "court",
        "scopes": ["person.name"],
        "last_day": (timezone.localdate() + dt.timedelta(days=9)).isoformat(),
        "alternatives": ["wait"],
        "signer": str(person.pk),
    }
    camera.post(client, f"{of}new/", {**talk, "can_talk": ""})
    camera.post(client, f"{of}new/", talk)
    camera.post(client, f"{of}new/", {**terms, "scopes": []})
    camera.post(client, f"{of}new/", terms)
    at = str(client.send(f"{of}new/", {**terms, "step": "read", "answer": "yes"})["Location"]).replace("sign/", "")
    camera.post(client, f"{at}sign/", {"evidence": "paper"})
    camera.get(client, f"{at}paper/", "the paper")
    client.send(f"{at}sign/", {"evidence": "paper", "place": "Cabinet 2", "is_checked": "on"})
    camera.get(client, f"{at}send/", "what would go")
    hidden = dict(re.findall(r'name="(page|seen)" value="([^"]+)"', client.get(f"{at}send/").content.decode()))
    camera.post(client, f"{at}send/", {**hidden, "codes": []})
    client.send(f"{at}send/", {**hidden, "codes": ["person.name"]})
    camera.post(client, f"{at}tell/", {"codes": []})
    camera.get(client, at, "a release")
    camera.post(client, f"{of}copy/", {"outside": "survivor", "codes": ["person.name"], "method": "print"})
    copied = {"outside": "own_agency", "codes": ["person.name"], "method": "print", "language": "en"}
    camera.post(client, f"{of}copy/", copied)
    camera.get(client, of, "what left")
    camera.get(client, "/sharing/", "releases")
