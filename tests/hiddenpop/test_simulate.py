"""Simulated worlds: they hold the truth they promise, and maps give the same results wherever they run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from tests.hiddenpop.tables import table as published

from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear import fit
from hiddenpop.respondent_driven import rds_ii
from hiddenpop.results import Refusal
from hiddenpop.scale_up import visibility
from hiddenpop.simulate import (
    break_links,
    draw_table,
    generating_scenarios,
    map_over,
    recruitment_world,
    scale_up_world,
)

KOREA = published("korea_3")


def _draw_total(seed: int) -> int:
    return generating_scenarios("korea", KOREA)[2].draw(seed).n


def test_korea_scenarios():
    found = generating_scenarios("korea", KOREA)
    assert [one.generator for one in found] == ["independence", "stepwise", "bic", "aic"]
    assert len({one.model for one in found}) == 4
    best = found[2]
    assert (best.model, best.population, best.name) == ("[12,23]", 157, "korea: bic")
    for one in found:
        assert one.probabilities.sum() == pytest.approx(1.0)
        assert one.population == round(fit(KOREA, one.model).total)


def test_draws_have_the_expected_counts():
    best = generating_scenarios("korea", KOREA)[2]
    total = np.zeros(8)
    for seed in range(400):
        table = best.draw(seed)
        assert table.counts[0] == 0
        assert table.n <= best.population
        total += table.counts
    expected = best.population * best.probabilities
    assert total[1:] / 400 == pytest.approx(expected[1:], abs=4 * np.sqrt(expected.max() / 400))
    assert best.draw(3) == best.draw(3)
    assert best.draw(3) != best.draw(4)


def test_table_without_any_model_is_refused():
    apart = CaptureHistories.from_rows("AB", [(1, 0), (0, 1)], [9, 9])
    with pytest.raises(Refusal, match="no model"):
        generating_scenarios("apart", apart)


def test_draw_table_keeps_names_and_period():
    table = draw_table(("A", "B"), 1000, np.array([0.1, 0.2, 0.3, 0.4]), np.random.default_rng(1), period="2020")
    assert table.period == "2020"
    assert table.n == pytest.approx(900, abs=40)


def test_broken_links_keep_records_and_lose_overlap():
    rows = [(1, 1, 1), (1, 1, 0), (0, 0, 1)]
    table = CaptureHistories.from_rows("ABC", rows, [4000, 2000, 500])
    broken = break_links(table, 0.2, np.random.default_rng(5))
    assert broken.list_totals.tolist() == table.list_totals.tolist()
    # Three records stay together with all three matches or any two: 0.8^3 + 3 * 0.8^2 * 0.2.
    assert broken.counts[7] / 4000 == pytest.approx(0.896, abs=0.02)
    assert broken.overlap(0, 1) < table.overlap(0, 1)
    assert break_links(table, 0.0, np.random.default_rng(5)) == table
    with pytest.raises(ValueError, match="between 0 and 1"):
        break_links(table, 1.5, np.random.default_rng(5))


def test_recruitment_world():
    world = recruitment_world(500, 0.3, 200, np.random.default_rng(2), activity=2.0, homophily=3.0, seeds=5)
    sample = world.sample
    assert (sample.n, world.population, world.prevalence) == (200, 500, 0.3)
    assert sample.seeds >= 5
    assert sample.recruits.max() <= 2
    assert sample.degree[sample.trait].mean() > 1.3 * sample.degree[~sample.trait].mean()
    assert np.trace(sample.referrals) > 0.6 * sample.referrals.sum()
    assert 0 < rds_ii(sample, replicates=10).estimate < 1
    # Two people who know nobody: both must be seeds.
    lonely = recruitment_world(2, 0.5, 2, np.random.default_rng(1), mean_degree=0.0, seeds=1)
    assert lonely.sample.seeds == 2
    with pytest.raises(ValueError, match="respondents"):
        recruitment_world(10, 0.5, 11, np.random.default_rng(1))


def test_scale_up_world():
    world = scale_up_world(1_000_000, 5000, 3000, np.random.default_rng(3), degree_ratio=0.5, awareness=0.4)
    assert world.hidden == 5000
    assert world.reports.degrees.mean() == pytest.approx(200, rel=0.06)
    assert world.reports.hidden.mean() == pytest.approx(200 * 0.2 * 5000 / 1_000_000, rel=0.2)
    assert visibility(world.aware, world.reports.sizes, 1_000_000.0) == pytest.approx(200 * 0.2, rel=0.2)


# -- maps ----------------------------------------------------------------------------------------------------


def test_map_is_the_same_everywhere():
    seeds = list(range(6))
    here = map_over(_draw_total, seeds, workers=1)
    seen, steps = {}, []
    with ThreadPoolExecutor(2) as pool:
        there = map_over(
            _draw_total,
            seeds,
            cluster=pool,
            each=seen.__setitem__,
            progress=lambda done, total: steps.append((done, total)),
        )
    assert here == there == [seen[i] for i in range(6)]
    assert steps == [(i, 6) for i in range(1, 7)]
    assert map_over(_draw_total, []) == []


def test_map_on_local_processes():
    assert map_over(abs, [-3, 2, -1], workers=2) == [3, 2, 1]


def test_interrupt_keeps_what_is_done():
    def stop(item: int) -> int:
        if item == 3:
            raise KeyboardInterrupt
        return item * item

    assert map_over(stop, range(6), workers=1) == [0, 1, 4]

    def cry(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with ThreadPoolExecutor(1) as pool:
        assert map_over(abs, [-1, -2], cluster=pool, progress=cry) in ([1], [2])


def test_errors_are_not_swallowed():
    with ThreadPoolExecutor(1) as pool, pytest.raises(TypeError):
        map_over(abs, ["x"], cluster=pool)
