"""The demo's papers of courts, drill and statement, made by the same actions that a worker's press of a button runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from waymark.access.context import acting_for
from waymark.accounts.actions.members import change_duties
from waymark.accounts.models import User
from waymark.cases.actions.demo_vault import members_of_demo_vault, must_be_the_demo
from waymark.cases.models import Case
from waymark.obligations.actions.incidents import open_incident, step_incident
from waymark.obligations.actions.processes import keep_counsel, note_telling, open_process, step_process
from waymark.obligations.actions.releases import ask_release
from waymark.obligations.actions.statements import keep_statement
from waymark.obligations.models import Counsel, Incident, LegalProcess, Move
from waymark.people.models import Person
from waymark.people.policies import agency_of
from waymark.vault.actions.own_key import unlock
from waymark.vault.selectors import OpenVault, open_vault

GROUND = "licensed clinical social worker (invented)"


@transaction.atomic
def load_demo_papers(*, today: dt.date, passphrases: Mapping[str, str]) -> int:
    """Fill the demo, once. Gives how many papers are new. Raises NotTheDemo."""
    must_be_the_demo()
    members = members_of_demo_vault()
    officers = [user for user in members if user.role == "officer"]
    advocates = [user for user in members if user.role == "advocate" and user.email in passphrases]
    if not officers or not advocates:
        return 0
    first, last = advocates[0], advocates[-1]
    with acting_for(agency_of(first), first.pk):
        key = None if Counsel.objects.exists() else unlock(passphrase=passphrases[first.email], by=first)
    if key is None:
        return 0
    _record_duties(officers[0], first, last, today)
    with acting_for(agency_of(first), first.pk):
        vault = open_vault(own=key, by=first)
        people = [case.person for case in Case.objects.select_related("person").order_by("made_at")[:2]]
        keep_counsel(name="Law office of the invented county", phone="(555) 555-0190", hours="Day and night", by=first)
        _drill(vault, first)
        return sum(_papers(vault, first, person, today) for person in people)


def _record_duties(officer: User, first: User, last: User, today: dt.date) -> None:
    """Who answers courts, and who must report."""
    since = today - dt.timedelta(days=400)
    with acting_for(agency_of(officer), officer.pk):
        for member in {first.pk: first, last.pk: last}.values():
            values: dict[str, object] = {"answers_law_on": since} if member == last else {}
            if member == first:
                values |= {"reports_child_abuse": "yes", "reporting_basis": GROUND, "reporting_since_on": since}
            if member.acting is not None:
                change_duties(membership=member.acting, values=values, by=officer)


def _papers(vault: OpenVault, by: User, person: Person, today: dt.date) -> int:
    """A subpoena that is contested, or an order under which something is asked for; and the person's own words."""
    is_ordered = not LegalProcess.objects.exists()
    words = {"sender": "Invented & Invented, lawyers", "court": "Superior Court, 00-0000 (invented)"}
    process = open_process(
        vault=vault,
        person=person,
        kind=LegalProcess.Kind.COURT_ORDER if is_ordered else LegalProcess.Kind.SUBPOENA,
        received_on=today - dt.timedelta(days=3),
        due_on=today + dt.timedelta(days=4),
        values={**words, "asks_for": "Everything that is kept."},
        by=by,
    )
    note_telling(vault=vault, process=process, was_told=True, words="Here, with her own lawyer on the phone.", by=by)
    move, why = (Move.ORDER, "Judge Invented, after a hearing") if is_ordered else (Move.CONTEST, "Counsel has answered")
    step_process(vault=vault, process=process, move=move, reason=why, by=by)
    if is_ordered:
        said = "The name that she uses, and the languages that she speaks."
        fields = ["person.languages", "person.name"]
        ask_release(vault=vault, process=process, fields=fields, notes=[], words=said, by=by)
        text = "I never said that I would stay until summer."
        keep_statement(vault=vault, person=person, note=None, about="other", text=text, language="en", by=by)
    return 1


def _drill(vault: OpenVault, by: User) -> None:
    incident = open_incident(
        vault=vault,
        kind=Incident.Kind.LOST_DEVICE,
        reach=Incident.Reach.SEALED,
        found_at=timezone.now() - dt.timedelta(hours=2),
        about_people=None,
        is_drill=True,
        words="Drill: the tablet of the front desk is gone since lunch.",
        by=by,
    )
    step_incident(vault=vault, incident=incident, move=Move.CONTAIN, reason="Its session was ended.", by=by)
