"""What the database holds of single records that a release names, whatever program writes."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.care import a_goal, a_need, a_service, a_step
from tests.factories.consent import a_draft, a_release, name_record, permit_for, signed
from tests.factories.disclosures import acting, agency_with_member, frozen, with_key
from tests.factories.people import a_case, a_contact, a_file, a_legal_relief, a_note, a_person, an_address
from tests.factories.referrals import asked
from tests.waymark.cases.test_rules import put_into
from tests.waymark.consent.test_rules import World, refused

from waymark.accounts.models import User
from waymark.care.models import Goal
from waymark.cases.models import Case
from waymark.consent.formats.scopes import RECORD_CODES, SCOPES, Asked, record_code
from waymark.consent.models import Package, Release, ReleaseRecord
from waymark.consent.policies import trouble_of
from waymark.disclosures.actions import deliver_packet
from waymark.disclosures.policies import Refused
from waymark.people.models import Person
from waymark.referrals.actions import crossing
from waymark.referrals.models import Way

Make = Callable[[Case, User], Any]
MAKERS: dict[str, tuple[Make, ...]] = {
    "person.contact": (lambda case, by: a_contact(case.person, by),),
    "person.address": (lambda case, by: an_address(case.person, by, "substitute"),),
    "case.asked_for": (lambda case, by: case,),
    "care.needs": (a_need,),
    "care.goals": (a_goal, a_step),
    "care.services": (a_service,),
    "referral.request": (lambda case, by: asked(by, AgencyFactory(), case=case, sent=False),),
    "relief.legal": (a_legal_relief,),
}
# How a row of each ends, so that it is not shared any more; legal relief is only destroyed with its case.
ENDS: dict[str, dict[str, Any]] = {
    "person.contact": {"ended_at": timezone.now()},
    "person.address": {"ended_at": timezone.now()},
    "care.needs": {"state": "dropped"},
    "care.goals": {"state": "changed"},
    "care.services": {"voided_at": timezone.now()},
}


class Named(World):
    """A world with a case, and a second person with a case of their own."""

    def __init__(self) -> None:
        super().__init__()
        with self.acting():
            self.case = a_case(self.agency, self.by, person=self.person)
            self.other = a_case(self.agency, self.by)


@pytest.fixture
def world(db: None) -> Named:
    return Named()


def draft_that_names(world: Named, *scopes: str) -> Release:
    return a_draft(world.person, world.there, scopes=[*scopes, "person.name"], by_record=sorted(scopes))


def codes(scope: str, *rows: Any) -> list[str]:
    return [record_code(scope, row.pk) for row in rows]


def test_only_what_is_named_goes_by_any_way_and_none_named_is_nothing(world: Named) -> None:
    with world.acting():
        needs = [a_need(world.case, world.by) for _ in range(3)]
        service = a_service(world.case, world.by)
        scopes = ["person.name", "care.needs", "care.services"]
        release = a_release(world.person, world.there, scopes=scopes, named={"care.needs": needs[:2]})
        two = codes("care.needs", *needs[:2])
        world.line(release, fields=scopes, records=two)
        world.line(release, fields=["care.needs"], records=two[:1])
        world.line(release, fields=["care.services"])
        for fields, records in (
            (["care.needs"], []),
            (["care.needs"], codes("care.needs", *needs)),
            (["care.needs"], codes("care.needs", needs[2])),
            # The rest, sent through another scope, or under the name of one; and a scope that does not go at all.
            (["care.services"], codes("care.services", needs[2])),
            (["care.services"], codes("care.services", service)),
            (["care.needs", "care.services"], [*two, *codes("care.services", service)]),
            (["person.name"], two),
            (["care.needs"], [record_code("care.needs", uuid.uuid4())]),
            (["care.needs"], [*two, "care.needs"]),
            (["care.needs"], [*two, "*"]),
        ):
            told = {"fields": fields, "records": records}
            for way in ({}, {"method": "print"}, {"method": "csv"}, {"basis": "spoken", "method": "spoken"}):
                refused(lambda told=told, way=way: world.line(release, **told, **way), "release.other_record")  # type: ignore[misc]
        refused(lambda: world.line(None, records=two), "records_are_named_under_a_release")
        both = a_release(
            world.person, world.there, scopes=scopes, named={"care.needs": needs[:1], "care.services": [service]}
        )
        world.line(both, fields=scopes, records=[*two[:1], *codes("care.services", service)])
        # Records of one group do not speak for the other.
        refused(lambda: world.line(both, fields=scopes, records=two[:1]), "release.other_record")
        nothing = a_release(world.person, world.there, scopes=["care.needs"], by_record=["care.needs"])
        for records in ([], two):
            refused(lambda records=records: world.line(nothing, fields=["care.needs"], records=records), "other_record")  # type: ignore[misc]


def test_what_ended_does_not_go_and_what_stands_does(world: Named) -> None:
    """What was named and ended is written no more; the judge, asked for all that stands, lets the others go."""
    with world.acting():
        needs = [a_need(world.case, world.by) for _ in range(2)]
        release = a_release(world.person, world.there, scopes=["care.needs"], named={"care.needs": needs})
        now = timezone.now()
        type(needs[0]).objects.filter(pk=needs[0].pk).update(state="met")
        refused(lambda: world.line(release, fields=["care.needs"], records=codes("care.needs", *needs)), "other_record")
        world.line(release, fields=["care.needs"], records=codes("care.needs", needs[1]))
        assert trouble_of(release, fields=["care.needs"], at=now) is None
        type(needs[1]).objects.filter(pk=needs[1].pk).update(state="dropped")
        assert trouble_of(release, fields=["care.needs"], at=now) == "release.other_record"


Found = set[tuple[str, uuid.UUID]]


def some_that_stand_and_some_that_do_not(world: Named) -> tuple[Found, Found]:
    """One of each kind and everything that is like it: another person's, of another scope, ended, never begun."""
    receiver = UserFactory(role="advocate", agency=world.there)
    with_key(world.by, world.there)
    with_key(receiver, world.agency)
    with world.acting():
        mine = {(scope, make(world.case, world.by).pk) for scope, makes in MAKERS.items() for make in makes}
        fall = {(scope, make(world.other, world.by).pk) for scope, makes in MAKERS.items() for make in makes}
        fall |= {(scope, pk) for scope in RECORD_CODES for _, pk in mine if (scope, pk) not in mine}
        for scope, change in ENDS.items():
            for make in MAKERS[scope]:
                row = make(world.case, world.by)
                type(row).objects.filter(pk=row.pk).update(**change)
                fall.add((scope, row.pk))
        for state in ("closed", "archived"):
            fall.add(("case.asked_for", (over := a_case(world.agency, world.by, person=world.person)).pk))
            put_into(over, state)
        fall |= {("care.services", a_service(world.case, world.by, state=state).pk) for state in ("planned", "no_show")}
        step = a_step(world.case, world.by)
        Goal.objects.filter(pk=step.goal_id).update(state="met")
        type(step).objects.filter(pk=step.pk).update(state="open")
        fall |= {("care.goals", step.pk), ("care.goals", step.goal_id)}
        letter = asked(world.by, world.there, Way.CARRIED, case=world.case)
        back = asked(world.by, world.there, case=world.case)
        crossing.move(back.pk, "withdraw", reason="not_safe")
        fall |= {("referral.request", letter.pk), ("referral.request", back.pk)}
        fall |= {("person.address", an_address(world.person, world.by).pk)}
        fall |= {("note", a_note(world.case).pk), ("person.name", world.person.pk)}
    return mine, fall


