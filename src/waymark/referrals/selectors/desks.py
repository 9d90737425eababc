"""Who answers for which service: to whom one can refer, and what the own agency answers for."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from waymark.accounts.models import Agency, User
from waymark.accounts.policies.roles import CASE_KINDS
from waymark.directory.models import Service
from waymark.people.policies import agency_of
from waymark.referrals.models import Desk
from waymark.vault.selectors import OpenVault, PinState, partners_of


@dataclass(frozen=True)
class Provider:
    """One desk that can be chosen, or why it cannot be chosen yet."""

    desk: Desk
    is_compared: bool

    @property
    def label(self) -> str:
        return f"{self.desk.service.name}, {self.desk.agency.name}"


def desks(*, to: User, words: str = "") -> QuerySet[Desk]:
    """Desks of other agencies that serve people, by service and agency."""
    rows = Desk.objects.filter(agency__state=Agency.State.ACTIVE, agency__kind__in=CASE_KINDS)
    if words:
        rows = rows.filter(Q(service__name__icontains=words) | Q(agency__name__icontains=words))
    rows = rows.exclude(agency_id=agency_of(to)).select_related("agency", "service")
    return rows.order_by("service__name", "agency__name", "pk")


def providers(*, to: User, vault: OpenVault | None) -> list[Provider]:
    """To whom `to` could refer. Something can be sealed only to an agency whose words were compared."""
    compared = (
        {partner.agency.pk for partner in partners_of(vault) if partner.state is PinState.COMPARED} if vault else set()
    )
    return [Provider(desk, desk.agency_id in compared) for desk in desks(to=to)]


def own_desks(*, to: User, words: str = "") -> QuerySet[Desk]:
    """For what the agency of `to` answers."""
    rows = Desk.objects.filter(agency_id=agency_of(to)).select_related("service", "service__organization", "added_by")
    if words:
        rows = rows.filter(Q(service__name__icontains=words) | Q(service__organization__name__icontains=words))
    return rows.order_by("service__name", "pk")


def services_to_answer_for(*, to: User, words: str) -> QuerySet[Service]:
    """Listed services for which the agency does not answer yet."""
    own = Desk.objects.filter(agency_id=agency_of(to), service=OuterRef("pk"))
    rows = Service.objects.filter(~Exists(own)).select_related("organization").order_by("name", "pk")
    return rows.filter(Q(name__icontains=words) | Q(organization__name__icontains=words)) if words else rows


def service_names(services: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of services by id, in one query; a listing that is gone is left out."""
    return dict(Service.objects.filter(pk__in=set(services)).values_list("pk", "name"))
