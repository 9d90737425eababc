"""What the database itself holds of releases and the ledger, whatever program writes."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.factories.accounts import AgencyFactory
from tests.factories.consent import a_draft, a_release, permit_for, signed
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.people import a_person, a_relation

from waymark.consent.actions import record_disclosure
from waymark.consent.formats.scopes import CODES, SCOPES
from waymark.consent.models import Disclosure, Release, Signer
from waymark.disclosures.formats.kinds import PACKAGE
from waymark.people.models import Person

State = Release.State


class World:
    """An agency that gives, one that gets, and a grown-up who is served."""

    def __init__(self) -> None:
        self.agency, self.by = agency_with_member()
        self.there = AgencyFactory(name="Landing House (invented)")
        with self.acting():
            self.person = a_person(self.agency, self.by, age_band="25-59")

    def acting(self) -> Any:
        return acting(self.by)

    def line(self, release: Release | None, **changes: Any) -> Disclosure:
        values: dict[str, Any] = {
            "basis": "release" if release else "internal",
            "method": "package" if release else "print",
            "fields": ["person.name"],
            "recipient": self.there if release else "own_agency",
            "person": self.person,
            "content_hash": os.urandom(32),
            **changes,
        }
        return record_disclosure(by=self.by, release=release, **values)


@pytest.fixture
def world(db: None) -> World:
    return World()


def refused(act: Callable[[], Any], says: str = "") -> None:
    """The database says no, and the transaction goes on; checks that wait for the commit are asked for now."""

    def act_and_end() -> None:
        act()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError, match=says), transaction.atomic():
        act_and_end()
    with suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_nothing_is_active_without_evidence_an_end_a_recipient_a_list_and_words_told(world: World) -> None:
    now = timezone.now()
    with world.acting():
        for changes, says in (
            ({"scopes": []}, "release_names_known_scopes"),
            ({"scopes": ["*"]}, "release_names_known_scopes"),
            ({"scopes": ["note.privileged"]}, "release_names_known_scopes"),
            ({"ends_at": now + dt.timedelta(days=400)}, "release_ends_within_a_year"),
            ({"ends_at": now - dt.timedelta(days=2)}, "release_ends_after_it_begins"),
            ({"ends_at": None}, "null value"),
            ({"interpreter": "child"}, "release_has_a_right_interpreter"),
            ({"purpose": "anything"}, "release_has_a_purpose"),
            ({"state": State.ACTIVE}, "begins as a draft"),
        ):
            refused(lambda changes=changes: a_draft(world.person, world.there, **changes), says)  # type: ignore[misc]
        refused(lambda: a_draft(world.person, world.agency), "release_is_for_another_agency")
        draft = a_draft(world.person, world.there)
        held = Release.objects.filter(pk=draft.pk)
        refused(lambda: held.update(state=State.SIGNED), "nothing_is_signed_without_evidence")
        refused(lambda: held.update(state=State.SIGNED, evidence="paper"), "nothing_is_signed_without_evidence")
        refused(lambda: held.update(state=State.ACTIVE, evidence="paper", told_at=now), "no such move")
        signed(draft)
        refused(lambda: held.update(state=State.ACTIVE), "permit says something else")
        wider = permit_for(draft, fields=["person.name", "care.needs"])
        refused(lambda: held.update(state=State.ACTIVE, permit=wider), "permit says something else")
        without = a_draft(world.person, world.there, alternatives=[])
        refused(lambda: signed(without), "nothing_is_signed_without_evidence")


def test_an_end_is_final_and_what_was_signed_never_changes(world: World) -> None:
    with world.acting():
        release = a_release(world.person, world.there)
        held = Release.objects.filter(pk=release.pk)
        for changes in (
            {"scopes": list(CODES)},
            {"recipient": AgencyFactory(name="Third House (invented)")},
            {"purpose": "legal"},
            {"ends_at": release.ends_at + dt.timedelta(days=1)},
            {"person": a_person(world.agency, world.by)},
        ):
            refused(lambda changes=changes: held.update(**changes), "does not change")  # type: ignore[misc]
        refused(lambda: held.update(state=State.EXPIRED, ended_why="last_day"), "last day is not over")
        refused(lambda: held.update(state=State.SUPERSEDED, ended_why="followed"), "No new release follows")
        refused(held.delete, "Who signed stays")
        refused(lambda: Signer.objects.filter(release=release).delete(), "Who signed stays")
        refused(lambda: held.update(state=State.REVOKED, ended_why="asked", ended_at=timezone.now()), "end together")
        refused(lambda: type(release.permit).objects.update(revoked_at=timezone.now()), "end together")
        type(release.permit).objects.filter(pk=release.permit_id).update(revoked_at=timezone.now())
        held.update(state=State.REVOKED, ended_why="asked", ended_at=timezone.now())
        for state in State:
            refused(lambda state=state: held.update(state=state), "An end is final")  # type: ignore[misc]


def test_the_ledger_is_append_only_and_says_who_and_when_by_itself(world: World) -> None:
    with world.acting():
        line = world.line(None)
        assert line.by == world.by
        assert line.at is not None
        other = Disclosure.objects.get(pk=line.pk)
        other.method = "pdf"
        refused(other.save, "append-only|permission denied")
        refused(other.delete, "append-only|permission denied")
        with connection.cursor() as cursor:
            refused(lambda: cursor.execute("TRUNCATE consent_disclosure CASCADE"), "append-only|permission denied")
        refused(lambda: world.line(None, basis="compelled", recipient="court"), "an_order_stands_behind")
        refused(lambda: world.line(None, fields=[]), "disclosure_names_a_field")
        refused(lambda: world.line(None, person=None), "disclosure_is_about_somebody")
        assert Disclosure.objects.count() == 1


def test_a_line_under_a_release_says_no_more_than_the_release(world: World) -> None:
    with world.acting():
        release = a_release(world.person, world.there)
        world.line(release)
        third = AgencyFactory(name="Third House (invented)")
        for changes, says in (
            ({"fields": ["person.name", "care.needs"]}, "release.other_field"),
            ({"recipient": third}, "release.other_recipient"),
            ({"person": a_person(world.agency, world.by)}, "release.other_person"),
            ({"recipient": "police"}, "release.other_recipient"),
        ):
            refused(lambda changes=changes: world.line(release, **changes), says)  # type: ignore[misc]
        later = a_release(world.person, world.there, starts_at=timezone.now() + dt.timedelta(days=1))
        refused(lambda: world.line(later), "release.not_started")
        refused(lambda: world.line(signed(a_draft(world.person, world.there))), "release.signed")


def relation_of(world: World, child: Person, other: Person, **flags: Any) -> None:
    a_relation(child, other, world.by, **flags)


def test_who_is_said_to_have_hurt_a_child_or_the_other_parent_never_signs(world: World) -> None:
    with world.acting():
        child = a_person(world.agency, world.by, age_band="13-17")
        parent, other = a_person(world.agency, world.by), a_person(world.agency, world.by)
        relation_of(world, child, parent, may_sign=True)

        def for_child(signer: Person) -> Callable[[], Any]:
            def act() -> Any:
                draft = Release.objects.get(pk=a_draft_without_signer(child).pk)
                return Signer.objects.create(agency=world.agency, release=draft, person=signer, capacity="for_child")

            return act

        def a_draft_without_signer(person: Person) -> Release:
            draft = a_draft(world.person, world.there)
            Signer.objects.filter(release=draft).delete()
            Release.objects.filter(pk=draft.pk).delete()
            row = Release(
                agency=world.agency,
                code=draft.code,
                person=person,
                recipient=world.there,
                purpose="housing",
                scopes=["person.name"],
                starts_at=draft.starts_at,
                ends_at=draft.ends_at,
                text_version="test",
                alternatives=["wait"],
                interpreter="none",
                sealed=b"sealed",
            )
            row.save(force_insert=True)
            return row

        for_child(parent)()
        refused(for_child(other), "may not sign")
        refused(for_child(child), "may not sign")
        # A child does not sign as a grown-up, and nobody signs for a grown-up.
        own = a_draft_without_signer(child)
        refused(
            lambda: Signer.objects.create(agency=world.agency, release=own, person=child, capacity="self"), "may not sign"
        )
        Signer.objects.create(agency=world.agency, release=own, person=child, capacity="minor")
        # The other parent says that this parent hurt them: no signature any more, of the child's either.
        relation_of(world, child, other, may_sign=True)
        relation_of(world, other, parent, is_alleged_abuser=True)
        refused(for_child(parent), "may not sign")
        for_child(other)()
        Person.objects.filter(pk=child.pk).update(age_band="18-24")
        refused(for_child(other), "may not sign")


def test_a_parent_s_signature_ends_with_the_childhood_and_with_the_right_to_sign(world: World) -> None:
    with world.acting():
        child = a_person(world.agency, world.by, age_band="13-17")
        parent = a_person(world.agency, world.by)
        relation = a_relation(child, parent, world.by, may_sign=True)
        draft = Release.objects.create(
            agency=world.agency,
            code="child-01",
            person=child,
            recipient=world.there,
            purpose="housing",
            scopes=["person.name"],
            starts_at=timezone.now(),
            ends_at=timezone.now() + dt.timedelta(days=20),
            text_version="test",
            alternatives=["wait"],
            interpreter="none",
            sealed=b"sealed",
        )
        Signer.objects.create(agency=world.agency, release=draft, person=parent, capacity="for_child")
        Signer.objects.create(agency=world.agency, release=draft, person=child, capacity="beside")
        draft.refresh_from_db()
        release = signed(draft)
        release.state, release.permit = State.ACTIVE, permit_for(release)
        release.save(update_fields=["state", "permit"])
        world.line(release, person=child)
        with transaction.atomic():
            sid = transaction.savepoint()
            Person.objects.filter(pk=child.pk).update(age_band="18-24")
            refused(lambda: world.line(release, person=child), "release.signer")
            transaction.savepoint_rollback(sid)
        world.line(release, person=child)
        relation.delete()
        refused(lambda: world.line(release, person=child), "release.signer")


def test_scopes_packet_fields_and_the_database_say_the_same(world: World) -> None:
    assert sorted(CODES) == [question.code for question in PACKAGE.questions]
    assert all(scope.en and scope.es for scope in SCOPES)
    # No note, no real address, no assessment, no code of exploitation has a scope: nothing privileged can be named.
    assert not [code for code in CODES for word in ("note", "privileged", "real", "score", "exploit") if word in code]
    with world.acting():
        a_draft(world.person, world.there, scopes=list(CODES))


def test_releases_of_another_agency_are_neither_seen_nor_pointed_to(world: World) -> None:
    _, stranger = agency_with_member()
    with world.acting():
        release = a_release(world.person, world.there)
        line = world.line(release)
    with acting(stranger):
        assert not Release.objects.exists()
        assert not Disclosure.objects.exists()
        assert stranger.acting is not None
        own = a_person(stranger.acting.agency, stranger)
        for pk in (release.pk, uuid.uuid4()):
            refused(
                lambda pk=pk: a_draft(own, world.there, follows_id=pk),  # type: ignore[misc]
                "consent_release_follows_id_of_agency",
            )
        assert line.pk
