"""Packets that have reached their last day lose their content, whether or not anybody looks at them again."""

from __future__ import annotations

import uuid

from django.db import connection, transaction

from waymark.access.context import acting_for
from waymark.audit.actions import record
from waymark.audit.models import SYSTEM

PURGES = "system:expired-packets"


@transaction.atomic
def purge_expired(*, agency_id: uuid.UUID, by: str = PURGES) -> int:
    """Empty what came in for one agency and has expired, and stop what it never sent in time; gives how many packets."""
    with acting_for(agency_id, SYSTEM):
        with connection.cursor() as cursor:
            cursor.execute("SELECT disclosures.purge() + disclosures.purge_carried()")
            gone: int = cursor.fetchone()[0]
        if gone:
            record(verb="packets.purged", by=by, chain=agency_id, kind="agency", about=agency_id, fields=["sealed"])
        return gone
