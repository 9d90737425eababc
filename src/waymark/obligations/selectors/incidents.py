"""Incidents: the list with its clocks, one of them, and whom it concerns."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.obligations.models import Incident, IncidentState, PersonReached
from waymark.obligations.policies.who import visible, visible_incidents

OPEN_STATES = (IncidentState.OPEN, IncidentState.CONTAINED)


def incidents_for(user: User) -> QuerySet[Incident]:
    """The agency's incidents, the newest first."""
    return visible_incidents(Incident.objects.select_related("made_by"), to=user).order_by("-found_at", "id")


def incident_for(pk: uuid.UUID, *, to: User) -> Incident | None:
    return incidents_for(to).filter(pk=pk).first()


def open_incidents(user: User) -> QuerySet[Incident]:
    return incidents_for(user).filter(state__in=OPEN_STATES)


def reached_in(incident: Incident, *, to: User) -> QuerySet[PersonReached]:
    """Whom it concerns, for advocates, as far as the people are open to them."""
    rows = PersonReached.objects.filter(incident=incident).select_related("person")
    return visible(rows, to=to, permission=Permission.OBLIGATIONS_RECORD_SHOW).order_by("made_at")


def untold_in(incident: Incident) -> int:
    """How many whom it concerns were not told yet, whoever asks."""
    rows = PersonReached.objects.filter(agency_id=incident.agency_id, incident=incident)
    return rows.filter(told_at__isnull=True, cannot_be_told=False).count()
