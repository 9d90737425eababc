"""A release from the first word to its end.

Until the person says yes on the screen that is theirs, nothing is written at all. A draft then waits for the paper: it can
be dropped without a trace, and drops by itself after a day. With the signature the permit is opened in the same
transaction; with the end the permit is closed and what was not opened is taken back, in the same transaction too.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import Agency, User
from waymark.audit.actions import record
from waymark.consent import policies
from waymark.consent.formats.scopes import offered
from waymark.consent.models import Release, ReleaseRecord, Signer
from waymark.consent.policies import TEXT_VERSION, end_of
from waymark.consent.selectors.named import ids_in, records_chosen
from waymark.disclosures.actions import Closed, close_permit, open_permit
from waymark.people.actions import fresh_code, open_person
from waymark.people.formats.sealed import pack, unpack
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.people.selectors import opened_person
from waymark.vault.selectors import OpenVault

KIND = "release"


@dataclass(frozen=True)
class Terms:
    """What the person was asked, as it was read to them."""

    recipient: Agency
    purpose: str
    scopes: Sequence[str]
    last_day: dt.date
    alternatives: Sequence[str]
    interpreter: str
    language: str
    signer: uuid.UUID | None = None
    is_minor_alone: bool = False
    # The section that lets a minor sign alone for this (waymark.law).
    ground: str = ""
    words: Mapping[str, Any] = field(default_factory=dict, repr=False)
    # Of which scopes only these records go; a scope that is not here goes whole.
    records: Mapping[str, Collection[uuid.UUID]] = field(default_factory=dict)

    def sealed_part(self) -> dict[str, Any]:
        return {"language": self.language, "ground": self.ground, **self.words}


@transaction.atomic
def draft_release(*, vault: OpenVault, person: Person, terms: Terms, by: User, follows: Release | None = None) -> Release:
    """They said yes, and the paper is next. Nothing is shared yet."""
    agency = policies.must_work(by)
    secret = open_person(vault=vault, person=person, by=by)
    starts_at = timezone.now()
    _must_be_askable(terms, starts_at)
    last_day = terms.last_day
    childhood = policies.last_day_signed_for(person, terms.signer, opened_person(person, secret).born)
    if childhood is not None:
        if childhood < timezone.localdate(starts_at):
            raise Refused(policies.GROWN_UP)
        last_day = min(last_day, childhood)
    chosen = records_chosen(terms.records, person, vault=vault, by=by)
    if chosen is None:
        raise Refused(policies.NOT_THERE)
    pk = uuid.uuid4()
    release = Release.objects.create(
        pk=pk,
        agency_id=agency,
        code=fresh_code(Release, agency),
        person=person,
        recipient=terms.recipient,
        purpose=terms.purpose,
        scopes=[scope.code for scope in offered() if scope.code in set(terms.scopes)],
        by_record=sorted(chosen),
        starts_at=starts_at,
        ends_at=end_of(last_day, starts_at),
        text_version=TEXT_VERSION,
        alternatives=list(terms.alternatives),
        interpreter=terms.interpreter,
        sealed=secret.seal("consent_release", "sealed", pk, pack(terms.sealed_part())),
        follows=follows if follows is not None and follows.person_id == person.pk else None,
    )
    ReleaseRecord.objects.bulk_create(
        ReleaseRecord(agency_id=agency, release=release, scope=scope, record=item.pk, on=item.on)
        for scope, items in chosen.items()
        for item in items
    )
    capacity = Signer.Capacity.SELF
    if terms.signer is not None and terms.signer != person.pk:
        capacity = Signer.Capacity.FOR_CHILD
    elif terms.is_minor_alone:
        capacity = Signer.Capacity.MINOR
        if not terms.ground:
            raise Refused(policies.ASK_COUNSEL)
    must_be_signer(person, terms.signer or person.pk, capacity)
    Signer.objects.create(agency_id=agency, release=release, person_id=terms.signer or person.pk, capacity=capacity)
    if capacity == Signer.Capacity.FOR_CHILD and policies.signs_beside(person):
        Signer.objects.create(agency_id=agency, release=release, person=person, capacity=Signer.Capacity.BESIDE)
    record(verb="release.drafted", by=by, kind=KIND, about=pk)
    return release


def _must_be_askable(terms: Terms, now: dt.datetime) -> None:
    """What the screens do not offer is refused here as well."""
    today = timezone.localdate(now)
    known = {scope.code for scope in offered()}
    if not terms.scopes or not set(terms.scopes) <= known:
        raise Refused("Name at least one thing to share. An empty list shares nothing.")
    if not set(terms.records) <= set(terms.scopes) or not all(terms.records.values()):
        raise Refused("Name at least one record of each group of which only some are shared. None is nothing.")
    if not today <= terms.last_day <= today + dt.timedelta(days=policies.LONGEST_DAYS):
        raise Refused("The last day is today or later, and at most 365 days away.")
    if not terms.alternatives:
        raise Refused("Talk about the other ways first, and say which.")


def must_be_signer(person: Person, signer: uuid.UUID, capacity: str) -> None:
    """Raises Refused for a signature that would not count; the database refuses the same."""
    trouble = policies.signer_trouble(person, signer, capacity)
    if trouble:
        raise Refused(trouble)


@transaction.atomic
def drop_draft(*, release: Release, by: User) -> None:
    """Not today, or no: the draft goes, and nothing in the person's record says that it was there."""
    policies.must_work(by)
    if not policies.visible(Release.objects.filter(pk=release.pk, state=Release.State.DRAFT), to=by).exists():
        raise Refused("This release was signed. It can be stopped.")
    pk = release.pk
    Release.objects.filter(agency_id=release.agency_id, pk=pk, state=Release.State.DRAFT).delete()
    record(verb="release.dropped", by=by, kind=KIND, about=pk)


