"""Reads of agreements. Every member of the coalition may read them; who writes is the policy's to say."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, DateField, DurationField, ExpressionWrapper, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Lower

from waymark.accounts.models import Agency, Membership
from waymark.coalition.models import Agreement, AgreementParty, Approval, Signatory
from waymark.coalition.policies.agreements import LIVES
from waymark.coalition.policies.groups import people_there
from waymark.coalition.selectors.groups import voters_of

SOON = dt.timedelta(days=60)


def agreements_listed(
    *, on: dt.date, words: str = "", state: str = "", agency: uuid.UUID | None = None, due: str = ""
) -> QuerySet[Agreement]:
    """Agreements by title, the newest version first, each with its parties and how many of its signatures are there."""
    found = Agreement.objects.order_by(Lower("title"), "-version", "id")
    if words:
        found = found.filter(Q(title__icontains=words) | Q(purpose__icontains=words))
    if state:
        found = found.filter(state=state)
    if agency:
        found = found.filter(pk__in=AgreementParty.objects.filter(agency=agency).values("agreement_id"))
    if due == "over":
        found = found.filter(state__in=LIVES, review_on__lt=on)
    elif due == "soon":
        found = found.filter(state__in=LIVES, review_on__gte=on, review_on__lte=on + SOON)
    signatories = "parties__signatories"
    return found.annotate(
        asked=Count(signatories, distinct=True),
        signed=Count(signatories, filter=Q(parties__signatories__signed_on__isnull=False), distinct=True),
        names=ArraySubquery(in_order(AgreementParty.objects.filter(agreement=OuterRef("pk"))).values("agency__short_name")),
    )


def in_order(parties: QuerySet[AgreementParty]) -> QuerySet[AgreementParty]:
    """Parties by kind and name: the order of mention ranks nobody."""
    return parties.order_by("agency__kind", Lower("agency__name"))


def agreement_for(pk: uuid.UUID) -> Agreement | None:
    found = Agreement.objects.select_related("owner__user", "owner__agency", "group", "supersedes", "newer")
    return found.filter(pk=pk).first()


def parties_of(agreement: Agreement) -> list[AgreementParty]:
    """The parties with whoever signs for them and every body that has to approve."""
    signatories = Signatory.objects.order_by(Lower("name"), "id")
    approvals = Approval.objects.order_by(Lower("name"), "id")
    found = in_order(agreement.parties.select_related("agency", "agreement")).prefetch_related(
        Prefetch("signatories", queryset=signatories), Prefetch("approvals", queryset=approvals)
    )
    return list(found)


def party_of(agreement: Agreement, pk: uuid.UUID) -> AgreementParty | None:
    return next((party for party in parties_of(agreement) if party.pk == pk), None)


def missing_before_sending(agreement: Agreement, parties: list[AgreementParty]) -> list[str]:
    """What a draft lacks before it can go out, as sentences."""
    missing = []
    if len(parties) < 2:
        missing.append("Choose at least two parties.")
    missing += [f"{party.agency.short_name}: name who signs." for party in parties if not party.signatories.all()]
    if agreement.starts_on is None:
        missing.append("Give the first day.")
    if agreement.review_on is None:
        missing.append("Give the day of the review.")
    return missing


def missing_before_force(parties: list[AgreementParty]) -> list[str]:
    """Whose signature or approval is still missing, as sentences."""
    missing = []
    for party in parties:
        name = party.agency.short_name
        unsigned = [each.name for each in party.signatories.all() if each.signed_on is None]
        missing += [f"{name}: {each} has not signed." for each in unsigned]
        for approval in party.approvals.all():
            if approval.state == Approval.State.REFUSED:
                missing.append(f"{name}: {approval.name} refused. Take the agreement back to change it.")
            elif approval.state == Approval.State.WAITING:
                missing.append(f"{name}: {approval.name} has not decided.")
    return missing


def to_be_reminded(agreements: QuerySet[Agreement], on: dt.date) -> QuerySet[Agreement]:
    """Those whose review is to come, and so near that people are reminded of it."""
    lead = F("remind_days") * Value(dt.timedelta(days=1), output_field=DurationField())
    begins = ExpressionWrapper(F("review_on") - lead, output_field=DateField())
    return agreements.alias(begins=begins).filter(review_on__gt=on, begins__lte=on)


def who_is_reminded(agreement: Agreement) -> list[Membership]:
    """The owner, and whoever speaks for a party; each once, and only who may act now."""
    owner = people_there().filter(pk=agreement.owner_id).select_related("user", "agency")
    people = {each.pk: each for each in owner}
    for voters in voters_of(agreement.parties.values_list("agency_id", flat=True)).values():
        people |= {each.pk: each for each in voters}
    return list(people.values())


def agencies_to_choose() -> QuerySet[Agency]:
    """The agencies that can be a party, by kind and name."""
    return Agency.objects.filter(state=Agency.State.ACTIVE).order_by("kind", Lower("name"), "id")


def agreements_of(agency: Agency) -> QuerySet[Agreement]:
    """The agreements that bind an agency now."""
    mine = AgreementParty.objects.filter(agency=agency).values("agreement_id")
    return Agreement.objects.filter(pk__in=mine, state__in=LIVES).order_by(Lower("title"), "id")
