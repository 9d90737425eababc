"""How many public news pages a running server answers in a second, beside a plain view of the same server.

    python -m benchmarks.newsroom --url http://news.localhost:8000 [--seconds 5] [--pid PID]

Prints, for each page and for a 304 to somebody who has the page already, the answers a second, the median and the 99th
percentile, and the ratio to `/healthz`, which does nothing. With the id of `./waymark up` also the CPU that an answer cost
in all its processes, the database's with them, and the ratio of it: a busy machine makes that slower, and hardly larger.
The budget is 3,000 a second on a quiet machine with two web workers (`./waymark up --web-workers 2`); `wrk` asks with four
connections and takes its share of a small machine.
"""

from __future__ import annotations

import argparse
import http.client
import os
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.asking import measure

BUDGET = 3_000
PAGES = {"plain view": "/healthz", "news": "/news/", "figures": "/figures/", "results": "/results/", "feed": "/feed.atom"}


def etag_of(url: str, path: str) -> str:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port or 80)
    connection.request("GET", path, headers={"Host": f"{parts.hostname}:{parts.port or 80}"})
    answer = connection.getresponse()
    answer.read()
    return answer.headers["ETag"] or ""


def cpu_of(root: int) -> float:
    """CPU seconds of a process and of all that descend from it; 0 without one."""
    if not root:
        return 0.0
    parents, spent = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, rest = path.read_text().rpartition(") ")
        except OSError:
            continue
        fields = rest.split()
        number = int(path.parent.name)
        parents[number], spent[number] = int(fields[1]), int(fields[11]) + int(fields[12])
    family = {root}
    while more := {one for one, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(spent.get(one, 0) for one in family) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://news.localhost:8000", help="the newsroom of a running installation")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--pid", type=int, default=0, help="the process of ./waymark up, to print the CPU of an answer")
    options = parser.parse_args()
    parts = urlsplit(options.url)
    port = parts.port or 80
    host = {"Host": f"{parts.hostname}:{port}", "Accept-Encoding": "gzip"}
    asked = [(name, path, host) for name, path in PAGES.items()]
    # Directly after the page, so that both meet the machine in the same mood; a later one met whatever came in between.
    asked.insert(2, ("news, 304", "/news/", {**host, "If-None-Match": etag_of(options.url, "/news/")}))
    plain, plain_cpu, slowest = 0.0, 0.0, float("inf")
    rates: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, path, headers in asked:
            before = cpu_of(options.pid)
            speed = measure(Path(folder), port, [path], options.seconds, headers)
            cpu = (cpu_of(options.pid) - before) / (speed.rate * options.seconds) * 1e6
            plain, plain_cpu = plain or speed.rate, plain_cpu or cpu
            rates[name] = speed.rate
            spent = f"  CPU {cpu:6,.0f} µs, {cpu / plain_cpu:5.2f} of the plain view's" if options.pid else ""
            print(
                f"{name:<11} {speed.rate:8,.0f}/s  p50 {speed.p50:6.2f} ms  p99 {speed.p99:6.2f} ms  "
                f"{speed.rate / plain:5.2f} of the plain view{spent}"
            )
            slowest = slowest if name == "plain view" else min(slowest, speed.rate)
    print(f"a 304 goes out {rates['news, 304'] / rates['news']:.2f} times as fast as the page that it stands for")
    print(f"slowest page {slowest:,.0f}/s, budget {BUDGET:,}")
    return 0 if slowest >= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main())
