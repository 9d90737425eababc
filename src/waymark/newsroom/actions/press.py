"""Writing, checking, releasing and withdrawing press items."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.council import policies as council
from waymark.council.actions import request_review, withdraw_review
from waymark.council.selectors.reviews import is_cleared, newest_review_of
from waymark.newsroom import policies
from waymark.newsroom.formats.results import Result, small_numeral_in
from waymark.newsroom.models import HeldBackPart, PartnerCheck, PressItem, Wording
from waymark.newsroom.policies import Refused
from waymark.pages.templatetags.pages import day

# The kind of thing for which the council is asked, and the words that it reads.
GATED_AS = "press_item"
COUNCIL_WORDS = ("title", "summary", "body")
WORDS = ("title", "summary", "body", "speaker_name", "speaker_role", "speaker_phone", "speaker_email")
SLUG_LENGTH = 60


@dataclass(frozen=True)
class About:
    """The operation whose results a release publishes, these results, and the first day on which they may be public."""

    operation: uuid.UUID
    result: Result
    not_before: dt.date


def must_show_no_small_numeral(item: PressItem, texts: Mapping[str, str]) -> None:
    """In a release of results a count below 11 stands in its owner's words or nowhere."""
    if item.result is not None and any(small_numeral_in(texts[name]) for name in COUNCIL_WORDS):
        raise Refused(
            "A number below 11 stands in these words. A count of few people is published only in its owner’s own words: "
            "write it in letters and in quotation marks, or leave it out. Days and ordinals are fine, like May 3 or 4th."
        )


@transaction.atomic
def write_item(
    *,
    values: Mapping[str, Any],
    partners: Iterable[uuid.UUID],
    held_back: Iterable[Mapping[str, str]],
    by: User,
    item: PressItem | None = None,
    about: About | None = None,
) -> PressItem:
    """Write a draft or change one. Whoever changed its words last is its writer. `about`: whose results it publishes."""
    policies.must_hold(by, Permission.NEWSROOM_ITEM_WRITE)
    if item is None:
        item = PressItem(agency_id=policies.agency_of(by), slug=_free_slug(str(values["title"])))
        item.operation = about.operation if about is not None else None
    else:
        item = locked(item)
        policies.must_write(by, item)
        item.edition += 1
    for name in WORDS:
        setattr(item, name, values[name])
    if about is not None:
        item.result, item.not_before = about.result.frozen(), about.not_before
    must_show_no_small_numeral(item, values)
    item.written_by, item.written_at = by, timezone.now()
    item.save()
    wanted = {pk for pk in partners if pk != item.agency_id}
    item.checks.exclude(agency_id__in=wanted).delete()
    known = set(item.checks.values_list("agency_id", flat=True))
    PartnerCheck.objects.bulk_create(PartnerCheck(item=item, agency_id=pk) for pk in wanted - known)
    item.held_back.all().delete()
    HeldBackPart.objects.bulk_create(HeldBackPart(item=item, **row) for row in held_back)
    record(verb="press_item.written", by=by, kind="press_item", about=item.pk)
    return item


@transaction.atomic
def send_for_check(*, item: PressItem, by: User) -> Wording:
    """Ask the partners and the council. While they read, the words stay as they are."""
    item = locked(item)
    policies.must_write(by, item)
    item.state = PressItem.State.CHECKING
    item.save(update_fields=["state"])
    item.checks.update(state=PartnerCheck.State.WAITING, note="", answered_by=None, answered_at=None, edition=item.edition)
    words = {name: getattr(item, name) for name in COUNCIL_WORDS}
    wording = new_wording(item, words=words, by=item.written_by, result=item.result)
    ask_council(wording, by=by)
    record(verb="press_item.sent_for_check", by=by, kind="press_item", about=item.pk)
    return wording


def new_wording(item: PressItem, *, words: Mapping[str, str], by: User, **more: Any) -> Wording:
    """Freeze words under the next number."""
    last = item.wordings.order_by("-number").values_list("number", flat=True).first() or 0
    return Wording.objects.create(item=item, number=last + 1, written_by=by, written_at=timezone.now(), **words, **more)


def ask_council(wording: Wording, *, by: User) -> None:
    """Ask the survivor council about exactly these words."""
    try:
        request_review(by=by, kind=GATED_AS, object_id=wording.pk, title=wording.title, path=path_of(wording.item))
    except council.Refused as refusal:
        raise Refused(str(refusal)) from refusal


def path_of(item: PressItem) -> str:
    return f"/newsroom/items/{item.pk}/"


@transaction.atomic
def take_back_item(*, item: PressItem, by: User) -> PressItem:
    """Back to a draft: partners and council are asked again before it can be released."""
    item = locked(item)
    if not policies.may_take_back(by, item, at=timezone.now()):
        raise Refused("This item cannot go back to a draft. What is public is corrected or withdrawn.")
    drop_wordings(item.wordings.exclude(state=Wording.State.DROPPED), by=by)
    item.state = PressItem.State.DRAFT
    item.released_by = item.released_at = item.public_at = None
    # Another edition: what was said of the old words does not hold for the next ones.
    item.edition += 1
    item.save()
    record(verb="press_item.taken_back", by=by, kind="press_item", about=item.pk)
    return item


