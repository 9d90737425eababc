"""Services of a person, opened for one page, and their sums for the head of the list."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from waymark.accounts.models import User
from waymark.care.formats.taxonomies import NotInTaxonomy, ServiceKind, taxonomy, versions
from waymark.care.models import Service
from waymark.care.policies import visible
from waymark.people.models import Person
from waymark.people.selectors.opened import opened_row
from waymark.vault.selectors import RecordSecret


@dataclass(frozen=True)
class OpenedService:
    row: Service
    kind: ServiceKind | None
    note: str = field(repr=False)

    @property
    def label(self) -> str:
        return self.kind.label if self.kind is not None else self.row.code

    @property
    def amount(self) -> str:
        """`45 minutes`, `3 nights`, or nothing where neither says anything."""
        said = []
        if self.row.minutes:
            said.append(f"{self.row.minutes} minutes")
        if self.row.units > 1 or (self.kind is not None and self.kind.unit != "times"):
            unit = self.kind.unit if self.kind is not None else "times"
            said.append(f"{self.row.units} {unit if self.row.units != 1 else unit.removesuffix('s')}")
        if self.row.household > 1:
            said.append(f"for {self.row.household} people")
        return ", ".join(said)


def kind_of(row: Service) -> ServiceKind | None:
    """What was recorded, by the version it was recorded by."""
    try:
        return taxonomy(row.taxonomy).kind(row.code)
    except NotInTaxonomy:
        return None


def services_of(person: Person, *, to: User, state: str = "", words: str = "") -> QuerySet[Service]:
    """The services of a person that were not taken out, the newest first."""
    rows = visible(Service.objects.filter(person=person, voided_at__isnull=True), to=to).select_related("made_by")
    if state in Service.State.values:
        rows = rows.filter(state=state)
    if words:
        rows = rows.filter(code__in=codes_like(words))
    return rows.order_by("-on", "-made_at")


def codes_like(words: str) -> list[str]:
    """The codes of every version whose name holds the words."""
    wanted = words.casefold().split()
    kinds = [kind for version in versions() for kind in taxonomy(version).kinds.values()]
    return sorted({kind.code for kind in kinds if all(word in kind.label.casefold() for word in wanted)})


def service_for(pk: uuid.UUID, *, person: Person, to: User) -> Service | None:
    """One service of a person, or None."""
    return services_of(person, to=to).select_related("person").filter(pk=pk).first()


def opened_services(rows: Iterable[Service], secret: RecordSecret) -> list[OpenedService]:
    """Services with what was noted beside them."""
    found: list[OpenedService] = []
    for row in rows:
        facts: dict[str, Any] = opened_row(row, secret)
        found.append(OpenedService(row, kind_of(row), str(facts.get("note", ""))))
    return found
