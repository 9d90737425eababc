"""A case is worked on by its screens, every text with a word that is nowhere else; then all that is stored is searched.

The dump is the whole database with sessions, events and keys; with it comes what was logged. The word is looked for in
every encoding in which programs leave things lying about.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

from django.utils import timezone
from tests.factories.disclosures import compare_words
from tests.plugins.database import TestCluster
from tests.waymark.cases.desks import Desk, desk_in
from tests.waymark.cases.test_journey import intake
from tests.waymark.vault.test_nothing_recovered import dump, found_in

from waymark.accounts.models import AgencyKind
from waymark.care.models import Goal, Need
from waymark.cases.models import Note
from waymark.disclosures.models import InboxPacket
from waymark.people.models import Address, SafeContact

CANARY = "Zilpzalp-Oleander"
PHONE = "916-555-0173"
EVERY_DAY = list("0123456")


def work(desk: Desk) -> None:
    """Fill every field of every form with the word."""
    contact = {"channel": "call", "value": PHONE, "days": EVERY_DAY, "code_word": CANARY, "do_not_tell": CANARY}
    here = intake(desk, name=CANARY, asked_for=CANARY, language=CANARY, told=["limits"], **contact)["Location"]
    with desk.person.acting():
        person = SafeContact.objects.get().person_id
    file = f"/people/{person}/"
    names = {"name": CANARY, "legal_name": CANARY, "aliases": CANARY, "born": "April 17 1991", "pronouns": CANARY}
    steps: list[tuple[str, dict[str, Any]]] = [
        (f"{file}change/", {**names, "languages": CANARY, "code_word": CANARY, "do_not_tell": CANARY}),
        (f"{file}addresses/new/", {"kind": "real", "text": CANARY}),
        (f"{file}addresses/new/", {"kind": "substitute", "text": CANARY}),
        (f"{file}with/new/", {"kind": "child", "name": CANARY, "custody": CANARY}),
        (f"{file}contacts/new/", {"channel": "email", "value": f"{CANARY}@example.org", "days": EVERY_DAY}),
        (f"{here}notes/new/", {"kind": "privileged", "happened_on": "today", "text": CANARY}),
        (f"{here}move/begin_closing/", {"reason": CANARY}),
    ]
    for url, data in steps:
        assert desk.client.send(url, data).status_code == 302, url
    with desk.person.acting():
        note, real = Note.objects.get(), Address.objects.get(kind="real")
    assert desk.client.send(f"{here}notes/{note.pk}/", steps[5][1] | {"text": f"{CANARY} again"}).status_code == 302
    assert desk.client.send(f"{here}notices/", {"about": ["rights"], "language": CANARY}).status_code == 302
    assert desk.client.send(f"{here}notes/{note.pk}/add/", {"text": CANARY}).status_code == 302
    care(desk, here, str(person))
    share(desk, str(person))
    # Reading leaves traces too: a look-up, a name in the caseload, a real address.
    assert CANARY in desk.client.send("/people/", {"words": CANARY}).content.decode()
    assert CANARY in desk.client.send("/cases/", {"words": CANARY}).content.decode()
    assert CANARY in desk.client.send(f"{file}addresses/{real.pk}/", {"reason": "visit"}).content.decode()
    assert CANARY in desk.get(here)


def care(desk: Desk, here: str, person: str) -> None:
    """Everything that is written down of what is done with a person, with the word in it."""
    sent = desk.client.send
    assert sent(f"{here}needs/new/", {"whose": person, "domain": "substance", "text": CANARY}).status_code == 302
    with desk.person.acting():
        need = Need.objects.get()
    assert sent(f"{here}needs/{need.pk}/goals/new/", {"text": CANARY}).status_code == 302
    with desk.person.acting():
        goal = Goal.objects.get()
    assert sent(f"{here}goals/{goal.pk}/steps/new/", {"text": CANARY, "who": "worker"}).status_code == 302
    assert sent(f"{here}plan/need/{need.pk}/drop/", {"why_dropped": CANARY}).status_code == 302
    service = {"code": "ride", "state": "provided", "on": "today", "units": "1", "household": "1", "note": CANARY}
    assert sent(f"{here}services/new/", service).status_code == 302
    begun = sent(f"{here}instruments/new/", {"instrument": "phq9-1999", "language": "es"})["Location"]
    assert sent(begun, {**{f"item_{number}": "2" for number in range(1, 10)}, "taken_on": "today"}).status_code == 302
    plan = {"review_on": "tomorrow", "after": "", "signs": CANARY, "word": "Kettle"}
    assert sent(f"{here}safety-plan/new/", plan).status_code == 302
    paper = {"language": "es", "chosen": ["word"], "thought_of": "on"}
    assert sent(f"{here}safety-plan/paper/", paper).status_code == 200


def share(desk: Desk, person: str) -> None:
    """A release and a package with the word in every sealed field, and what they say is wrong; read there, copied here."""
    there = desk_in("Landing House (invented)", "Cy Invented", kind=AgencyKind.HOUSING)
    compare_words(desk.person, there.person)
    said = {"about": "part", "part": "person.name", "text": CANARY, "language": "en"}
    assert desk.client.send(f"/obligations/people/{person}/statements/new/", said).status_code == 302
    terms = {
        "step": "read", "can_talk": "yes", "language": "es", "interpreter": "phone", "interpreter_number": CANARY,
        "interpreter_is_right": "on", "recipient": str(there.agency.pk), "recipient_person": CANARY, "purpose": "housing",
        "scopes": ["person.name", "person.legal_name", "person.born", "case.asked_for"],
        "last_day": (timezone.localdate() + dt.timedelta(days=9)).isoformat(), "alternatives": ["wait"],
        "signer": person, "answer": "yes", "listed": "1", "extent-case-asked_for": "all",
    }  # fmt: skip
    at = str(desk.client.send(f"/sharing/people/{person}/new/", terms)["Location"]).replace("sign/", "")
    signed = {"evidence": "paper", "place": CANARY, "is_checked": "on"}
    assert desk.client.send(f"{at}sign/", signed).status_code == 302
    preview = desk.client.get(f"{at}send/").content.decode()
    hidden = dict(re.findall(r'name="(page|seen)" value="([^"]+)"', preview))
    assert desk.client.send(f"{at}send/", {**hidden, "codes": terms["scopes"]}).status_code == 302
    with there.person.acting():
        came = InboxPacket.objects.get()
    there.client.send(f"/mail/{came.pk}/open/", {}, page=f"/mail/{came.pk}/")
    assert there.get(f"/mail/{came.pk}/").count(CANARY) >= 4
    copied = {"outside": "own_agency", "codes": ["person.name"], "method": "print", "language": "es"}
    assert CANARY in desk.client.send(f"/sharing/people/{person}/copy/", copied).content.decode()


def test_the_dump_and_the_log_tell_nothing_of_a_person(
    test_cluster: TestCluster, committed_db: str, tmp_path: Path, capfd: Any
) -> None:
    work(desk_in())
    everything = dump(test_cluster, committed_db, tmp_path) + "".join(capfd.readouterr()).encode()
    assert b"people_person" in everything
    assert b"consent_release" in everything
    assert b"disclosures_inboxpacket" in everything
    for secret in (CANARY, "1991-04-17", "916-555-0173", "9165550173", f"{CANARY}@example.org", "phq9-1999"):
        assert found_in(everything, secret.encode()) == [], secret
