"""Whom the council's work concerns, told without content. A notice is a part of the act that it tells of."""

from __future__ import annotations

import uuid

from django.db.models import Q

from waymark.access.permissions import Role
from waymark.access.sites import staff_page
from waymark.accounts.models import Membership
from waymark.council.models import CouncilReview, Recommendation, SeatHolder
from waymark.council.policies.seats import the_council
from waymark.notices.actions import notify


def _open() -> Q:
    return Q(state=Membership.State.ACTIVE)


def notice_council(kind: str, path: str) -> None:
    """Everybody with the council's role where it is held. Who sits there is not read: that agency alone knows it."""
    council = the_council()
    if council is not None:
        notify(
            to=Membership.objects.filter(_open(), agency_id=council.held_by_id, role=Role.COUNCIL.value).select_related(
                "user"
            ),
            kind=kind,
            path=path,
        )


def notice_asked(review: CouncilReview) -> None:
    """The council is asked, or asked again."""
    notice_council("review.asked", staff_page("council:review_list"))


def notice_answered(review: CouncilReview) -> None:
    """Who asked, in the agency for which they asked."""
    asked = Membership.objects.filter(_open(), user_id=review.requested_by_id, agency_id=review.requested_for_id)
    notify(to=asked.select_related("user"), kind="review.answered", path=staff_page("council:review_detail", review.pk))


def notice_override_asked(review: CouncilReview) -> None:
    """Officers of the agencies that may confirm it, and the council."""
    officers = Membership.objects.filter(_open(), role=Role.OFFICER.value, agency__is_host=False)
    officers = officers.exclude(agency_id=review.requested_for_id)
    notify(to=officers.select_related("user"), kind="review.changed", path=staff_page("council:review_detail", review.pk))
    notice_council("review.changed", staff_page("council:review_list"))


def notice_override_decided(review: CouncilReview, asked_by: uuid.UUID | None) -> None:
    """Who asked for it, who asked the council, and the council."""
    path = staff_page("council:review_detail", review.pk)
    if asked_by is not None:
        chair = Membership.objects.filter(_open(), user_id=asked_by, role=Role.COORDINATOR.value)
        notify(to=chair.select_related("user"), kind="review.changed", path=path)
    notice_answered(review)
    notice_council("review.changed", staff_page("council:review_list"))


def notice_time_changed(holder: SeatHolder) -> None:
    notify(
        to=Membership.objects.filter(_open(), pk=holder.membership_id).select_related("user"),
        kind="council_time.changed",
        path=staff_page("council:my_time"),
    )


def notice_recommended(recommendation: Recommendation) -> None:
    """The coordinator finds an owner for what is the council's now."""
    coordinators = Membership.objects.filter(_open(), role=Role.COORDINATOR.value)
    notify(
        to=coordinators.select_related("user"),
        kind="recommendation.changed",
        path=staff_page("council:recommendation_detail", recommendation.pk),
    )


def notice_replied(recommendation: Recommendation) -> None:
    notice_council("recommendation.reply", staff_page("council:recommendation_detail", recommendation.pk))
