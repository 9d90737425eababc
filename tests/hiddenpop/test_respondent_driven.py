"""Respondent-driven sampling: a published sample, slow twins of the kernels, simulated truths, laws."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiddenpop.histories import InvalidTable
from hiddenpop.respondent_driven import (
    Prevalence,
    RecruitmentSample,
    gile_replicates,
    inclusion_probabilities,
    rds_i,
    rds_ii,
    recruitment,
    salganik_replicates,
    successive_sampling,
)
from hiddenpop.respondent_driven.bootstraps import _gile, _salganik, _whole_people
from hiddenpop.results import Interval
from hiddenpop.simulate import recruitment_world

# Uncompiled, these bootstraps take a minute; the plain source is compared with the compiled one below.
needs_compiler = pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"), reason="too slow")


def _survey(name: str) -> Path:
    root = os.environ.get("WAYMARK_SHARED_DATA")
    folder = Path(root) if root else Path(__file__).resolve().parents[3] / "shared" / "data"
    path = folder / "surveys" / name
    if not path.exists():
        if os.environ.get("REQUIRE_SHARED_DATA") == "1":
            raise FileNotFoundError(path)
        pytest.skip("the shared survey files are not here")
    return path


def _chain(seed: int = 3, n: int = 60) -> RecruitmentSample:
    return recruitment_world(400, 0.3, n, np.random.default_rng(seed), seeds=4).sample


# -- a published example -------------------------------------------------------------------------------------


@needs_compiler
def test_fauxmadrona_shares():
    # Example of the R package RDS: RDS.I.estimates 0.1592, RDS.II.estimates 0.1641, RDS.SS.estimates 0.1947. The
    # last is itself a simulation there: 60 runs of its algorithm scatter around 0.1944 with standard deviation
    # 0.0003. Solved without simulation it is 0.1944.
    sample = RecruitmentSample.read_csv(_survey("rds_fauxmadrona.csv"), "disease")
    assert sample.n == 500
    assert sample.seeds == 10
    assert round(rds_i(sample, rng=1).estimate, 4) == 0.1592
    assert round(rds_ii(sample, rng=1).estimate, 4) == 0.1641
    third = successive_sampling(sample, 1000, rng=1)
    assert third.estimate == pytest.approx(0.1947, abs=0.0006)
    assert third.interval.low < 0.2 < third.interval.high  # true share
    assert third.details["people_with_trait"] == pytest.approx(194.4, abs=0.1)
    assert sample.referrals.tolist() == [[299, 57], [64, 70]]


# -- plain slow twins ----------------------------------------------------------------------------------------


def _drawn_inclusion(degree, population_degrees, n, draws, rng):
    """Share of simulated successive samples that hold a person of each degree."""
    hits = dict.fromkeys(degree, 0.0)
    for _ in range(draws):
        clocks = rng.exponential(size=len(population_degrees)) / population_degrees
        for person in np.argsort(clocks)[:n]:
            hits[population_degrees[person]] += 1
    return np.array([hits[d] / draws / np.sum(population_degrees == d) for d in degree])


def test_inclusion_probabilities_match_simulated_draws():
    degree = np.array([1.0, 2.0, 4.0, 8.0])
    population = np.repeat(degree, [200, 150, 100, 50])
    simulated = _drawn_inclusion(degree, population, 200, 400, np.random.default_rng(5))
    # The sample that successive sampling is expected to give, as whole people of each degree.
    sample = np.repeat(degree, np.round(simulated * [200, 150, 100, 50]).astype(int))
    solved = inclusion_probabilities(sample, 500)
    for value, chance in zip(degree, simulated, strict=True):
        assert solved[sample == value][0] == pytest.approx(chance, abs=0.015)


def test_compiled_salganik_walk_equals_plain_one():
    sample = _chain()
    fast = salganik_replicates(sample, 7, np.random.default_rng(2))
    recruited = np.flatnonzero(sample.recruiter >= 0)
    by = sample.trait[sample.recruiter[recruited]].astype(int)
    rng = np.random.default_rng(2)
    for row in fast:
        group = int(sample.trait[int(rng.random() * sample.n)])
        for person in row:
            pool = recruited[by == group]
            if len(pool) == 0:
                pool = recruited[by == 1 - group]
            expected = pool[int(rng.random() * len(pool))]
            assert person == expected
            group = int(sample.trait[person])


def test_compiled_kernels_equal_their_python_source():
    sample = _chain()
    weights = 1.0 / inclusion_probabilities(sample.degree, 400)
    fast = gile_replicates(sample, 400, weights, 5, np.random.default_rng(4))
    degrees, classes = np.unique(sample.degree, return_inverse=True)
    expected = np.zeros((degrees.size, 2))
    np.add.at(expected, (classes, sample.trait.astype(int)), weights)
    seen = np.zeros((degrees.size, 2), dtype=np.int64)
    np.add.at(seen, (classes, sample.trait.astype(int)), 1)
    people = _whole_people(expected * (400 / expected.sum()), seen, 400)
    share = sample.referrals / sample.referrals.sum(axis=1, keepdims=True)
    ties = share * (people.T @ degrees)[:, None]
    ties = (ties + ties.T) / 2
    plain = np.empty(5)
    recruits = sample.recruits[sample.recruits > 0]
    _gile(np.random.default_rng(4), people, degrees, ties, recruits, sample.seeds, sample.n, 400.0, plain)
    assert fast == pytest.approx(plain, abs=1e-12)

    drawn = np.empty((2, sample.n), dtype=np.int64)
    recruited = np.flatnonzero(sample.recruiter >= 0)
    by = sample.trait[sample.recruiter[recruited]].astype(int)
    pools = np.zeros((2, sample.n), dtype=np.int64)
    sizes = np.bincount(by, minlength=2)
    for group in (0, 1):
        pools[group, : sizes[group]] = recruited[by == group]
    _salganik(np.random.default_rng(4), pools, sizes, sample.trait.astype(np.int64), drawn)
    assert np.array_equal(drawn, salganik_replicates(sample, 2, np.random.default_rng(4)))


# -- recovery of a simulated truth ---------------------------------------------------------------------------


def test_successive_sampling_repairs_what_rds_ii_gets_wrong():
    # Active people, half of the population sampled: RDS-II is too low, Gile's estimator is not.
    rng = np.random.default_rng(11)
    second, third = [], []
    for _ in range(25):
        world = recruitment_world(600, 0.2, 300, rng, activity=1.8, seeds=6)
        second.append(rds_ii(world.sample, replicates=2, rng=rng).estimate)
        third.append(successive_sampling(world.sample, 600, replicates=2, rng=rng).estimate)
    assert np.mean(second) < 0.185
    assert np.mean(third) == pytest.approx(0.2, abs=0.012)


@needs_compiler
def test_intervals_cover_when_chains_mix():
    rng = np.random.default_rng(12)
    held = 0
    for _ in range(40):
        world = recruitment_world(500, 0.3, 150, rng, seeds=6)
        held += successive_sampling(world.sample, 500, replicates=200, rng=rng).interval.contains(0.3)
    assert held >= 33  # 95 % nominal; 33 of 40 lies four standard errors below


# -- laws ----------------------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(1, 30), min_size=2, max_size=30),
    st.integers(0, 200),
)
def test_inverse_probabilities_add_up_to_the_population(degrees, more):
    degree = np.array(degrees, dtype=float)
    population = degree.size + more
    chance = inclusion_probabilities(degree, population)
    assert np.all((chance > 0) & (chance <= 1))
    assert (1 / chance).sum() == pytest.approx(population, rel=1e-7)
    order = np.argsort(degree)
    assert np.all(np.diff(chance[order]) >= -1e-12)  # more contacts, more likely found


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.5, 20))
def test_shares_ignore_the_unit_of_degree_and_mirror_the_trait(seed, factor):
    sample = _chain(seed, 40)
    if sample.trait.all() or not sample.trait.any():
        return
    scaled = RecruitmentSample(sample.recruiter, sample.degree * max(factor, 1.0), sample.trait)
    flipped = RecruitmentSample(sample.recruiter, sample.degree, ~sample.trait)
    share = rds_ii(sample, replicates=5, rng=1).estimate
    assert rds_ii(scaled, replicates=5, rng=1).estimate == pytest.approx(share)
    assert rds_ii(flipped, replicates=5, rng=1).estimate == pytest.approx(1 - share)
    first = rds_i(sample, replicates=5, rng=1)
    if first.estimate is not None:
        assert rds_i(flipped, replicates=5, rng=1).estimate == pytest.approx(1 - first.estimate)
        assert first.interval.contains(first.estimate)


def test_a_census_is_its_own_answer():
    sample = _chain()
    answer = successive_sampling(sample, sample.n, replicates=50, rng=1)
    assert answer.estimate == pytest.approx(sample.trait.mean())


def test_large_population_turns_successive_sampling_into_rds_ii():
    sample = _chain()
    far = successive_sampling(sample, 10_000_000, replicates=2, rng=1).estimate
    assert far == pytest.approx(rds_ii(sample, replicates=2, rng=1).estimate, abs=1e-5)


def test_same_seed_same_answer():
    sample = _chain()
    assert successive_sampling(sample, 400, rng=9) == successive_sampling(sample, 400, rng=9)
    assert rds_i(sample, rng=9).to_json_dict() == rds_i(sample, rng=9).to_json_dict()


# -- refusals, warnings, reading -----------------------------------------------------------------------------


def test_refusals():
    everyone = RecruitmentSample(np.array([-1, 0, 0]), np.ones(3), np.ones(3, bool))
    for answer in (rds_i(everyone), rds_ii(everyone), successive_sampling(everyone, 5)):
        assert answer.estimate is None
        assert "have the trait" in answer.refused
        assert answer.to_json_dict()["interval"] is None
    unlinked = RecruitmentSample(np.array([-1, -1]), np.ones(2), np.array([True, False]))
    assert "not a respondent-driven sample" in rds_ii(unlinked).refused
    apart = RecruitmentSample(np.array([-1, -1, 0, 1]), np.ones(4), np.array([1, 0, 1, 0], bool))
    assert "never recruited each other" in rds_i(apart).refused
    with pytest.raises(ValueError, match="cannot yield"):
        successive_sampling(apart, 3)
    for call in (salganik_replicates, lambda s, b, r: gile_replicates(s, 10, np.ones(2), b, r)):
        with pytest.raises(ValueError, match="nobody recruited"):
            call(unlinked, 2, np.random.default_rng(1))


def test_share_outside_its_bounds_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        Prevalence("ss", 1.2)
    with pytest.raises(ValueError, match="misses"):
        Prevalence("ss", 0.5, Interval(0.6, 0.7, 0.95, "x"))
    with pytest.raises(ValueError, match="either"):
        Prevalence("ss", None)


@pytest.mark.parametrize(
    ("recruiter", "degree", "words"),
    [
        ([-1, 1], [1, 1], "another respondent"),
        ([-1, 5], [1, 1], "another respondent"),
        ([-1, 0], [1, 0], "respondent 2"),
        ([1, 0], [1, 1], "no seed|circle"),
        ([-1, 2, 1], [1, 1, 1], "circle"),
    ],
)
def test_impossible_samples(recruiter, degree, words):
    with pytest.raises(InvalidTable, match=words):
        RecruitmentSample(np.array(recruiter), np.array(degree, float), np.zeros(len(degree), bool))


def test_reading(tmp_path):
    path = tmp_path / "sample.csv"
    path.write_text("id,recruiter.id,degree,sick\na,seed,3,yes\nb,a,0,no\nc,zz,2,1\n")
    sample = RecruitmentSample.read_csv(path, "sick")
    assert sample.recruiter.tolist() == [-1, 0, -1]
    assert sample.degree.tolist() == [3, 1, 2]
    assert sample.trait.tolist() == [True, False, True]
    assert len(sample.warnings) == 2
    for text, words in [
        ("id,recruiter.id,degree,sick\n", "no respondent"),
        ("id,recruiter.id,sick\na,seed,1\n", "no column 'degree'"),
        ("id,recruiter.id,degree,sick\na,seed,many,1\n", "row 2, column 'degree'"),
        ("id,recruiter.id,degree,sick\na,seed,-1,1\n", "row 2, column 'degree'"),
        ("id,recruiter.id,degree,sick\na,seed,1,maybe\n", "row 2, column 'sick'"),
        ("id,recruiter.id,degree,sick\na,seed,1,1\na,seed,1,1\n", "row 3.*twice"),
    ]:
        path.write_text(text)
        with pytest.raises(InvalidTable, match=words):
            RecruitmentSample.read_csv(path, "sick")


def test_diagnostics():
    sample = RecruitmentSample(
        np.array([-1, 0, 1, 2, 3, 4, -1, 6]), np.array([1.0, 1, 1, 4, 4, 4, 2, 2]), np.array([1, 1, 1, 0, 0, 0, 1, 0], bool)
    )
    found = recruitment(sample)
    assert (found.seeds, found.waves, found.people_by_wave.tolist()) == (2, 5, [2, 2, 1, 1, 1, 1])
    assert found.largest_tree_share == 0.75
    # Six recruitments, 2 of them across groups; chance would keep 1/2 * 1/3 + ... inside.
    assert found.homophily == pytest.approx(4 / (4 * (2 / 6) + 2 * (4 / 6)))
    assert found.degree_ratio == pytest.approx(np.mean([1, 1, 1, 2]) / np.mean([4, 4, 4, 2]))
    assert found.running_share[-1] == pytest.approx(rds_ii(sample, replicates=2).estimate)
    text = " ".join(found.warnings)
    assert "descends from one seed" in text
    assert "has not settled" in text
    assert "single contact" in text
    short = recruitment(RecruitmentSample(np.array([-1, 0]), np.ones(2) * 3, np.array([True, False])))
    assert "1 steps" in short.warnings[0]


def test_whole_people_add_up_and_hold_the_seen():
    seen = np.array([[1, 0], [2, 3]])
    people = _whole_people(np.array([[0.2, 0.0], [9.7, 10.1]]), seen, 20)
    assert people.sum() == 20
    assert np.all(people >= seen)
    assert people[0, 1] == 0
