"""The command: exit status, files, words."""

import json
import stat
import subprocess
import sys

import pytest

from smallcells import cli

TABLE = "county/age,minor,adult,elder\nPlacer,3,40,50\nYolo,60,70,80\nSutter,90,100,110\n"
SAFE = (
    "county/age,minor,adult,elder,Total\nPlacer,*,*,50,93\nYolo,*,*,80,210\nSutter,90,100,110,300\nTotal,153,210,240,603\n"
)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(TABLE)
    return path


def test_table_in_safe_table_out(table, tmp_path, capsys):
    out = tmp_path / "safe.csv"
    assert cli.main([str(table), "--totals", "row,col", "--out", str(out)]) == 0
    assert out.read_text() == SAFE
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.endswith("4 of 16 counts hidden (threshold 11)\n")
    assert cli.main(["protect", str(table)]) == 0
    assert capsys.readouterr().out == SAFE


def test_json_report(table, tmp_path, capsys):
    assert cli.main([str(table), "--json", "-"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["refused"] is None
    assert (report["hidden"], report["cells"], report["threshold"], report["fewest_proved"]) == (4, 16, 11, True)
    assert report["audit"]["passed"] is True
    path = tmp_path / "report.json"
    assert cli.main([str(table), "--json", str(path), "--threshold", "2"]) == 0
    assert json.loads(path.read_text())["hidden"] == 0


def test_refusals_exit_with_3(table, tmp_path, capsys):
    lists = tmp_path / "lists.csv"
    lists.write_text("A,B,count\n1,0,30\n0,1,40\n")
    assert cli.main([str(lists), "--json", "-"]) == 3
    said = capsys.readouterr()
    assert "never published" in json.loads(said.out)["refused"]
    assert said.err.startswith("smallcells: this is a capture-history table")
    sparse = tmp_path / "sparse.csv"
    sparse.write_text("a/b,x,y\np,3,0\nq,0,70\n")
    assert cli.main([str(sparse), "--keep-totals"]) == 3
    assert cli.main([str(sparse)]) == 0


def test_bad_input_exits_with_2(table, tmp_path, capsys):
    assert cli.main([str(tmp_path / "absent.csv")]) == 2
    table.write_text(TABLE.replace("70", "many"))
    assert cli.main([str(table)]) == 2
    assert "line 3 ('Yolo'), column 'adult': 'many' is not a whole number" in capsys.readouterr().err
    table.write_text(TABLE)
    assert cli.main([str(table), "--threshold", "1"]) == 2
    assert cli.main([str(table), "--group", "nonsense"]) == 2
    assert "it should read like age:minor=0-12+13-17" in capsys.readouterr().err
    with pytest.raises(SystemExit) as caught:
        cli.main([str(table), "--no-such-option"])
    assert caught.value.code == 2


def test_options_reach_the_work(table, capsys):
    assert cli.main([str(table), "--totals", "none"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "Placer,*,40,50"
    assert cli.main([str(table), "--mark", "withheld", "--names", "area,group"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "area/group,minor,adult,elder,Total",
        "Placer,withheld,withheld,50,93",
    ]
    table.write_text(TABLE.replace("40", "0"))
    assert cli.main([str(table), "--hide-zeros"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("Placer,*,*,")


def test_percentages(table, tmp_path, capsys):
    out = tmp_path / "percent.csv"
    assert cli.main([str(table), "--percent-of", "age", "--percent-out", str(out)]) == 0
    assert out.read_text().splitlines()[1] == "Placer,*,*,53.8,100.0"
    capsys.readouterr()
    assert cli.main([str(table), "--percent-of", "age"]) == 0
    assert capsys.readouterr().out == SAFE + out.read_text()


def test_audit(tmp_path, capsys):
    safe, other, part = tmp_path / "safe.csv", tmp_path / "other.csv", tmp_path / "part.csv"
    safe.write_text(SAFE)
    assert cli.main(["audit", str(safe)]) == 0
    assert "safe: no hidden count can be boxed in more closely than 41 people" in capsys.readouterr().err
    assert cli.main(["audit", str(safe), "--names", "county,age", "--json", "-"]) == 0
    capsys.readouterr()
    other.write_text("age,count\nminor,150\nadult,210\nelder,240\nTotal,600\n")
    assert cli.main(["audit", str(safe), "--other", str(other), "--json", "-"]) == 3
    said = capsys.readouterr()
    assert "the difference tells of 3 people" in json.loads(said.out)["refused"]
    part.write_text("age,count\nminor,150\nadult,190\nelder,200\nTotal,540\n")
    assert cli.main(["audit", str(safe), "--part", str(part)]) == 3
    assert "age=minor was not published, yet it is exactly 3" in capsys.readouterr().err
    safe.write_text(SAFE.replace("Placer,*,*", "Placer,*,40"))
    assert cli.main(["audit", str(safe), "--json", "-"]) == 3
    assert json.loads(capsys.readouterr().out)["passed"] is False


def test_earlier_and_groups(tmp_path, capsys):
    first, later = tmp_path / "first.csv", tmp_path / "later.csv"
    first.write_text("age,count\nminor,34\nadult,60\nTotal,94\n")
    later.write_text("age,count\n0-12,4\n13-17,30\n18+,60\n")
    words = [str(later), "--earlier", str(first), "--group", "age:minor=0-12+13-17"]
    assert cli.main(words) == 0
    assert capsys.readouterr().out == "age,count\n0-12,*\n13-17,*\n18+,60\nTotal,94\n"


def test_commit_and_verify(tmp_path, capsys):
    lists = tmp_path / "lists.csv"
    lists.write_text("A,B,count\n1,0,30\n0,1,40\n")
    assert cli.main(["commit", str(lists)]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    nonce = tmp_path / "lists.csv.nonce"
    assert told["scheme"] == "smallcells-hmac-sha256-1"
    assert stat.S_IMODE(nonce.stat().st_mode) == 0o600
    assert len(bytes.fromhex(nonce.read_text())) == 32
    assert str(nonce) in said.err
    assert cli.main(["commit", str(lists)]) == 0
    assert json.loads(capsys.readouterr().out) == told
    lists.write_text("B,A,count\n1,0,40\n0,1,30\n")
    assert cli.main(["verify", str(lists), "--commitment", told["commitment"]]) == 0
    lists.write_text("B,A,count\n1,0,40\n0,1,31\n")
    assert cli.main(["verify", str(lists), "--commitment", told["commitment"]]) == 3
    other = tmp_path / "other.nonce"
    other.write_text("not hex")
    assert cli.main(["verify", str(lists), "--commitment", told["commitment"], "--nonce", str(other)]) == 2
    assert "does not hold a nonce in hexadecimal" in capsys.readouterr().err
    lists.write_text("")
    assert cli.main(["commit", str(lists)]) == 2


def test_stopped_by_the_user(table, monkeypatch, capsys):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "protect", stop)
    assert cli.main([str(table)]) == 130
    assert "stopped: nothing was written" in capsys.readouterr().err


def test_as_a_program_from_standard_input():
    done = subprocess.run(
        [sys.executable, "-m", "smallcells", "-", "--threshold", "11"],
        input=TABLE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, SAFE)
