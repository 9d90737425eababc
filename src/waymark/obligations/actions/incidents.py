"""An incident: found, contained, told to those who must be told, closed. A drill does the same and tells nobody."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from waymark.access.permissions import Permission, Role
from waymark.access.sites import URLCONFS, Site
from waymark.accounts.models import Membership, User
from waymark.audit.actions import record
from waymark.law.policies.clocks import due_at
from waymark.notices.actions import notify
from waymark.obligations.actions.steps import write_step
from waymark.obligations.models import Incident, IncidentState, Move, PersonReached
from waymark.obligations.policies.who import must
from waymark.obligations.selectors.incidents import untold_in
from waymark.obligations.selectors.sealed import INCIDENT, secret_of_incident
from waymark.people.actions import open_person, write_row
from waymark.people.formats.sealed import pack
from waymark.people.models import Person
from waymark.people.policies import Refused, may_contact
from waymark.people.selectors import safe_ways
from waymark.vault.actions import new_record_key
from waymark.vault.selectors import OpenVault

KEEP = Permission.OBLIGATIONS_INCIDENT_KEEP
HERE = "here"
# Who hears at once that there is an incident.
KEEPERS = (Role.ADMINISTRATOR.value, Role.COORDINATOR.value, Role.OFFICER.value)


@transaction.atomic
def open_incident(
    *,
    vault: OpenVault | None,
    kind: str,
    reach: str,
    found_at: dt.datetime,
    about_people: int | None,
    is_drill: bool,
    words: str,
    by: User,
) -> Incident:
    """Write down that something got out. The clocks run from the hour in which it was found."""
    agency = must(by, KEEP)
    if words and vault is None:
        raise Refused("Words are kept sealed, and your vault is not open. Unlock it, or leave the words out.")
    here = timezone.localtime(found_at)
    incident = Incident(
        agency_id=agency,
        kind=kind,
        reach=reach,
        found_at=found_at,
        about_people=about_people,
        is_drill=is_drill,
        justice_due_at=due_at("doj_breach", here),
        people_due_at=due_at("civil_code_breach", here),
        made_by=by,
    )
    if vault is not None:
        secret = new_record_key(vault=vault, kind=INCIDENT, record=incident.pk)
        incident.sealed = secret.seal("obligations_incident", "sealed", incident.pk, pack({"text": words}))
    incident.save(force_insert=True)
    keepers = Membership.objects.filter(agency_id=agency, state="active", role__in=KEEPERS).select_related("user")
    page = reverse("obligations:incident_detail", args=[incident.pk], urlconf=URLCONFS[Site.STAFF])
    notify(to=keepers, kind="task.waits", path=page)
    record(verb="incident.opened", by=by, kind=INCIDENT, about=incident.pk, fields=("drill",) if is_drill else ())
    return incident


@transaction.atomic
def step_incident(*, vault: OpenVault | None, incident: Incident, move: str, reason: str, by: User) -> None:
    """Contain it, close it, or open it again. It closes when everybody was told who has to be."""
    must(by, KEEP)
    secret = secret_of_incident(vault, incident.pk) if vault is not None else None
    if reason and secret is None:
        raise Refused("Words are kept sealed, and this incident does not open with your key. Leave them out.")
    if move == Move.CLOSE:
        _must_be_done(incident)
    write_step(incident, move, reason, secret)
    record(verb="incident.moved", by=by, kind=INCIDENT, about=incident.pk)


def _must_be_done(incident: Incident) -> None:
    if incident.reach == Incident.Reach.UNKNOWN:
        raise Refused("First find out what was reached, and write it down.")
    if incident.is_drill:
        return
    if not incident.justice:
        raise Refused("First answer whether the grant office was told.")
    if untold_in(incident):
        raise Refused("Somebody whom it concerns was not told yet.")


@transaction.atomic
def correct_incident(*, incident: Incident, reach: str, about_people: int | None, justice: str, by: User) -> None:
    """Write down what was learned since: what was reached, how many, whether the grant office was told."""
    must(by, KEEP)
    held = Incident.objects.select_for_update().get(agency_id=incident.agency_id, pk=incident.pk)
    if held.state == IncidentState.CLOSED:
        raise Refused("It is closed. Open it again first.")
    if held.justice == Incident.Justice.TOLD and justice != held.justice:
        raise Refused("Who was told was told.")
    if justice != held.justice:
        held.justice_at = timezone.now() if justice else None
    held.reach, held.about_people, held.justice = reach, about_people, justice
    held.save(update_fields=["reach", "about_people", "justice", "justice_at"])
    record(verb="incident.corrected", by=by, kind=INCIDENT, about=incident.pk)


@transaction.atomic
def add_reached(*, vault: OpenVault, incident: Incident, person: Person, by: User) -> PersonReached:
    """Somebody whom it concerns."""
    must(by, Permission.OBLIGATIONS_RECORD_SHOW)
    if incident.is_drill:
        raise Refused("A drill is about nobody.")
    if PersonReached.objects.filter(agency_id=incident.agency_id, incident=incident, person=person).exists():
        raise Refused("They are on the list already.")
    secret = open_person(vault=vault, person=person, by=by)
    row = write_row(PersonReached, person=person, secret=secret, values={}, by=by, incident=incident)
    record(verb="incident.person_added", by=by, kind=INCIDENT, about=incident.pk)
    return row


@transaction.atomic
def tell_reached(*, vault: OpenVault, reached: PersonReached, way: str, words: str, by: User) -> None:
    """Write down that they were told: here, or by a way agreed for this hour. An empty way says that nobody can safely."""
    must(by, Permission.OBLIGATIONS_RECORD_SHOW)
    secret = open_person(vault=vault, person=reached.person, by=by)
    held = PersonReached.objects.select_for_update(of=("self",)).get(agency_id=reached.agency_id, pk=reached.pk)
    if held.told_at is not None:
        raise Refused("They were told already.")
    if way not in ("", HERE):
        ways = dict(safe_ways(reached.person, secret))
        agreed = ways.get(uuid.UUID(way))
        verdict = may_contact([agreed] if agreed else [], agreed.channel if agreed else "", timezone.now())
        if not verdict.is_ok:
            raise Refused(verdict.why)
    if not way and not words:
        raise Refused("Say why nobody can tell them safely.")
    held.told_at = timezone.now() if way else None
    held.cannot_be_told = not way
    held.sealed = secret.seal("obligations_personreached", "sealed", held.pk, pack({"way": way, "text": words}))
    held.save(update_fields=["told_at", "cannot_be_told", "sealed"])
    record(
        verb="incident.person_told" if way else "incident.person_unreachable", by=by, kind=INCIDENT, about=held.incident_id
    )
