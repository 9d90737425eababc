"""Latent classes: a published table, the sampler against its source and an exact answer, laws, refusals."""

from __future__ import annotations

import math
import os
from itertools import product

import numpy as np
import pytest
from tests.hiddenpop.sampling_twins import textbook_chain
from tests.hiddenpop.tables import table as published

from hiddenpop.compiling import compiled
from hiddenpop.histories import CaptureHistories
from hiddenpop.latent_class import effective_sample_size, latent_class, run_chain, split_rhat
from hiddenpop.latent_class.posterior import REFUSE_RHAT
from hiddenpop.latent_class.sampler import _weight_terms

# Uncompiled, these chains take many minutes; the plain source is compared with the compiled one below.
needs_compiler = pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"), reason="too slow")

KOSOVO = published("kosovo_4")
SMALL = CaptureHistories.from_rows(
    "ABC",
    [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)],
    [30, 25, 20, 12, 10, 9, 6],
)


def _start(classes: int, lists: int, seed: int):
    rng = np.random.default_rng(seed)
    return (
        rng,
        rng.dirichlet(np.ones(classes)),
        rng.uniform(size=(classes, lists)),
        np.zeros(classes, dtype=np.int64),
        np.ones(1),
    )


def _run(kernel, table, classes, draws, thin, seed, shape=0.25, rate=0.25):
    cells = np.flatnonzero(table.counts)
    patterns = ((cells[:, None] >> np.arange(table.k)) & 1).astype(np.int64)
    rng, weights, rates, unseen, state = _start(classes, table.k, seed)
    kept, used = np.zeros(draws, np.int64), np.zeros(draws, np.int64)
    kernel(rng, patterns, table.counts[cells], shape, rate, weights, rates, unseen, state, kept, used, thin)
    return kept, used, weights, rates


# -- a published table ---------------------------------------------------------------------------------------


@needs_compiler
def test_kosovo_median():
    # LCMCR with K = 10: medians 10,400 to 10,630 over seeds. A plain Gibbs sampler of 8,000,000 sweeps and
    # this one with 20,000 effective draws both give 10,426.
    answer = latent_class(KOSOVO, rng=3, effective_draws=300, round_sweeps=20_000)
    assert answer.estimate == pytest.approx(10_426, rel=0.02)
    assert answer.details["rhat"] < 1.01
    assert answer.details["effective_sample_size"] >= 300
    assert answer.interval.low == pytest.approx(9_040, rel=0.03)
    assert answer.interval.high == pytest.approx(13_850, rel=0.05)


# -- twins ---------------------------------------------------------------------------------------------------


def test_compiled_chain_equals_its_python_source():
    fast = _run(compiled(run_chain), SMALL, 4, 6, 2, 5)
    plain = _run(run_chain, SMALL, 4, 6, 2, 5)
    for one, other in zip(fast, plain, strict=True):
        assert one == pytest.approx(other, rel=1e-12)
    assert fast[2].sum() == pytest.approx(1.0)


@needs_compiler
def test_chain_agrees_with_the_textbook_sampler():
    slow = textbook_chain(SMALL, 3, 12_000, 1)[1000:]
    fast, *_ = _run(compiled(run_chain), SMALL, 3, 12_000, 4, 2)
    slow_error = np.log(slow + 1.0).std() / math.sqrt(effective_sample_size(slow[None, :].astype(float)))
    gap = np.log(fast[1000:] + 1.0).mean() - np.log(slow + 1.0).mean()
    assert abs(gap) < 5 * slow_error + 0.01


@needs_compiler
def test_one_class_in_use_gives_the_exact_posterior():
    # With a concentration near 0 everybody is in one class: the posterior of the unseen is a product of betas.
    kept, *_ = _run(compiled(run_chain), SMALL, 2, 60_000, 2, 4, shape=0.5, rate=4e5)
    hidden = np.arange(0, 400)
    total = SMALL.n + hidden
    terms = np.array([math.lgamma(t) - math.lgamma(h + 1) for t, h in zip(total, hidden, strict=True)])
    for on in SMALL.list_totals:
        terms += [math.lgamma(t - on + 1) - math.lgamma(t + 2) for t in total]
    mass = np.exp(terms - terms.max())
    mass /= mass.sum()
    assert kept.mean() == pytest.approx(float(mass @ hidden), rel=0.02)
    assert np.median(kept) == pytest.approx(hidden[np.searchsorted(mass.cumsum(), 0.5)], abs=1)


