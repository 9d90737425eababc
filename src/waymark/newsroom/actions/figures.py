"""Published figures: loaded from a file, unchanged, or proposed by one person, read by the council, put up by another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.audit.policies import Actor
from waymark.council import policies as council
from waymark.council.actions import request_review, withdraw_review
from waymark.council.selectors.reviews import is_cleared, newest_review_of
from waymark.newsroom import policies
from waymark.newsroom.formats.figure_file import FigureRow
from waymark.newsroom.formats.numbers import in_our_digits
from waymark.newsroom.models import FigureProposal, PublishedFigure
from waymark.newsroom.models.figures import FigureFields
from waymark.newsroom.policies import Refused

GATED_AS = "published_result"
SAYS = tuple(field.name for field in FigureFields._meta.fields)


class FiguresDiffer(Exception):
    """The file says something else than what was published; a published figure is corrected and not loaded over."""


@transaction.atomic
def load_figures(*, rows: Sequence[FigureRow], by: Actor | str) -> int:
    """Store the figures that are not there yet; gives how many. Loading again changes nothing."""
    known = {figure.key: figure for figure in PublishedFigure.objects.filter(key__in=[row.key for row in rows])}
    corrected = set(PublishedFigure.objects.filter(corrections__isnull=False).values_list("key", flat=True))
    fresh, different = [], []
    for row in rows:
        figure = known.get(row.key)
        if figure is None:
            fresh.append(PublishedFigure(**row.fields()))
        elif row.key not in corrected and any(getattr(figure, name) != value for name, value in row.fields().items()):
            different.append(row.key)
    if different:
        raise FiguresDiffer(f"Published already with other values: {', '.join(different)}. Correct them on their pages.")
    for figure in fresh:
        figure.full_clean(validate_unique=False)
    PublishedFigure.objects.bulk_create(fresh)
    if fresh:
        record(verb="figure.loaded", by=by, kind="figure", about=len(fresh))
    return len(fresh)


@transaction.atomic
def propose_figure(*, values: Mapping[str, Any], by: User) -> FigureProposal:
    """Propose a figure. The council reads all of it; nobody outside reads any of it yet."""
    if not policies.may_correct_figures(by):
        raise Refused("Your role does not put up figures.")
    proposal = FigureProposal(**values, proposed_by=by, proposed_at=timezone.now())
    proposal.value = None if proposal.bound == FigureProposal.Bound.NULL else in_our_digits(proposal.value or "")
    _must_make_sense(proposal)
    proposal.save(force_insert=True)
    path, title = f"/newsroom/proposals/{proposal.pk}/", f"Figure: {proposal.wording or proposal.key}"
    try:
        request_review(by=by, kind=GATED_AS, object_id=proposal.pk, title=title, path=path)
    except council.Refused as refusal:
        raise Refused(str(refusal)) from refusal
    record(verb="figure.proposed", by=by, kind="figure", about=proposal.pk)
    return proposal


def _must_make_sense(proposal: FigureProposal) -> None:
    """Say in words what the database would refuse."""
    if proposal.bound != FigureProposal.Bound.NULL and not proposal.value:
        raise Refused("Enter the value, or choose “Not published”: what was not published has none, and is not zero.")
    if proposal.display == FigureProposal.Display.WORDS and not proposal.wording:
        raise Refused("A figure in words needs its owner’s words.")
    taken = PublishedFigure.objects.filter(key=proposal.key).exists()
    waiting = FigureProposal.objects.filter(key=proposal.key).exclude(state=FigureProposal.State.DROPPED)
    if taken or waiting.exists():
        raise Refused("There is a figure of this short name. Correct that one, or choose another name.")
    is_number = proposal.value is not None and proposal.display == FigureProposal.Display.NUMBER
    if proposal.counts_people and is_number and not re.fullmatch(r"[0-9][0-9,]*", proposal.value or ""):
        raise Refused("A count of people is a whole number. What else its owner said stands in the words.")
    try:
        proposal.validate_constraints()
    except ValidationError as error:
        raise Refused(
            "A count of people below 11 is never shown as a number: show it in its owner’s words, or not at all."
        ) from error


@transaction.atomic
def put_up_figure(*, proposal: FigureProposal, by: User) -> PublishedFigure:
    """The second person's yes, after the council's: from now on it is public, exactly as it was proposed."""
    proposal = FigureProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if not policies.may_put_up(by, proposal):
        raise Refused("A second person puts a figure up, once.")
    if not is_cleared(GATED_AS, proposal.pk):
        raise Refused(
            "The survivor council has not endorsed this figure. Without it, it goes up only when the coalition goes past "
            "the council with a published reason."
        )
    if PublishedFigure.objects.filter(key=proposal.key).exists():
        raise Refused("There is a figure of this short name now. Take this one back.")
    proposal.state, proposal.put_up_by, proposal.put_up_at = FigureProposal.State.PUBLIC, by, timezone.now()
    proposal.save()
    figure = PublishedFigure.objects.create(key=proposal.key, **{name: getattr(proposal, name) for name in SAYS})
    record(verb="figure.put_up", by=by, kind="figure", about=figure.pk)
    return figure


@transaction.atomic
def drop_figure(*, proposal: FigureProposal, by: User) -> None:
    """Take a proposal back. The council is not asked about it any more."""
    proposal = FigureProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if not policies.may_correct_figures(by) or proposal.state != FigureProposal.State.PROPOSED:
        raise Refused("Only what waits is taken back.")
    review = newest_review_of(GATED_AS, proposal.pk)
    if review is not None and review.is_open:
        try:
            withdraw_review(review=review, by=by)
        except council.Refused as refusal:
            raise Refused(str(refusal)) from refusal
    proposal.state = FigureProposal.State.DROPPED
    proposal.save(update_fields=["state"])
    record(verb="figure.proposal_dropped", by=by, kind="figure", about=proposal.pk)
