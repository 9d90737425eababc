"""The life of an agreement after its draft: out for signature, in force, reviewed, replaced, ended.

The database checks each step once more (migrations/sql/agreements.sql); what is refused here is refused with its reason.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.coalition.actions.agreements import locked, party_again, tell
from waymark.coalition.actions.calendar import cancel_entry, change_entry, schedule_entry
from waymark.coalition.models import Agreement, AgreementParty, Annex, Approval, CalendarEntry, Signatory
from waymark.coalition.policies import Refused
from waymark.coalition.policies import agreements as policies
from waymark.coalition.selectors.agreements import (
    missing_before_force,
    missing_before_sending,
    parties_of,
    who_is_reminded,
)
from waymark.coalition.selectors.calendar import region_zone
from waymark.coalition.selectors.paths import staff_path
from waymark.notices.actions import notify

State = Agreement.State


def _begin(agreement: Agreement, step: str, by: User) -> Agreement:
    fresh = locked(agreement)
    policies.must_step(by, fresh, step)
    return fresh


def put_review(agreement: Agreement) -> None:
    """The day of the review stands in the calendar as long as the agreement lives."""
    if agreement.state not in policies.LIVES:
        if agreement.entry is not None:
            cancel_entry(entry=agreement.entry)
        return
    day, zone = agreement.review_on, region_zone()
    if day is None:
        return
    begin = dt.datetime.combine(day, dt.time(), tzinfo=zone)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    if agreement.entry is not None:
        change_entry(entry=agreement.entry, starts_at=begin, ends_at=end, all_day=True)
        return
    agreement.entry = schedule_entry(
        kind=CalendarEntry.Kind.REVIEW,
        title=f"Review: {agreement.title}",
        group=agreement.group,
        path=staff_path("agreement_detail", agreement.pk),
        all_day=True,
        time_zone=zone.key,
        starts_at=begin,
        ends_at=end,
    )
    agreement.save(update_fields=["entry"])


def _notify_parties(agreement: Agreement, kind: str) -> None:
    notify(to=who_is_reminded(agreement), kind=kind, path=staff_path("agreement_detail", agreement.pk))


def _go(agreement: Agreement, state: str, **more: object) -> None:
    agreement.state = state
    for name, value in more.items():
        setattr(agreement, name, value)
    agreement.save(update_fields=["state", *more])


@transaction.atomic
def send_out(*, agreement: Agreement, by: User) -> Agreement:
    """From now its words stand still, and the parties sign."""
    fresh = _begin(agreement, "send", by)
    missing = missing_before_sending(fresh, parties_of(fresh))
    if missing:
        raise Refused(" ".join(missing))
    _go(fresh, State.OUT)
    tell("agreement.sent_out", fresh, by, ["state"])
    _notify_parties(fresh, "agreement.ask_to_sign")
    return fresh


@transaction.atomic
def take_back(*, agreement: Agreement, by: User) -> Agreement:
    """Back to the draft. What was signed was another text, so signatures and approvals are gone."""
    fresh = _begin(agreement, "take-back", by)
    signed = Signatory.objects.filter(party__agreement=fresh, signed_on__isnull=False)
    signed.update(signed_on=None, recorded_by=None)
    decided = Approval.objects.filter(party__agreement=fresh).exclude(state=Approval.State.WAITING)
    decided.update(state=Approval.State.WAITING, decided_on=None, recorded_by=None)
    _go(fresh, State.DRAFT)
    tell("agreement.taken_back", fresh, by, ["state", "signatures"])
    _notify_parties(fresh, "agreement.changed")
    return fresh


@transaction.atomic
def record_signatures(
    *,
    party: AgreementParty,
    signed: Mapping[uuid.UUID, dt.date | None],
    decided: Mapping[uuid.UUID, tuple[str, dt.date | None]],
    by: User,
) -> AgreementParty:
    """What stands on the paper of one party: the day of each signature, and what each body decided when."""
    locked(party.agreement)
    party = party_again(party)
    acting = policies.must_record_signatures(by, party)
    days = [day for day in signed.values() if day] + [day for _, day in decided.values() if day]
    if any(day > timezone.localdate() for day in days):
        raise Refused("A day that has not come yet is no day of a signature.")
    changed = set()
    for signatory in party.signatories.all():
        day = signed.get(signatory.pk, signatory.signed_on)
        if day != signatory.signed_on:
            signatory.signed_on, signatory.recorded_by = day, acting if day else None
            signatory.save(update_fields=["signed_on", "recorded_by"])
            changed.add("signed_on")
    for approval in party.approvals.all():
        state, day = decided.get(approval.pk, (approval.state, approval.decided_on))
        if (state == Approval.State.WAITING) != (day is None):
            raise Refused("A decision has a day; what is not decided has none.")
        if (state, day) != (approval.state, approval.decided_on):
            approval.state, approval.decided_on, approval.recorded_by = state, day, acting if day else None
            approval.save(update_fields=["state", "decided_on", "recorded_by"])
            changed.add("approval")
    if changed:
        tell("agreement.signatures_recorded", party.agreement, by, changed)
    return party


@transaction.atomic
def enter_force(*, agreement: Agreement, by: User) -> Agreement:
    """It binds. The version that it replaces, if it still ran, is over from today."""
    fresh = _begin(agreement, "enter-force", by)
    missing = missing_before_force(parties_of(fresh))
    if missing:
        raise Refused(" ".join(missing))
    today = timezone.localdate()
    if fresh.ends_on is not None and fresh.ends_on < today:
        raise Refused("Its last day has passed. Take it back and give it another.")
    _go(fresh, State.IN_FORCE)
    put_review(fresh)
    older = Agreement.objects.select_for_update().filter(newer=fresh, state__in=policies.LIVES).first()
    if older is not None:
        _go(older, State.SUPERSEDED, ended_on=today)
        put_review(older)
    tell("agreement.entered_force", fresh, by, ["state"])
    _notify_parties(fresh, "agreement.changed")
    return fresh


@transaction.atomic
def begin_review(*, agreement: Agreement, by: User) -> Agreement:
    """The parties look at it again. It still binds."""
    fresh = _begin(agreement, "review", by)
    _go(fresh, State.UNDER_REVIEW)
    tell("agreement.review_begun", fresh, by, ["state"])
    _notify_parties(fresh, "agreement.changed")
    return fresh


@transaction.atomic
def renew(*, agreement: Agreement, review_on: dt.date, by: User) -> Agreement:
    """The parties keep it as it is; here is the day on which they look again."""
    fresh = _begin(agreement, "renew", by)
    if review_on <= timezone.localdate():
        raise Refused("The next review is on a day to come.")
    if fresh.ends_on is not None and review_on > fresh.ends_on:
        raise Refused("The agreement ends before that day. Begin a new version to let it run longer.")
    _go(fresh, State.IN_FORCE, review_on=review_on)
    put_review(fresh)
    tell("agreement.renewed", fresh, by, ["review_on", "state"])
    return fresh


@transaction.atomic
def end_agreement(*, agreement: Agreement, by: User) -> Agreement:
    fresh = _begin(agreement, "end", by)
    _go(fresh, State.ENDED, ended_on=timezone.localdate())
    put_review(fresh)
    tell("agreement.ended", fresh, by, ["state"])
    _notify_parties(fresh, "agreement.changed")
    return fresh


@transaction.atomic
def take_over(*, agreement: Agreement, by: User) -> Agreement:
    """Be the one who sees it through and is reminded: somebody of its agency, when the owner has left."""
    fresh = _begin(agreement, "take-over", by)
    acting = policies.must_draft(by)
    if fresh.owner_id != acting.pk:
        fresh.owner = acting
        fresh.save(update_fields=["owner"])
        tell("agreement.taken_over", fresh, by, ["owner"])
    return fresh


@transaction.atomic
def begin_version(*, agreement: Agreement, by: User) -> Agreement:
    """A draft with the same words, parties, signatories and annexes, without signatures. The old version runs on."""
    fresh = _begin(agreement, "new-version", by)
    if Agreement.objects.filter(supersedes=fresh).exists():
        raise Refused("A newer version is being written already.")
    made = Agreement.objects.create(
        title=fresh.title,
        purpose=fresh.purpose,
        version=fresh.version + 1,
        supersedes=fresh,
        group=fresh.group,
        owner=fresh.owner,
        remind_days=fresh.remind_days,
    )
    for party in parties_of(fresh):
        copy = AgreementParty.objects.create(agreement=made, agency=party.agency)
        Signatory.objects.bulk_create(
            Signatory(party=copy, name=each.name, office=each.office) for each in party.signatories.all()
        )
        Approval.objects.bulk_create(Approval(party=copy, kind=each.kind, name=each.name) for each in party.approvals.all())
    Annex.objects.bulk_create(
        Annex(agreement=made, kind=each.kind, title=each.title, text=each.text, paper_kept=each.paper_kept)
        for each in fresh.annexes.all()
    )
    tell("agreement.version_begun", made, by)
    return made
