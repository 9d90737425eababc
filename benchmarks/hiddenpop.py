"""What the estimators cost, each beside a plain single-model loop measured in the same run.

    PYTHONPATH=src python benchmarks/hiddenpop.py [--all-models] [--folder DIR] [--only WORD] [--quick]

A *plain* loop fits one model at a time by iteratively reweighted least squares with NumPy and SciPy and asks a
linear program whether the maximum exists, the way a careful analyst would write it today. It is timed on a
sample of the same models or resamples and scaled up; the ratio is plain time over package time. Every job is run
once before it is timed, so compiling is not in its time; what compiling costs is printed first.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# This file bears the package's name, and Python looks beside a script first.
sys.path[:] = [place for place in sys.path if Path(place or ".").resolve() != Path(__file__).resolve().parent]
# One thread a process for BLAS: the package's own threads are what is measured.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np
from scipy.optimize import linprog
from scipy.special import gammaln, logsumexp
from scipy.stats import poisson

from hiddenpop.averaging.decomposable import posterior_total
from hiddenpop.averaging.graphs import decomposable_graphs
from hiddenpop.compiling import worker_count
from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear import rank
from hiddenpop.models import hierarchical_space, members, two_way_space
from hiddenpop.selection import bic, stepwise

UK_LISTS = ("LA", "NG", "PF", "GO", "GP", "NCA")
UK = (
    "100000:54 010000:463 001000:907 000100:695 000010:316 000001:57 110000:15 101000:19 100100:3 011000:56 "
    "010100:19 010010:1 010001:3 001100:69 001010:10 001001:31 000110:8 000101:6 000011:1 111000:1 110100:1 "
    "011100:4 011001:3 001101:1 111100:1"
)


def uk(lists: int) -> CaptureHistories:
    """The UK table of 2013 with six lists, or with the National Crime Agency counted as police (five)."""
    entries = [entry.split(":") for entry in UK.split()]
    rows = [tuple(map(int, history)) for history, _ in entries]
    counts = [int(count) for _, count in entries]
    if lists == 5:
        rows = [(*row[:2], row[2] | row[5], *row[3:5]) for row in rows]
        return CaptureHistories.from_rows(UK_LISTS[:5], rows, counts)
    return CaptureHistories.from_rows(UK_LISTS, rows, counts)


def eight_lists(people: int = 800) -> CaptureHistories:
    """A simulated sparse table of eight lists with referral between two pairs of them."""
    rng = np.random.default_rng(8)
    reach = np.array([0.12, 0.1, 0.08, 0.06, 0.05, 0.05, 0.03, 0.02])
    on = rng.random((people, 8)) < reach
    on[:, 1] |= on[:, 0] & (rng.random(people) < 0.3)
    on[:, 3] |= on[:, 2] & (rng.random(people) < 0.3)
    counts = np.bincount(on @ (1 << np.arange(8)), minlength=256)
    counts[0] = 0
    return CaptureHistories(tuple("ABCDEFGH"), counts)


# --- the plain loops ----------------------------------------------------------------------------------------


def plain_design(histories: CaptureHistories, codes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Design and counts without the parameters of empty margins and their cells."""
    everything = np.arange(1 << histories.k)
    dead = [c for c in codes if histories.counts[everything & c == c].sum() == 0]
    cells = [s for s in range(1, 1 << histories.k) if not any(s & c == c for c in dead)]
    live = [c for c in codes if c not in dead]
    return np.array([[float(s & c == c) for c in live] for s in cells]), histories.counts[cells].astype(float)


def plain_exists(design: np.ndarray, counts: np.ndarray) -> bool:
    """Rank test and linear program."""
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return False
    cells = len(counts)
    answer = linprog(
        np.r_[np.zeros(cells), -1.0],
        A_eq=np.c_[design.T, np.zeros(design.shape[1])],
        b_eq=design.T @ counts,
        A_ub=np.c_[-np.eye(cells), np.ones(cells)],
        b_ub=np.zeros(cells),
        method="highs",
    )
    return bool(-answer.fun > 1e-7)


def plain_fit(design: np.ndarray, counts: np.ndarray) -> tuple[float, float, np.ndarray]:
    """Iteratively reweighted least squares: minus log-likelihood, log dark figure, means."""
    eta = np.log(counts + 0.1)
    last = math.inf
    for _ in range(100):
        means = np.exp(eta)
        root = np.sqrt(means)
        response = eta + (counts - means) / means
        beta = np.linalg.lstsq(root[:, None] * design, root * response, rcond=None)[0]
        eta = design @ beta
        value = float(np.sum(np.exp(eta) - counts * eta))
        if abs(last - value) < 1e-9 * (abs(value) + 0.1):
            break
        last = value
    return value, float(beta[0]), np.exp(eta)


def plain_models(histories: CaptureHistories, models: list[tuple[int, ...]]) -> None:
    """Fit and check models one by one."""
    for codes in models:
        design, counts = plain_design(histories, codes)
        if plain_exists(design, counts):
            plain_fit(design, counts)


