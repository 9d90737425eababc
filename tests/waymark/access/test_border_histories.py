"""Random rows of two agencies, and every way to move one over the border, to point over it, or to look over it.

Which keys there are is read from the database itself: a table that is added is tried as soon as the world has a row of it.
"""

from __future__ import annotations

import os
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.accounts import AgencyFactory
from tests.factories.care import a_goal, a_need, a_safety_plan, a_service, a_step, an_assessment
from tests.factories.consent import a_release
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.people import (
    a_case,
    a_contact,
    a_file,
    a_hold,
    a_legal_relief,
    a_note,
    a_notice,
    a_person,
    a_relation,
    an_address,
)
from tests.plugins.histories import NIGHT, Owner, must_fail, tell
from tests.waymark.cases.test_rules import moved

from waymark.accounts.models import Agency, User
from waymark.cases.models import Addendum
from waymark.consent.models import Disclosure
from waymark.people.models import LookUpValue, NamedReader
from waymark.vault.models import WrappedKey

# Keys between tables with an agency, which hold the agency on both ends.
KEYS = """
SELECT k.conrelid::regclass::text, a.attname::text, k.confrelid::regclass::text
FROM pg_constraint k
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) AND a.attname <> 'agency_id'
WHERE k.contype = 'f' AND cardinality(k.conkey) = 2 AND k.conrelid::regclass::text = ANY(%s)
    AND k.confrelid::regclass::text = ANY(%s)
ORDER BY 1, 2, 3
"""


@dataclass
class Side:
    """One agency, somebody who acts for it, and the ids of its rows by table."""

    agency: Agency
    by: User
    rows: dict[str, list[uuid.UUID]] = field(default_factory=dict)


def side() -> Side:
    """A row in every table that the survivor side fills without opening anything."""
    here = Side(*agency_with_member())
    agency, by = here.agency, here.by
    with acting(by):
        person, other = a_person(agency, by, age_band="25-59"), a_person(agency, by)
        case = a_case(agency, by, person)
        notice, note, goal = a_notice(case, by), a_note(case), a_goal(case, by)
        release, hold = a_release(person, AgencyFactory()), a_hold(agency, by)
        moved(case, "begin_intake")
        made = [
            *(person, other, case, notice, note, goal, release, release.permit, hold, hold.record_key),
            *(a_contact(person, by), an_address(person, by), a_relation(person, other, by)),
            *(a_legal_relief(case, by), a_file(case, by), a_need(case, by), a_step(case, by, goal), a_service(case, by)),
            *(an_assessment(case, by), a_safety_plan(case, by)),
            NamedReader.objects.create(agency=agency, person=person, user=by),
            LookUpValue.objects.create(agency=agency, person=person, kind="sound", sound=1),
            Addendum.objects.create(agency=agency, note=note, text=b"x"),
            WrappedKey.objects.create(agency=agency, record_key=hold.record_key, number=1, wrapped=b"x" * 60),
            Disclosure.objects.create(
                agency=agency,
                person=person,
                basis="internal",
                method="print",
                fields=["person.name"],
                outside="own_agency",
                content_hash=os.urandom(32),
            ),
        ]
        for model in {type(row) for row in made if row is not None}:
            # What was made along with another row is one of them.
            here.rows[model._meta.db_table] = sorted(model._default_manager.values_list("pk", flat=True))
    return here


class World:
    """Two agencies with alike rows, and the keys between their tables."""

    def __init__(self) -> None:
        self.sides = (side(), side())
        self.tables = sorted(self.sides[0].rows)
        with connection.cursor() as cursor:
            cursor.execute(KEYS, [self.tables, self.tables])
            self.keys = cursor.fetchall()
        assert len(self.keys) > 20

    def story(self, chance: random.Random) -> None:
        here, there = chance.sample(self.sides, 2)
        with acting(here.by):
            for _ in range(chance.randint(2, 6)):
                chance.choice((self.move, self.take, self.point, self.point, self.look))(chance, here, there)
        # Nothing of it came to be, seen by either.
        for one in self.sides:
            with acting(one.by):
                table = chance.choice(self.tables)
                assert self.count(f"SELECT count(*) FROM {table}", []) == len(one.rows[table])

    def count(self, statement: str, values: list[object]) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            found: int = cursor.fetchone()[0]
            return found

    def refused(self, act: Callable[[], int]) -> None:
        """Refused by the database, or nothing was there to do it to."""
        try:
            with transaction.atomic():
                done = act()
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except DatabaseError:
            return
        finally:
            if not connection.needs_rollback:
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert done == 0, "it was done"

    def run(self, statement: str, *values: object) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount

    def move(self, chance: random.Random, here: Side, there: Side) -> None:
        """A row changes its agency."""
        table = chance.choice(self.tables)
        row = chance.choice(chance.choice([here, there]).rows[table])
        self.refused(lambda: self.run(f"UPDATE {table} SET agency_id = %s WHERE id = %s", there.agency.pk, row))
        self.refused(
            lambda: self.run(
                f"UPDATE {table} SET agency_id = %s WHERE id = %s", here.agency.pk, chance.choice(there.rows[table])
            )
        )

    def take(self, chance: random.Random, here: Side, there: Side) -> None:
        """A copy of an own row is written for the other agency."""
        table = chance.choice(self.tables)
        self.refused(lambda: self.copied(table, chance.choice(here.rows[table]), agency_id=there.agency.pk))

    def point(self, chance: random.Random, here: Side, there: Side) -> None:
        """An own row, or a copy of one, points to a row of the other agency."""
        table, column, target = chance.choice(self.keys)
        row, hidden = chance.choice(here.rows[table]), chance.choice(there.rows[target])
        if chance.random() < 0.5:
            self.refused(lambda: self.run(f"UPDATE {table} SET {column} = %s WHERE id = %s", hidden, row))
        else:
            self.refused(lambda: self.copied(table, row, **{column: hidden}))

    def copied(self, table: str, row: uuid.UUID, **changes: uuid.UUID) -> int:
        changes = {"id": uuid.uuid4(), **changes}
        named = ", ".join(f"'{name}', %s::text" for name in changes)
        copy = f"(jsonb_populate_record(r, jsonb_build_object({named}))).*"
        return self.run(f"INSERT INTO {table} SELECT {copy} FROM {table} r WHERE id = %s", *changes.values(), row)

    def look(self, chance: random.Random, here: Side, there: Side) -> None:
        table = chance.choice(self.tables)
        assert self.count(f"SELECT count(*) FROM {table}", []) == len(here.rows[table])
        hidden = chance.choice(there.rows[table])
        assert self.count(f"SELECT count(*) FROM {table} WHERE id = %s", [hidden]) == 0
        self.refused(lambda: self.run(f"UPDATE {table} SET id = id WHERE id = %s", hidden))


def test_no_row_crosses_a_border_and_none_points_over_it(committed_db: str, owner: Owner) -> None:
    world = World()
    tell(world.story, stories=40, seed=1)
    for statement, back in (
        ("ALTER TABLE care_need DISABLE ROW LEVEL SECURITY", "ALTER TABLE care_need ENABLE ROW LEVEL SECURITY"),
        ("ALTER TABLE people_lookupvalue DROP CONSTRAINT people_lookupvalue_person_id_of_agency", "SELECT 1"),
    ):
        owner(statement)
        must_fail(world.story)
        owner(back)


@pytest.mark.nightly
def test_ten_thousand_histories_at_the_border(committed_db: str) -> None:
    tell(World().story, stories=NIGHT)
