"""The line in the ledger: written before bytes leave, and if it cannot be written nothing leaves.

Whoever prints, exports, hands over or tells something about a person calls `record_disclosure` first, in the transaction of
the page that then gives the bytes. An error in it undoes the whole page (waymark.access).
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, transaction

from waymark.accounts.models import Agency, User
from waymark.audit.actions import record
from waymark.consent import policies
from waymark.consent.models import Basis, Disclosure, Method, Outside, Release
from waymark.people.formats.sealed import pack
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.vault.selectors import OpenVault, RecordSecret


def hash_of(content: bytes, *, vault: OpenVault) -> bytes:
    """What the ledger keeps of a content: a hash keyed by the agency's vault, so that nobody tries out what it was."""
    return vault.index("disclosure", hashlib.sha256(content).hexdigest())


@contextmanager
def in_words() -> Iterator[None]:
    """What ended a moment ago the database refuses when the line is written; it is said as the policy says it."""
    try:
        # A savepoint: after a refusal the page goes on in the same transaction, to say why.
        with transaction.atomic():
            yield
    except DatabaseError as error:
        reason = policies.REASONS.get(getattr(getattr(error.__cause__, "diag", None), "message_primary", None) or "")
        if reason is None:
            raise
        raise Refused(reason) from None


@transaction.atomic
def record_disclosure(
    *,
    by: User,
    person: Person | None,
    basis: str,
    method: str,
    fields: Sequence[str],
    recipient: Agency | str,
    content_hash: bytes,
    release: Release | None = None,
    records: Sequence[str] = (),
    process: uuid.UUID | None = None,
    details: Mapping[str, Any] | None = None,
    secret: RecordSecret | None = None,
) -> Disclosure:
    """Write the line for one act by which something leaves. Raises Refused, and then nothing may leave.

    `recipient` is a member agency, or a kind of outsider (`Outside`). `fields` are codes, never content, and so are
    `records`: which of them left, where the release names single ones. `content_hash` is
    that of `hash_of`, or SHA-256 over bytes that are sealed and so random. `details` (to whom exactly, why) are sealed with
    `secret`, the person's open key.
    """
    line = write_line(
        by=by,
        person=person,
        basis=basis,
        method=method,
        fields=fields,
        recipient=recipient,
        content_hash=content_hash,
        release=release,
        records=records,
        process=process,
        details=details,
        secret=secret,
    )
    record(verb="disclosure.recorded", by=by, kind="disclosure", about=line.pk, fields=line.fields, purpose=line.basis)
    return line


def write_line(
    *,
    by: User,
    person: Person | None,
    basis: str,
    method: str,
    fields: Sequence[str],
    recipient: Agency | str,
    content_hash: bytes,
    release: Release | None = None,
    records: Sequence[str] = (),
    process: uuid.UUID | None = None,
    details: Mapping[str, Any] | None = None,
    secret: RecordSecret | None = None,
) -> Disclosure:
    """The line alone, as a part of the act that tells."""
    agency = policies.must_disclose(by)
    pk = uuid.uuid4()
    sealed = None
    if details:
        if secret is None:
            raise ValueError("Details are sealed with the person's key.")
        sealed = secret.seal("consent_disclosure", "details", pk, pack(details))
    outside = "" if isinstance(recipient, Agency) else Outside(recipient).value
    line = Disclosure.objects.create(
        pk=pk,
        agency_id=agency,
        person=person,
        recipient=recipient if isinstance(recipient, Agency) else None,
        outside=outside,
        basis=Basis(basis),
        method=Method(method),
        fields=sorted(set(fields)),
        records=sorted(set(records)),
        content_hash=content_hash,
        release=release,
        process=process,
        details=sealed,
    )
    line.refresh_from_db(fields=["at", "by"])
    return line
