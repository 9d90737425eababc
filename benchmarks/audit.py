"""The audit chain: 8 writers with and without events, and how long a million links take to verify.

    DATABASE_URL=… DATABASE_OWNER_URL=… python -m benchmarks.audit [--events 1000000]

Writers insert one row into a table of their own in each transaction; the audited ones record one event beside it, all on
one chain (the worst case: one agency). Verification is `audit verify`'s own code; its yardstick is reading the same rows.
"""

from __future__ import annotations

import argparse
import os
import threading
import time
import uuid
from collections.abc import Callable

import django
import psycopg

WRITERS, ACTS = 8, 150
CHAIN = uuid.UUID("99999999-9999-4999-8999-999999999999")


def writers(act: Callable[[psycopg.Connection[object], int], None]) -> float:
    """Acts a second over all writers."""
    gate = threading.Barrier(WRITERS + 1)

    def work() -> None:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            gate.wait()
            for number in range(ACTS):
                act(connection, number)
                connection.commit()

    threads = [threading.Thread(target=work) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    gate.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    return WRITERS * ACTS / (time.perf_counter() - started)


def plain(connection: psycopg.Connection[object], number: int) -> None:
    connection.execute("INSERT INTO audit_benchmark (act) VALUES (%s)", [number])


def audited(connection: psycopg.Connection[object], number: int) -> None:
    plain(connection, number)
    connection.execute(
        "INSERT INTO audit_event (chain, at, actor, role, verb, object_kind, object_id, purpose, result, fields)"
        " VALUES (%s, now(), 'member', 'advocate', 'case.opened', 'case', %s, '', 'done', '{name}')",
        [CHAIN, str(number)],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark.config.settings")
    django.setup()
    from django.db import connection

    from waymark.audit.selectors import _rows, problems_of

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS audit_benchmark (id bigserial PRIMARY KEY, act int)")
        try:
            rates: dict[str, list[float]] = {"plain": [], "audited": []}
            for _ in range(3):
                rates["plain"].append(writers(plain))
                rates["audited"].append(writers(audited))
            best = {name: sorted(found)[1] for name, found in rates.items()}
            print(f"{WRITERS} writers: {best['plain']:,.0f} acts/s plain, {best['audited']:,.0f} audited")
            print(f"lost to auditing: {1 - best['audited'] / best['plain']:.0%}")

            have = owner.execute("SELECT count(*) FROM audit_event WHERE chain = %s", [CHAIN]).fetchone()
            owner.execute(
                "INSERT INTO audit_event (chain, at, actor, role, verb, object_kind, object_id, purpose, result, fields)"
                " SELECT %s, now(), 'member', 'advocate', 'case.opened', 'case', n::text, '', 'done', '{name}'"
                " FROM generate_series(1, %s) AS n",
                [CHAIN, max(given.events - (have[0] if have else 0), 0)],
            )
            from django.db import transaction

            started = time.perf_counter()
            with transaction.atomic():
                count = sum(1 for _ in _rows(CHAIN))
            reading = time.perf_counter() - started
            started = time.perf_counter()
            problems = list(problems_of(CHAIN))
            verifying = time.perf_counter() - started
            print(f"{count:,} events: read {reading:.1f} s, verified {verifying:.1f} s, ratio {verifying / reading:.2f}")
            print(f"problems: {len(problems)}")
        finally:
            owner.execute("DROP TABLE audit_benchmark")
            connection.close()


if __name__ == "__main__":
    main()
