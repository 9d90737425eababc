"""``bootstrap`` and ``simulate``: the same work many times, here or on a cluster."""

from __future__ import annotations

import argparse
import math
from typing import Any

import numpy as np

from hiddenpop.cli.output import REFUSED, emit, fail, number, progress_bar, write
from hiddenpop.cli.tables import method_options, read
from hiddenpop.methods import METHODS, estimate
from hiddenpop.replication import replicate
from hiddenpop.results import Refusal
from hiddenpop.simulate import Scenario, generating_scenarios, map_over


def run_bootstrap(options: argparse.Namespace) -> int:
    """``hiddenpop bootstrap``."""
    table = read(options)
    extra = method_options(options)
    point = estimate(table, options.method, bootstrap=0 if METHODS[options.method].bootstrap else None, **extra)
    if point.estimate is None:
        return fail(options, point.refused or "refused", REFUSED)
    done = replicate(
        table, options.method, options.replicates, seed=options.seed, cluster=options.cluster, workers=options.workers,
        progress=progress_bar("bootstrap", options), **extra,
    )  # fmt: skip
    if not len(done.totals):
        raise KeyboardInterrupt
    interval = done.bca(table, point.estimate, options.method, options.level, **extra)
    low, high = done.percentile(options.level)
    endless = float(np.mean(np.isinf(done.totals)))
    warnings = []
    if len(done.totals) < done.asked:
        warnings.append(f"The bootstrap was stopped after {len(done.totals):,} of {done.asked:,} replicates.")
    if endless:
        warnings.append(f"{endless:.1%} of the resamples put no upper bound on the total; they count as infinitely many.")
    report = {
        "method": options.method,
        "estimate": point.estimate,
        "interval": [interval.low, interval.high if math.isfinite(interval.high) else None],
        "percentile_interval": [low, high if math.isfinite(high) else None],
        "level": options.level,
        "model": point.model,
        "criterion": point.criterion,
        "observed": point.observed,
        "replicates": len(done.totals),
        "seed": options.seed,
        "warnings": [*point.warnings, *warnings],
        "refused": None,
    }
    write(options.out, "replicate,total\n" + "".join(f"{i},{t:.3f}\n" for i, t in enumerate(done.totals, start=1)))
    ends = f"{number(interval.low)} to {number(interval.high if math.isfinite(interval.high) else None)}"
    emit(options, report, [f"{number(point.estimate)} people, {options.level:.0%} BCa interval {ends}", *warnings])
    return 0


def _trial(task: tuple[Scenario, str, float, int, int]) -> tuple[str, str, str, float]:
    """One method on one table drawn from one population: what became of its interval, and its error."""
    scenario, method, level, bootstrap, seed = task
    table = scenario.draw(seed)
    seen = [at for at, people in enumerate(table.list_totals) if people]
    try:
        answer = estimate(
            table.subset(seen),
            method,
            level=level,
            bootstrap=bootstrap if METHODS[method].bootstrap else None,
            rng=seed,
        )
    except Refusal:
        return scenario.generator, method, "refused", math.nan
    if answer.estimate is None or answer.interval is None:
        return scenario.generator, method, "refused", math.nan
    if answer.interval.high < scenario.population:
        where = "too low"
    elif answer.interval.low > scenario.population:
        where = "too high"
    else:
        where = "holds"
    return scenario.generator, method, where, answer.estimate / scenario.population - 1.0


def run_simulate(options: argparse.Namespace) -> int:
    """``hiddenpop simulate``."""
    if options.draws < 1:
        raise ValueError(f"--draws takes at least 1 table from each population; got {options.draws}")
    table = read(options)
    for name in options.methods:
        if name not in METHODS or name == "model":
            raise ValueError(f"there is no method {name!r} to simulate; choose among {', '.join(METHODS)}")
    scenarios = generating_scenarios("this table", table)
    seeds = np.random.SeedSequence(options.seed).generate_state(options.draws, np.uint64) >> np.uint64(1)
    tasks = [
        (scenario, method, options.level, options.bootstrap, int(seed))
        for seed in seeds
        for scenario in scenarios
        for method in options.methods
    ]
    done = map_over(
        _trial, tasks, cluster=options.cluster, workers=options.workers, progress=progress_bar("simulate", options)
    )
    if not done:
        raise KeyboardInterrupt
    rows = [_summary(scenario, method, done) for scenario in scenarios for method in options.methods]
    warnings = [f"Stopped after {len(done)} of {len(tasks)} estimates."] if len(done) < len(tasks) else []
    report = {
        "level": options.level,
        "draws": options.draws,
        "seed": options.seed,
        "coverage": rows,
        "warnings": warnings,
        "refused": None,
    }
    lines = [f"Nominal {options.level:.0%} intervals, populations made from this table:"]
    for row in rows:
        about = f"  {row['population']:>14} ({row['truth']:,}), {row['method']:<15}"
        if row["answered"]:
            coverage = f"{row['coverage']:.0%} (+- {row['monte_carlo_error']:.0%})"
            lines.append(f"{about} holds the truth in {coverage}, median error {row['median_error']:+.0%}")
        else:
            lines.append(f"{about} no answers")
    emit(options, report, [*lines, *warnings])
    return 0


def _summary(scenario: Scenario, method: str, done: list[tuple[str, str, str, float]]) -> dict[str, Any]:
    mine = [each for each in done if each[0] == scenario.generator and each[1] == method]
    answered = [each for each in mine if each[2] != "refused"]
    held = sum(each[2] == "holds" for each in answered)
    share = (held + 2.0) / (len(answered) + 4.0)
    return {
        "population": scenario.generator,
        "truth": scenario.population,
        "model": scenario.model,
        "method": method,
        "answered": len(answered),
        "refused": len(mine) - len(answered),
        "coverage": held / len(answered) if answered else None,
        "monte_carlo_error": math.sqrt(share * (1 - share) / (len(answered) + 4.0)),
        "too_low": sum(each[2] == "too low" for each in answered),
        "too_high": sum(each[2] == "too high" for each in answered),
        "median_error": float(np.median([each[3] for each in answered])) if answered else None,
    }
