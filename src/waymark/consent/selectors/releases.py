"""Releases and the ledger as far as they are open to a member. Lists show codes and agencies, never a name."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.utils import timezone

from waymark.access.permissions import Permission
from waymark.accounts.models import Agency, Side, User
from waymark.consent.formats.scopes import labels_of, named_counts
from waymark.consent.models import Disclosure, Package, Release, Signer
from waymark.consent.policies import REMIND_BEFORE, signs_beside, visible
from waymark.consent.selectors.named import with_named
from waymark.disclosures.models import OutboxPacket, Receipt
from waymark.pages.lines import HomeRows, Line
from waymark.people.formats.codes import read_code
from waymark.people.formats.sealed import unpack
from waymark.people.models import MINORS, Person, Relation
from waymark.people.policies import agency_of, holds
from waymark.vault.selectors import RecordSecret

WHOLE = ("person", "recipient", "permit", "drafted_by", "follows")


def release_for(pk: uuid.UUID, *, to: User) -> Release | None:
    """A release, or None when there is none or none that is open to `to`."""
    return with_named(visible(Release.objects.select_related(*WHOLE), to=to)).filter(pk=pk).first()


def releases(*, to: User, words: str = "", state: str = "") -> QuerySet[Release]:
    """The agency's releases. Words are the code of a release or a person, or the name of an agency."""
    found = visible(Release.objects.all(), to=to).select_related("person", "recipient", "drafted_by")
    if words:
        code = read_code(words)
        by_name = found.filter(recipient__name__icontains=words)
        found = found.filter(code=code) | found.filter(person__code=code) if code else by_name
    if state:
        found = found.filter(state=state)
    return found.order_by("ends_at", "id") if state == Release.State.ACTIVE else found.order_by("-drafted_at", "id")


def releases_of(person: Person, *, to: User) -> QuerySet[Release]:
    """The releases of one person, the newest first."""
    rows = visible(Release.objects.filter(person=person), to=to).select_related("recipient")
    return with_named(rows).order_by("-drafted_at", "id")


def ledger_of(person: Person, *, to: User) -> QuerySet[Disclosure]:
    """What left about one person, the newest first."""
    rows = visible(Disclosure.objects.filter(person=person), to=to)
    return rows.select_related("recipient", "release", "by").order_by("-at", "id")


@dataclass(frozen=True)
class Sent:
    """One package under a release, with what became of it."""

    packet: OutboxPacket
    line: Disclosure
    looks: list[dt.datetime]

    @property
    def parts(self) -> list[str]:
        return labels_of(self.line.fields, named_counts(self.line.records))


def packages_under(releases: Sequence[Release]) -> dict[uuid.UUID, list[Sent]]:
    """The packages under each of these releases, the newest first, each with when it was looked at."""
    found: dict[uuid.UUID, list[Sent]] = {release.pk: [] for release in releases}
    if releases:
        rows = Package.objects.filter(agency_id=releases[0].agency_id, release__in=releases)
        seen = Receipt.objects.filter(agency_id=OuterRef("agency_id"), packet=OuterRef("packet")).order_by("-at")
        rows = rows.annotate(looks=ArraySubquery(seen.values("at")))
        for row in rows.select_related("packet", "disclosure__by").order_by("-disclosure__at", "id"):
            found[row.release_id].append(Sent(row.packet, row.disclosure, row.looks))
    return found


def packages_of(release: Release) -> list[Sent]:
    return packages_under([release])[release.pk]


def told_under(release: Release) -> QuerySet[Disclosure]:
    """What was told aloud under a release."""
    rows = Disclosure.objects.filter(agency_id=release.agency_id, release=release, basis="spoken")
    return rows.select_related("by").order_by("-at")


def signers_of(release: Release) -> QuerySet[Signer]:
    return Signer.objects.filter(agency_id=release.agency_id, release=release).select_related("person")


@dataclass(frozen=True)
class SealedPart:
    """What of a release lies under the person's key."""

    facts: dict[str, Any] = field(repr=False)

    @property
    def language(self) -> str:
        return str(self.facts.get("language", "en"))


def sealed_part(release: Release, secret: RecordSecret) -> SealedPart:
    return SealedPart(unpack(secret.open("consent_release", "sealed", release.pk, release.sealed)))


def recipients(*, to: User) -> QuerySet[Agency]:
    """Agencies that a release can be for, also in an installation of their own unless they are of the justice side."""
    by_file = Q(state=Agency.State.ELSEWHERE) & ~Q(side=Side.JUSTICE)
    return Agency.objects.filter(Q(state=Agency.State.ACTIVE) | by_file).exclude(pk=agency_of(to)).order_by("name")


def who_may_sign(person: Person) -> list[tuple[str, str]]:
    """Whose signature could count for a person, for the worker's choice. The names stay in the files."""
    if person.age_band not in MINORS:
        return [(str(person.pk), "They themselves")]
    rows = Relation.objects.filter(agency_id=person.agency_id, person=person, may_sign=True, is_alleged_abuser=False)
    says = "They and who may sign for them" if signs_beside(person) else "Who may sign for them"
    others = [(str(row.other_id), f"{says}: file {row.other.code}") for row in rows.select_related("other")]
    return [*others, (str(person.pk), "They themselves: the law lets them sign alone for this")]


def waiting_for(user: User, now: dt.datetime) -> list[Line]:
    """One's own releases that end within days, by code."""
    if not holds(user, Permission.CONSENT_RELEASE_WORK):
        return []
    soon = visible(Release.objects.filter(drafted_by=user, state=Release.State.ACTIVE), to=user)
    return [
        HomeRows(
            soon.filter(ends_at__lte=now + REMIND_BEFORE, ends_at__gt=now),
            says="Release {} ends".format,
            route="consent:detail",
            kind="Release",
            at="ends_at",
            name="code",
            is_deadline=True,
        )
    ]


def counts_of(person: Person, *, to: User) -> dict[str, int]:
    """For a person's page: how much is shared now, and how often something left."""
    now = timezone.now()
    mine = visible(Release.objects.filter(person=person, state=Release.State.ACTIVE, ends_at__gt=now), to=to)
    return {"active": mine.count(), "left": visible(Disclosure.objects.filter(person=person), to=to).count()}
