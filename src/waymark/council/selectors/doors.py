"""Who may be told of a review or a recommendation: whoever may open its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waymark.accounts.models import User
from waymark.council.selectors.recommendations import recommendation_for
from waymark.council.selectors.reviews import review_for
from waymark.notices.policies import put_door


def _sees_review(user: User, arguments: Mapping[str, Any]) -> bool:
    return review_for(user, arguments["pk"]) is not None


def _sees_recommendation(user: User, arguments: Mapping[str, Any]) -> bool:
    return recommendation_for(user, arguments["pk"]) is not None


def put_doors() -> None:
    put_door("council:review_detail", _sees_review)
    put_door("council:recommendation_detail", _sees_recommendation)
