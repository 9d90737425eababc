"""Papers for a person: a line in the ledger before a byte of them leaves, in the same transaction, or there is no paper."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from waymark.accounts.models import User
from waymark.cases import policies
from waymark.cases.models import Case
from waymark.consent.actions import hash_of, record_disclosure
from waymark.consent.models import Basis, Disclosure, Method, Outside
from waymark.vault.selectors import OpenVault


@transaction.atomic
def print_for_person(*, vault: OpenVault, case: Case, fields: Sequence[str], content: bytes, by: User) -> Disclosure:
    """Write down that a paper goes to the person themselves: which parts of it, by code, and a keyed hash of the whole."""
    policies.must_work(by)
    return record_disclosure(
        by=by,
        person=case.person,
        basis=Basis.SURVIVOR_DELIVERED,
        method=Method.PRINT,
        fields=fields,
        recipient=Outside.SURVIVOR,
        content_hash=hash_of(content, vault=vault),
    )
