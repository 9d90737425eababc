"""Verifying a chain and keeping what was found, so that the people whose chain it is can see when it was last whole."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.utils import timezone

from waymark.access.context import acting_for
from waymark.audit.models import SYSTEM, Verification
from waymark.audit.selectors import Problem, head_of, problems_of


def verify_chain(
    chain: uuid.UUID, *, known: tuple[int, bytes] | None = None, progress: Callable[[int], None] | None = None
) -> list[Problem]:
    """Compute every link of `chain` again; the problems are returned, and kept for the audit page."""
    at = timezone.now()
    head = head_of(chain)
    found = list(problems_of(chain, known=known, progress=progress))
    with acting_for(chain, SYSTEM):
        first = f"number {found[0].sequence}: {found[0].what}"[:200] if found else ""
        Verification.objects.bulk_create(
            [Verification(chain=chain, at=at, events=head[0] if head else 0, problems=len(found), first_problem=first)]
        )
    return found
