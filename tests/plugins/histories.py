"""Random histories beside a plain model: some in every run, ten thousand at night.

A story is told with one source of chance and leaves nothing behind: its transaction is rolled back. In CI the seeds are
always the same; at night they begin anew, and a story that fails says its seed. That a story would see its rule missing is
shown by telling some while the rule is taken away (`without`).

Rules that ask the database for the hour are tried at any: `movable_clock` lets a committed test's database read the hour
from a setting, with no other word of its rules changed, on a wall whose clock changes twice a year.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

Owner = Callable[..., list[tuple[Any, ...]]]
Story = Callable[[random.Random], None]
NIGHT = 10_000

# The days around both changes of the clock on the wall, and any others.
CHANGES = (dt.datetime(2026, 3, 8, 10, tzinfo=dt.UTC), dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC))
CLOCK = "waymark_test.now"


def often(examples: int) -> int:
    """So many examples in CI, ten thousand at night."""
    return NIGHT if os.environ.get("WAYMARK_TEST_PROFILE") == "nightly" else examples


def tell(story: Story, *, stories: int, seed: int | None = None) -> None:
    """Tell so many stories; each finds the database as the one before it found it."""
    seed = int(os.environ.get("WAYMARK_HISTORIES_SEED", time.time_ns())) if seed is None else seed
    print(f"{stories} stories from seed {seed}")
    for number in range(seed, seed + stories):
        try:
            with transaction.atomic():
                story(random.Random(number))
                transaction.set_rollback(True)
        except BaseException as error:
            error.add_note(f"the story of seed {number}")
            raise


def must_fail(story: Story, *, stories: int = 2_000, seed: int = 1) -> None:
    """That the stories notice when their rule is away; most do within a few dozen."""
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        tell(story, stories=stories, seed=seed)


@contextmanager
def without(owner: Owner, table: str, trigger: str) -> Iterator[None]:
    """A rule of a table is away for a while, in a database of the test's own."""
    owner(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    try:
        yield
    finally:
        owner(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


@contextmanager
def without_constraint(owner: Owner, table: str, name: str) -> Iterator[None]:
    """A constraint of a table is away for a while."""
    (told,) = owner("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", (name,))[0]
    owner(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        owner(f"ALTER TABLE {table} ADD CONSTRAINT {name} {told}".replace("%", "%%"))


@contextmanager
def without_words(owner: Owner, function: str, old: str, new: str = "", *, behind: str = "") -> Iterator[None]:
    """Some words of a function, the first behind others, are away for a while, or say something else."""
    (told,) = owner("SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = %s", (function,))[0]
    before, found, after = told.partition(behind) if behind else ("", "", told)
    assert old in after, f"{function} does not say {old} behind {behind!r}"
    owner((before + found + after.replace(old, new, 1)).replace("%", "%%"))
    try:
        yield
    finally:
        owner(told.replace("%", "%%"))


def movable_clock(owner: Owner) -> None:
    """From now on every rule of this database asks a setting for the hour (`at`), and the real clock without one."""
    owner(
        "CREATE FUNCTION public.test_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
        f"$$ SELECT coalesce(nullif(current_setting('{CLOCK}', true), '')::timestamptz, clock_timestamp()) $$"
    )
    owner("GRANT EXECUTE ON FUNCTION public.test_now() TO PUBLIC")
    asks = "p.prosrc LIKE '%%clock_timestamp()%%' AND p.proname <> 'test_now'"
    _for_each(owner, asks, "format('ALTER FUNCTION %%s SET timezone = $z$America/Los_Angeles$z$', rule.name)")
    reword(owner, asks, "clock_timestamp()", "public.test_now()")


def reword(owner: Owner, which: str, old: str, new: str) -> None:
    """Exchange some words in the functions of this database, in those that have them."""
    _for_each(owner, which, f"replace(pg_get_functiondef(rule.oid), $w${old}$w$, $w${new}$w$)")


def _for_each(owner: Owner, which: str, statement: str) -> None:
    owner(
        "DO $do$ DECLARE rule record; BEGIN FOR rule IN SELECT p.oid, p.oid::regprocedure::text AS name FROM pg_proc p "
        f"JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname !~ '^pg_' AND {which} "
        f"LOOP EXECUTE {statement}; END LOOP; END $do$"
    )


def at(moment: dt.datetime) -> None:
    """It is this moment for the rules of the database, until the story is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [CLOCK, moment.isoformat()])


def some_moment(chance: random.Random) -> dt.datetime:
    """Often within a day of a change of the clock, else anywhere in three years."""
    if chance.random() < 0.7:
        return chance.choice(CHANGES) + dt.timedelta(seconds=chance.randint(-86_400, 86_400))
    return dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=chance.randint(0, 3 * 365 * 86_400))
