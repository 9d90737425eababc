"""The commands for samples, surveys and links: what people answer and what lists share."""

from __future__ import annotations

import stat

import pytest
from tests.hiddenpop.command import run, run_json

from hiddenpop import cli
from hiddenpop.cli.parser import RELEASE


def test_survey(tmp_path, capsys):
    answers = tmp_path / "answers.csv"
    answers.write_text("a,b\n" + "yes,no\n" * 30 + "no,yes\n" * 40 + "no,no\n" * 30 + "yes,?\n")
    table = tmp_path / "table.csv"
    status, report, _ = run_json(capsys, "survey", answers, "--total", "a=600", "--out", table)
    assert status == 0
    assert (report["in_table"], report["known_to_none"], report["unclear"]) == (70, 30, 1)
    assert report["multipliers"][0]["estimate"] == pytest.approx(2000)
    assert table.read_text() == "a,b,count\n1,0,30\n0,1,40\n"
    assert run(capsys, "survey", answers, "--out", "-")[1] == table.read_text()
    assert "2,000 people [" in run(capsys, "survey", answers, "--total", "a=600")[1]
    assert run(capsys, "survey", answers, "--total", "a")[0] == 2
    answers.write_text("a,b\nno,yes\n")
    assert run(capsys, "survey", answers, "--total", "a=600")[0] == 3


def test_rds(tmp_path, capsys):
    sample = tmp_path / "sample.csv"
    rows = ["id,recruiter.id,degree,trait"]
    for i in range(1, 61):
        rows.append(f"{i},{'seed' if i <= 4 else (i - 2) // 2},{3 + i % 7},{int(i % 3 == 0)}")
    sample.write_text("\n".join(rows) + "\n")
    words = ["rds", sample, "--trait", "trait", "--bootstrap", "20"]
    status, report, _ = run_json(capsys, *words, "--population", "600")
    assert status == 0
    assert len(report["estimators"]) == 3
    assert all(0 <= each["estimate"] <= 1 for each in report["estimators"])
    assert "of the population have it" in run(capsys, *words, "--estimator", "rds-ii")[1]
    status, _, err = run(capsys, *words, "--estimator", "ss")
    assert status == 2
    assert "--population" in err


def test_scale_up(tmp_path, capsys):
    survey, known = tmp_path / "survey.csv", tmp_path / "known.csv"
    survey.write_text("id,teachers,nurses,hidden\n" + "".join(f"{i},{i % 5},{i % 3},{i % 2}\n" for i in range(40)))
    known.write_text("group,size\nteachers,2000\nnurses,1000\n")
    words = ["scale-up", survey, known, "--hidden", "hidden", "--population", "100000", "--bootstrap", "20"]
    status, report, _ = run_json(capsys, *words)
    # Sum of the hidden reports over the summed degrees: 20 / ((80 + 39) / 3000 * 100000) * 100000.
    assert report["estimate"] == pytest.approx(20 / ((80 + 39) / 3000), rel=1e-9)
    assert status == 0
    assert "An estimated 504 people" in run(capsys, *words)[1]
    halved = run_json(capsys, *words, "--degree-ratio", "0.5")[1]
    assert halved["estimate"] == pytest.approx(2 * report["estimate"])


def test_link_from_names_to_counts(tmp_path, capsys):
    secret = tmp_path / "secret"
    assert run(capsys, "link", "secret", "--out", secret)[0] == 0
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert run(capsys, "link", "secret", "--out", secret)[0] == 2
    rows = [
        f"Name{chr(97 + i % 26)}{chr(97 + i // 26)},Last{chr(97 + i // 26)}{chr(97 + i % 26)},"
        f"19{50 + i % 50}-03-0{1 + i % 9}"
        for i in range(60)
    ]
    for name, part in (("A", rows[:40]), ("B", rows[20:])):
        (tmp_path / f"{name}.csv").write_text("first_name,last_name,birth_date\n" + "\n".join(part) + "\n")
        words = [
            "link",
            "encode",
            tmp_path / f"{name}.csv",
            "--name",
            name,
            "--secret",
            secret,
            "--out",
            tmp_path / f"{name}.enc",
        ]
        status, _, err = run(capsys, *words, "--decoys", "100")
        assert status == 0
        assert RELEASE in err
    lists, table = [tmp_path / "A.enc", tmp_path / "B.enc"], tmp_path / "table.csv"
    status, report, _ = run_json(capsys, "link", "join", *lists, "--keep", "--period", "2024")
    assert report["people"] > 60
    assert len(report["warnings"]) == 2
    key = f"{secret}.decoys"
    status, report, _ = run_json(capsys, "link", "join", *lists, "--decoy-key", key, "--decoys", "100", "--out", table)
    assert status == 0
    assert report["people"] == 60
    assert table.read_text() == "A,B,count\n1,0,20\n0,1,20\n1,1,20\n"
    assert report["deleted"] == [str(path) for path in lists]
    assert not lists[0].exists()
    assert not lists[1].exists()
    assert report["missed"] < 0.1
    assert report["decoy_pairs"] > 10
    lists[0].write_text("not an encoded list")
    assert run(capsys, "link", "join", *lists)[0] == 2


@pytest.mark.parametrize("words", [["link"], ["link", "join"], ["link", "encode"], ["link", "secret"]])
def test_help_of_link_begins_with_the_release(words, capsys):
    with pytest.raises(SystemExit):
        cli.main([*words, "--help"])
    assert capsys.readouterr().out.splitlines()[0] == RELEASE
    assert "even encoded records are a disclosure that needs each person's" in RELEASE
