"""What the pages of care in a case begin with: the case, the open vault, the person with their key, whose plan it is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from django.http import Http404
from django.utils import timezone

from waymark.access.guard import StaffRequest
from waymark.care.selectors.household import Member, household_of, people_of
from waymark.cases.models import Case
from waymark.cases.views.record import case_or_404
from waymark.people.models import Person
from waymark.people.selectors import OpenedPerson, opened_person, person_for, secret_of
from waymark.vault.selectors import OpenVault, RecordSecret, vault_in


@dataclass(frozen=True)
class Beside:
    """A case on somebody's screen. `vault`, `secret` and `opened` are there when all three are."""

    case: Case
    vault: OpenVault | None = field(repr=False)
    secret: RecordSecret | None = field(repr=False)
    opened: OpenedPerson | None = field(repr=False)

    def household(self, request: StaffRequest) -> list[Member]:
        """The person and their minor children; nobody while the vault is locked."""
        if self.vault is None or self.secret is None or self.opened is None:
            return []
        return household_of(self.opened, self.secret, vault=self.vault, to=request.user, on=timezone.localdate())


def beside(request: StaffRequest, pk: uuid.UUID) -> Beside:
    """The case at an address, or 404."""
    case = case_or_404(request, pk)
    vault = vault_in(request)
    secret = secret_of(vault, case.person) if vault is not None else None
    opened = opened_person(case.person, secret) if secret is not None else None
    return Beside(case, vault, secret, opened)


def reachable(request: StaffRequest, case: Case) -> list[uuid.UUID]:
    """Whose care can be reached from a case."""
    return people_of(case.person, to=request.user)


def member_or_404(request: StaffRequest, case: Case, pk: uuid.UUID) -> Person:
    """Somebody of the household of a case."""
    found = person_for(pk, to=request.user) if pk in reachable(request, case) else None
    if found is None:
        raise Http404
    return found
