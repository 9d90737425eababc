"""Reading sealed columns of this app under the key of the person, or of the incident."""

from __future__ import annotations

import uuid
from typing import Any

from waymark.obligations.models import Incident, Step
from waymark.people.formats.sealed import unpack
from waymark.vault.selectors import OpenVault, RecordSecret, secrets_of

INCIDENT = "incident"


def words_in(secret: RecordSecret | None, row: Any, column: str = "sealed") -> dict[str, Any]:
    """What a sealed column says; nothing where the key is not open or nothing was written."""
    value = getattr(row, column)
    if secret is None or value is None:
        return {}
    return unpack(secret.open(row._meta.db_table, column, row.pk, value))


def secret_of_incident(vault: OpenVault, incident: uuid.UUID) -> RecordSecret | None:
    """The open key of an incident, or None where it was written without a vault."""
    return secrets_of(vault, INCIDENT, [incident]).get(incident)


def steps_of(subject: Any, secret: RecordSecret | None) -> list[tuple[Step, str]]:
    """The steps of a process, a report or an incident, newest first, each with its reason where the key is open."""
    name = "incident" if isinstance(subject, Incident) else subject._meta.model_name.removeprefix("legal")
    name = name.removeprefix("mandated")
    rows = Step.objects.filter(agency_id=subject.agency_id, **{name: subject}).select_related("by").order_by("-at")
    return [(row, words_in(secret, row, "reason").get("text", "")) for row in rows]
