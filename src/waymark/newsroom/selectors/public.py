"""The one source of everything that the public reads of press items.

Every outlet (page, list, search, sitemap, three feeds, interface, calendar, picture, PDF, table) is made from the entries
of this module and from nothing else, so there is one place that knows what an embargo is. `at` is the moment at which
somebody reads: an item whose moment has not come is not there, as if it had never been written. The database says the same
once more (migrations/sql/press.sql).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Prefetch, Q, QuerySet

from waymark.council.models import CouncilReview
from waymark.newsroom.formats.charts import Chart, chart_of
from waymark.newsroom.formats.results import Result, changes_between, read_result, texts_of
from waymark.newsroom.models import HeldBackPart, PartnerCheck, PressItem, Wording

FIELD_NAMES = {"title": "Heading", "summary": "Summary", "body": "Text"}
FEED_LENGTH = 50


@dataclass(frozen=True)
class HeldBack:
    """A part that somebody else publishes later. Its content is not in this system."""

    label: str
    responsible_agency: str
    window: str


@dataclass(frozen=True)
class Change:
    """A correction as readers see it: before, after, why, when. Before and after are empty where that is not safe."""

    what: str
    before: str
    after: str
    reason: str
    at: dt.datetime
    is_safety: bool
    is_count: bool = False


@dataclass(frozen=True)
class Entry:
    """A public press item, as every outlet shows it."""

    id: str
    slug: str
    title: str
    summary: str
    paragraphs: tuple[str, ...]
    agency: str
    partners: tuple[str, ...]
    speaker_name: str
    speaker_role: str
    speaker_phone: str
    speaker_email: str
    published_at: dt.datetime
    changed_at: dt.datetime
    held_back: tuple[HeldBack, ...]
    corrections: tuple[Change, ...]
    # The results of an operation, where the item publishes them.
    result: Result | None
    # Why it went public without the survivor council; empty when the council has cleared it.
    override_reason: str

    @property
    def chart(self) -> Chart | None:
        return chart_of(self.result)

    @property
    def told(self) -> tuple[str, ...]:
        """Everything it says in paragraphs, for outlets without tables."""
        return (*self.paragraphs, *texts_of(self.result))


@dataclass(frozen=True)
class Withdrawn:
    """What stands where a release was: that it was withdrawn, when and why. Nothing of what it said."""

    at: dt.datetime
    reason: str


def _public(at: dt.datetime) -> QuerySet[PressItem]:
    """Public items, newest first. The only query on press items that the public's pages may start from."""
    return (
        PressItem.objects.filter(state=PressItem.State.RELEASED, public_at__lte=at)
        .select_related("agency")
        .prefetch_related(
            Prefetch("checks", PartnerCheck.objects.select_related("agency").only("item_id", "agency__name")),
            Prefetch("held_back", HeldBackPart.objects.order_by("label", "id")),
            Prefetch("wordings", released_until(at), to_attr="released"),
        )
        .order_by("-public_at", "id")
    )


def released_until(at: dt.datetime) -> QuerySet[Wording]:
    """Released words, newest first; a correction with the words that it replaced."""
    found = Wording.objects.filter(state=Wording.State.RELEASED, released_at__lte=at)
    return found.select_related("corrects").order_by("-number")


def entries(*, at: dt.datetime, limit: int | None = FEED_LENGTH) -> list[Entry]:
    """What is public at this moment, newest first."""
    return _entries(_public(at)[:limit])


def page_of_entries(*, at: dt.datetime, start: int, count: int) -> tuple[list[Entry], int]:
    """A stretch of what is public, and how many there are in all."""
    found = _public(at)
    return _entries(found[start : start + count]), found.count()


def entries_with(words: str, *, at: dt.datetime, limit: int = FEED_LENGTH) -> list[Entry]:
    """Public entries that hold all of the words, in any order."""
    wanted = Q()
    for word in words.split()[:8]:
        wanted &= Q(title__icontains=word) | Q(summary__icontains=word) | Q(body__icontains=word)
    return _entries(_public(at).filter(wanted)[:limit])