def plain_stepwise(histories: CaptureHistories) -> None:
    """Stepwise selection with every candidate checked."""
    k = histories.k
    everything = np.arange(1 << k)
    pairs = [(1 << i) | (1 << j) for i in range(k) for j in range(i + 1, k)]
    chosen: list[int] = []
    while True:
        codes = members([*(1 << i for i in range(k)), *chosen], k)
        design, counts = plain_design(histories, codes)
        _, _, means = plain_fit(design, counts)
        dead = [c for c in codes if histories.counts[everything & c == c].sum() == 0]
        kept = np.array([s for s in range(1, 1 << k) if not any(s & c == c for c in dead)])
        best, least = None, 0.02
        for pair in set(pairs) - set(chosen):
            mean = means[kept & pair == pair].sum()
            seen = histories.counts[everything & pair == pair].sum()
            tail = min(poisson.cdf(seen, mean), poisson.sf(seen - 1, mean))
            if tail < least:
                larger = plain_design(histories, members([*(1 << i for i in range(k)), *chosen, pair], k))
                if plain_exists(*larger):
                    best, least = pair, tail
        if best is None:
            return
        chosen.append(best)


def plain_average(histories: CaptureHistories, graphs: np.ndarray, most: int) -> None:
    """Posterior of the dark figure over whole numbers up to `most`, graph by graph."""
    k = histories.k
    hidden = np.arange(most, dtype=float)
    cells = np.arange(1 << k)
    curves = np.zeros((1 << k, most))
    for chosen in range(1 << k):
        weight = 2.0**-k * 2.0 ** (k - chosen.bit_count())
        marginal = np.bincount(cells & chosen, weights=histories.counts, minlength=1 << k)
        seen = marginal[np.unique(cells & chosen)[1:]]
        curves[chosen] = gammaln(seen + weight).sum() - (len(seen) + 1) * gammaln(weight)
        curves[chosen] += gammaln(marginal[0] + hidden + weight)
    base = gammaln(histories.n + hidden + 1) - gammaln(hidden + 1) - np.log(histories.n + hidden)
    logs = [sum(w * curves[c] for c, w in enumerate(graph) if w) + base for graph in graphs]
    logsumexp(logs, axis=0)


# --- timing -------------------------------------------------------------------------------------------------


@dataclass(order=True)
class Took:
    """Wall seconds, and processor seconds over all threads: on a busy machine the two lie far apart."""

    wall: float
    processor: float


@dataclass
class Line:
    """One measured job: wall and processor seconds, wall seconds of the plain loop."""

    job: str
    took: Took
    plain: float
    target: float | None