def drop_wordings(wordings: Iterable[Wording], *, by: User) -> None:
    """These words will not be published; nobody has to answer about them any more."""
    for wording in wordings:
        review = newest_review_of(GATED_AS, wording.pk)
        if review is not None and review.is_open:
            try:
                withdraw_review(review=review, by=by)
            except council.Refused as refusal:
                raise Refused(str(refusal)) from refusal
        wording.state, wording.released_by, wording.released_at = Wording.State.DROPPED, None, None
        wording.save(update_fields=["state", "released_by", "released_at"])


@transaction.atomic
def answer_check(*, check: PartnerCheck, agrees: bool, note: str, by: User) -> PartnerCheck:
    """A partner's word to these words of the item."""
    item = locked(check.item)
    check = PartnerCheck.objects.select_related("item").get(pk=check.pk)
    if not policies.may_answer(by, check):
        raise Refused("Only this partner answers, while the item is being checked.")
    if not agrees and not note.strip():
        raise Refused("Say what should change, so that it can.")
    check.state = PartnerCheck.State.AGREED if agrees else PartnerCheck.State.ASKS
    check.note, check.edition = note, item.edition
    check.answered_by, check.answered_at = by, timezone.now()
    check.save()
    record(verb="press_item.answered", by=by, kind="press_item", about=item.pk, result="done")
    return check


@transaction.atomic
def release_item(*, item: PressItem, public_at: dt.datetime | None, by: User) -> PressItem:
    """The second person's yes. `public_at` is the moment from which everybody may read it; none means now."""
    item = locked(item)
    policies.must_release(by, item)
    waiting = [check.agency.short_name for check in item.checks.select_related("agency") if not _has_agreed(check, item)]
    if waiting:
        raise Refused(f"Not every partner has agreed to these words: {', '.join(waiting)}.")
    now = timezone.now()
    if public_at is not None and public_at <= now:
        raise Refused("This moment has passed. Choose a later one, or release it now.")
    if item.not_before is not None and timezone.localdate(public_at or now) < item.not_before:
        raise Refused(
            f"Results are public 30 days after an operation ended at the earliest: from {day(item.not_before)} on."
        )
    wording = item.wordings.get(state=Wording.State.PROPOSED)
    must_be_cleared(wording)
    wording.state, wording.released_by, wording.released_at = Wording.State.RELEASED, by, now
    wording.save()
    item.state = PressItem.State.RELEASED
    item.released_by, item.released_at, item.public_at = by, now, public_at or now
    item.save()
    record(verb="press_item.released", by=by, kind="press_item", about=item.pk)
    return item


def must_be_cleared(wording: Wording) -> None:
    """Say in words what the database would refuse."""
    if not is_cleared(GATED_AS, wording.pk):
        raise Refused(
            "The survivor council has not endorsed these words. Without it they are published only when the coalition goes "
            "past the council with a published reason."
        )


def _has_agreed(check: PartnerCheck, item: PressItem) -> bool:
    return check.state == PartnerCheck.State.AGREED and check.edition == item.edition


@transaction.atomic
def withdraw_item(*, item: PressItem, reason: str, by: User) -> PressItem:
    """Take a release down, at once and by one person. What it said is gone from every outlet; that it was there is not."""
    item = locked(item)
    if not policies.may_withdraw(by, item):
        raise Refused("Only a release is withdrawn, by its own agency or an editor.")
    if not reason.strip():
        raise Refused("Say why. The reason stands where the release was.")
    drop_wordings(item.wordings.filter(state=Wording.State.PROPOSED), by=by)
    item.state = PressItem.State.WITHDRAWN
    item.withdrawn_by, item.withdrawn_at, item.withdrawn_reason = by, timezone.now(), reason.strip()
    item.save()
    record(verb="press_item.withdrawn", by=by, kind="press_item", about=item.pk)
    return item


@transaction.atomic
def delete_draft(*, item: PressItem, by: User) -> None:
    item = locked(item)
    policies.must_write(by, item)
    record(verb="press_item.deleted", by=by, kind="press_item", about=item.pk)
    item.wordings.all().delete()
    item.delete()


def locked(item: PressItem) -> PressItem:
    """The item as it is now, for this transaction alone."""
    return PressItem.objects.select_for_update(of=("self",)).select_related("agency").get(pk=item.pk)


def _free_slug(title: str) -> str:
    """The address of a new item: its day and heading; a number is added when that address is taken."""
    base = f"{timezone.localdate():%Y-%m-%d}-{slugify(title)[:SLUG_LENGTH].strip('-') or 'news'}"
    taken = set(PressItem.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = next(n for n in range(1, len(taken) + 2) if (base if n == 1 else f"{base}-{n}") not in taken)
    return base if number == 1 else f"{base}-{number}"
