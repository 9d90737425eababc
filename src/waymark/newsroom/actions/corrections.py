"""Corrections of what is public. The words before stay readable beside the words now, with the day and the reason.

An ordinary correction takes the way of a release: the council reads the new words and a second person puts them in place.
What somebody's safety needs is put in place at once by one person, and the council is told why.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.council import policies as council
from waymark.council.actions import correct_for_safety
from waymark.newsroom import policies
from waymark.newsroom.actions.press import (
    COUNCIL_WORDS,
    GATED_AS,
    ask_council,
    drop_wordings,
    locked,
    must_be_cleared,
    must_show_no_small_numeral,
    new_wording,
    path_of,
)
from waymark.newsroom.formats.results import Result
from waymark.newsroom.models import FigureCorrection, PressItem, PublishedFigure, Wording
from waymark.newsroom.policies import Refused


@transaction.atomic
def correct_item(
    *, item: PressItem, words: Mapping[str, str], reason: str, is_safety: bool, by: User, result: Result | None = None
) -> Wording:
    """Propose other words for a public item; for somebody's safety, put them in place at once.

    `result` are other results of the operation that the item is about; without it they stay as they are.
    """
    item = locked(item)
    if not policies.may_correct(by, item, at=timezone.now()):
        raise Refused("Only what is public is corrected, by its own agency or an editor.")
    counts = item.result if result is None or item.result is None else result.frozen()
    if counts == item.result and all(getattr(item, name) == words[name] for name in COUNCIL_WORDS):
        raise Refused("This is what stands there now. Change something.")
    if not reason.strip():
        raise Refused("Say why. The reason is published with the correction.")
    must_show_no_small_numeral(item, words)
    waiting = item.wordings.filter(state=Wording.State.PROPOSED)
    if is_safety:
        drop_wordings(waiting, by=by)
    elif waiting.exists():
        raise Refused("A correction of this item waits already. Put it in place or take it back first.")
    corrects = item.wordings.filter(state=Wording.State.RELEASED).order_by("-number").first()
    words = {name: words[name] for name in COUNCIL_WORDS}
    more = {"corrects": corrects, "reason": reason.strip(), "is_safety": is_safety, "result": counts}
    wording = new_wording(item, words=words, by=by, **more)
    if is_safety:
        _tell_council(wording, by=by)
        _put_in_place(wording, item, by=by)
    else:
        ask_council(wording, by=by)
    verb = "press_item.corrected" if is_safety else "press_item.correction_proposed"
    record(verb=verb, by=by, kind="press_item", about=item.pk)
    return wording


def _tell_council(wording: Wording, *, by: User) -> None:
    try:
        correct_for_safety(
            by=by,
            kind=GATED_AS,
            object_id=wording.pk,
            title=wording.title,
            path=path_of(wording.item),
            reason=wording.reason,
        )
    except council.Refused as refusal:
        raise Refused(str(refusal)) from refusal


def _put_in_place(wording: Wording, item: PressItem, *, by: User) -> None:
    wording.state, wording.released_by, wording.released_at = Wording.State.RELEASED, by, timezone.now()
    wording.save()
    for name in COUNCIL_WORDS:
        setattr(item, name, getattr(wording, name))
    item.result = wording.result
    item.save(update_fields=[*COUNCIL_WORDS, "result"])


@transaction.atomic
def apply_correction(*, wording: Wording, by: User) -> PressItem:
    """The second person's yes to a correction that the council has read."""
    item = locked(wording.item)
    wording = Wording.objects.select_for_update(of=("self",)).select_related("item").get(pk=wording.pk)
    if not policies.may_apply(by, wording):
        raise Refused("A second person puts a correction in place, once.")
    if item.state != PressItem.State.RELEASED:
        raise Refused("This item is not public any more.")
    must_be_cleared(wording)
    _put_in_place(wording, item, by=by)
    record(verb="press_item.corrected", by=by, kind="press_item", about=item.pk)
    return item


@transaction.atomic
def drop_correction(*, wording: Wording, by: User) -> None:
    """Take a proposed correction back."""
    item = locked(wording.item)
    wording = Wording.objects.select_for_update(of=("self",)).select_related("item").get(pk=wording.pk)
    if not policies.may_drop(by, wording):
        raise Refused("What is in place stays.")
    drop_wordings([wording], by=by)
    record(verb="press_item.correction_dropped", by=by, kind="press_item", about=item.pk)


@transaction.atomic
def propose_figure_correction(
    *, figure: PublishedFigure, field: str, after: str, reason: str, by: User
) -> FigureCorrection:
    """Propose another value or other words for a figure. What was never published cannot become a number."""
    if not policies.may_correct_figures(by):
        raise Refused("Your role does not correct figures.")
    figure = PublishedFigure.objects.select_for_update().get(pk=figure.pk)
    before = getattr(figure, field) or ""
    if field == "value" and figure.bound == PublishedFigure.Bound.NULL:
        raise Refused("This value was not published. A value that is published later is another figure.")
    known = {"bound": set(PublishedFigure.Bound.values) - {"null"}, "display": set(PublishedFigure.Display.values)}
    if after not in known.get(field, {after}) or (field == "bound" and before == PublishedFigure.Bound.NULL):
        raise Refused("A value that was not published stays so, and another one does not become it.")
    if field in {"value", "source", "population"} and not after.strip():
        raise Refused("A figure is never without its value, its source and whom it is about.")
    if before == after:
        raise Refused("This is what stands there now. Change something.")
    if not reason.strip():
        raise Refused("Say why. The reason is published with the correction.")
    made = FigureCorrection.objects.create(
        figure=figure,
        field=field,
        before=before,
        after=after,
        reason=reason.strip(),
        proposed_by=by,
        proposed_at=timezone.now(),
    )
    record(verb="figure.correction_proposed", by=by, kind="figure", about=figure.pk, fields=[field])
    return made


@transaction.atomic
def apply_figure_correction(*, correction: FigureCorrection, by: User) -> PublishedFigure:
    """The second person's yes. Refused when the figure has changed since it was proposed."""
    correction = FigureCorrection.objects.select_for_update().get(pk=correction.pk)
    figure = PublishedFigure.objects.select_for_update().get(pk=correction.figure_id)
    if not policies.may_apply_to_figure(by, correction):
        raise Refused("A second person puts a correction in place, once.")
    if (getattr(figure, correction.field) or "") != correction.before:
        raise Refused("The figure has changed since this was proposed. Take it back and propose it anew.")
    correction.applied_by, correction.applied_at = by, timezone.now()
    try:
        with transaction.atomic():
            correction.save()
            setattr(figure, correction.field, correction.after)
            figure.save(update_fields=[correction.field])
    except IntegrityError as error:
        raise Refused(
            "The figure would not make sense any more: what is told in words needs words, and a count of people below 11 "
            "is no number. Correct how it is shown first."
        ) from error
    record(verb="figure.corrected", by=by, kind="figure", about=figure.pk, fields=[correction.field])
    return figure


@transaction.atomic
def drop_figure_correction(*, correction: FigureCorrection, by: User) -> None:
    correction = FigureCorrection.objects.select_for_update().get(pk=correction.pk)
    if not policies.may_correct_figures(by) or correction.applied_at is not None:
        raise Refused("What is in place stays.")
    record(verb="figure.correction_dropped", by=by, kind="figure", about=correction.figure_id, fields=[correction.field])
    correction.delete()
