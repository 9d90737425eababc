"""Does a search find what people mean? nDCG@5 of the server's search and of the phone's, on both gold sets.

    DATABASE_URL=postgresql://… python -m benchmarks.search_quality

The directories are loaded inside a transaction that is rolled back, so any database that was migrated serves. The imported
set needs the shared data (WAYMARK_SHARED_DATA, or ../shared/data beside the repository). The contract is 0.85, and no query
that finds nothing.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.device import on_device
from benchmarks.relevance import DEPTH, GoldQuery, Report, gold_queries, report

CONTRACT = 0.85
TODAY = dt.date(2026, 11, 23)
SOURCE = "ilao"


def shared_data() -> Path:
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(os.environ.get("WAYMARK_SHARED_DATA", default))


def load(name: str) -> Callable[[str], uuid.UUID]:
    """Load a gold set's directory; gives what turns a service's name in the set into its id."""
    if name == "demo":
        from waymark.directory.actions.demo_region import load_demo_region
        from waymark.directory.formats.demo_file import demo_id

        load_demo_region(today=TODAY)
        return lambda slug: demo_id("service", slug)

    from waymark.directory.actions.import_hsds import import_hsds
    from waymark.directory.actions.reference_data import load_needs
    from waymark.directory.formats.hsds_records import stable_id

    load_needs()
    files = sorted((shared_data() / "hsds" / "ilao").glob("output_*.csv"))
    if not files:
        raise FileNotFoundError(shared_data() / "hsds" / "ilao")
    folder = files[0].parent
    with only(files, folder) as place:
        import_hsds(place=str(place), by="benchmark", source=SOURCE)
    return lambda number: stable_id(SOURCE, "service", number)


@contextmanager
def only(files: Sequence[Path], folder: Path) -> Iterator[Path]:
    """A folder with these files alone."""
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        for file in files:
            (Path(made) / file.name).symlink_to(file)
        yield Path(made)


def graded(name: str, search: Callable[[str, dict[uuid.UUID, str]], Report]) -> Report:
    """Grade a search on one set; its directory is gone again afterwards."""
    from django.db import transaction

    with transaction.atomic():
        try:
            identify = load(name)
            return search(
                name,
                {identify(service): service for query in gold_queries(name) for service in query.want | query.good},
            )
        finally:
            transaction.set_rollback(True)


def server_report(name: str, names: dict[uuid.UUID, str]) -> Report:
    """The server's search."""
    from waymark.directory.selectors.search import search_services

    def search(query: GoldQuery) -> list[str]:
        found = search_services(query.text, language=query.language, limit=DEPTH)
        return [names.get(row.service_id, str(row.service_id)) for row in found]

    return report(name, search)


def device_report(name: str, names: dict[uuid.UUID, str]) -> Report:
    """The phone's search, over the copy that the phone would get."""
    from django.utils import timezone

    from waymark.directory.selectors.epoch import publication_epoch
    from waymark.finder.selectors.snapshot import snapshot_content

    publication_epoch()
    queries = gold_queries(name)
    found: dict[str, list[str]] = {}
    for code in {query.language for query in queries}:
        asked = [query.text for query in queries if query.language == code]
        rankings = on_device(snapshot_content(timezone.now(), code), asked)["rankings"]
        found |= dict(zip(asked, rankings, strict=True))
    return report(name, lambda query: [names.get(uuid.UUID(key), key) for key in found[query.text]])


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark.config.settings")
    import django

    django.setup()
    is_good = True
    for side, search in {"server": server_report, "device": device_report}.items():
        reports = {name: graded(name, search) for name in ("demo", "imported")}
        both = Report(tuple(grade for found in reports.values() for grade in found.grades))
        for name, found in [*reports.items(), ("both", both)]:
            lines = found.lines()
            print(f"{side}, {name}:", "\n".join(lines if found is not both else lines[:1]))
        is_good = is_good and both.ndcg >= CONTRACT and not both.empty
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
