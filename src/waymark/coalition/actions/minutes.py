"""Minutes: written in parts, circulated, approved at a later meeting, corrected by an addendum."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.coalition.actions.meetings import locked, path_of
from waymark.coalition.models import Addendum, Meeting, Minutes, MinutesPart, Part
from waymark.coalition.policies import Refused, groups
from waymark.coalition.policies import meetings as policies
from waymark.coalition.selectors.asked import people_asked
from waymark.notices.actions import notify

TO_READ = "meeting.minutes"


def _tell(verb: str, minutes: Minutes, by: User, *parts: str) -> None:
    record(verb=verb, by=by, kind="minutes", about=minutes.pk, fields=parts)


def _minutes_of(meeting: Meeting) -> Minutes | None:
    return Minutes.objects.select_for_update().filter(meeting=meeting).first()


@transaction.atomic
def write_minutes(*, meeting: Meeting, texts: Mapping[str, str], by: User) -> Minutes:
    """Write the parts named in `texts`. A part that `by` does not read is not theirs to write."""
    fresh = locked(meeting)
    minutes = _minutes_of(fresh)
    policies.must_write_minutes(by, fresh, minutes)
    if fresh.entry.starts_at > timezone.now():
        raise Refused("Minutes are written when the meeting has begun.")
    if not set(texts) <= {part.value for part in policies.parts_read_by(by, fresh)}:
        raise Refused("You do not read the closed part of this meeting, so you cannot write in it.")
    if minutes is None:
        if not any(text.strip() for text in texts.values()):
            raise Refused("Write at least one sentence in one of the parts.")
        minutes = Minutes.objects.create(meeting=fresh)
    known = {row.part: row for row in minutes.parts.filter(part__in=list(texts))}
    changed = [part for part, text in texts.items() if (known[part].text if part in known else "") != text.strip()]
    for part in changed:
        MinutesPart.objects.update_or_create(minutes=minutes, part=part, defaults={"text": texts[part].strip()})
    if changed:
        _tell("minutes.written", minutes, by, *changed)
    return minutes


@transaction.atomic
def circulate_minutes(*, meeting: Meeting, by: User) -> Minutes:
    """Show the minutes to their readers, part by part. They can still be mended until they are approved."""
    fresh = locked(meeting)
    minutes = _minutes_of(fresh)
    policies.must_write_minutes(by, fresh, minutes)
    if minutes is None or minutes.state != Minutes.State.DRAFT:
        raise Refused("There is no draft to circulate.")
    minutes.state, minutes.circulated_at = Minutes.State.CIRCULATED, timezone.now()
    minutes.save(update_fields=["state", "circulated_at"])
    _tell("minutes.circulated", minutes, by)
    notify(to=people_asked(fresh.group), kind=TO_READ, path=path_of(fresh))
    return minutes


@transaction.atomic
def approve_minutes(*, meeting: Meeting, later: Meeting, by: User) -> Minutes:
    """Write down that a later meeting approved the minutes. From here on the database locks them."""
    fresh = locked(meeting)
    minutes = _minutes_of(fresh)
    if minutes is None:
        raise Refused("There are no minutes to approve.")
    policies.must_approve(by, fresh, minutes, later=later)
    now = timezone.now()
    if later.entry.starts_at > now:
        raise Refused("That meeting has not begun yet.")
    minutes.state, minutes.approved_at = Minutes.State.APPROVED, now
    minutes.approved_in, minutes.approved_by = later, groups.must_take_part(by)
    minutes.save(update_fields=["state", "approved_at", "approved_in", "approved_by"])
    _tell("minutes.approved", minutes, by)
    return minutes


@transaction.atomic
def add_addendum(*, meeting: Meeting, part: str, text: str, by: User) -> Addendum:
    """Correct approved minutes by a text beside them, for the readers of one part."""
    fresh = locked(meeting)
    minutes = _minutes_of(fresh)
    if minutes is None:
        raise Refused("There are no minutes to correct.")
    policies.must_add_addendum(by, fresh, minutes)
    if part not in policies.parts_read_by(by, fresh):
        raise Refused("You do not read the closed part of this meeting, so you cannot write in it.")
    if not text.strip():
        raise Refused("Write what is corrected.")
    made = Addendum.objects.create(
        minutes=minutes, part=Part(part), text=text.strip(), written_by=groups.must_take_part(by)
    )
    _tell("minutes.corrected", minutes, by, part)
    return made
