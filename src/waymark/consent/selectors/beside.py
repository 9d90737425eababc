"""Sharing as it stands on a case's page: what is shared now, what went to whom, and what stopping would mean."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils import timezone

from waymark.accounts.models import User
from waymark.consent.formats.words import day_in_words, told
from waymark.consent.models import Release
from waymark.consent.policies import REMIND_BEFORE, is_live
from waymark.consent.selectors.named import parts_of
from waymark.consent.selectors.releases import Sent, packages_under, releases_of, sealed_part
from waymark.people.models import Person
from waymark.vault.selectors import RecordSecret

# So many of a person's newest releases stand on a case; all of them stand on the page of sharing.
SHOWN = 8


@dataclass(frozen=True)
class Stop:
    """What stopping means for a release, in the survivor's language: said before the button is pressed."""

    language: str
    heading: str
    means: list[str]
    button: str


@dataclass(frozen=True)
class SharedLine:
    """One release on a case's page."""

    release: Release
    parts: list[str]
    is_live: bool
    ends_soon: bool
    sent: list[Sent]
    stop: Stop | None = field(repr=False)


def stop_words(release: Release, sent: list[Sent], language: str) -> Stop:
    """That nobody forgets is said first, and that no reason is asked."""
    opened = [one.packet.read_at for one in sent if one.packet.read_at is not None]
    day = day_in_words(timezone.localdate(min(opened)), language) if opened else ""
    words = told(language, agency=release.recipient.name, day=day)
    if sent and release.recipient.is_elsewhere:
        means = [words["left_as_file"]]
    elif opened:
        means = [words["opened"]]
    elif sent:
        means = [words["unopened"]]
    else:
        means = [words["nothing_sent"]]
    if release.purpose == "court":
        means.append(words["court"])
    return Stop(language, words["stop_heading"], [*means, words["always"]], words["stop_now"])


def shared_lines(person: Person, secret: RecordSecret | None, *, to: User, at: dt.datetime) -> list[SharedLine]:
    """The newest releases of a person, what is shared now first. Without the key, stopping is said in English."""
    rows = sorted(releases_of(person, to=to)[:SHOWN], key=lambda row: not is_live(row, at))
    sent = packages_under(rows)
    lines = []
    for row in rows:
        now = is_live(row, at)
        may_stop = row.state in {Release.State.ACTIVE, Release.State.SIGNED}
        language = sealed_part(row, secret).language if may_stop and secret is not None else "en"
        lines.append(
            SharedLine(
                row,
                parts_of(row),
                now,
                now and row.ends_at <= at + REMIND_BEFORE,
                sent[row.pk],
                stop_words(row, sent[row.pk], language) if may_stop else None,
            )
        )
    return lines
