"""The audit chain: what 8 parallel writers lose by being audited, and how long a million links take to verify.

    DATABASE_URL=… DATABASE_OWNER_URL=… python -m benchmarks.audit [--events 1000000] [--rounds 5] [--acts 100]

Acts of three sizes, each audited and not, in turns in the same run, by 8 processes that write as fast as they can, all on
one chain and each on its own, with the server's own `synchronous_commit` and `fsync` (printed first: with either off they
mean nothing). An act counts when it is answered, for an audited one is after its wait for the disk. *Not audited* is the
same code with the module's `record` taken out; nothing else differs.

*action*: the chair of a working group changes what it is for: `change_group`, as its page calls it, inside what the staff
site's middleware does for every page (the person and their memberships read anew, the signed context). One row is locked
and changed. It is among the lightest acts of the platform, and the one for which the limit of 20 % is meant.
*request*: an officer saves a colleague's training day: the form is posted to the staff site's own handler with a session,
through all the middleware, and answered. Writers of one agency wait for each other here, audited or not, because this act
locks the agency.
*bare*: one row of a table without rules, a yardstick and no act: nothing on the platform is so small.

Verification is `audit verify`'s own code; its yardstick is reading the same rows. What is made stays, as agencies and
events do: use a database of its own.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any

import django
import psycopg

WRITERS = 8
MARK = "Invented for a benchmark"
TABLE = "CREATE TABLE IF NOT EXISTS audit_benchmark (id bigserial PRIMARY KEY, act int)"
REQUESTS = 8  # a request is about as much work as this many of the others


@dataclass(frozen=True)
class Writer:
    """One of the eight: an officer with a group to keep, a colleague and a session."""

    agency: uuid.UUID
    user: uuid.UUID
    group: uuid.UUID
    colleague: uuid.UUID
    cookie: str


Act = Callable[[int, Writer], None]


def bare(number: int, writer: Writer) -> None:
    from django.db import connection

    from waymark.access.context import acting_for
    from waymark.audit import actions

    with acting_for(writer.agency, writer.user):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO audit_benchmark (act) VALUES (%s)", [number])
        actions.record(verb="group.changed", by=str(writer.user), kind="working_group", about=number, fields=["purpose"])


def action(number: int, writer: Writer) -> None:
    from waymark.access.context import acting_for
    from waymark.accounts.models import User
    from waymark.accounts.selectors import acting_membership
    from waymark.coalition.actions.groups import change_group
    from waymark.coalition.models import WorkingGroup

    user = User.objects.get(pk=writer.user)
    membership = acting_membership(user, None)
    assert membership is not None
    user.act_as(membership)
    with acting_for(membership.agency_id, user.pk):
        group = WorkingGroup.objects.get(pk=writer.group)
        change_group(group=group, values={"purpose": f"Invented purpose {number}"}, by=user)


def request(number: int, writer: Writer) -> None:
    import datetime as dt

    from django.conf import settings
    from django.test import Client

    client = Client(headers={"host": settings.STAFF_HOSTS[0]})
    client.cookies[settings.SESSION_COOKIE_NAME] = writer.cookie
    day = dt.date(2030, 1, 1) + dt.timedelta(days=number)
    answer = client.post(f"/members/{writer.colleague}/duties/", {"training_expires_on": day.isoformat()})
    assert answer.status_code == 302, answer.status_code


ACTS: tuple[tuple[str, Act, str], ...] = (
    ("action", action, "waymark.coalition.actions.groups"),
    ("request", request, "waymark.accounts.actions.members"),
    ("bare", bare, "waymark.audit.actions"),
)


@contextmanager
def without_record(module: str) -> Iterator[None]:
    """The module's acts, told to nobody."""
    import importlib

    found: Any = importlib.import_module(module)
    kept = found.record
    found.record = lambda **_: None
    try:
        yield
    finally:
        found.record = kept


def make_writers(chains: int) -> list[Writer]:
    """Eight people in one agency, or in eight."""
    import datetime as dt

    from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY

    from waymark.access import proof
    from waymark.accounts.models import Agency, AgencyKind, Membership, User
    from waymark.accounts.models.sessions import SessionStore
    from waymark.coalition.models import GroupMember, WorkingGroup

    began, run = dt.date(2020, 1, 1), uuid.uuid4().hex[:8]

    def member(agency: Agency, role: str) -> Membership:
        user = User.objects.create_user(f"{uuid.uuid4().hex}@example.org", None, display_name=MARK)
        return Membership.objects.create(agency=agency, user=user, role=role, starts_on=began)

    agencies = [
        Agency.objects.create(name=f"{MARK} {run} {chains}.{n}", short_name=MARK[:20], kind=AgencyKind.OTHER_NON_PROFIT)
        for n in range(chains)
    ]
    made = []
    for number in range(WRITERS):
        agency = agencies[number % chains]
        officer = member(agency, "officer")
        group = WorkingGroup.objects.create(name=f"{MARK} {run} {chains}.{number}", purpose=MARK)
        GroupMember.objects.create(group=group, membership=officer, duty=GroupMember.Duty.CHAIR, since=began)
        session = SessionStore()
        session[SESSION_KEY] = str(officer.user_id)
        session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = officer.user.get_session_auth_hash()
        proof.set_proof(session, factors=("password", "app"), device=MARK)
        session.create()
        made.append(Writer(agency.pk, officer.user_id, group.pk, member(agency, "member").pk, str(session.session_key)))
    return made