def standing(world: Named, asked_for: Found) -> Found:
    """Which of them the database takes for records of the person that a release could name."""
    scopes, pks = zip(*asked_for, strict=True)
    with world.acting(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.scope, a.pk FROM unnest(%s::text[], %s::uuid[]) a(scope, pk)"
            " WHERE consent_record_stands(%s, %s, a.scope, a.pk)",
            [list(scopes), list(pks), world.agency.pk, world.person.pk],
        )
        return set(cursor.fetchall())


def test_a_record_stands_while_it_is_this_person_s_and_open_and_of_its_scope(world: Named) -> None:
    stand, fall = some_that_stand_and_some_that_do_not(world)
    assert standing(world, stand | fall) == stand


def test_the_crossing_is_judged_by_what_its_line_names(world: Named) -> None:
    """One of the two that its line names ends in between: nothing crosses, though the other alone could."""
    with_key(world.by, world.there)
    with_key(UserFactory(role="advocate", agency=world.there))
    with world.acting():
        scopes, needs = ["care.needs"], [a_need(world.case, world.by) for _ in range(2)]
        release = a_release(world.person, world.there, scopes=scopes, named={"care.needs": needs})
        for is_ended in (False, True):
            packet = frozen(world.by, world.there, release.permit, kind="package", fields=scopes)
            line = world.line(
                release,
                fields=scopes,
                records=codes("care.needs", *needs),
                content_hash=hashlib.sha256(packet.sealed or b"").digest(),
            )
            Package.objects.create(agency=world.agency, release=release, disclosure=line, packet=packet)
            if not is_ended:
                assert deliver_packet(packet=packet.pk, by=world.by) == "delivered"
                continue
            type(needs[1]).objects.filter(pk=needs[1].pk).update(state="met")
            with pytest.raises(Refused) as error:
                deliver_packet(packet=packet.pk, by=world.by)
            assert error.value.code == "release.other_record"


