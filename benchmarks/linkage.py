"""Private linkage of two lists of 10,000: how well, and how fast beside a plain loop.

Half of each list is on the other too. On the second list 30 % of the people have a typo in a name and 10 % a wrong day of
birth. Prints F1 over several worlds, the seconds to encode and to link, and the plain NumPy comparison's
seconds as a ratio.

Run: PYTHONPATH=src python benchmarks/linkage.py [--people 10000] [--worlds 3]
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

# This folder holds files named like packages that are imported below; it must not be searched for modules.
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != Path(__file__).resolve().parent]

import numpy as np

from hiddenpop.linkage import Encoded, Person, cluster, encode, misremembered, pairs_above, quality, synthetic_people
from hiddenpop.linkage.linking import THRESHOLD

SECRET = bytes(range(32))


def world(people: int, seed: int) -> tuple[list[Person], list[Person]]:
    """Two lists that share half of their people; the second half of the first list opens the second list."""
    random = np.random.default_rng(seed)
    everybody = synthetic_people(people + people // 2, random)
    second = [misremembered(person, random, typo=0.3, wrong_day=0.1) for person in everybody[people // 2 :]]
    return everybody[:people], second


def encoded(people: list[Person], first: int, seed: int) -> Encoded:
    """An encoded list whose ids carry the truth (only decoys' ids can be chosen, so all are decoys here)."""
    return encode([], SECRET, name=str(first), rng=seed, decoys=[(p, first + i) for i, p in enumerate(people)])


def plain_seconds(lists: list[Encoded], rows: int) -> float:
    """Seconds of a plain NumPy loop over all rows, timed on the first ``rows`` of them."""
    a, b = (each.filters for each in lists)
    sizes = np.bitwise_count(b).sum(axis=1)
    start = time.perf_counter()
    for row in a[:rows]:
        both = np.bitwise_count(row & b).sum(axis=1)
        np.flatnonzero(2 * both >= THRESHOLD * (np.bitwise_count(row).sum() + sizes))
    return (time.perf_counter() - start) * len(a) / rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--worlds", type=int, default=3)
    options = parser.parse_args()
    start = time.perf_counter()
    tiny = np.ones((1, 8), dtype=np.uint64)
    pairs_above(tiny, tiny, THRESHOLD)
    print(f"first call of the kernel (compiled or read from cache): {time.perf_counter() - start:.2f} s")
    for seed in range(1, options.worlds + 1):
        first, second = world(options.people, seed)
        start = time.perf_counter()
        lists = [encoded(first, 0, seed), encoded(second, options.people // 2, seed + 1000)]
        encoding = time.perf_counter() - start
        start = time.perf_counter()
        labels, match = cluster(lists, THRESHOLD)
        linking = time.perf_counter() - start
        precision, recall, f1 = quality(labels, np.concatenate([each.ids for each in lists]).astype(np.int64))
        print(
            f"world {seed}: precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}  "
            f"encode both {encoding:.2f} s  link {linking:.2f} s  together {encoding + linking:.2f} s  "
            f"({len(match.score)} candidate pairs)"
        )
    plain = plain_seconds(lists, min(200, options.people))
    print(f"plain NumPy loop over the same pairs: {plain:.1f} s, {plain / linking:.0f} times as long")


if __name__ == "__main__":
    main()
