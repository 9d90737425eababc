"""The one event about each act, in the chain of the agency that acts. Nothing is told to the other agency's chain."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.disclosures.policies import agency_of


def tell(verb: str, kind: str, about: uuid.UUID, by: User, *, fields: Sequence[str] = (), purpose: str = "") -> None:
    record(
        verb=verb,
        by=str(by.pk),
        role=by.role,
        chain=agency_of(by),
        kind=kind,
        about=about,
        fields=fields,
        purpose=purpose,
    )