def measure(work: Callable[[], object]) -> Took:
    """What one call takes."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - start, time.process_time() - busy)


def clock(work: Callable[[], object]) -> float:
    """Wall seconds of one call."""
    return measure(work).wall


def best_of(work: Callable[[], object], times: int = 3) -> Took:
    """Fewest seconds of several calls, after one that is not counted."""
    work()
    return min(measure(work) for _ in range(times))


def sampled_models(space, count: int) -> list[tuple[int, ...]]:
    """Models spread evenly over a space."""
    step = max(1, len(space) // count)
    return [space.parameters(int(word)) for word in space.words[::step]]


def show(line: Line) -> None:
    """Print one job at once, so that a stopped run has said something."""
    target = "" if line.target is None else f"{line.target:>8.1f}"
    verdict = "" if line.target is None else ("  met" if line.took.wall <= line.target else "  MISSED")
    print(
        f"{line.job:<58}{line.took.wall:>10.3f}{line.took.processor:>10.3f}{line.plain:>12.1f}"
        f"{line.plain / line.took.wall:>10.0f}{target}{verdict}",
        flush=True,
    )


def walk_models(histories: CaptureHistories, lists: int, two_way: bool, target: float) -> Line:
    space = two_way_space(lists) if two_way else hierarchical_space(lists)
    took = best_of(lambda: rank(histories, space))
    sample = sampled_models(space, 60)
    plain = clock(lambda: plain_models(histories, sample)) * len(space) / len(sample)
    kind = "two-list" if two_way else "hierarchical"
    return Line(f"all {len(space):,} {kind} models of {lists} lists, checked", took, plain, target)


def bootstrap_bic(replicates: int) -> Line:
    histories = uk(5)
    bic(histories, bootstrap=5)
    took = measure(lambda: bic(histories, bootstrap=replicates, rng=1))
    space = hierarchical_space(5)
    sample = sampled_models(space, 40)
    plain = clock(lambda: plain_models(histories, sample)) * len(space) / len(sample) * replicates
    job = f"BIC over all 6,893 models, {replicates:,} replicates and jackknife"
    return Line(job, took, plain, 60.0 * replicates / 1000)


def bootstrap_stepwise(histories: CaptureHistories, replicates: int, target: float) -> Line:
    took = best_of(lambda: stepwise(histories, bootstrap=replicates, rng=1), 1)
    plain = clock(lambda: plain_stepwise(histories)) * replicates
    job = f"stepwise and BCa, {replicates:,} replicates, {histories.k} lists"
    return Line(job, took, plain, target * replicates / 1000)


def average_graphs(histories: CaptureHistories, target: float) -> Line:
    graphs = decomposable_graphs(histories.k)
    took = best_of(lambda: posterior_total(histories))
    sample = graphs[:: max(1, len(graphs) // 40)]
    most = 30_000
    curves = clock(lambda: plain_average(histories, sample[:1], most))
    plain = curves + (clock(lambda: plain_average(histories, sample, most)) - curves) * len(graphs) / len(sample)
    return Line(f"average over {len(graphs):,} decomposable graphs, {histories.k} lists", took, plain, target)


def generate_graphs() -> Line:
    took = measure(lambda: decomposable_graphs.__wrapped__(6))
    return Line("(generating the 18,154 graphs, once a process)", took, math.nan, None)


def walk_everything(name: str, histories: CaptureHistories, folder: str | None) -> Line:
    def tell(done: int, total: int) -> None:
        print(f"\r  {name}: {done:,} of {total:,} distinct fits", end="", file=sys.stderr, flush=True)

    space = hierarchical_space(6)
    result = []
    took = measure(lambda: result.append(rank(histories, space, folder=folder, progress=tell)))
    print("\r" + " " * 60 + "\r", end="", file=sys.stderr)
    ranking = result[0]
    best = ranking.top(1)[0]
    print(f"  {name}: best {best['model']}, BIC {best['bic']:.3f}, {best['estimate']:,.1f}; codes {ranking.code_counts()}")
    sample = sampled_models(space, 30)
    plain = clock(lambda: plain_models(histories, sample)) * len(space) / len(sample)
    return Line(f"all 7,785,061 models of 6 lists, {name}", took, plain, 600.0)


def dense_six_lists() -> CaptureHistories:
    """A table with people in every cell: nothing is shared, every model is fitted."""
    rng = np.random.default_rng(6)
    counts = rng.poisson(40, size=64)
    counts[0] = 0
    return CaptureHistories(tuple("ABCDEF"), counts)


def first_call() -> None:
    """What importing costs, and the first estimate of a fresh process from the compiler's cache."""
    code = "import time; s = time.perf_counter(); import hiddenpop; print(time.perf_counter() - s)"
    imported = float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    print(f"import hiddenpop: {imported:.3f} s (target 0.5)")
    code = (
        "import time, sys; s = time.perf_counter(); import hiddenpop;"
        "t = hiddenpop.CaptureHistories.from_rows('ABC', [(1,0,0),(0,1,0),(0,0,1),(1,1,0),(1,0,1),(0,1,1)],"
        "[60,60,60,30,30,30]);"
        "hiddenpop.estimate(t, 'bic', bootstrap=10); hiddenpop.estimate(t, 'stepwise', bootstrap=10);"
        "print(time.perf_counter() - s)"
    )
    with tempfile.TemporaryDirectory() as cache:
        cold = dict(os.environ, NUMBA_CACHE_DIR=cache)
        for words in ("compiling everything", "from the compiler's cache"):
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=cold)
            print(f"first estimates of a process, {words}: {float(done.stdout):.1f} s")


def main() -> None:
    """Run the jobs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all-models", action="store_true", help="walk all 7,785,061 models of six lists")
    parser.add_argument("--folder", help="where long walks keep finished blocks")
    parser.add_argument("--only", help="run only the jobs whose name holds this word")
    parser.add_argument("--quick", action="store_true", help="a tenth of the replicates")
    chosen = parser.parse_args()
    scale = 10 if chosen.quick else 1
    jobs: list[tuple[str, Callable[[], Line]]] = [
        ("five hierarchical", lambda: walk_models(uk(5), 5, False, 0.6)),
        ("six two-list", lambda: walk_models(uk(6), 6, True, 1.0)),
        ("bootstrap bic", lambda: bootstrap_bic(1000 // scale)),
        ("stepwise five", lambda: bootstrap_stepwise(uk(5), 1000 // scale, 2.0)),
        ("stepwise eight", lambda: bootstrap_stepwise(eight_lists(), 1000 // scale, 10.0)),
        ("decomposable graphs", generate_graphs),
        ("decomposable five", lambda: average_graphs(uk(5), 0.2)),
        ("decomposable six", lambda: average_graphs(uk(6), 5.0)),
    ]
    if chosen.all_models:
        jobs.append(("all six uk", lambda: walk_everything("UK 2013", uk(6), chosen.folder)))
        jobs.append(("all six dense", lambda: walk_everything("every cell occupied", dense_six_lists(), chosen.folder)))
    print(f"{worker_count()} processors, Python {sys.version.split()[0]}, NumPy {np.__version__}")
    first_call()
    print(f"{'job':<58}{'seconds':>10}{'cpu':>10}{'plain':>12}{'ratio':>10}{'target':>8}")
    for name, job in jobs:
        if chosen.only is None or chosen.only in name:
            show(job())


if __name__ == "__main__":
    main()
