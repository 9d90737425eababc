"""Speed of the samplers: Gile's bootstrap, the scale-up bootstrap, latent classes, each beside a plain loop.

    python benchmarks/surveys.py

The plain side is the same kernel as uncompiled Python, a loop over respondents, and the textbook Gibbs sampler in
NumPy; both sides run here and now, so that the ratio does not depend on the machine.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
# This folder must not be searched for modules: its hiddenpop.py would hide the package of that name.
sys.path[:] = [str(ROOT), *(entry for entry in sys.path if Path(entry or ".").resolve() != ROOT / "benchmarks")]

import numpy as np
from tests.hiddenpop.sampling_twins import looped_scale_up, textbook_chain
from tests.hiddenpop.tables import table

from hiddenpop.latent_class import effective_sample_size, latent_class
from hiddenpop.respondent_driven import (
    RecruitmentSample,
    bootstraps,
    gile_replicates,
    inclusion_probabilities,
    successive_sampling,
)
from hiddenpop.scale_up import NetworkReports, scale_up


def _folder() -> Path:
    root = os.environ.get("WAYMARK_SHARED_DATA")
    return (Path(root) if root else ROOT.parent / "shared" / "data") / "surveys"


def _seconds(job: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def _line(label: str, fast: float, plain: float, target: str) -> None:
    print(f"{label:52s} {fast:9.4f} s   plain {plain:9.2f} s   {plain / fast:8.0f} times   target {target}")


def gile() -> None:
    """Bootstrap of the successive-sampling share, 500 replicates, 500 respondents."""
    sample = RecruitmentSample.read_csv(_folder() / "rds_fauxmadrona.csv", "disease")
    first = _seconds(lambda: successive_sampling(sample, 1000, rng=1))
    again = min(_seconds(lambda: successive_sampling(sample, 1000, rng=1)) for _ in range(5))
    weights = 1.0 / inclusion_probabilities(sample.degree, 1000)
    kernel = bootstraps.compiled
    bootstraps.compiled = lambda function: function
    try:
        plain = 25 * _seconds(lambda: gile_replicates(sample, 1000, weights, 20, np.random.default_rng(1)))
    finally:
        bootstraps.compiled = kernel
    _line("Gile bootstrap, 500 replicates, estimate included", again, plain, "0.5 s")
    print(f"    first call, loading or compiling the kernel included: {first:.2f} s")


def network() -> None:
    """Rescaled bootstrap of the Rwanda survey, 1,000 replicates, 2,406 respondents."""
    place = _folder()
    reports = NetworkReports.read_csv(
        place / "nsum_rwanda_survey.csv",
        place / "nsum_rwanda_known.csv",
        "sex.workers",
        10_718_378,
        weight="indweight",
        cluster="cluster",
        stratum="region",
    )
    fast = min(_seconds(lambda: scale_up(reports, rng=1)) for _ in range(5))
    _line("scale-up bootstrap, 1,000 replicates", fast, 20 * _seconds(lambda: looped_scale_up(reports, 50, 1)), "none")


def classes() -> None:
    """Effective samples a second on the Kosovo table, ten classes."""
    kosovo = table("kosovo_4")
    latent_class(kosovo, rng=1, round_sweeps=100, max_rounds=1, burn_in=10)  # compile
    begun = time.perf_counter()
    answer = latent_class(kosovo, rng=1)
    seconds = time.perf_counter() - begun
    worth = answer.details["effective_sample_size"]
    begun = time.perf_counter()
    draws = textbook_chain(kosovo, 10, 4000, 1)
    plain = time.perf_counter() - begun
    slow = effective_sample_size(draws[None, 500:].astype(float)) / plain
    print(
        f"latent classes, ten classes, median {answer.estimate:,.0f}, Rhat {answer.details['rhat']:.4f}: "
        f"{worth:.0f} effective samples in {seconds:.1f} s, {worth / seconds:.0f} a second"
    )
    print(f"    textbook sampler in NumPy: about {slow:.2f} a second, {worth / seconds / slow:.0f} times slower")


if __name__ == "__main__":
    gile()
    network()
    classes()
