"""Who works with releases, and what a release lets go at a moment. The database judges alike (consent_trouble)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.consent.formats.scopes import offered
from waymark.consent.models import Release, Signer
from waymark.people.models import MINORS, AgeBand, Person, Relation
from waymark.people.policies import Refused, agency_of, eighteenth_birthday, holds, open_to

Row = TypeVar("Row", bound=Model)

DEFAULT_DAYS = 30
LONGEST_DAYS = 365
# The version of the words of waymark.consent.formats.words that are told and printed.
TEXT_VERSION = "2026-11.4"
# So long before the last day the worker is told.
REMIND_BEFORE = dt.timedelta(days=5)
# An unsigned draft is nobody's word: it goes after a day.
DRAFT_LIVES = dt.timedelta(hours=24)

SIGNER, OTHER_RECORD = "release.signer", "release.other_record"
NOT_THERE = "One of the records that were chosen is not in the file any more. Look at the list again."
REASONS = {
    "release.absent": "There is no release for this. Nothing was sent.",
    "release.draft": "This release is not signed yet. Nothing was sent.",
    "release.signed": "This release has not begun yet. Nothing was sent.",
    "release.expired": "The last day of this release is over. Nothing was sent. To go on, they sign a new one.",
    "release.revoked": "They stopped sharing. Nothing was sent.",
    "release.superseded": "A newer release has followed. Use that one. Nothing was sent.",
    "release.other_person": "This release is another person's. Nothing was sent.",
    "release.other_recipient": "This release is for another agency. Nothing was sent.",
    "release.other_field": "The release does not name one of these. Nothing was sent.",
    OTHER_RECORD: "The release names single records of one of these, and none of them is in the file any more, or "
    "another one was among them. Nothing was sent.",
    "release.not_started": "This release has not begun yet. Nothing was sent.",
    SIGNER: "Who signed this may not sign any more. Nothing was sent. Ask the person themselves.",
    "release.merge": "Another file of the same person says less, or says stop, and the stricter wins. Nothing was sent. "
    "If they want to share, they sign a new release.",
}


def must_work(by: User) -> uuid.UUID:
    """The agency for which `by` asks for, keeps and stops releases. Raises Refused."""
    if not holds(by, Permission.CONSENT_RELEASE_WORK):
        raise Refused("Your role does not work with releases.")
    return agency_of(by)


def all_codes() -> list[str]:
    """Every scope that can be collected, in the list's order."""
    return [scope.code for scope in offered()]


def must_disclose(by: User) -> uuid.UUID:
    """The agency in whose ledger `by` writes. Raises Refused."""
    return must_work(by)


def visible(queryset: QuerySet[Row], *, to: User) -> QuerySet[Row]:
    """Releases and lines of the ledger about people who are open to `to`."""
    if to.acting is None or not holds(to, Permission.CONSENT_RELEASE_WORK):
        return queryset.none()
    return open_to(queryset.filter(agency_id=to.acting.agency_id), to=to)


def end_of(last_day: dt.date, starts_at: dt.datetime, zone: ZoneInfo | None = None) -> dt.datetime:
    """The first moment after the last day, by the clock on the region's wall; never more than 365 days after the begin."""
    zone = zone or ZoneInfo(timezone.get_current_timezone_name())
    midnight = dt.datetime.combine(last_day + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    return min(midnight.astimezone(dt.UTC), starts_at + dt.timedelta(days=LONGEST_DAYS))


def last_day_signed_for(person: Person, signer: uuid.UUID | None, born: dt.date | None) -> dt.date | None:
    """The last day on which somebody else's signature for a child can count, where the birthday is known."""
    if born is None or signer is None or signer == person.pk:
        return None
    return eighteenth_birthday(born) - dt.timedelta(days=1)


def is_live(release: Release, at: dt.datetime) -> bool:
    """Whether something may go under a release at that moment, as far as the release itself says."""
    return release.state == Release.State.ACTIVE and release.starts_at <= at < release.ends_at


def trouble_of(
    release: Release, *, fields: Collection[str], at: dt.datetime, records: Collection[str] | None = None
) -> str | None:
    """Why these fields may not go under a release at that moment, as a code, or None. The database itself is asked.

    `records` are those that would go of scopes that name them; without it, all that are named and still in the file.
    """
    codes = sorted(fields)
    named = sorted(records) if records is not None else named_records(release, codes)
    asked: list[Any] = [release.agency_id, release.pk, release.person_id, release.recipient_id, codes, named, at]
    with connection.cursor() as cursor:
        cursor.execute("SELECT consent_trouble(%s, %s, %s, %s, %s::text[], %s::text[], %s)", asked)
        found: str | None = cursor.fetchone()[0]
    return found


def named_records(release: Release, codes: Collection[str]) -> list[str]:
    """The records of these scopes that a release names and that are still in the file, as the ledger writes them."""
    if not set(codes) & set(release.by_record):
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT consent_named_records(%s, %s, %s::text[])", [release.agency_id, release.pk, sorted(codes)])
        found: list[str] = cursor.fetchone()[0]
    return found


def must_let_go(release: Release, *, fields: Collection[str], at: dt.datetime) -> None:
    """Raises Refused, in words, unless these fields may go under a release now."""
    trouble = trouble_of(release, fields=fields, at=at)
    if trouble is not None:
        raise Refused(REASONS.get(trouble, REASONS["release.absent"]))


def signs_beside(person: Person) -> bool:
    """Whether a minor is old enough to know what is signed for them: then both sign. The database asks for it too."""
    return person.age_band == AgeBand.TEEN


GROWN_UP = "By their birthday they are grown up. They sign themselves."
ASK_COUNSEL = "Whether a signature counts here is not known. Ask counsel; help does not wait for it."


def signer_trouble(person: Person, signer: uuid.UUID, capacity: str) -> str | None:
    """Why somebody's signature does not count for a person, in words, or None. Services never wait for it."""
    is_minor = person.age_band in MINORS
    if capacity == Signer.Capacity.FOR_CHILD:
        if not is_minor or signer == person.pk:
            return "Nobody signs for a grown-up. They sign themselves."
        around = Relation.objects.filter(agency_id=person.agency_id, person=person)
        if not around.filter(other_id=signer, may_sign=True).exists():
            return ASK_COUNSEL
        others = [person.pk, *around.values_list("other_id", flat=True)]
        said = Relation.objects.filter(agency_id=person.agency_id, other_id=signer, is_alleged_abuser=True)
        if said.filter(person_id__in=others).exists():
            return "Who is said to have hurt them, or somebody who is with them, never signs."
        return None
    if signer != person.pk:
        return "They sign themselves."
    if capacity == Signer.Capacity.SELF and is_minor:
        return ASK_COUNSEL
    if capacity == Signer.Capacity.MINOR and not is_minor:
        return "They are grown up and sign as such."
    return None
