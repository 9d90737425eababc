"""The pages of referrals with an open vault: asking in each way, the board, what came in, what became of it."""

from __future__ import annotations

import uuid

from tests.plugins.photographs import Camera, Stage
from tests.waymark.referrals.desks import both_desks


def referral_side(stage: Stage, camera: Camera) -> None:
    """Ada asks for a case of hers; Hal answers."""
    both = both_desks("Haven House (invented)")
    hers, theirs = both.ada.client, both.hal.client
    camera.get(hers, f"/referrals/for/{both.case.pk}/", "refer")
    camera.post(hers, both.choose("room"), {"household": "3"})
    both.ask_room()
    question = both.came_in()
    camera.get(theirs, question, "a question that came in")
    theirs.send(f"{question}read/", page=question)
    camera.get(theirs, question, "a question to answer")
    theirs.send(f"{question}answer/", {"answer": "yes", "hours": "4"}, page=question)
    camera.get(hers, "/referrals/board/", "the board")
    camera.post(hers, both.choose("opaque"), {"phone": "ring me"})
    mine = both.refer()["Location"]
    here = both.came_in()
    theirs.send(f"{here}read/", page=here)
    camera.post(theirs, f"{here}decline/", {})
    theirs.send(f"{here}accept/", page=here)
    camera.get(theirs, here, "a referral that came in")
    camera.get(theirs, f"{here}case/?take=needs", "a case from a referral")
    opened = theirs.send(f"{here}case/", {"page": str(uuid.uuid4()), "could_talk": "yes"})["Location"]
    camera.get(theirs, opened, "a case that came by a referral")
    camera.get(hers, mine, "a referral that was sent")
    camera.get(hers, "/referrals/", "referrals")
    camera.get(theirs, "/referrals/inbox/", "requests")
    letter = both.write_letter()["Location"]
    camera.get(hers, letter, "a letter")
    camera.get(hers, both.choose("package"), "nobody has a package")