@transaction.atomic
def sign_release(*, vault: OpenVault, release: Release, evidence: str, place: str, by: User) -> Release:
    """The paper is signed: write down how that is shown, and begin. The permit is opened in this transaction."""
    policies.must_work(by)
    held = held_release(release, by=by)
    if held.state != Release.State.DRAFT:
        raise Refused("This release was signed before.")
    if timezone.now() >= held.ends_at:
        raise Refused("Its last day is over. Ask again.")
    secret = open_person(vault=vault, person=held.person, by=by)
    words = unpack(secret.open("consent_release", "sealed", held.pk, held.sealed))
    held.sealed = secret.seal("consent_release", "sealed", held.pk, pack({**words, "paper": place}))
    held.state, held.evidence, held.told_at = Release.State.SIGNED, evidence, held.drafted_at
    held.save(update_fields=["state", "evidence", "told_at", "sealed"])
    permit = open_permit(
        recipient=held.recipient,
        purpose=held.purpose,
        fields=held.scopes,
        starts_at=held.starts_at,
        ends_at=held.ends_at,
        by=by,
    )
    held.state, held.permit = Release.State.ACTIVE, permit
    held.save(update_fields=["state", "permit"])
    if held.follows_id is not None:
        _let_follow(held, held.follows_id)
    record(verb="release.signed", by=by, kind=KIND, about=held.pk, fields=held.scopes, purpose=held.purpose)
    held.refresh_from_db()
    return held


def _let_follow(release: Release, before_id: uuid.UUID) -> None:
    """An extension: the release before ends where the new one says at least as much. Otherwise both stand."""
    before = Release.objects.select_for_update().get(agency_id=release.agency_id, pk=before_id)
    is_same = (before.recipient_id, before.purpose) == (release.recipient_id, release.purpose)
    if before.state == Release.State.ACTIVE and is_same and _says_as_much(release, before):
        before.state, before.ended_why = Release.State.SUPERSEDED, Release.Why.FOLLOWED
        before.ended_at = timezone.now()
        before.save(update_fields=["state", "ended_at", "ended_why"])


def _says_as_much(release: Release, before: Release) -> bool:
    """Whether one release lets go what the other does: each scope, and each record of a scope that names records."""
    then, now = ids_in(before), ids_in(release)
    return set(before.scopes) <= set(release.scopes) and all(
        scope not in now or (scope in then and then[scope] <= now[scope]) for scope in before.scopes
    )


def held_release(release: Release, *, by: User) -> Release:
    """The release, held until this transaction ends. Whoever writes a line under it waits, and finds it ended."""
    mine = policies.visible(Release.objects.all(), to=by)
    found = (
        mine.select_for_update(of=("self",)).select_related("person", "recipient", "permit").filter(pk=release.pk).first()
    )
    if found is None:
        raise Refused("This release is not here.")
    return found


@transaction.atomic
def revoke_release(*, release: Release, by: User) -> Closed:
    """They said stop. No reason, no open vault: it works at once, and what was not opened yet is not there any more.

    What went out under releases that this one follows is taken back too. Stopping twice is stopping once.
    """
    policies.must_work(by)
    held = held_release(release, by=by)
    if held.state == Release.State.DRAFT:
        raise Refused("This release was never signed. Nothing was shared.")
    done = Closed(0, 0, 0)
    if held.is_over and held.state != Release.State.REVOKED:
        raise Refused("This release is over. Nothing is shared under it.")
    if held.state == Release.State.REVOKED:
        return done
    held.state, held.ended_at, held.ended_why = Release.State.REVOKED, timezone.now(), Release.Why.ASKED
    held.save(update_fields=["state", "ended_at", "ended_why"])
    for permit in _permits_behind(held):
        closed = close_permit(permit=permit, by=by)
        done = Closed(done.unopened + closed.unopened, done.opened + closed.opened, done.stopped + closed.stopped)
    record(verb="release.revoked", by=by, kind=KIND, about=held.pk)
    return done


def _permits_behind(release: Release) -> list[Any]:
    """The permit of a release, and those of the releases that it follows."""
    permits = []
    here: Release | None = release
    while here is not None:
        if here.permit is not None:
            permits.append(here.permit)
        if here.follows_id is None:
            break
        before = Release.objects.filter(agency_id=here.agency_id, pk=here.follows_id, state=Release.State.SUPERSEDED)
        here = before.select_related("permit").first()
    return permits
