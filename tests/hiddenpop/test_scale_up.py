"""Network scale-up: a published survey, a plain twin of the bootstrap, simulated truths, laws."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hiddenpop.sampling_twins import looped_scale_up

from hiddenpop.histories import InvalidTable
from hiddenpop.results import Estimate
from hiddenpop.scale_up import NetworkReports, adjusted, generalized, rescaled_weights, scale_up, visibility
from hiddenpop.simulate import scale_up_world

RWANDA = 10_718_378


def _survey(name: str) -> Path:
    root = os.environ.get("WAYMARK_SHARED_DATA")
    folder = Path(root) if root else Path(__file__).resolve().parents[3] / "shared" / "data"
    path = folder / "surveys" / name
    if not path.exists():
        if os.environ.get("REQUIRE_SHARED_DATA") == "1":
            raise FileNotFoundError(path)
        pytest.skip("the shared survey files are not here")
    return path


def _rwanda(**kwargs) -> NetworkReports:
    return NetworkReports.read_csv(
        _survey("nsum_rwanda_survey.csv"),
        _survey("nsum_rwanda_known.csv"),
        "sex.workers",
        RWANDA,
        weight="indweight",
        cluster="cluster",
        stratum="region",
        **kwargs,
    )


def _small() -> NetworkReports:
    return NetworkReports.simple(
        np.array([[2.0, 1], [0, 3], [1, 2], [4, 0]]), np.array([100.0, 200]), np.array([1.0, 0, 2, 0]), 10_000
    )


# -- a published survey --------------------------------------------------------------------------------------


def test_rwanda_sex_workers():
    # networkreporting, 2011 survey, reports top-coded at 30: 34,107 with rescaled bootstrap 28,015 to 41,053.
    answer = scale_up(_rwanda(), rng=1, replicates=4000)
    assert int(answer.estimate) == 34_107
    assert answer.interval.low == pytest.approx(28_015, rel=0.02)
    assert answer.interval.high == pytest.approx(41_053, rel=0.02)
    assert answer.details["respondents"] == 2406
    assert len(answer.details["known_groups_predicted"]) == 22
    assert any("missing" in warning for warning in answer.warnings)


def test_without_top_coding_the_size_is_another():
    assert round(scale_up(_rwanda(top_code=None), rng=1, replicates=50).estimate) == 32_217


# -- plain slow twins ----------------------------------------------------------------------------------------


def test_bootstrap_equals_a_plain_loop():
    reports = replace(
        _small(), clusters=np.array([0, 0, 1, 2]), strata=np.array([0, 0, 0, 0]), weights=np.array([1.0, 2, 3, 4])
    )
    answer = scale_up(reports, rng=5, replicates=40)
    totals = looped_scale_up(reports, 40, 5)
    assert answer.details["standard_error"] == pytest.approx(np.std(totals, ddof=1))
    low, high = np.quantile(totals, [0.025, 0.975])
    assert answer.interval.low == pytest.approx(min(low, answer.estimate))
    assert answer.interval.high == pytest.approx(max(high, answer.estimate))


def test_rescaled_variance_is_the_design_variance():
    values = np.random.default_rng(3).normal(size=12)
    unit, factor = rescaled_weights(np.arange(12), np.repeat([0, 1], 6), 40_000, np.random.default_rng(1))
    totals = factor @ np.bincount(unit, weights=values)
    design = sum(6 * values[part].var(ddof=1) for part in (slice(0, 6), slice(6, 12)))
    assert factor.mean() == pytest.approx(1.0)
    assert totals.var() == pytest.approx(design, rel=0.03)


# -- recovery of a simulated truth ---------------------------------------------------------------------------


def test_basic_estimate_recovers_the_truth_and_covers_it():
    rng = np.random.default_rng(21)
    worlds = [scale_up_world(1_000_000, 4000, 600, rng) for _ in range(60)]
    answers = [scale_up(world.reports, rng=rng, replicates=300) for world in worlds]
    assert np.mean([answer.estimate for answer in answers]) == pytest.approx(4000, rel=0.03)
    assert sum(answer.interval.contains(4000) for answer in answers) >= 52


def test_mean_of_ratios_is_right_only_when_networks_are_told_well():
    # Dividing by a network size that is guessed from few contacts makes the mean of ratios too high.
    rng = np.random.default_rng(23)
    for sizes, low, high in (((2000, 5000, 8000, 12000), 1.1, 1.4), ((100_000, 200_000), 0.95, 1.05)):
        worlds = [scale_up_world(1_000_000, 4000, 600, rng, sizes=sizes) for _ in range(20)]
        answers = [scale_up(w.reports, estimator="mean-of-ratios", rng=rng, replicates=20) for w in worlds]
        assert low < np.mean([answer.estimate for answer in answers]) / 4000 < high


def test_generalized_estimate_repairs_low_visibility():
    rng = np.random.default_rng(22)
    basic, general, held = [], [], 0
    for _ in range(40):
        world = scale_up_world(1_000_000, 4000, 600, rng, degree_ratio=0.7, awareness=0.6)
        basic.append(scale_up(world.reports, rng=rng, replicates=20).estimate)
        answer = generalized(world.reports, world.aware, rng=rng, replicates=300)
        general.append(answer.estimate)
        held += answer.interval.contains(4000)
    assert np.mean(basic) == pytest.approx(4000 * 0.7 * 0.6, rel=0.05)
    assert np.mean(general) == pytest.approx(4000, rel=0.05)
    assert held >= 33


# -- laws ----------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 50))
def test_scales_of_weights_do_not_matter(seed, factor):
    world = scale_up_world(100_000, 2000, 60, np.random.default_rng(seed), sizes=(2000, 3000))
    scaled = replace(world.reports, weights=world.reports.weights * factor)
    one, other = (scale_up(reports, rng=1, replicates=20) for reports in (world.reports, scaled))
    if one.estimate is None:
        assert other.refused
        return
    assert other.estimate == pytest.approx(one.estimate)
    assert one.interval.contains(one.estimate)
    # Reports scale the size; a population twice as large, with everything else the same, doubles it.
    double = replace(world.reports, population=200_000.0)
    assert scale_up(double, rng=1, replicates=20).estimate == pytest.approx(one.estimate, rel=1e-9)


def test_adjustment_is_a_ratio():
    basic = scale_up(_small(), rng=1, replicates=50)
    answer = adjusted(basic, frame_ratio=1.1, degree_ratio=0.8, true_positive_rate=0.5, precision=0.9)
    factor = 0.9 / (1.1 * 0.8 * 0.5)
    assert answer.estimate == pytest.approx(basic.estimate * factor)
    assert answer.interval.high == pytest.approx(basic.interval.high * factor)
    assert adjusted(Estimate("x", None, refused="no")).refused == "no"
    for wrong in ({"degree_ratio": 0.0}, {"precision": 1.5}, {"true_positive_rate": -1.0}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            adjusted(basic, **wrong)


def test_visibility_by_hand():
    aware = np.array([[1.0, 0], [3, 2]])
    assert visibility(aware, np.array([10.0, 40]), 1000.0) == pytest.approx(3 * 1000 / 50)
    assert visibility(aware, np.array([10.0, 40]), 1000.0, np.array([3.0, 1])) == pytest.approx(2 * 1000 / 50)


# -- refusals, warnings, reading -----------------------------------------------------------------------------


def test_refusals():
    nobody = replace(_small(), hidden=np.zeros(4))
    assert "only shows that the group is rare" in scale_up(nobody).refused
    assert "only shows that the group is rare" in generalized(nobody, np.ones((3, 2))).refused
    assert "network sizes cannot be told" in scale_up(replace(_small(), known=np.zeros((4, 2)))).refused
    assert "visibility cannot be told" in generalized(_small(), np.zeros((3, 2))).refused
    with pytest.raises(ValueError, match="one column a known group"):
        generalized(_small(), np.ones((3, 5)))
    with pytest.raises(ValueError, match="no estimator 'median'"):
        scale_up(_small(), estimator="median")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="precision"):
        generalized(_small(), np.ones((3, 2)), precision=0.0)
    with pytest.raises(ValueError, match="one primary sampling unit"):
        rescaled_weights(np.array([0, 1, 2]), np.array([0, 0, 1]), 2, np.random.default_rng(1))


def test_warnings():
    text = " ".join(scale_up(_small(), rng=1, replicates=20).warnings)
    assert "Only 3 contacts" in text
    some = replace(_small(), known=np.array([[0.0, 0], [0, 50], [1, np.nan], [4, 0]]))
    text = " ".join(scale_up(some, estimator="mean-of-ratios", rng=1, replicates=20).warnings)
    assert "1 respondents know nobody" in text
    assert "1 answers are missing" in text
    assert "1 answers above 30 are read as 30" in text
    assert any("rests on 3 hidden people" in w for w in generalized(_small(), np.ones((3, 2)), rng=1).warnings)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"hidden": np.array([-1.0, 0, 0, 0])}, "fewer than 0"),
        ({"sizes": np.array([0.0, 5])}, "known groups"),
        ({"sizes": np.array([10.0, 50_000])}, "known groups"),
        ({"weights": np.zeros(4)}, "weights"),
        ({"weights": np.ones(3)}, "weights needs one value"),
        ({"known": np.ones((4, 3))}, "at least two respondents"),
        ({"hidden": np.full(4, np.nan)}, "nobody answered"),
    ],
)
def test_impossible_reports(change, words):
    with pytest.raises(InvalidTable, match=words):
        replace(_small(), **change)


def test_reading_names_row_and_column(tmp_path):
    known, survey = tmp_path / "known.csv", tmp_path / "survey.csv"
    known.write_text("group,size\nteacher,500\nwidow,700\n")
    survey.write_text("teacher,widow,sex,area\n1,2,0,x\n3,NA,1,y\n")
    reports = NetworkReports.read_csv(survey, known, "sex", 10_000, cluster="area")
    assert reports.n == 2
    assert reports.missing == 1
    assert reports.clusters.tolist() == [0, 1]
    survey.write_text("teacher,widow,sex\n1,2,0\n3,many,1\n")
    with pytest.raises(InvalidTable, match="row 3, column 'widow'"):
        NetworkReports.read_csv(survey, known, "sex", 10_000)
    survey.write_text("teacher,widow,sex\n1,2,0\n3,-4,1\n")
    with pytest.raises(InvalidTable, match="row 3, column 'widow'.*negative"):
        NetworkReports.read_csv(survey, known, "sex", 10_000)
    with pytest.raises(InvalidTable, match="no column 'drugs'"):
        NetworkReports.read_csv(survey, known, "drugs", 10_000)
    survey.write_text("teacher,widow,sex\n")
    with pytest.raises(InvalidTable, match="no row"):
        NetworkReports.read_csv(survey, known, "sex", 10_000)
