"""Writing the draft of an agreement: its words, parties, who signs, who approves, annexes.

Each act locks the agreement's row, so that nobody changes what another is sending out.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction

from waymark.accounts.models import Agency, User
from waymark.audit.actions import record
from waymark.coalition.models import Agreement, AgreementParty, Annex, Approval, Signatory
from waymark.coalition.policies import Refused
from waymark.coalition.policies import agreements as policies

DRAFT_FIELDS = ("title", "purpose", "group", "starts_on", "ends_on", "review_on", "remind_days", "paper_kept")
ANNEX_FIELDS = ("kind", "title", "text", "paper_kept")


def tell(verb: str, agreement: Agreement, by: User, fields: Collection[str] = ()) -> None:
    record(verb=verb, by=by, kind="agreement", about=agreement.pk, fields=sorted(fields))


def locked(agreement: Agreement) -> Agreement:
    found = Agreement.objects.select_for_update(of=("self",)).select_related("owner__agency")
    fresh = found.filter(pk=agreement.pk).first()
    if fresh is None:
        raise Refused("This draft was discarded meanwhile.")
    return fresh


def party_again(party: AgreementParty) -> AgreementParty:
    """The party as it stands now, under the lock of its agreement; what a page has read before may be old."""
    fresh = AgreementParty.objects.select_related("agreement__owner", "agency").filter(pk=party.pk).first()
    if fresh is None:
        raise Refused("This agency is no party any more.")
    return fresh


def _set(agreement: Agreement, values: Mapping[str, object]) -> list[str]:
    changed = [name for name in DRAFT_FIELDS if name in values and getattr(agreement, name) != values[name]]
    for name in changed:
        setattr(agreement, name, values[name])
    if not agreement.title.strip() or not agreement.purpose.strip():
        raise Refused("Give the agreement a title and say what it is about.")
    begins, ends, review = agreement.starts_on, agreement.ends_on, agreement.review_on
    if ends is not None and (begins is None or ends < begins):
        raise Refused("The last day comes after a first day.")
    if review is not None and begins is not None and review < begins:
        raise Refused("The review comes after the first day.")
    return changed


@transaction.atomic
def draft_agreement(*, values: Mapping[str, object], by: User) -> Agreement:
    acting = policies.must_draft(by)
    agreement = Agreement(owner=acting)
    changed = _set(agreement, values)
    agreement.save(force_insert=True)
    tell("agreement.drafted", agreement, by, changed)
    return agreement


@transaction.atomic
def change_draft(*, agreement: Agreement, values: Mapping[str, object], by: User) -> Agreement:
    fresh = locked(agreement)
    policies.must_change_draft(by, fresh)
    changed = _set(fresh, values)
    if changed:
        fresh.save(update_fields=changed)
        tell("agreement.changed", fresh, by, changed)
    return fresh


@transaction.atomic
def choose_parties(*, agreement: Agreement, agencies: Sequence[Agency], by: User) -> Agreement:
    """These agencies are the parties. Who is left out goes with whoever would have signed for them."""
    fresh = locked(agreement)
    policies.must_change_draft(by, fresh)
    wanted = {agency.pk for agency in agencies if agency.state == Agency.State.ACTIVE}
    here = set(fresh.parties.values_list("agency_id", flat=True))
    if wanted != here:
        fresh.parties.exclude(agency__in=wanted).delete()
        AgreementParty.objects.bulk_create(AgreementParty(agreement=fresh, agency_id=each) for each in wanted - here)
        tell("agreement.parties_chosen", fresh, by, ["parties"])
    return fresh


@transaction.atomic
def name_signers(
    *, party: AgreementParty, signatories: Sequence[tuple[str, str]], approvals: Sequence[tuple[str, str]], by: User
) -> AgreementParty:
    """Say who signs for a party (name, office), and which bodies approve (kind, name). What is not named again goes."""
    fresh = locked(party.agreement)
    policies.must_change_draft(by, fresh)
    if any(not name.strip() or not office.strip() for name, office in signatories):
        raise Refused("Give the name and the office of whoever signs.")
    if any(kind not in Approval.Body.values or not name.strip() for kind, name in approvals):
        raise Refused("Give the kind and the name of the body.")
    if len({name.casefold() for _, name in approvals}) < len(approvals):
        raise Refused("One body stands here twice.")
    party = party_again(party)
    is_new = _keep_signatories(party, set(signatories))
    is_new |= _keep_approvals(party, set(approvals))
    if is_new:
        tell("agreement.signers_named", fresh, by, ["approvals", "signatories"])
    return party


def _keep_signatories(party: AgreementParty, wanted: set[tuple[str, str]]) -> bool:
    here = {(each.name, each.office): each.pk for each in party.signatories.all()}
    gone, new = here.keys() - wanted, wanted - here.keys()
    Signatory.objects.filter(pk__in=[here[key] for key in gone]).delete()
    Signatory.objects.bulk_create(Signatory(party=party, name=name, office=office) for name, office in new)
    return bool(gone or new)


def _keep_approvals(party: AgreementParty, wanted: set[tuple[str, str]]) -> bool:
    here = {(each.kind, each.name): each.pk for each in party.approvals.all()}
    gone, new = here.keys() - wanted, wanted - here.keys()
    Approval.objects.filter(pk__in=[here[key] for key in gone]).delete()
    Approval.objects.bulk_create(Approval(party=party, kind=kind, name=name) for kind, name in new)
    return bool(gone or new)


@transaction.atomic
def save_annex(*, agreement: Agreement, values: Mapping[str, str], pk: uuid.UUID | None = None, by: User) -> Annex:
    """Add an annex to a draft, or change one."""
    fresh = locked(agreement)
    policies.must_change_draft(by, fresh)
    annex = fresh.annexes.filter(pk=pk).first() if pk else Annex(agreement=fresh)
    if annex is None:
        raise Refused("This annex was taken out meanwhile.")
    for name in ANNEX_FIELDS:
        setattr(annex, name, values[name])
    if not annex.text.strip() and not annex.paper_kept.strip():
        raise Refused("Write the annex's words, or say where the paper is kept.")
    annex.save()
    tell("agreement.annex_saved", fresh, by, ANNEX_FIELDS)
    return annex


@transaction.atomic
def remove_annex(*, annex: Annex, by: User) -> None:
    fresh = locked(annex.agreement)
    policies.must_change_draft(by, fresh)
    fresh.annexes.filter(pk=annex.pk).delete()
    tell("agreement.annex_removed", fresh, by)


@transaction.atomic
def discard_draft(*, agreement: Agreement, by: User) -> None:
    """A draft that nobody signed leaves nothing behind but the line that it was discarded."""
    fresh = locked(agreement)
    policies.must_step(by, fresh, "discard")
    tell("agreement.discarded", fresh, by)
    fresh.delete()
