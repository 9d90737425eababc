"""Writing up the results of an operation. All that follows is the newsroom's: checks, council, second person, moment."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from waymark.accounts.models import User
from waymark.accounts.policies import Refused
from waymark.newsroom import policies as newsroom
from waymark.newsroom.actions import corrections, press
from waymark.newsroom.models import PressItem, Wording
from waymark.operations import policies
from waymark.operations.models import Operation
from waymark.operations.selectors.publication import first_public_day, publication_of, result_of

NOT_OVER = "The agency that led an operation writes up its results when it is over."
NO_COUNTS = "Enter what was announced first, even if that is only that no number was published."


def draft_publication(
    *,
    operation: Operation,
    values: Mapping[str, Any],
    partners: Iterable[uuid.UUID],
    held_back: Iterable[Mapping[str, str]],
    by: User,
) -> PressItem:
    """Write a release of the announced counts, or a draft of it anew with the counts as they are now."""
    policies.must(policies.may_draft_publication(by, operation, on=timezone.localdate()), NOT_OVER, by)
    result = result_of(operation)
    if not result.lines:
        raise Refused(NO_COUNTS)
    about = press.About(operation.pk, result, first_public_day(operation))
    draft = publication_of(operation)
    try:
        return press.write_item(values=values, partners=partners, held_back=held_back, by=by, item=draft, about=about)
    except newsroom.Refused as refusal:
        raise Refused(str(refusal)) from refusal


def correct_publication(
    *, operation: Operation, words: Mapping[str, str], reason: str, is_safety: bool, by: User
) -> Wording:
    """Put the announced counts as they are now, and these words, in the place of what is public. What it said stays."""
    policies.must(policies.may_draft_publication(by, operation, on=timezone.localdate()), NOT_OVER, by)
    item = publication_of(operation)
    if item is None:
        raise Refused("Nothing was published that could be corrected.")
    try:
        return corrections.correct_item(
            item=item, words=words, reason=reason, is_safety=is_safety, by=by, result=result_of(operation)
        )
    except newsroom.Refused as refusal:
        raise Refused(str(refusal)) from refusal
