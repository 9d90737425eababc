"""What sealing costs on the two pages that an advocate lives in: the caseload and one case.

    python -m benchmarks.cases [--cases 1000000] [--rounds 15]

Run it as `./waymark manage` runs: with DATABASE_URL (the application's role) and DATABASE_OWNER_URL of a migrated database
that may be filled and thrown away. It makes 30 agencies with `--cases` cases between them; one of them has a vault, an
advocate with 500 open cases, and a case with 20 notes. Every page is asked of the whole application (middleware, row
security, rendering), signed in, vault open. The yardstick is the same page with the sealed columns left closed: what the
same request costs when the vault is locked.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
import uuid
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark.config.settings")
FILLED = ("people_person", "cases_case")
ROWS = """
WITH agency AS (
    INSERT INTO accounts_agency (id, name, short_name, kind, state, created_at)
    SELECT gen_random_uuid(), 'Benchmark agency ' || n, 'B' || n, 'victim_services', 'active', now()
    FROM generate_series(1, 29) n RETURNING id
), worker AS (
    INSERT INTO accounts_user (id, email, display_name, password, is_active, created_at)
    VALUES (gen_random_uuid(), %(email)s, 'Benchmark worker', '!', true, now()) RETURNING id
), person AS (
    INSERT INTO people_person (id, agency_id, code, age_band, name, facts, is_restricted, made_at, made_by_id)
    SELECT gen_random_uuid(), a.id, 'b' || n, '', '\\x00', '\\x00', false, now(), w.id
    FROM worker w, agency a, generate_series(1, %(each)s) n RETURNING id, agency_id, code, made_by_id
)
INSERT INTO cases_case (id, agency_id, code, person_id, state, worker_id, opened_on, due_on, story, made_at, made_by_id)
SELECT gen_random_uuid(), agency_id, code, id, 'inquiry', made_by_id, current_date, current_date, '\\x00', now(), made_by_id
FROM person
"""


def fill(owner: str, cases: int) -> None:
    """The other agencies' rows, written as the owner past every wall and trigger."""
    import psycopg

    with psycopg.connect(owner, autocommit=True) as connection:
        for table in FILLED:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        connection.execute(ROWS, {"each": max(1, cases // 29), "email": f"{uuid.uuid4()}@example.org"})
        for table in FILLED:
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        connection.execute("VACUUM ANALYZE")


def median(work: Any, rounds: int) -> float:
    work()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    chosen = parser.parse_args()
    django.setup()
    from django.utils import timezone
    from tests.factories.people import opened_case
    from tests.plugins.staff import SiteClient
    from tests.waymark.cases.desks import desk_in

    from waymark.cases.actions.notes import write_note
    from waymark.sealing import passphrases
    from waymark.vault import policies

    policies.COST = passphrases.FLOOR
    fill(os.environ["DATABASE_OWNER_URL"], chosen.cases)
    desk = desk_in(name=f"Benchmark house {uuid.uuid4()}")
    made = [opened_case(desk.person, name=f"Invented {number}", due_on=timezone.localdate()) for number in range(500)]
    for number in range(20):
        with desk.person.acting():
            write_note(
                vault=desk.person.vault(),
                case=made[0],
                kind="progress",
                happened_on=timezone.localdate(),
                text=f"Note {number}. " * 40,
                by=desk.user,
            )
    locked = SiteClient("staff")
    locked.force_login(desk.user)
    pages = {
        "caseload, first page": "/cases/",
        "caseload, 500 names in order": "/cases/?order=name",
        "one case, 20 notes": f"/cases/{made[0].pk}/",
    }
    for name, url in pages.items():
        opened = median(lambda url=url: desk.client.get(url), chosen.rounds)
        bare = median(lambda url=url: locked.get(url), chosen.rounds)
        print(f"{name}: {opened:.0f} ms, sealed columns left closed {bare:.0f} ms, ratio {opened / bare:.2f}")


if __name__ == "__main__":
    main()
