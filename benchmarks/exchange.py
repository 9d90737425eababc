"""Importing 50,000 services: time and memory of `import hsds`, beside the plain way on the same files.

    DATABASE_URL=postgresql://… python -m benchmarks.exchange

The yardstick reads the same files with `csv.DictReader` and stores them with `bulk_create`: no checks, no history, no
diff. Both run in their own process against the same database, inside a transaction that is rolled back. Memory is the
peak resident size of the process, so that "bounded" can be seen: it is printed for a tenth of the rows too.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

SMALL, LARGE = 5_000, 50_000


def identity(kind: str, number: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"benchmark:{kind}:{number}"))


def write_set(folder: Path, services: int) -> None:
    """Synthetic organizations, services, phones, locations and hours, about six rows for each service."""
    heads = {
        "organizations": "id,name,description",
        "services": "id,organization_id,name,description,status,fees_description",
        "locations": "id,organization_id,name,location_type,latitude,longitude",
        "addresses": "id,location_id,address_1,city,state_province,postal_code,country,address_type",
        "service_at_location": "id,service_id,location_id",
        "phones": "id,service_id,number,type",
        "schedules": "id,service_id,freq,byday,opens_at,closes_at",
    }
    files = {name: (folder / f"{name}.csv").open("w", newline="") for name in heads}
    writers = {name: csv.writer(stream) for name, stream in files.items()}
    for name, head in heads.items():
        writers[name].writerow(head.split(","))
    text = "Help with a place to stay, food, papers and somebody who listens. " * 4
    for n in range(services):
        organization, service, place = identity("o", n // 10), identity("s", n), identity("l", n)
        if n % 10 == 0:
            writers["organizations"].writerow([organization, f"House {n // 10}", text])
        writers["services"].writerow([service, organization, f"Service {n}", text, "active", "Free"])
        writers["locations"].writerow(
            [place, organization, f"Door {n}", "physical", 38 + n % 900 / 1e3, -121 - n % 700 / 1e3]
        )
        writers["addresses"].writerow(
            [identity("a", n), place, f"{n} Elm Street", "Rivermont", "CA", "98701", "US", "physical"]
        )
        writers["service_at_location"].writerow([identity("v", n), service, place])
        writers["phones"].writerow([identity("p", n), service, f"555-01{n % 100:02d}", "voice"])
        writers["schedules"].writerow([identity("h", n), service, "WEEKLY", "MO,TU,WE,TH,FR", "09:00", "17:00"])
    for stream in files.values():
        stream.close()


def ours(folder: Path) -> None:
    from waymark.directory.actions.import_hsds import import_hsds

    import_hsds(place=str(folder), by="benchmark", source="benchmark")


def plain(folder: Path) -> None:
    from waymark.directory.actions.staged_rows import model_of
    from waymark.directory.formats.hsds_tables import FILES, TABLES

    for table in TABLES.values():
        path = folder / f"{table.file}.csv"
        if path.exists():
            model = model_of(FILES[table.file])
            with path.open(newline="") as stream:
                model._default_manager.bulk_create([model(**row) for row in csv.DictReader(stream)], batch_size=2_000)


def run(job: str, folder: Path) -> None:
    """One job in this process; prints seconds and peak megabytes."""
    import django

    django.setup()
    from django.db import transaction

    started = time.perf_counter()
    with transaction.atomic():
        {"ours": ours, "plain": plain}[job](folder)
        seconds = time.perf_counter() - started
        transaction.set_rollback(True)
    print(f"{seconds:.2f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


def measure(job: str, folder: Path) -> tuple[float, float]:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "waymark.config.settings", "PYTHONPATH": "src"}
    command = [sys.executable, "-m", "benchmarks.exchange", "--job", job, str(folder)]
    answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    seconds, megabytes = answer.stdout.split()[-2:]
    return float(seconds), float(megabytes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--job", nargs=2)
    given = parser.parse_args()
    if given.job:
        run(given.job[0], Path(given.job[1]))
        return
    print("services  way     seconds  services/s  peak MB")
    found: dict[tuple[int, str], tuple[float, float]] = {}
    for size in (SMALL, LARGE):
        with tempfile.TemporaryDirectory() as folder:
            write_set(Path(folder), size)
            for job in ("plain", "ours"):
                seconds, megabytes = found[size, job] = measure(job, Path(folder))
                print(f"{size:8,}  {job:6}  {seconds:7.1f}  {size / seconds:10,.0f}  {megabytes:7.0f}")
    print(f"time, ours / plain at {LARGE:,}: {found[LARGE, 'ours'][0] / found[LARGE, 'plain'][0]:.2f}")
    for job in ("plain", "ours"):
        ratio = found[LARGE, job][1] / found[SMALL, job][1]
        print(f"memory at {LARGE:,} / memory at {SMALL:,}, {job}: {ratio:.2f}")


if __name__ == "__main__":
    main()
