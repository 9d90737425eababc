"""The audit chain: what 8 parallel writers lose by being audited, and how long a million links take to verify.

    DATABASE_URL=… DATABASE_OWNER_URL=… python -m benchmarks.audit [--events 1000000] [--rounds 5]

Four shapes, audited and not, in turns in the same run, by 8 processes, with the server's own `synchronous_commit` and
`fsync` (printed first: with either off they mean nothing). An act counts when it is answered, for an audited one is
after its wait for the disk. *Bare* acts insert one row of a small table and nothing else, on one chain (the worst
there can be) and on eight; *whole* acts are what an action of the platform costs the database: the signed context,
six reads, two writes, one event. Verification is `audit verify`'s own code; its yardstick is reading the same rows.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import time
import uuid
from collections.abc import Callable
from multiprocessing.synchronize import Barrier

import django
import psycopg

WRITERS = 8
CHAINS = [uuid.UUID(int=(0x99999999 << 96) + number) for number in range(WRITERS)]
USER = uuid.UUID("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa")
TABLE = "CREATE TABLE IF NOT EXISTS audit_benchmark (id bigserial PRIMARY KEY, act int, note text NOT NULL DEFAULT '')"
Act = Callable[[int, uuid.UUID, bool], None]


def bare(number: int, chain: uuid.UUID, audited: bool) -> None:
    """One row, and one event."""
    from django.db import connection

    from waymark.access.context import acting_for
    from waymark.audit.actions import record

    with acting_for(chain, USER):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO audit_benchmark (act) VALUES (%s)", [number])
        if audited:
            record(verb="case.opened", by=str(USER), role="advocate", kind="case", about=number, fields=["name"])


def whole(number: int, chain: uuid.UUID, audited: bool) -> None:
    """Reads as a page needs them, two writes, and one event."""
    from django.db import connection

    from waymark.access.context import acting_for
    from waymark.accounts.models import Agency, Membership, User
    from waymark.audit.actions import record

    with acting_for(chain, USER):
        User.objects.filter(pk=USER).first()
        list(Membership.objects.filter(user_id=USER).select_related("agency"))
        Agency.objects.filter(pk=chain).first()
        with connection.cursor() as cursor:
            for back in (1, 10, 100):
                cursor.execute("SELECT * FROM audit_benchmark WHERE id = %s", [max(number - back, 0)])
            cursor.execute("INSERT INTO audit_benchmark (act) VALUES (%s) RETURNING id", [number])
            (made,) = cursor.fetchone()
            cursor.execute("UPDATE audit_benchmark SET note = 'checked' WHERE id = %s", [made])
        if audited:
            record(verb="case.opened", by=str(USER), role="advocate", kind="case", about=made, fields=["name", "state"])


def _work(act: Act, chain: uuid.UUID, audited: bool, acts: int, gate: Barrier) -> None:
    from django.db import connection

    for number in range(5):
        act(number, chain, audited)
    gate.wait(60)
    for number in range(acts):
        act(number, chain, audited)
    gate.wait(600)
    connection.close()


def rate(act: Act, chains: int, audited: bool, acts: int) -> float:
    """Acts a second over all writers, from the first to the last."""
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(WRITERS + 1)
    found = [
        context.Process(target=_work, args=(act, CHAINS[number % chains], audited, acts, gate)) for number in range(WRITERS)
    ]
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
    for name, act in (("bare", bare), ("whole", whole)):
        for chains in (1, WRITERS):
            rates: dict[bool, list[float]] = {False: [], True: []}
            for _ in range(rounds):
                for audited in (False, True):
                    rates[audited].append(rate(act, chains, audited, acts))
            plain, told = (statistics.median(rates[audited]) for audited in (False, True))
            lost = statistics.median(1 - b / a for a, b in zip(rates[False], rates[True], strict=True))
            print(
                f"{name} acts, {chains} chain{'s' if chains > 1 else ''}: {plain:,.0f}/s plain, {told:,.0f}/s audited; "
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
            owner.execute("DROP TABLE audit_benchmark")
            connections.close_all()


if __name__ == "__main__":
    main()