def test_a_release_names_only_standing_records_of_its_person_by_the_table_that_the_scope_speaks_of(world: Named) -> None:
    assert set(MAKERS) == set(RECORD_CODES)
    with world.acting():
        draft = draft_that_names(world, *RECORD_CODES)
        real, note, file = an_address(world.person, world.by), a_note(world.case), a_file(world.case, world.by)
        mine = {scope: [make(world.case, world.by) for make in makes] for scope, makes in MAKERS.items()}
        theirs = {scope: [make(world.other, world.by) for make in makes] for scope, makes in MAKERS.items()}
        for scope in RECORD_CODES:
            of_other_scopes = [rows[0] for code, rows in mine.items() if code != scope]
            for row in (*theirs[scope], *of_other_scopes, real, note, file, world.person):
                refused(lambda scope=scope, row=row: name_record(draft, scope, row), "not in the file of this person")  # type: ignore[misc]
            for row in mine[scope]:
                if scope in ENDS:
                    ended = MAKERS[scope][mine[scope].index(row)](world.case, world.by)
                    type(ended).objects.filter(pk=ended.pk).update(**ENDS[scope])
                    refused(lambda scope=scope, row=ended: name_record(draft, scope, row), "not in the file")  # type: ignore[misc]
                name_record(draft, scope, row)
                refused(lambda scope=scope, row=row: name_record(draft, scope, row), "a_record_is_named_once")  # type: ignore[misc]
        for scope in ("person.name", "note", "note.privileged", "case.worker"):
            refused(lambda scope=scope: name_record(draft, scope, note), "names no single records of this")  # type: ignore[misc]


def test_what_is_named_is_frozen_with_the_signature(world: Named) -> None:
    with world.acting():
        needs = [a_need(world.case, world.by) for _ in range(3)]
        for changes in (
            {"by_record": ["care.needs"]},
            {"by_record": ["person.name"]},
            {"scopes": ["note"], "by_record": ["note"]},
        ):
            refused(lambda changes=changes: a_draft(world.person, world.there, **changes), "of_named_scopes|known_scopes")  # type: ignore[misc]
        draft = draft_that_names(world, "care.needs")
        held, named = Release.objects.filter(pk=draft.pk), ReleaseRecord.objects.filter(release=draft)
        for need in needs[:2]:
            name_record(draft, "care.needs", need)
        named.filter(record=needs[1].pk).delete()
        release = signed(draft)

        def nothing_moves() -> None:
            refused(lambda: name_record(draft, "care.needs", needs[2]), "before the signature")
            refused(named.delete, "What was signed stays")
            refused(lambda: named.update(record=needs[2].pk), "What is named stays")
            refused(lambda: held.update(by_record=[]), "does not change|no such move")
            refused(
                lambda: held.update(by_record=["care.needs", "person.name"]), "does not change|no such move|of_named_scopes"
            )

        nothing_moves()
        release.state, release.permit = Release.State.ACTIVE, permit_for(release)
        release.save(update_fields=["state", "permit"])
        nothing_moves()
        # A longer release is one of its own: what the first named is not widened by it.
        longer = draft_that_names(world, "care.needs")
        assert not ReleaseRecord.objects.filter(release=longer).exists()
        refused(lambda: Release.objects.filter(pk=longer.pk).update(by_record=[]), "no such move")
        world.line(release, fields=["care.needs"], records=codes("care.needs", needs[0]))
        refused(lambda: world.line(release, fields=["care.needs"], records=codes("care.needs", needs[2])), "other_record")
        # A draft goes with everything that it names.
        name_record(longer, "care.needs", needs[0])
        Release.objects.filter(pk=longer.pk).delete()
        assert ReleaseRecord.objects.count() == 1


