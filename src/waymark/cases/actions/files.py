"""Adding, taking out and removing the files of a case."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.cases.actions.opening import open_key_of
from waymark.cases.formats.file_kinds import CleanFile
from waymark.cases.models import Case, CaseFile
from waymark.cases.selectors.files import OpenedFile, open_content, opened_file
from waymark.consent.actions.ledger import hash_of, write_line
from waymark.consent.models import Basis, Method, Outside
from waymark.people.formats.sealed import pack
from waymark.people.policies import Refused
from waymark.vault.selectors import OpenVault

MOST_FILES = 200


@transaction.atomic
def add_file(*, vault: OpenVault, case: Case, called: str, file: CleanFile, by: User) -> CaseFile:
    """Keep a cleaned file, sealed. Raises Refused for a case that is full or does not open."""
    secret = open_key_of(vault=vault, case=case, by=by)
    if CaseFile.objects.filter(agency_id=case.agency_id, case=case, removed_at__isnull=True).count() >= MOST_FILES:
        raise Refused(f"A case keeps at most {MOST_FILES} files. Remove what is not needed any more.")
    pk = uuid.uuid4()
    facts = {"called": called, "media_type": file.media_type, "pages": file.pages, "size": len(file.content)}
    row = CaseFile.objects.create(
        pk=pk,
        agency_id=case.agency_id,
        case=case,
        facts=secret.seal("cases_casefile", "facts", pk, pack(facts)),
        content=secret.seal("cases_casefile", "content", pk, file.content),
        added_by=by,
    )
    record(verb="case_file.added", by=by, kind="case_file", about=pk)
    return row


@transaction.atomic
def take_file_out(*, vault: OpenVault, case: Case, file: CaseFile, for_whom: str, by: User) -> tuple[OpenedFile, bytes]:
    """Give a file out in the open. The line of the ledger is written first: without it there are no bytes."""
    secret = open_key_of(vault=vault, case=case, by=by)
    opened, content = opened_file(file, secret), open_content(file, secret)
    is_theirs = for_whom == Outside.SURVIVOR
    write_line(
        by=by,
        person=case.person,
        basis=Basis.SURVIVOR_DELIVERED if is_theirs else Basis.INTERNAL,
        method=Method.FILE,
        fields=["file"],
        recipient=Outside.SURVIVOR if is_theirs else Outside.OWN_AGENCY,
        content_hash=hash_of(content, vault=vault),
    )
    record(verb="case_file.taken_out", by=by, kind="case_file", about=file.pk)
    return opened, content


@transaction.atomic
def remove_file(*, vault: OpenVault, case: Case, file: CaseFile, by: User) -> None:
    """Remove the content of a file; that it was there, who added it and who removed it stays."""
    open_key_of(vault=vault, case=case, by=by)
    rows = CaseFile.objects.select_for_update().filter(agency_id=case.agency_id, case=case, removed_at__isnull=True)
    if not rows.filter(pk=file.pk).exists():
        raise Refused("A colleague has removed this file meanwhile.")
    CaseFile.objects.filter(agency_id=case.agency_id, pk=file.pk).update(
        content=b"", removed_at=timezone.now(), removed_by=by
    )
    record(verb="case_file.removed", by=by, kind="case_file", about=file.pk)
