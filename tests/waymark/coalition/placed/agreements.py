"""Where the addresses of agreements lead: a draft that the coalition's office sees through."""

from __future__ import annotations

from typing import Any

from tests.factories.coalition import agreement_of
from tests.plugins.places import no_object, of_coalition

from waymark.access.permissions import Role
from waymark.coalition.models import Agreement, Annex

NOT_KEPT = {Role.OFFICER: "another agency sees this agreement through"}
NOT_SIGNED = dict.fromkeys((Role.ADVOCATE, Role.MEMBER, Role.OFFICER, Role.STEWARD), "the draft is another agency's")


def _draft(*, world: Any) -> Agreement:
    office = world.agencies["common"]
    owner = world.member_of(office, Role.COORDINATOR).acting
    return agreement_of(owner, office, world.agencies["second"], title="Invented promise")


def _agreement(world: Any) -> Agreement:
    made: Agreement = world.once(_draft, world=world)
    return made


def agreement(world: Any) -> dict[str, Any]:
    return {"pk": _agreement(world).pk}


def party(world: Any) -> dict[str, Any]:
    draft = _agreement(world)
    return {"pk": draft.pk, "party": draft.parties.get(agency=world.agencies["second"]).pk}


def step(world: Any) -> dict[str, Any]:
    return {"pk": _agreement(world).pk, "step": "send"}


def _annex(*, agreement: Agreement) -> Annex:
    return Annex.objects.create(agreement=agreement, kind="media", title="Invented annex", text="One office speaks.")


def annex(world: Any) -> dict[str, Any]:
    made = world.once(_annex, agreement=_agreement(world))
    return {"pk": made.agreement_id, "annex": made.pk}


PLACES = {
    "coalition:agreement_add": no_object(),
    "coalition:agreement_change": of_coalition(agreement, hidden_from=NOT_KEPT),
    "coalition:agreement_detail": of_coalition(agreement),
    "coalition:agreement_list": no_object(),
    "coalition:agreement_parties": of_coalition(agreement, hidden_from=NOT_KEPT),
    "coalition:agreement_party": of_coalition(party, hidden_from=NOT_SIGNED),
    "coalition:agreement_step": of_coalition(step, hidden_from=NOT_KEPT),
    "coalition:annex_add": of_coalition(agreement, hidden_from=NOT_KEPT),
    "coalition:annex_change": of_coalition(annex, hidden_from=NOT_KEPT),
}
