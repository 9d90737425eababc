"""What the wall between agencies costs: the newest 50 rows of one agency's list, with row security and without.

    DATABASE_URL=… DATABASE_OWNER_URL=… python -m benchmarks.row_security [--rows 1000000] [--clients 8]

A table like the packets that an agency received, 30 agencies, index (agency, newest first). Both sides run the very same
statements in the same order, taking turns: begin, set the signed context as the application does, list, commit. One is the
application's role, whom the wall binds; the other the owner, whom it does not (BYPASSRLS). So the ratio is the wall's own
cost and nothing else. Beside it stands what a page pays for having a context at all, and for the list alone.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import time
import uuid
from collections.abc import Callable
from typing import Any

import django
import psycopg

AGENCIES = 30
TURNS = 1500
SECONDS = 5.0
LIMIT = 1.3
ACTOR = uuid.UUID("00000000-0000-4000-8000-00000000ac70")
TABLE = "row_security_benchmark"
LIST = (
    "SELECT id, agency_id, sender_id, packet, kind, purpose, fields, expires_at, delivered_at, read_at"
    f" FROM {TABLE} {{narrowed}} ORDER BY delivered_at DESC, id LIMIT 50"
)
Connection = psycopg.Connection[Any]


def agency(number: int) -> uuid.UUID:
    return uuid.UUID(int=(0xA << 124) + (4 << 76) + (8 << 60) + number)


def build(owner: Connection, rows: int) -> None:
    """A table of the shape of received packets, full, indexed, analyzed, behind the wall."""
    from waymark.access.rows import RowSecurity

    owner.execute(f"DROP TABLE IF EXISTS {TABLE}")
    owner.execute(f"CREATE TABLE {TABLE} (LIKE disclosures_inboxpacket INCLUDING ALL)")
    owner.execute(
        f"INSERT INTO {TABLE} (id, agency_id, sender_id, packet, kind, purpose, fields, expires_at, delivered_at, sealed)"
        " SELECT gen_random_uuid(), ids[1 + n % %s], ids[1 + (n + 1) %% %s], gen_random_uuid(), 'personal', 'housing',"
        " '{name,contact}', now() + '90 days', now() - n * '7 seconds'::interval, convert_to(repeat('x', 160), 'UTF8')"
        " FROM generate_series(1, %s) AS n, (SELECT %s::uuid[] AS ids) AS given".replace("n % %s", "n %% %s"),
        [AGENCIES, AGENCIES, rows, [agency(number) for number in range(AGENCIES)]],
    )
    for statement in RowSecurity(TABLE).sql:
        owner.execute(str(statement).encode())
    owner.execute(f"VACUUM ANALYZE {TABLE}")


def page(connection: Connection, who: uuid.UUID, *, context: bool, narrowed: bool) -> float:
    """One transaction as a page makes it; gives the milliseconds of the list alone."""
    from waymark.access.context import SETTING, Context, token

    with connection.transaction():
        if context:
            pid, begun = connection.execute("SELECT pg_backend_pid(), transaction_timestamp()").fetchone()  # type: ignore[misc]
            connection.execute("SELECT set_config(%s, %s, true)", [SETTING, token(Context(who, ACTOR), pid, begun)])
        started = time.perf_counter()
        words = LIST.format(narrowed=f"WHERE agency_id = '{who}'" if narrowed else "")
        found = connection.execute(words.encode()).fetchall()
        listed = (time.perf_counter() - started) * 1000
    assert len(found) == 50
    assert {row[1] for row in found} == {who}
    return listed


def taking_turns(sides: dict[str, Callable[[uuid.UUID], float]], turns: int) -> dict[str, tuple[float, float]]:
    """Median milliseconds of list and whole transaction for each side; they alternate, so all meet the same noise."""
    lists: dict[str, list[float]] = {name: [] for name in sides}
    wholes: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(turns):
        who = agency(turn % AGENCIES)
        for name in list(sides)[:: -1 if turn % 2 else 1]:
            started = time.perf_counter()
            listed = sides[name](who)
            wholes[name].append((time.perf_counter() - started) * 1000)
            lists[name].append(listed)
    return {name: (statistics.median(lists[name]), statistics.median(wholes[name])) for name in sides}


def client(url: str, until: float, count: Any) -> None:
    """One of several at once: pages until the time is over."""
    django.setup()
    done = 0
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
        while time.time() < until:
            page(connection, agency(done % AGENCIES), context=True, narrowed=True)
            done += 1
    with count.get_lock():
        count.value += done


def at_once(url: str, clients: int) -> float:
    """Pages a second of several clients."""
    count = multiprocessing.Value("i", 0)
    until = time.time() + 1 + SECONDS
    workers = [multiprocessing.Process(target=client, args=(url, until, count)) for _ in range(clients)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return float(count.value / SECONDS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--turns", type=int, default=TURNS)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark.config.settings")
    django.setup()
    urls = {"behind the wall": os.environ["DATABASE_URL"], "without a wall": os.environ["DATABASE_OWNER_URL"]}
    with (
        # As Django does: every statement is planned anew.
        psycopg.connect(urls["without a wall"], autocommit=True, prepare_threshold=None) as owner,
        psycopg.connect(urls["behind the wall"], autocommit=True, prepare_threshold=None) as app,
    ):
        try:
            build(owner, given.rows)
            print(f"newest 50 of {given.rows:,} rows of {AGENCIES} agencies, {given.turns} turns each, medians")
            found = taking_turns(
                {
                    "wall": lambda who: page(app, who, context=True, narrowed=True),
                    "none": lambda who: page(owner, who, context=True, narrowed=True),
                    "wall alone": lambda who: page(app, who, context=True, narrowed=False),
                    "none, no context": lambda who: page(owner, who, context=False, narrowed=True),
                },
                given.turns,
            )
            for name, (listed, whole) in found.items():
                print(f"  {name:<17} list {listed:.3f} ms, transaction {whole:.3f} ms")
            ratio = found["wall"][1] / found["none"][1]
            print(f"transaction with the wall : without = {ratio:.2f} (wanted at most {LIMIT})")
            print(f"list alone with the wall : without = {found['wall'][0] / found['none'][0]:.2f}")
            print(f"list with the policy as its only filter : without = {found['wall alone'][0] / found['none'][0]:.2f}")
            print(f"a page that has a context : one that has none = {found['wall'][1] / found['none, no context'][1]:.2f}")
            rates: dict[str, list[float]] = {name: [] for name in urls}
            for _ in range(2):
                for name, url in urls.items():
                    rates[name].append(at_once(url, given.clients))
            best = {name: max(each) for name, each in rates.items()}
            print(f"{given.clients} clients: " + ", ".join(f"{rate:,.0f} pages/s {name}" for name, rate in best.items()))
            print(f"pages a second without : with = {best['without a wall'] / best['behind the wall']:.2f}")
        finally:
            owner.execute(f"DROP TABLE IF EXISTS {TABLE}")


if __name__ == "__main__":
    main()
