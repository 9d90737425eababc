"""The command: exit status, one JSON object, files, refusals in plain words."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from tests.hiddenpop.command import run, run_json

from hiddenpop import cli
from hiddenpop.cli import output
from hiddenpop.cli.parser import build_parser, fraction
from hiddenpop.methods import METHODS

KOREA = "b,c,d,count\n0,0,1,41\n0,1,0,5\n1,0,0,5\n1,1,0,54\n1,0,1,6\n1,1,1,12\n"
PLENTY = "A,B,C,count\n1,0,0,160\n0,1,0,140\n0,0,1,120\n1,1,0,30\n1,0,1,25\n0,1,1,35\n1,1,1,8\n"


@pytest.fixture
def korea(tmp_path):
    path = tmp_path / "korea.csv"
    path.write_text(KOREA)
    return str(path)


@pytest.fixture
def plenty(tmp_path):
    path = tmp_path / "plenty.csv"
    path.write_text(PLENTY)
    return str(path)


def test_estimate_prints_one_object_with_the_promised_keys(korea, capsys):
    # Ball, Shin and Yang (2018): 157 by BIC, model [12,23], BIC 57.141.
    status, report, _ = run_json(capsys, "estimate", korea, "--method", "bic", "--bootstrap", "0")
    assert status == 0
    assert report["estimate"] == pytest.approx(157.2, abs=0.05)
    assert (report["model"], report["method"], report["refused"]) == ("[12,23]", "bic", None)
    assert report["criterion"] == pytest.approx(57.141, abs=5e-4)
    wanted = {"method", "estimate", "interval", "level", "model", "criterion", "observed", "warnings", "refused"}
    assert wanted <= report.keys()
    assert report["interval"][0] <= report["estimate"] <= report["interval"][1]
    assert report["observed"] == 123


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"latent-class", "model"}))
def test_every_method_answers_or_refuses(method, plenty, capsys):
    words = ["--bootstrap", "20"] if METHODS[method].bootstrap else []
    status, report, _ = run_json(capsys, "estimate", plenty, "--method", method, *words)
    assert status == (0 if report["refused"] is None else 3)
    assert (report["estimate"] is None) == (status == 3)
    assert report["method"] == method or method == "heterogeneity"


def test_seed_and_level_and_period(plenty, capsys):
    words = ["estimate", plenty, "--method", "stepwise", "--bootstrap", "50", "--period", "2024"]
    first = run_json(capsys, *words, "--seed", "5")[1]
    assert run_json(capsys, *words, "--seed", "5")[1] == first
    assert run_json(capsys, *words, "--seed", "6")[1]["interval"] != first["interval"]
    narrow = run_json(capsys, *words, "--seed", "5", "--level", "80")[1]
    assert narrow["level"] == 0.8
    assert narrow["interval"][1] - narrow["interval"][0] < first["interval"][1] - first["interval"][0]
    assert first["headline"].startswith("At some time in 2024 there were an estimated")


def test_a_calibration_that_would_tell_nothing_is_refused_before_any_work(plenty, capsys):
    words = ["estimate", plenty, "--method", "model", "--model", "[12,3]", "--calibrate", "5"]
    status, out, err = run(capsys, *words)
    assert (status, out) == (2, "")
    assert "--calibrate cannot judge --method model" in err
    assert "such as --method stepwise or bic" in err
    status, _, err = run(capsys, "estimate", plenty, "--calibrate", "0")
    assert status == 2
    assert "--calibrate takes a number of tables, at least 1; got 0" in err


def test_words_for_people(plenty, capsys):
    status, out, _ = run(capsys, "estimate", plenty, "--method", "stepwise", "--bootstrap", "0")
    assert status == 0
    assert out.startswith("In the period of the lists there were an estimated ")
    assert "It assumes:" in out
    assert "If not:" in out


def test_model_threshold_and_lists(plenty, capsys):
    status, report, _ = run_json(capsys, "estimate", plenty, "--method", "model", "--model", "[12,3]", "--bootstrap", "0")
    assert (status, report["model"]) == (0, "[12,3]")
    assert run_json(capsys, "estimate", plenty, "--lists", "A,B", "--method", "chapman")[0] == 0
    status, _, err = run(capsys, "estimate", plenty, "--lists", "A,Z")
    assert status == 2
    assert "there is no list 'Z'; the table has A, B, C" in err
    status, _, err = run(capsys, "estimate", plenty, "--method", "chao", "--model", "[1]")
    assert status == 2
    assert "--method chao does not take model: --model goes with --method model" in err
    status, _, err = run(capsys, "estimate", plenty, "--method", "model")
    assert status == 2
    assert "--method model needs --model, the model decided on beforehand, such as --model '[12,3]'" in err
    assert run(capsys, "estimate", plenty, "--method", "stepwise", "--threshold", "0.5", "--bootstrap", "0")[0] == 0


def test_refusals_exit_with_3(tmp_path, capsys):
    two = tmp_path / "two.csv"
    two.write_text("A,B,count\n1,0,20\n0,1,30\n1,1,10\n")
    status, report, _ = run_json(capsys, "estimate", two, "--method", "bic")
    assert status == 3
    assert report["estimate"] is None
    assert report["interval"] is None
    assert "at least 3 lists" in report["refused"]
    apart = tmp_path / "apart.csv"
    apart.write_text("A,B,C,count\n1,0,0,20\n0,1,0,30\n0,0,1,10\n")
    assert run(capsys, "estimate", apart)[0] == 3
    assert run(capsys, "check", apart)[0] == 3
    assert run(capsys, "bootstrap", two, "--method", "bic")[0] == 3
    status, out, err = run(capsys, "simulate", apart, "--draws", "1", "--workers", "1", "--json", "-")
    assert status == 3
    assert json.loads(out)["refused"]
    assert err.startswith("hiddenpop: ")


def test_bad_input_exits_with_2(tmp_path, plenty, capsys):
    status, _, err = run(capsys, "estimate", tmp_path / "absent.csv")
    assert status == 2
    assert "absent.csv" in err
    bad = tmp_path / "bad.csv"
    bad.write_text("A,B,count\n1,0,20\n2,1,30\n")
    status, _, err = run(capsys, "estimate", bad)
    assert status == 2
    assert "line 3, column 'A': expected 0 or 1, found '2'" in err
    assert run(capsys, "estimate", plenty, "--out", "report.pdf")[0] == 2
    assert run(capsys, "estimate", plenty, "--missed", "0.1", "--missed-range", "0.1")[0] == 2
    assert run(capsys, "compare", plenty, "--methods", "magic")[0] == 2
    assert run(capsys, "simulate", plenty, "--methods", "model")[0] == 2
    status, _, err = run(capsys, "simulate", plenty, "--draws", "0")
    assert (status, "--draws takes at least 1" in err) == (2, True)
    with pytest.raises(SystemExit) as caught:
        cli.main(["estimate", plenty, "--method", "magic"])
    assert caught.value.code == 2


def test_reports_are_the_same_bytes_each_time(plenty, tmp_path, capsys, monkeypatch):
    quick = {name: METHODS[name] for name in ("stepwise", "chao", "independence", "bic")}
    monkeypatch.setattr("hiddenpop.cli.tables.METHODS", quick)
    for kind, start in (("html", "<!DOCTYPE html>"), ("csv", "method,estimate"), ("json", "{")):
        made = []
        for name in ("one", "two"):
            path = tmp_path / f"{name}.{kind}"
            status, *_ = run(capsys, "estimate", plenty, "--method", "stepwise", "--bootstrap", "50", "--out", path)
            assert status == 0
            made.append(path.read_bytes())
        assert made[0] == made[1]
        assert made[0].decode().startswith(start)
    nonce = tmp_path / "nonce"
    nonce.write_text("ab" * 32)
    assert (
        run(
            capsys,
            "compare",
            plenty,
            "--methods",
            "chao,stepwise",
            "--bootstrap",
            "20",
            "--nonce",
            nonce,
            "--out",
            path,
        )[0]
        == 0
    )
    assert json.loads(path.read_text())["provenance"]["data"].startswith("hmac-sha256:")


def test_calibration_linkage_and_strata(tmp_path, plenty, capsys):
    status, report, _ = run_json(
        capsys, "estimate", plenty, "--method", "stepwise", "--bootstrap", "0", "--calibrate", "10"
    )
    assert status == 0
    assert "simulated tables like this one" in report["calibration"]
    plain = run_json(capsys, "estimate", plenty, "--method", "stepwise", "--bootstrap", "0")[1]
    fixed = run_json(
        capsys,
        "estimate",
        plenty,
        "--method",
        "stepwise",
        "--bootstrap",
        "0",
        "--missed",
        "0.1",
        "--missed-range",
        "0.05,0.15",
    )[1]
    assert fixed["estimate"] < plain["estimate"]
    grouped = tmp_path / "grouped.csv"
    grouped.write_text("A,B,C,gender,count\n" + "".join(
        f"{line[:5]},{who},{int(line[6:]) // 2 + 3}\n" for line in PLENTY.splitlines()[1:] for who in ("f", "m")
    ))  # fmt: skip
    status, report, _ = run_json(
        capsys, "estimate", grouped, "--method", "stepwise", "--bootstrap", "0", "--stratum", "gender"
    )
    assert status == 0
    assert sum(each["estimate"] for each in report["strata"].values()) == pytest.approx(report["estimate"], rel=1e-6)
    assert (
        run(
            capsys,
            "estimate",
            grouped,
            "--method",
            "stepwise",
            "--bootstrap",
            "0",
            "--stratum",
            "gender",
            "--kind",
            "site",
        )[0]
        == 3
    )


def test_check_explains_the_table(korea, plenty, capsys):
    status, report, _ = run_json(capsys, "check", korea)
    assert status == 0
    assert report["lists"] == {"b": 77, "c": 71, "d": 59}
    assert report["overlaps"][0] == {"lists": ["b", "c"], "shared": 66}
    assert report["on_exactly"] == {"1": 51, "2": 60, "3": 12}
    assert [each["kind"] for each in report["findings"]] == ["referral"]
    status, out, _ = run(capsys, "check", plenty)
    assert "Nothing speaks against" in out
    assert "no period is given" in out


def test_compare_puts_methods_side_by_side(plenty, capsys, monkeypatch):
    status, report, _ = run_json(capsys, "compare", plenty, "--methods", "chao,independence,chapman")
    assert status == 0
    assert [each["method"] for each in report["methods"]] == ["chao", "independence"]
    assert report["why_they_differ"][0].startswith("The lowest answer is")
    status, out, _ = run(capsys, "compare", plenty, "--methods", "chao,independence")
    assert out.splitlines()[0].startswith("chao ")
    assert run(capsys, "compare", plenty, "--methods", "model")[0] == 2

    def stop(*_, **__):
        raise KeyboardInterrupt

    calls = []

    def some(table, name, **options):
        calls.append(name)
        return stop() if len(calls) == 2 else estimate(table, name, **options)

    from hiddenpop.methods import estimate

    monkeypatch.setattr("hiddenpop.cli.tables.estimate", some)
    status, report, _ = run_json(capsys, "compare", plenty, "--methods", "chao,independence,stepwise")
    assert [each["method"] for each in report["methods"]] == ["chao"]
    monkeypatch.setattr("hiddenpop.cli.tables.estimate", stop)
    assert run(capsys, "compare", plenty, "--methods", "chao")[0] == 130


def test_bootstrap_is_the_same_whoever_does_the_work(plenty, tmp_path, capsys):
    out = tmp_path / "replicates.csv"
    words = ["bootstrap", plenty, "--method", "stepwise", "--replicates", "150", "--seed", "3"]
    status, report, _ = run_json(capsys, *words, "--workers", "1", "--out", out)
    assert status == 0
    assert report["replicates"] == 150
    assert report["interval"][0] <= report["estimate"] <= report["interval"][1]
    assert len(out.read_text().splitlines()) == 151
    assert run_json(capsys, *words, "--workers", "1")[1] == report
    for method in ("independence", "bic", "chao"):
        assert run(capsys, "bootstrap", plenty, "--method", method, "--replicates", "5", "--workers", "1")[0] == 0
    model = ["--method", "model", "--model", "[12,3]"]
    assert run(capsys, "bootstrap", plenty, *model, "--replicates", "5", "--workers", "1")[0] == 0


def test_simulate_tells_coverage(plenty, capsys):
    words = ["simulate", plenty, "--methods", "independence,chao", "--draws", "3", "--workers", "1"]
    status, report, _ = run_json(capsys, *words)
    assert status == 0
    assert {row["method"] for row in report["coverage"]} == {"independence", "chao"}
    assert all(row["answered"] + row["refused"] == 3 for row in report["coverage"])
    assert "median error" in run(capsys, *words)[1]


def test_plan(capsys):
    status, report, _ = run_json(capsys, "plan", "--population", "1000", "--lists", "2,3")
    assert status == 0
    assert [round(each["people_per_list"]) for each in report["requirements"]] == [232, 145]
    status, report, _ = run_json(capsys, "plan", "--population", "1000", "--reach", "0.3,0.3,0.3")
    assert round(report["expected_observed"]) == 657
    assert report["detectable_fall"] < 1 < report["detectable_rise"]
    assert "at most 85%" in run(capsys, "plan", "--population", "1000", "--reach", "0.3,0.3,0.3")[1]
    assert "not possible" in run(capsys, "plan", "--population", "5", "--lists", "2", "--width-ratio", "1.01")[1]
    assert run(capsys, "plan", "--population", "1000", "--reach", "0.3")[0] == 2


def test_progress_bar_only_when_somebody_looks(capsys, monkeypatch):
    options = build_parser().parse_args(["plan", "--population", "5", "--progress"])
    draw = output.progress_bar("work", options)
    draw(1, 4)
    draw(1, 4)
    draw(4, 4)
    said = capsys.readouterr().err
    assert said.count("\r") == 2
    assert said.endswith("[" + "#" * 30 + "] 4/4\n")
    options.quiet = True
    assert output.progress_bar("work", options) is None
    options.quiet = options.progress = False
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    assert output.progress_bar("work", options) is None


def test_level_in_words():
    assert [fraction(text) for text in ("0.95", "95", "80%")] == [0.95, 0.95, 0.8]
    for text in ("0", "100", "-5"):
        with pytest.raises(Exception, match="does not lie between 0 and 1|invalid"):
            fraction(text)


def test_as_a_program():
    done = subprocess.run(
        [sys.executable, "-m", "hiddenpop", "plan", "--population", "1000", "--lists", "3"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert "3 lists: each must reach 14.5%" in done.stdout