def _work(act: Act, writer: Writer, acts: int, gate: Barrier) -> None:
    from django.db import connection

    for number in range(5):
        act(-number, writer)
    gate.wait(60)
    for number in range(1, acts + 1):
        act(number, writer)
    gate.wait(600)
    connection.close()


def rate(act: Act, people: list[Writer], acts: int) -> float:
    """Acts a second over all writers, from the first to the last."""
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(WRITERS + 1)
    found = [context.Process(target=_work, args=(act, writer, acts, gate)) for writer in people]
    for process in found:
        process.start()
    gate.wait(60)
    started = time.perf_counter()
    gate.wait(600)
    took = time.perf_counter() - started
    for process in found:
        process.join()
    return WRITERS * acts / took


def writers(rounds: int, acts: int) -> None:
    from django.db import connections

    for chains in (1, WRITERS):
        people = make_writers(chains)
        connections.close_all()
        for name, act, module in ACTS:
            rates: dict[bool, list[float]] = {False: [], True: []}
            for number in range(2 * rounds):
                audited = number % 4 in (1, 2)  # plain, audited, audited, plain: what comes first is no advantage
                with nullcontext() if audited else without_record(module):
                    rates[audited].append(rate(act, people, max(acts // REQUESTS, 1) if act is request else acts))
            plain, told = (statistics.median(rates[audited]) for audited in (False, True))
            lost = statistics.median(1 - b / a for a, b in zip(rates[False], rates[True], strict=True))
            print(
                f"{name}, {chains} chain{'s' if chains > 1 else ''}: {plain:,.0f}/s plain, {told:,.0f}/s audited; "
                f"lost {1 - told / plain:.0%} (median of pairs {lost:.0%})",
                flush=True,
            )


def verification(owner: psycopg.Connection[object], events: int) -> None:
    from waymark.access.context import acting_for
    from waymark.audit.models import SYSTEM
    from waymark.audit.selectors.chains import _rows, problems_of

    chain = uuid.UUID("99999999-9999-4999-8999-999999999999")
    have = owner.execute("SELECT count(*) FROM audit_link WHERE chain = %s", [chain]).fetchone()
    assert have is not None
    missing = events - int(have[0])  # type: ignore[index]
    started = time.perf_counter()
    owner.execute(
        "INSERT INTO audit_event (chain, actor, role, verb, object_kind, object_id, purpose, result, fields, times)"
        " SELECT %s, 'member', 'advocate', 'case.opened', 'case', n::text, '', 'done', '{name}', 1"
        " FROM generate_series(1, %s) AS n",
        [chain, max(missing, 0)],
    )
    owner.execute("ANALYZE audit_event, audit_link")
    print(f"{max(missing, 0):,} events inserted and linked in one transaction: {time.perf_counter() - started:.1f} s")
    started = time.perf_counter()
    with acting_for(chain, SYSTEM):
        count = sum(1 for _ in _rows(chain))
    reading = time.perf_counter() - started
    started = time.perf_counter()
    problems = list(problems_of(chain))
    verifying = time.perf_counter() - started
    print(f"{count:,} events: read {reading:.1f} s, verified {verifying:.1f} s, ratio {verifying / reading:.2f}")
    print(f"problems: {len(problems)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--acts", type=int, default=100, help="by each writer in each round")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark.config.settings")
    django.setup()
    logging.disable(logging.INFO)  # a line for each request would be most of what is read of this
    from django.conf import settings
    from django.db import connections

    from waymark.access.context import key_statement

    for database in settings.DATABASES.values():
        database["OPTIONS"].pop("pool", None)  # a pool has threads, which a fork would lose
        database["CONN_MAX_AGE"] = None
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        for name in ("fsync", "synchronous_commit", "server_version"):
            print(f"{name} = {owner.execute(f'SHOW {name}').fetchone()[0]}", end="  ")  # type: ignore[index]
        print(f"cores = {os.cpu_count()}  load = {os.getloadavg()[0]:.1f}")
        owner.execute(*key_statement())  # type: ignore[arg-type]
        owner.execute(TABLE)
        try:
            writers(given.rounds, given.acts)
            verification(owner, given.events)
        finally:
            connections.close_all()
            owner.execute("DROP TABLE audit_benchmark")


if __name__ == "__main__":
    main()
