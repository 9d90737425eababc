"""What the finder weighs and how fast a phone searches.

    DATABASE_URL=postgresql://… python -m benchmarks.finder [--url http://localhost:8000]

Prints, each beside its budget: bytes on the line of the first pages with all that they load (with `--url`, from a running
finder); the search script; the copy for 123 real-sized services and for 1,000 and 10,000 synthetic ones; the time to build
the index and to answer a query, under the Node of this environment, at this machine's speed. A phone is about six times
slower. The demo region is loaded inside a transaction that is rolled back.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import os
import random
import re
import statistics
import sys
import urllib.request
import uuid
from base64 import urlsafe_b64encode
from copy import deepcopy
from pathlib import Path
from typing import Any

from benchmarks.device import on_device
from benchmarks.relevance import gold_queries

BUILT = Path(__file__).resolve().parents[1] / "src" / "waymark" / "static" / "built"
KB = 1024
PAGES = {"first page": "/en/", "in Spanish": "/es/", "in Arabic": "/ar/", "danger now": "/en/now/", "find": "/en/find/"}
Json = dict[str, Any]


def zipped(value: bytes | Json | list[Any]) -> int:
    data = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return len(gzip.compress(data, 9))


def weight(url: str) -> tuple[int, str]:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        sent = answer.read()
        is_zipped = answer.headers.get("Content-Encoding") == "gzip"
    return len(sent), (gzip.decompress(sent) if is_zipped else sent).decode(errors="replace")


def page_weights(url: str) -> None:
    for name, path in PAGES.items():
        page, html = weight(url + path)
        parts = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html))
        whole = page + sum(weight(url + part)[0] for part in parts)
        print(f"{name:<12} {page / KB:5.1f} KB, with all it loads {whole / KB:5.1f} KB (budget of the first page 30)")


def demo_copy() -> Json:
    """The content of the copy for the demo region."""
    from django.db import transaction

    from waymark.directory.actions.demo_region import load_demo_region
    from waymark.directory.selectors.epoch import publication_epoch
    from waymark.finder.selectors.snapshot import snapshot_content

    with transaction.atomic():
        try:
            load_demo_region(today=dt.date.today())
            publication_epoch()
            return snapshot_content(dt.datetime.now(dt.UTC), "es")
        finally:
            transaction.set_rollback(True)


def synthetic(content: Json, count: int, seed: int = 7) -> Json:
    """A copy of `count` services: each takes its shape from a demo service and its words from all of them and 4,000 more.

    Rows that merely repeat would compress to nothing; new words in every text keep the size honest.
    """
    chance = random.Random(seed)
    letters = "aeiourstlnmdpc"
    invented = ["".join(chance.choices(letters, k=chance.randint(4, 9))) for _ in range(4000)]
    known = [word for service in content["services"] for text in service["d"].values() for word in text.split()]

    def reworded(text: str) -> str:
        return " ".join(chance.choice(known if chance.random() < 0.8 else invented) for _ in text.split())

    services = []
    for number in range(count):
        service = deepcopy(content["services"][number % len(content["services"])])
        service["i"] = urlsafe_b64encode(uuid.UUID(int=chance.getrandbits(128)).bytes).decode().rstrip("=")
        for field in ("n", "d"):
            service[field] = {code: reworded(text) for code, text in service[field].items()}
        service["p"] = [[_number(chance), *rest] for _, *rest in service["p"]]
        services.append(service)
    return {**content, "services": services}


def _number(chance: random.Random) -> str:
    return f"({chance.randint(200, 999)}) 555-01{chance.randint(0, 99):02}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a running finder, for the weights of its pages")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark.config.settings")
    import django

    django.setup()
    if options.url:
        page_weights(options.url.rstrip("/"))
    script = zipped((BUILT / "find.js").read_bytes())
    print(f"search script {script / KB:.1f} KB gz (budget 40)")
    content = demo_copy()
    queries = [query.text for query in gold_queries("demo")]
    failed = script > 40 * KB
    copies = {len(content["services"]): content, 1_000: synthetic(content, 1_000), 10_000: synthetic(content, 10_000)}
    for count, copy in copies.items():
        size = zipped(copy)
        found = on_device(copy, queries, rounds=6 if count < 5_000 else 2)
        times = sorted(found["query_ms"])
        p95 = times[int(len(times) * 0.95)]
        print(
            f"{count:>6} services: copy {size / KB:7.1f} KB gz ({size / KB / count * 1000:5.1f} per 1,000; budget 200), "
            f"index in {found['build_ms']:5.0f} ms, query p50 {statistics.median(times):5.1f} ms, p95 {p95:5.1f} ms"
        )
        failed = failed or (count == 1_000 and size > 200 * KB)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
