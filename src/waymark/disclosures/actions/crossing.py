"""The three ways through the wall, called by name. What they refuse becomes a reason that a person can read."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import DatabaseError, connection, transaction

from waymark.disclosures.policies import Refused

REFUSED = "WD001"


def deliver(packet: uuid.UUID) -> str:
    """Hand a frozen packet over: `delivered`, or `repeated` when that was done before. Raises Refused."""
    return _call("SELECT disclosures.deliver(%s)", packet)


def recall(packet: uuid.UUID) -> str:
    """Take a packet back: `stopped`, `recalled`, `recalled_after_reading` or `repeated`. Raises Refused."""
    return _call("SELECT disclosures.recall(%s)", packet)


def acknowledge(sender: uuid.UUID, packet: uuid.UUID) -> str:
    """Tell the sender that it was opened: `read`, `repeated`, `recalled` or `expired`. Raises Refused."""
    return _call("SELECT disclosures.acknowledge(%s, %s)", sender, packet)


def _call(statement: str, *ids: uuid.UUID) -> str:
    verdict: str = asked(statement, *ids)[0][0]
    return verdict


def asked(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a function of the database answers that moves something for two agencies. Raises Refused for its refusals."""
    try:
        # A savepoint: after a refusal the page goes on in the same transaction, to say why.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
    except DatabaseError as error:
        cause = error.__cause__
        if getattr(cause, "sqlstate", None) != REFUSED:
            raise
        raise Refused(str(cause.diag.message_primary)) from None  # type: ignore[union-attr]
    return rows