def results(*, at: dt.datetime, year: int | None = None) -> list[Entry]:
    """Published results of operations. The order is that of the calendar and the alphabet, never of the numbers."""
    found = _public(at).filter(result__isnull=False)
    if year is not None:
        found = found.filter(result__year=year)
    return sorted(_entries(found), key=_by_year_and_name)


def _by_year_and_name(each: Entry) -> tuple[int, str, str]:
    if each.result is None:
        raise ValueError("Only results of operations stand here.")
    return -each.result.year, each.result.name.casefold(), each.slug


def entry(slug: str, *, at: dt.datetime) -> Entry | None:
    found = _entries(_public(at).filter(slug=slug)[:1])
    return found[0] if found else None


def withdrawn(slug: str, *, at: dt.datetime) -> Withdrawn | None:
    """What to say where a public release was. One that was withdrawn before its moment was never there."""
    found = PressItem.objects.filter(
        slug=slug, state=PressItem.State.WITHDRAWN, public_at__lte=F("withdrawn_at"), withdrawn_at__lte=at
    ).first()
    return Withdrawn(found.withdrawn_at, found.withdrawn_reason) if found is not None and found.withdrawn_at else None


def preview_of(item: PressItem, *, at: dt.datetime) -> Entry:
    """An item as it would read if it were public now. For staff who may see it; never for an outlet."""
    item.released = list(released_until(at).filter(item=item))  # type: ignore[attr-defined]
    return _entry(item, reasons={}, published_at=item.public_at or at)


def paragraphs_of(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n") if part.strip())


def _entries(found: Iterable[PressItem]) -> list[Entry]:
    items = list(found)
    ids = [str(wording.pk) for item in items for wording in item.released[:1]]  # type: ignore[attr-defined]
    past = CouncilReview.objects.filter(kind="press_item", object_id__in=ids, state=CouncilReview.State.OVERRIDDEN)
    reasons = dict(past.values_list("object_id", "override_reason")) if ids else {}
    return [_entry(item, reasons=reasons) for item in items]


def _entry(item: PressItem, *, reasons: Mapping[str, str], published_at: dt.datetime | None = None) -> Entry:
    moment = published_at or item.public_at
    if moment is None:
        raise ValueError("Only what has a moment is public.")
    released: list[Wording] = item.released  # type: ignore[attr-defined]
    corrections = tuple(_changes(released))
    names = {check.agency.name for check in item.checks.all()} | {item.agency.name}
    return Entry(
        id=str(item.pk),
        slug=item.slug,
        title=item.title,
        summary=item.summary,
        paragraphs=paragraphs_of(item.body),
        agency=item.agency.name,
        # The order of mention can cause a rift, so it is always the alphabet's.
        partners=tuple(sorted(names, key=str.casefold)),
        speaker_name=item.speaker_name,
        speaker_role=item.speaker_role,
        speaker_phone=item.speaker_phone,
        speaker_email=item.speaker_email,
        published_at=moment,
        changed_at=max([moment, *(each.at for each in corrections)]),
        held_back=tuple(HeldBack(part.label, part.responsible_agency, part.window) for part in item.held_back.all()),
        corrections=corrections,
        result=read_result(item.result),
        override_reason=reasons.get(str(released[0].pk), "") if released else "",
    )


def _changes(released: Sequence[Wording]) -> Iterator[Change]:
    """What corrections have changed, newest first, field by field.

    What was taken away for somebody's safety is not shown again as "what it said before", neither by that correction nor by
    an older one of the same field.
    """
    unsafe: set[str] = set()
    for wording in released:
        old = wording.corrects
        if old is None or wording.released_at is None:
            continue
        for field, name, before, after in _differences(old, wording):
            is_kept_back = field in unsafe or wording.is_safety
            if wording.is_safety:
                unsafe.add(field)
            if is_kept_back:
                before = after = ""
            is_count = field not in FIELD_NAMES
            yield Change(name, before, after, wording.reason, wording.released_at, wording.is_safety, is_count)


def _differences(old: Wording, new: Wording) -> Iterator[tuple[str, str, str, str]]:
    """Field, its name for readers, what it said and what it says: the words, then the results line by line."""
    for field, name in FIELD_NAMES.items():
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield field, name, before, after
    for name, before, after in changes_between(read_result(old.result), read_result(new.result)):
        yield f"result {name}", name, before, after
