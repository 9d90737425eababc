"""Which records a release names one by one, and which there are to name."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from waymark.consent.formats.scopes import CODES, RECORD_CODES, Asked, Item, items_of, labels_of
from waymark.consent.models import Release, ReleaseRecord
from waymark.people.models import Person
from waymark.vault.selectors import OpenVault

if TYPE_CHECKING:
    from waymark.accounts.models import User

PARTS = ("scope", "record", "on")


@dataclass(frozen=True)
class Named:
    """One record that a release names."""

    scope: str
    pk: uuid.UUID
    on: dt.date


def with_named(rows: QuerySet[Release]) -> QuerySet[Release]:
    """Releases that bring along what they name, without a question for each (`named_in`)."""
    named = ReleaseRecord.objects.filter(agency_id=OuterRef("agency_id"), release=OuterRef("pk")).order_by("on", "pk")
    return rows.annotate(named=ArraySubquery(named.values(one=JSONObject(**{part: part for part in PARTS}))))


def named_in(release: Release) -> list[Named]:
    """What a release names one by one, the oldest first."""
    along = getattr(release, "named", None)
    if along is not None:
        return [Named(one["scope"], uuid.UUID(one["record"]), dt.date.fromisoformat(one["on"])) for one in along]
    rows = ReleaseRecord.objects.filter(agency_id=release.agency_id, release=release).order_by("on", "pk")
    return [Named(row.scope, row.record, row.on) for row in rows]


def ids_in(release: Release) -> dict[str, frozenset[uuid.UUID]]:
    """The records of each scope that names them; none is nothing of it, and a scope that is not here goes whole."""
    named = named_in(release)
    return {scope: frozenset(one.pk for one in named if one.scope == scope) for scope in release.by_record}


def counts_in(release: Release) -> dict[str, int]:
    """Of each scope that is named by records, how many."""
    return {**dict.fromkeys(release.by_record, 0), **Counter(one.scope for one in named_in(release))}


def parts_by_scope(release: Release) -> list[tuple[str, str]]:
    """What a release lets go, in the words of the worker's pages: each scope, whole or with how many of its records."""
    counts = counts_in(release)
    return [(scope, labels_of([scope], counts)[0]) for scope in CODES if scope in release.scopes]


def parts_of(release: Release) -> list[str]:
    """The same, as words alone."""
    return [words for _, words in parts_by_scope(release)]


def days_by_part(release: Release) -> list[tuple[str, list[dt.date]]]:
    """The same, each with the days of the records that are named."""
    named = named_in(release)
    return [
        (words, list(dict.fromkeys(one.on for one in named if one.scope == scope)))
        for scope, words in parts_by_scope(release)
    ]


def asked_about(person: Person, *, vault: OpenVault, by: User, only: frozenset[uuid.UUID] | None = None) -> Asked:
    """The question to who gives a scope: about this person, on this day."""
    return Asked(person, vault, by, timezone.localdate(), only)


def nameable(codes: Iterable[str], person: Person, *, vault: OpenVault, by: User) -> dict[str, list[Item]]:
    """The records that can be named of those of these scopes that consist of records, as they stand today."""
    asked = asked_about(person, vault=vault, by=by)
    chosen = set(codes)
    return {code: items_of(code, asked) for code in RECORD_CODES if code in chosen}


def records_chosen(
    named: Mapping[str, Collection[uuid.UUID]], person: Person, *, vault: OpenVault, by: User
) -> dict[str, list[Item]] | None:
    """The records of a choice, or None where one of them is not this person's, or does not stand any more."""
    there = nameable(named, person, vault=vault, by=by)
    chosen = {scope: [item for item in there.get(scope, []) if item.pk in pks] for scope, pks in named.items()}
    return chosen if all({item.pk for item in chosen[scope]} == set(pks) for scope, pks in named.items()) else None
