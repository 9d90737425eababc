"""What the council recommends, and what the coalition answers."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import Agency, User
from waymark.audit.actions import record
from waymark.council.actions.noticing import notice_recommended, notice_replied
from waymark.council.models import Recommendation
from waymark.council.policies import Refused, recommendations

THE_COUNCIL = "The survivor council of this coalition"


@transaction.atomic
def write_recommendation(*, text: str, by: User) -> Recommendation:
    """Write down a recommendation. It is shown when another seat supports it."""
    seat = recommendations.must_write(by)
    made = Recommendation.objects.create(
        text=text, said_by=THE_COUNCIL, said_in=f"{timezone.localdate():%B %Y}", written_by=seat
    )
    record(verb="recommendation.written", by=by, kind="recommendation", about=made.pk)
    return made


@transaction.atomic
def support_recommendation(*, recommendation: Recommendation, by: User) -> Recommendation:
    """Support what another seat wrote: from now on it is the council's, and everybody reads it."""
    recommendation = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    recommendation.supported_by = recommendations.must_support(by, recommendation)
    recommendation.shown_at = timezone.now()
    recommendation.save(update_fields=["supported_by", "shown_at"])
    record(verb="recommendation.supported", by=by, kind="recommendation", about=recommendation.pk)
    notice_recommended(recommendation)
    return recommendation


@transaction.atomic
def reply_to_recommendation(
    *, recommendation: Recommendation, owner: Agency | None, status: str, reply: str, by: User
) -> Recommendation:
    """Say whose it is, how it stands, and what the owner replies. Only the coordinator changes the owner."""
    recommendation = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    recommendations.must_reply(by, recommendation)
    if recommendations.may_give(by, recommendation):
        recommendation.owner = owner
    if status != Recommendation.Status.NEW and recommendation.owner is None:
        raise Refused("Say first which agency owns it.")
    if status == Recommendation.Status.DECLINED and not reply.strip():
        raise Refused("Say why it is declined. The council and the public read it.")
    recommendation.status, recommendation.reply = status, reply.strip()
    recommendation.replied_at = timezone.now() if recommendation.reply else None
    recommendation.save(update_fields=["owner", "status", "reply", "replied_at"])
    record(verb="recommendation.answered", by=by, kind="recommendation", about=recommendation.pk)
    notice_replied(recommendation)
    return recommendation
