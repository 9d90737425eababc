"""Releases for tests: `a_release` makes rows whose sealed part nothing opens, `signed_release` walks the real actions.

Invariants: a release's person is of the agency that gives; whoever acts made it; what is active has a permit that says the
same, as the database demands.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils import timezone
from tests.factories.vault import Person as Member

from waymark.accounts.models import Agency
from waymark.consent.actions.packages import collected_under, seal_of, send_package
from waymark.consent.actions.releases import Terms, draft_release, sign_release
from waymark.consent.models import Release, ReleaseRecord, Signer
from waymark.disclosures.models import OutboxPacket, Permit
from waymark.people.formats.codes import new_code
from waymark.people.models import Person

SCOPES = ("person.languages", "person.name")


def a_draft(
    person: Person, recipient: Agency, *, named: Mapping[str, Sequence[Model]] | None = None, **fields: Any
) -> Release:
    """A draft with the person themselves as signer; of the scopes in `named` only these rows go."""
    now = timezone.now()
    values = {
        "code": new_code(),
        "purpose": "housing",
        "scopes": list(SCOPES),
        "starts_at": now - dt.timedelta(hours=1),
        "ends_at": now + dt.timedelta(days=29),
        "text_version": "test",
        "alternatives": ["wait"],
        "interpreter": "none",
        "sealed": os.urandom(160),
        "by_record": sorted(named or ()),
        **fields,
    }
    release = Release.objects.create(agency_id=person.agency_id, person=person, recipient=recipient, **values)
    Signer.objects.create(agency_id=person.agency_id, release=release, person=person, capacity="self")
    for scope, rows in (named or {}).items():
        for row in rows:
            name_record(release, scope, row)
    release.refresh_from_db()
    return release


def name_record(release: Release, scope: str, row: Model) -> ReleaseRecord:
    return ReleaseRecord.objects.create(
        agency_id=release.agency_id, release=release, scope=scope, record=row.pk, on=timezone.localdate()
    )


def signed(release: Release) -> Release:
    """The paper is there; nothing is shared yet."""
    release.state, release.evidence, release.told_at = Release.State.SIGNED, "paper", release.drafted_at
    release.save(update_fields=["state", "evidence", "told_at"])
    return release


def permit_for(release: Release, **changes: Any) -> Permit:
    values = {
        "recipient_id": release.recipient_id,
        "purpose": release.purpose,
        "fields": sorted(release.scopes),
        "starts_at": release.starts_at,
        "ends_at": release.ends_at,
        **changes,
    }
    return Permit.objects.create(agency_id=release.agency_id, **values)


def a_release(person: Person, recipient: Agency, **fields: Any) -> Release:
    """An active release whose sealed part nothing opens."""
    release = signed(a_draft(person, recipient, **fields))
    release.state, release.permit = Release.State.ACTIVE, permit_for(release)
    release.save(update_fields=["state", "permit"])
    release.refresh_from_db()
    return release


def terms_for(recipient: Agency, scopes: Sequence[str] = SCOPES, days: int = 30, **changes: Any) -> Terms:
    values: dict[str, Any] = {
        "recipient": recipient,
        "purpose": "housing",
        "scopes": scopes,
        "last_day": timezone.localdate() + dt.timedelta(days=days),
        "alternatives": ["wait"],
        "interpreter": "none",
        "language": "es",
        **changes,
    }
    return Terms(**values)


def signed_release(member: Member, person: Person, recipient: Agency, **changes: Any) -> Release:
    """What a worker and a survivor did together; inside the member's context."""
    draft = draft_release(vault=member.vault(), person=person, terms=terms_for(recipient, **changes), by=member.user)
    return sign_release(vault=member.vault(), release=draft, evidence="paper", place="Cabinet 2", by=member.user)


def sent_package(
    member: Member, release: Release, codes: Sequence[str] = SCOPES, page: uuid.UUID | None = None
) -> OutboxPacket:
    """Previewed and sent in one breath; inside the member's context."""
    vault, by = member.vault(), member.user
    seen = seal_of(collected_under(release, vault=vault, by=by).values, vault=vault)
    return send_package(vault=vault, release=release, page=page or uuid.uuid4(), codes=codes, seen=seen, by=by)
