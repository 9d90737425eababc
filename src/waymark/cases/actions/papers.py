"""Papers for a person: told before a byte of them leaves, in the same transaction, or there is no paper."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.cases import policies
from waymark.cases.models import Case


@transaction.atomic
def print_for_person(*, case: Case, fields: Sequence[str], content_hash: bytes, by: User) -> None:
    """Tell that a paper was made for the person themselves: which parts of it, by code, never what they say."""
    policies.must_work(by)
    record(verb="paper.printed", by=by, kind="person", about=case.person_id, fields=tuple(fields))
