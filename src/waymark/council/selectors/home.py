"""What the council has for somebody's home page, and what the search of the staff site may find of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Exists, OuterRef
from django.urls import reverse

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.council.models import CouncilReview, PaidTime, Recommendation, Voice
from waymark.council.policies import holds, reviews, seat_of
from waymark.council.policies.recommendations import visible as visible_recommendations
from waymark.council.selectors.reviews import reviews_for
from waymark.council.selectors.seats import holders_for
from waymark.pages.found import FoundRows, matching
from waymark.pages.lines import HomeCount, HomeRows, Line

State = CouncilReview.State
DETAIL = "council:review_detail"
WORD = "council"


def waiting_for(user: User, now: dt.datetime) -> list[Line]:
    """Reviews that wait for one's seat, for one's agency or for a second agency; time to approve; replies that are owed."""
    if not holds(user, Permission.COUNCIL_VIEW) or user.acting is None:
        return []
    if holds(user, Permission.COUNCIL_REVIEW_ANSWER):
        return _for_the_seated(user)
    own = CouncilReview.objects.filter(requested_for_id=user.acting.agency_id)
    lines: list[Line] = [
        HomeRows(
            own.filter(state__in=[State.CHANGES_ASKED, State.OBJECTION]),
            "The council does not endorse “{}” yet".format,
            DETAIL,
            WORD,
            "due_at",
            "title",
            is_due=True,
            is_dated=False,
        )
    ]
    if holds(user, Permission.COUNCIL_OVERRIDE_CONFIRM) and not user.acting.agency.is_host:
        asked = CouncilReview.objects.filter(reviews.WAITS_FOR_A_SECOND).exclude(requested_for_id=user.acting.agency_id)
        lines.append(
            HomeRows(asked, "Decide for your agency: go past the council on “{}”?".format, DETAIL, WORD, "due_at", "title")
        )
    if holds(user, Permission.COUNCIL_TIME_APPROVE):
        lines.append(
            HomeCount(
                holders_for(user).filter(times__state=PaidTime.State.ENTERED),
                "seat of the council has time to approve",
                "seats of the council have time to approve",
                reverse("council:desk"),
                WORD,
            )
        )
    if holds(user, Permission.COUNCIL_RECOMMENDATION_ANSWER):
        lines.append(
            HomeCount(
                Recommendation.objects.filter(
                    shown_at__isnull=False, owner_id=user.acting.agency_id, status=Recommendation.Status.NEW
                ),
                "recommendation of the council has no answer from your agency",
                "recommendations of the council have no answer from your agency",
                reverse("council:recommendation_list") + "?status=new&owner=mine",
                WORD,
            )
        )
    return lines


def _for_the_seated(user: User) -> list[Line]:
    seat = seat_of(user)
    if seat is None:
        return []
    spoken = Voice.objects.filter(review=OuterRef("pk"), round=OuterRef("round"), seat=seat)
    unsupported = Recommendation.objects.filter(shown_at__isnull=True).exclude(written_by=seat)
    return [
        HomeRows(
            CouncilReview.objects.filter(~Exists(spoken), state__in=CouncilReview.OPEN),
            "Read “{}”, and say what your seat says".format,
            DETAIL,
            WORD,
            "due_at",
            "title",
        ),
        HomeRows(
            unsupported,
            lambda _: "A recommendation needs a second seat",
            "council:recommendation_detail",
            WORD,
            "created_at",
            is_dated=False,
        ),
    ]


def search_for(user: User, words: Sequence[str]) -> list[FoundRows]:
    """Reviews by title and recommendations by their words, as far as one may see them."""
    if not holds(user, Permission.COUNCIL_VIEW):
        return []
    reviews_found = reviews_for(user).filter(matching(words, "title"))
    said = visible_recommendations(Recommendation.objects.all(), to=user).filter(matching(words, "text"))
    return [
        FoundRows(reviews_found, "Council review", DETAIL, "title", "kind__name"),
        FoundRows(said, "Recommendation", "council:recommendation_detail", "text", "said_by"),
    ]
