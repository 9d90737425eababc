"""The coalition's common work for tests: groups with people in them, voices, agreements, offers.

A group is open, lets nobody join unasked, and is empty unless the test gives it people.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from tests.factories.accounts import AgencyFactory, MembershipFactory

from waymark.access.context import acting_for
from waymark.accounts.models import Agency, Membership, User
from waymark.audit.models import Event
from waymark.coalition.actions.calendar import schedule_entry
from waymark.coalition.models import (
    Agreement,
    AgreementParty,
    Approval,
    CalendarEntry,
    GroupMember,
    Offer,
    Representative,
    Signatory,
    WorkingGroup,
)

LONG_AGO = dt.date(2021, 3, 1)


class WorkingGroupFactory(DjangoModelFactory[WorkingGroup]):
    class Meta:
        model = WorkingGroup

    name = factory.Sequence(lambda n: f"Invented group {n}")
    purpose = "To plan what nobody can do alone."


class GroupMemberFactory(DjangoModelFactory[GroupMember]):
    class Meta:
        model = GroupMember

    group = factory.SubFactory(WorkingGroupFactory)
    membership = factory.SubFactory(MembershipFactory)
    since = LONG_AGO


def voice(membership: Membership, deputy: Membership | None = None, **fields: Any) -> Representative:
    """`membership` speaks for its agency."""
    return Representative.objects.create(
        **{"agency": membership.agency, "membership": membership, "deputy": deputy, "since": LONG_AGO, **fields}
    )


def agreement_of(
    owner: Membership, *agencies: Agency, signed: bool = False, state: str = "draft", **fields: Any
) -> Agreement:
    """An agreement between `agencies`, each with one who signs, taken to `state` on the way that the database allows."""
    made = Agreement.objects.create(
        **{
            "title": "Invented agreement",
            "purpose": "Each calls the other first.",
            "owner": owner,
            "starts_on": dt.date(2026, 1, 1),
            "review_on": dt.date(2027, 1, 15),
            **fields,
        }
    )
    for agency in agencies:
        party = AgreementParty.objects.create(agreement=made, agency=agency)
        Signatory.objects.create(party=party, name=f"Pat of {agency.short_name}", office="Director")
    way = ["draft", "out", "in_force", "under_review"]
    for step in way[1 : way.index(state) + 1]:
        if step == "in_force" or (step == "out" and signed):
            made = _go(made, "out") if made.state == "draft" else made
            sign(made, by=owner)
        made = _go(made, step)
    return made


def _go(agreement: Agreement, state: str) -> Agreement:
    agreement.state = state
    agreement.save(update_fields=["state"])
    return agreement


def sign(agreement: Agreement, *, by: Membership) -> None:
    """Everybody who signs has signed, and everybody who approves has approved."""
    day = dt.date(2026, 1, 10)
    Signatory.objects.filter(party__agreement=agreement).update(signed_on=day, recorded_by=by)
    Approval.objects.filter(party__agreement=agreement).update(state="approved", decided_on=day, recorded_by=by)


class OfferFactory(DjangoModelFactory[Offer]):
    class Meta:
        model = Offer

    agency = factory.SubFactory(AgencyFactory)
    kind = Offer.Kind.ROOM.value
    title = factory.Sequence(lambda n: f"Invented room {n}")
    confirmed_on = factory.LazyFunction(timezone.localdate)


def act(by: User, action: Any, **arguments: Any) -> Any:
    """An action as the staff site runs it: in the signed context of the agency for which `by` acts."""
    assert by.acting is not None
    with acting_for(by.acting.agency_id, by.pk):
        return action(by=by, **arguments)


def told(*people: User) -> list[str]:
    """What the chains of these people's agencies say was done, oldest first."""
    found: dict[int, str] = {}
    for by in people:
        assert by.acting is not None
        with acting_for(by.acting.agency_id, by.pk):
            found |= dict(Event.objects.filter(chain=by.acting.agency_id).values_list("id", "verb"))
    return [found[number] for number in sorted(found)]


def calendar_entry(by: User, **fields: Any) -> CalendarEntry:
    """An entry on May 4, 2026 from ten to eleven in Los Angeles, for the whole coalition unless `fields` say otherwise."""
    start = dt.datetime(2026, 5, 4, 17, tzinfo=dt.UTC)
    values = {"kind": "event", "title": "Invented event", "time_zone": "America/Los_Angeles", "starts_at": start}
    values |= {"ends_at": fields.get("starts_at", start) + dt.timedelta(hours=1), **fields}
    by_hand = values.pop("by_hand", True)
    entry = schedule_entry(**values, by=by)
    if by_hand:
        entry.by_hand, entry.path = True, f"/calendar/{entry.pk}/"
        entry.save()
    return entry
