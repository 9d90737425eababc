"""What courts' papers, reports, incidents and a person's own record look like with an open vault."""

from __future__ import annotations

from tests.factories.obligations import answering, reporting
from tests.factories.people import opened_case
from tests.factories.vault import let_in
from tests.plugins.photographs import Camera, Stage, unlocked

SENTENCES = "The name she uses, and nothing else (invented order)."


def courts_and_own_record(stage: Stage, camera: Camera) -> None:
    """From a paper that comes to what the person reads of it."""
    worker, approver = let_in(stage.shelter, display_name="Cleo Invented"), let_in(stage.shelter, display_name="Ann Swers")
    client = unlocked(worker)
    case = opened_case(worker, name="Rosa Invented", facts={"code_word": "yellow kettle"})
    reporting(worker.user)
    answering(approver.user)
    file, door = f"/obligations/people/{case.person_id}/", "/obligations/"
    camera.get(client, f"{door}door/", "first steps before counsel is named")
    client.send(f"{door}counsel/", {"name": "Law office (invented)", "phone": "916-555-0190", "hours": "Day and night"})
    camera.get(client, f"{door}door/", "first steps")
    camera.post(client, f"{file}papers/new/", {"kind": "subpoena"})
    paper = {"received_on": "today", "due_on": "tomorrow", "sender": "A lawyer (invented)", "court": "", "asks_for": "All"}
    here = client.send(f"{file}papers/new/", {**paper, "kind": "subpoena"})["Location"]
    camera.get(client, here, "a subpoena")
    client.send(f"{here}told/", {"was_told": "yes", "words": "On the phone"})
    client.send(f"{here}move/order/", {"reason": "Judge Invented, today"})
    client.send(f"{here}given/new/", {"fields_named": ["person.name"], "words": SENTENCES})
    camera.get(client, here, "what the order names, to whom asked for it")
    camera.get(unlocked(approver), here, "what the order names, to whom approves it")
    camera.get(client, f"{door}papers/", "papers")
    client.send(f"{file}statements/new/", {"about": "file", "language": "es", "text": "Ese no es mi nombre."})
    camera.get(client, file, "law and their own record")
    words = {"receiver": "child_protection", "who": "A boy, 9", "where": "", "happened": "He said that he is hit."}
    asked = {"duty": "child_abuse", "on": "today", "at": "midnight", "told": "told", **words}
    camera.post(client, f"{file}reports/new/", {"duty": "child_abuse"})
    report = client.send(f"{file}reports/new/", asked)["Location"]
    camera.get(client, report, "a report")
    camera.get(client, f"{door}reports/", "one's own reports")
    found = {"on": "today", "at": "midnight", "kind": "lost_paper", "reach": "open", "words": "A folder on the bus"}
    camera.post(client, f"{door}incidents/new/", {})
    incident = client.send(f"{door}incidents/new/", found)["Location"]
    client.send(f"{incident}people/new/", {"code": case.person.code})
    camera.get(client, incident, "an incident")
    for language in ("en", "es"):
        camera.post(client, f"{file}seen/", {"language": language, "is_them": "on", "can_talk": "on"})
