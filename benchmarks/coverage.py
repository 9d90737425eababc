"""Actual coverage of nominal 95 % and 80 % intervals on populations whose size is known.

Seven published tables times four generating models make 28 populations (hiddenpop.simulate). From each, tables are
drawn, every method is run on the same draws, and the share of intervals that hold the truth is printed with its
Monte Carlo error. Slow methods get fewer draws; the number is printed.

    python benchmarks/coverage.py                          all methods, local processes
    python benchmarks/coverage.py --methods balanced bic --draws 400
    python benchmarks/coverage.py --cluster tcp://host:8786
    python benchmarks/coverage.py --speed-up               one worker against two, and a local Dask cluster

Finished blocks are kept in a file; the same command goes on where it was stopped (Ctrl-C prints what there is).
Tables are split in two halves (every second one, by number of lists and name; the ADR says how blind that was):
choices are made on the first half and reported on the second.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import sys
import time
import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

# This folder must not be searched for modules: its coverage.py and hiddenpop.py would hide the packages of those names.
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != Path(__file__).resolve().parent]

import numpy as np

from hiddenpop.averaging import average, balanced, decomposable
from hiddenpop.averaging.balanced import weighted_models
from hiddenpop.histories import CaptureHistories
from hiddenpop.latent_class import latent_class
from hiddenpop.lower_bounds import chao, sample_coverage
from hiddenpop.results import Estimate, Refusal
from hiddenpop.selection import aic, bic, bic_two_way, independence, stepwise
from hiddenpop.simulate import Scenario, generating_scenarios, map_over

LEVELS = (0.95, 0.8)
BLOCK = 10
#: Costs of a parameter among which the default was chosen, on the first half of the tables only.
PENALTIES: dict[str, Callable[[int], float]] = {
    "1.5": lambda n: 1.5,
    "2 (AIC)": lambda n: 2.0,
    "2.5": lambda n: 2.5,
    "3": lambda n: 3.0,
    "3.5": lambda n: 3.5,
    "half-way to BIC": lambda n: 1.0 + math.log(n) / 2,
    "BIC": math.log,
}

Intervals = list[tuple[float, float] | None]


def _by_level(
    estimator: Callable[..., Estimate], *, seeded: bool = False, **options: Any
) -> Callable[[CaptureHistories, int], Intervals]:
    def run(table: CaptureHistories, seed: int) -> Intervals:
        extra = {**options, "rng": seed} if seeded else options
        answers = [estimator(table, level=level, **extra).interval for level in LEVELS]
        return [None if interval is None else (interval.low, interval.high) for interval in answers]

    return run


def _balanced(table: CaptureHistories, seed: int) -> Intervals:
    answer = balanced(table, workers=1)
    if answer.interval is None:
        return [None, None]
    low, high = answer.details["narrower_intervals"]["0.8"]
    return [(answer.interval.low, answer.interval.high), (low, high)]


def _penalties(table: CaptureHistories, seed: int) -> dict[str, Intervals]:
    models = weighted_models(table, workers=1)
    found = {}
    for name, cost in PENALTIES.items():
        mixture = models.mixture(cost(table.n))
        found[f"penalty {name}"] = [
            (mixture.quantile((1 - level) / 2), mixture.quantile((1 + level) / 2)) for level in LEVELS
        ]
    return found


def _bic(table: CaptureHistories, **options: Any) -> Estimate:
    """BIC over all models where that takes a moment, over two-list interactions from six lists on."""
    return bic(table, **options) if table.k <= 5 else bic_two_way(table, **options)


def _average(table: CaptureHistories, **options: Any) -> Estimate:
    """Average with BIC weights, tried up to five lists: with six it takes minutes a table."""
    if table.k > 5:
        raise Refusal("not tried: too slow for six lists")
    return average(table, **options)


def _aic(table: CaptureHistories, **options: Any) -> Estimate:
    """AIC over all models, up to five lists."""
    if table.k > 5:
        raise Refusal("not tried: too slow for six lists")
    return aic(table, **options)


#: Method, how it is run, and the share of --draws that it gets.
METHODS: dict[str, tuple[Callable[[CaptureHistories, int], Intervals | dict[str, Intervals]], float]] = {
    "balanced": (_balanced, 1.0),
    "bic, conditional": (_by_level(_bic, bootstrap=0, workers=1), 1.0),
    "bic, BCa 200": (_by_level(_bic, bootstrap=200, seeded=True, workers=1), 0.1),
    "aic, conditional": (_by_level(_aic, bootstrap=0, workers=1), 1.0),
    "stepwise, conditional": (_by_level(stepwise, bootstrap=0), 1.0),
    "stepwise, BCa 200": (_by_level(stepwise, bootstrap=200, seeded=True), 0.5),
    "independence": (_by_level(independence, bootstrap=0), 1.0),
    "average (BIC weights)": (_by_level(_average, workers=1), 0.5),
    "decomposable": (_by_level(decomposable, band=False), 0.5),
    "sample-coverage": (_by_level(sample_coverage, seeded=True), 0.5),
    "chao (lower bound)": (_by_level(chao), 1.0),
    "latent-class": (
        _by_level(latent_class, seeded=True, effective_draws=200, round_sweeps=20_000, max_rounds=3, workers=1),
        0.25,
    ),
    "penalties": (_penalties, 1.0),
}
PENALTY_LABELS = [f"penalty {name}" for name in PENALTIES]
PRINTED = [name for name in METHODS if name != "penalties"]


def folder() -> Path:
    """Folder with the published tables."""
    root = os.environ.get("WAYMARK_SHARED_DATA")
    return (Path(root) if root else Path(__file__).resolve().parents[2] / "shared" / "data") / "mse"


def table_names(place: Path) -> list[str]:
    """Tables in the folder, by number of lists and name."""
    files = sorted(place.glob("*.csv"))
    return [path.stem for path in sorted(files, key=lambda path: (CaptureHistories.read_csv(path).k, path.stem))]


@lru_cache(maxsize=16)
def _scenarios(place: str, name: str) -> tuple[Scenario, ...]:
    return tuple(generating_scenarios(name, CaptureHistories.read_csv(Path(place) / f"{name}.csv")))


def run_block(item: tuple[str, str, int, str, int, int]) -> list[dict[str, Any]]:
    """Run one method on a block of draws of one scenario."""
    place, name, number, method, start, stop = item
    scenario = _scenarios(place, name)[number]
    rows = []
    for draw in range(start, stop):
        seed = [zlib.crc32(scenario.name.encode()), draw]
        table = scenario.draw(np.random.SeedSequence(seed))
        begun = time.perf_counter()
        try:
            found = METHODS[method][0](table, draw)
        except Refusal:
            found = [None, None]
        for label, intervals in (found if isinstance(found, dict) else {method: found}).items():
            rows.append(
                {
                    "table": name,
                    "generator": scenario.generator,
                    "model": scenario.model,
                    "truth": scenario.population,
                    "method": label,
                    "draw": draw,
                    "seconds": time.perf_counter() - begun,
                    "intervals": intervals,
                }
            )
    return rows


def _key(item: tuple[str, str, int, str, int, int]) -> str:
    return "|".join(map(str, item[1:]))


def _load(path: Path) -> dict[str, list[dict[str, Any]]]:
    blocks: dict[str, list[dict[str, Any]]] = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
            except json.JSONDecodeError:
                continue  # the last line of a run that was killed while writing
            blocks[entry["key"]] = entry["rows"]
    return blocks


def _share(rows: Iterable[dict[str, Any]], level: int) -> tuple[float, float, int]:
    """Mean over scenarios of the share of intervals that hold the truth, its Monte Carlo error, and the draws."""
    by_scenario: dict[tuple[str, str], list[bool]] = {}
    for row in rows:
        found = row["intervals"][level]
        if found is not None:
            held = found[0] - 0.5 <= row["truth"] <= (math.inf if found[1] is None else found[1]) + 0.5
            by_scenario.setdefault((row["table"], row["generator"]), []).append(held)
    if not by_scenario:
        return math.nan, math.nan, 0
    shares = [statistics.fmean(held) for held in by_scenario.values()]
    # One success and one failure are added: an error of zero for twenty hits out of twenty would be a lie.
    softened = [(sum(held) + 1) / (len(held) + 2) for held in by_scenario.values()]
    variance = sum(p * (1 - p) / len(held) for p, held in zip(softened, by_scenario.values(), strict=True))
    draws = sum(len(held) for held in by_scenario.values())
    return statistics.fmean(shares), math.sqrt(variance) / len(shares), draws


def _line(label: str, rows: list[dict[str, Any]]) -> str:
    cells = []
    for level in range(len(LEVELS)):
        mean, error, _ = _share(rows, level)
        cells.append("     no answer" if math.isnan(mean) else f"{mean:6.1%} ± {error:.1%}")
    answered = [row["intervals"][0] for row in rows if row["intervals"][0] is not None]
    refused = 1 - len(answered) / len(rows) if rows else math.nan
    ratios = [high / low for low, high in answered if low and high]
    width = statistics.median(ratios) if ratios else math.nan
    seconds = statistics.median(row["seconds"] for row in rows) if rows else math.nan
    return f"{label:28s} {cells[0]:>15s} {cells[1]:>15s} {width:10.2f} {refused:8.1%} {len(rows):7d} {seconds:9.3f}"


def report(rows: list[dict[str, Any]], names: list[str], methods: list[str]) -> None:
    """Print coverage by method for all tables and for each half, then by scenario for the default."""
    first = names[0::2]
    head = f"{'method':28s} {'of 95 %':>15s} {'of 80 %':>15s} {'high / low':>10s} {'refused':>8s} {'draws':>7s}"
    head += f" {'s a draw':>9s}"
    for title, chosen in (
        (f"all {len(names)} tables", names),
        (f"first half, where choices are made: {', '.join(first)}", first),
        (f"second half, only reported: {', '.join(names[1::2])}", names[1::2]),
    ):
        print(f"\n{title}\n{head}")
        for method in methods:
            some = [row for row in rows if row["method"] == method and row["table"] in chosen]
            if some:
                print(_line(method, some))
    for method in methods[:1]:
        print(f"\n{method}, by population\n{head}")
        for name in names:
            for generator in ("independence", "stepwise", "bic", "aic"):
                some = [row for row in rows if (row["method"], row["table"], row["generator"]) == (method, name, generator)]
                if some:
                    print(_line(f"{name} {generator}", some))


def speed_up(place: Path, names: list[str]) -> None:
    """Time the same work on one worker, on two, and on a local Dask cluster of two."""
    from distributed import LocalCluster

    items = [
        (str(place), name, number, "balanced", start, start + BLOCK)
        for name in names[:5]
        for number in range(4)
        for start in range(0, 4 * BLOCK, BLOCK)
    ]
    run_block(items[0])
    results = []
    begun = time.perf_counter()
    results.append(map_over(run_block, items, workers=1))
    single = time.perf_counter() - begun
    print(f"one worker           {single:7.1f} s")
    begun = time.perf_counter()
    results.append(map_over(run_block, items, workers=2))
    double = time.perf_counter() - begun
    print(f"two processes        {double:7.1f} s   {single / double:.2f} times as fast (their start included)")
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        begun = time.perf_counter()
        results.append(map_over(run_block, items, cluster=cluster.scheduler_address))
        dask = time.perf_counter() - begun
    print(f"two Dask workers     {dask:7.1f} s   {single / dask:.2f} times as fast")
    plain = [[[row["intervals"] for row in block] for block in result] for result in results]
    print("all three agree to the last digit" if plain[0] == plain[1] == plain[2] else "THEY DISAGREE")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=Path, default=folder())
    parser.add_argument("--methods", nargs="+", choices=list(METHODS), default=PRINTED)
    parser.add_argument("--draws", type=int, default=200, help="draws a population for a method with share 1")
    parser.add_argument("--only", nargs="+", help="only these tables")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--cluster")
    parser.add_argument("--out", type=Path, default=Path("var") / "coverage.jsonl")
    parser.add_argument("--report-only", action="store_true", help="print what the file holds, run nothing")
    parser.add_argument("--speed-up", action="store_true")
    given = parser.parse_args()
    names = table_names(given.tables)
    print(f"tables in {given.tables.name}: {', '.join(names) or 'none'}")
    if len(names) != 7:
        print(f"the full study has seven tables; {len(names)} are here")
    if given.speed_up:
        speed_up(given.tables, names)
        return
    items = []
    for method in given.methods:
        draws = max(BLOCK, round(given.draws * METHODS[method][1] / BLOCK) * BLOCK)
        if METHODS[method][1] < 1:
            print(f"{method}: slow, {draws} draws a population")
        for name in names:
            if given.only and name not in given.only:
                continue
            for number in range(len(_scenarios(str(given.tables), name))):
                items += [(str(given.tables), name, number, method, at, at + BLOCK) for at in range(0, draws, BLOCK)]
    blocks = _load(given.out)
    wanted = {_key(item) for item in items}
    todo = [item for item in items if _key(item) not in blocks and not given.report_only]
    print(f"{sum(key in blocks for key in wanted)} of {len(items)} blocks are done already")
    given.out.parent.mkdir(parents=True, exist_ok=True)
    with given.out.open("a", encoding="utf-8") as file:

        def keep(position: int, rows: list[dict[str, Any]]) -> None:
            blocks[_key(todo[position])] = rows
            file.write(json.dumps({"key": _key(todo[position]), "rows": rows}) + "\n")
            file.flush()

        def show(done: int, total: int) -> None:
            if sys.stderr.isatty():
                print(f"\r{done}/{total} blocks", end="", file=sys.stderr)

        map_over(run_block, todo, cluster=given.cluster, workers=given.workers, progress=show, each=keep)
    rows = [row for key in sorted(wanted & blocks.keys()) for row in blocks[key]]
    labels = [label for method in given.methods for label in (PENALTY_LABELS if method == "penalties" else [method])]
    report(rows, names, labels)


if __name__ == "__main__":
    main()