def test_records_of_another_agency_are_neither_seen_nor_named(world: Named) -> None:
    with world.acting():
        need = a_need(world.case, world.by)
        release = a_release(world.person, world.there, scopes=["care.needs"], named={"care.needs": [need]})
    _, stranger = agency_with_member()
    with acting(stranger):
        assert stranger.acting is not None
        own = a_person(stranger.acting.agency, stranger)
        draft = a_draft(own, world.there, scopes=["care.needs"], by_record=["care.needs"])
        assert not ReleaseRecord.objects.exists()
        for wanted in (need, Person(pk=uuid.uuid4())):
            refused(lambda wanted=wanted: name_record(draft, "care.needs", wanted), "not in the file")  # type: ignore[misc]
        foreign = ReleaseRecord(
            agency=stranger.acting.agency, release=release, scope="care.needs", record=need.pk, on=timezone.localdate()
        )
        refused(lambda: foreign.save(force_insert=True), "before the signature")


def test_of_two_files_the_one_that_names_records_is_stricter_for_both(world: Named) -> None:
    """A record lies in one file: under the other file's release nothing of its group goes; what both share whole does."""
    with world.acting():
        scopes = ["person.name", "care.needs"]
        here, there = a_need(world.case, world.by), a_need(world.other, world.by)
        whole = a_release(world.person, world.there, scopes=scopes)
        single = a_release(world.other.person, world.there, scopes=scopes, named={"care.needs": [there]})
        world.line(whole, fields=scopes)
        Person.objects.filter(pk=world.other.person_id).update(merged_into=world.person, merged_at=timezone.now())
        refused(lambda: world.line(whole, fields=["care.needs"]), "release.merge")
        refused(lambda: world.line(whole, fields=["care.needs"], records=codes("care.needs", there)), "release.merge")
        world.line(whole, fields=["person.name"])
        # The other way: what is named there is less than what this file shares, and goes.
        world.line(single, person=world.other.person, fields=scopes, records=codes("care.needs", there))
        # A release that is signed after they became one is a new word.
        fresh = a_release(world.person, world.there, scopes=scopes, named={"care.needs": [here]})
        world.line(fresh, fields=scopes, records=codes("care.needs", here))
        Person.objects.filter(pk=world.other.person_id).update(merged_into=None, merged_at=None)
        world.line(whole, fields=["care.needs"])


def test_who_gives_records_gives_all_only_these_or_for_an_empty_choice_none() -> None:
    chosen, other = uuid.uuid4(), uuid.uuid4()
    for only, goes in ((None, [True, True]), (frozenset({chosen}), [True, False]), (frozenset(), [False, False])):
        asked_for = Asked(None, None, None, timezone.localdate(), only)
        assert [asked_for.asks_for(pk) for pk in (chosen, other)] == goes


def test_the_lists_of_scopes_of_records_say_the_same() -> None:
    assert {scope.code for scope in SCOPES if scope.of_records} == set(RECORD_CODES)
    # Who somebody is and who works with them is no list, and no note or real address is in a table that is looked into.
    assert not set(RECORD_CODES) & {"person.name", "person.legal_name", "person.born", "case.worker"}


@pytest.mark.django_db
def test_the_judge_looks_into_no_table_of_notes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'consent_record_stands'")
        (body,) = cursor.fetchone()
    assert "note" not in body
    assert "assessment" not in body
    assert body.count("WHEN '") == len(RECORD_CODES)
    for code in RECORD_CODES:
        assert f"WHEN '{code}'" in body


def test_a_day_after_the_last_named_records_do_not_go_either(world: Named) -> None:
    with world.acting():
        need = a_need(world.case, world.by)
        release = a_release(world.person, world.there, scopes=["care.needs"], named={"care.needs": [need]})
        after = release.ends_at + dt.timedelta(seconds=1)
        assert trouble_of(release, fields=["care.needs"], at=after) == "release.expired"