def test_weight_terms_by_hand():
    totals, alpha = np.array([3, 2, 1]), 0.7

    def log_beta(a, b):
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)

    expected = log_beta(4, alpha + 3) + log_beta(3, alpha + 1)
    assert _weight_terms(totals, alpha, 2) == pytest.approx(expected)
    assert _weight_terms(totals, alpha, 0) == pytest.approx(log_beta(4, alpha + 3))


# -- recovery of a simulated truth ---------------------------------------------------------------------------


@needs_compiler
def test_recovers_two_kinds_of_people():
    rates = {0.6: np.array([0.6, 0.5, 0.5, 0.4]), 0.4: np.array([0.15, 0.2, 0.1, 0.15])}
    chances = np.zeros(16)
    for share, rate in rates.items():
        for history in product((0, 1), repeat=4):
            index = sum(bit << i for i, bit in enumerate(history))
            chances[index] += share * np.prod(np.where(history, rate, 1 - rate))
    counts = np.random.default_rng(8).multinomial(3000, chances)
    counts[0] = 0
    answer = latent_class(CaptureHistories("ABCD", counts), rng=1, effective_draws=100, round_sweeps=8_000, max_rounds=3)
    assert answer.interval.contains(3000)
    assert answer.estimate == pytest.approx(3000, rel=0.15)


# -- laws and refusals ---------------------------------------------------------------------------------------


def test_same_seed_same_answer_whatever_the_threads():
    quick = {"effective_draws": 50, "round_sweeps": 2000, "max_rounds": 2, "burn_in": 200, "classes": 4}
    one = latent_class(SMALL, rng=7, workers=1, **quick)
    other = latent_class(SMALL, rng=7, workers=2, **quick)
    assert one == other
    if one.estimate is not None:
        assert one.estimate >= SMALL.n
        assert one.interval.contains(one.estimate)


def test_chains_that_disagree_are_refused():
    answer = latent_class(KOSOVO, rng=1, round_sweeps=80, max_rounds=1, burn_in=1)
    assert answer.estimate is None
    assert "chains disagree" in answer.refused
    assert answer.details["rhat"] > REFUSE_RHAT
    assert len(answer.details["chain_medians"]) == 4


@needs_compiler
def test_progress_and_interrupt():
    seen = []

    def stop(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    quick = {"effective_draws": 10**9, "round_sweeps": 4000, "max_rounds": 5, "classes": 3}
    answer = latent_class(SMALL, rng=1, progress=stop, **quick)
    assert seen == [(1, 5), (2, 5)]
    assert answer.refused or any("Interrupted" in warning for warning in answer.warnings)
    assert answer.details["sweeps"] == 2 * 4 * 4000


def test_tables_that_cannot_be_used():
    two = CaptureHistories.from_rows("AB", [(1, 0), (0, 1), (1, 1)], [9, 9, 9])
    assert "at least 3 lists" in latent_class(two).refused
    apart = CaptureHistories.from_rows("ABC", [(1, 0, 0), (0, 1, 0), (0, 0, 1)], [90, 90, 90])
    assert "share" in latent_class(apart).refused
    with pytest.raises(ValueError, match="at least two"):
        latent_class(KOSOVO, chains=1)
    with pytest.raises(ValueError, match="two classes"):
        latent_class(KOSOVO, classes=1)


# -- diagnostics ---------------------------------------------------------------------------------------------


def test_effective_sample_size_of_an_autoregression():
    # For correlation r between neighbors, n draws are worth n (1 - r) / (1 + r).
    rng = np.random.default_rng(3)
    noise = rng.normal(size=(4, 20_000))
    chain = np.zeros_like(noise)
    for t in range(1, noise.shape[1]):
        chain[:, t] = 0.8 * chain[:, t - 1] + 0.6 * noise[:, t]
    assert effective_sample_size(chain) == pytest.approx(80_000 / 9, rel=0.1)
    assert split_rhat(chain) < 1.01


def test_rhat_sees_spread_and_drift():
    rng = np.random.default_rng(4)
    same = rng.normal(size=(4, 500))
    assert split_rhat(same * np.array([[1.0], [1], [1], [4]])) > 1.05  # folded
    assert split_rhat(same + np.linspace(0, 4, 500)) > 1.05  # split
    assert split_rhat(np.ones((2, 10))) == 1.0
    assert effective_sample_size(np.ones((2, 10))) == 20
    for wrong in (lambda: split_rhat(np.ones((2, 2))), lambda: effective_sample_size(np.ones((2, 6)))):
        with pytest.raises(ValueError, match="at least"):
            wrong()
