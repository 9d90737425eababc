"""How many public news pages a running server answers in a second, beside a plain view of the same server.

    python -m benchmarks.newsroom --url http://news.localhost:8000 [--seconds 5] [--clients 16]

Prints, for each page and for a 304 to somebody who has the page already, the answers a second, the median and the 99th
percentile, and the ratio to `/healthz`, which does nothing. The budget is 3,000 a second on a quiet machine with two web
workers (`./waymark up --web-workers 2`). The clients keep their connections and run in processes of their own; on a small
machine they take their share of it.
"""

from __future__ import annotations

import argparse
import http.client
import multiprocessing
import statistics
import sys
import time
from urllib.parse import urlsplit

BUDGET = 3_000
PAGES = {"plain view": "/healthz", "news": "/news/", "figures": "/figures/", "results": "/results/", "feed": "/feed.atom"}


def ask_again_and_again(host: str, port: int, path: str, headers: dict[str, str], seconds: float) -> list[float]:
    """Ask over one connection until the time is over; gives how long each answer took."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    took = []
    until = time.perf_counter() + seconds
    while (begun := time.perf_counter()) < until:
        connection.request("GET", path, headers={"Host": host, "Accept-Encoding": "gzip", **headers})
        answer = connection.getresponse()
        answer.read()
        if answer.status not in {200, 304}:
            raise SystemExit(f"{path} answered {answer.status}")
        took.append(time.perf_counter() - begun)
    connection.close()
    return took


def rate_of(url: str, path: str, headers: dict[str, str], *, clients: int, seconds: float) -> tuple[float, list[float]]:
    """Answers a second of all clients together, and every answer's time."""
    parts = urlsplit(url)
    port = parts.port or 80
    host = f"{parts.hostname}:{port}"
    with multiprocessing.Pool(clients) as pool:
        asked = [(host, port, path, headers, seconds)] * clients
        found = pool.starmap(ask_again_and_again, asked)
    took = sorted(each for one in found for each in one)
    return len(took) / seconds, took


def etag_of(url: str, path: str) -> str:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port or 80)
    connection.request("GET", path, headers={"Host": f"{parts.hostname}:{parts.port or 80}"})
    answer = connection.getresponse()
    answer.read()
    return answer.headers["ETag"] or ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://news.localhost:8000", help="the newsroom of a running installation")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    plain = 0.0
    slowest = float("inf")
    asked = [(name, path, {}) for name, path in PAGES.items()]
    asked.append(("news, 304", "/news/", {"If-None-Match": etag_of(options.url, "/news/")}))
    for name, path, headers in asked:
        rate, took = rate_of(options.url, path, headers, clients=options.clients, seconds=options.seconds)
        plain = plain or rate
        p99 = took[int(len(took) * 0.99)]
        print(
            f"{name:<11} {rate:8,.0f}/s  p50 {statistics.median(took) * 1000:6.2f} ms  p99 {p99 * 1000:6.2f} ms  "
            f"{rate / plain:5.2f} of the plain view"
        )
        slowest = min(slowest, rate)
    print(f"slowest {slowest:,.0f}/s, budget {BUDGET:,}")
    return 0 if slowest >= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main())
