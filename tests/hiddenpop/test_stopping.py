"""Ctrl-C, really pressed: what is done is handed over, and how much that is."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from tests.hiddenpop.tables import table

from hiddenpop.intervals.resampling import bootstrap_totals, resample
from hiddenpop.loglinear import fit
from hiddenpop.selection.answering import Choice, answer

PLENTY = "A,B,C,count\n1,0,0,160\n0,1,0,140\n0,0,1,120\n1,1,0,30\n1,0,1,25\n0,1,1,35\n1,1,1,8\n"


def _listen() -> None:
    """Whoever starts the tests in the background has told them, and what they start, to be deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _stopped(folder: Path, words: list[str], *, once: str) -> dict[str, object]:
    """Run the command in a process group of its own and press Ctrl-C when its progress matches."""
    shown = folder / "progress.txt"
    with shown.open("w") as progress, subprocess.Popen(
        [sys.executable, "-m", "hiddenpop", *words, "--progress", "--json", "-"],
        stdout=subprocess.PIPE, stderr=progress, text=True, start_new_session=True, preexec_fn=_listen,
    ) as process:  # fmt: skip
        try:
            end = time.monotonic() + 120
            while not re.search(once, shown.read_text()):
                assert process.poll() is None, shown.read_text()
                assert time.monotonic() < end, shown.read_text()
                time.sleep(0.02)
            os.killpg(process.pid, signal.SIGINT)
            out, _ = process.communicate(timeout=120)
        finally:
            process.kill()
    assert process.returncode == 0, shown.read_text()
    return json.loads(out)


def test_ctrl_c_in_a_bootstrap_of_millions_returns_what_is_done_as_a_program(tmp_path):
    path = tmp_path / "plenty.csv"
    path.write_text(PLENTY)
    words = ["estimate", str(path), "--method", "stepwise", "--bootstrap", "50000000"]
    report = _stopped(tmp_path, words, once=r"estimate \[\.*\] [1-9][0-9,]+/50,000,000")
    done = re.search(r"The bootstrap was stopped after ([0-9,]+) of 50,000,000 replicates", " ".join(report["warnings"]))
    assert done
    replicates = int(done[1].replace(",", ""))
    assert 0 < replicates < 50_000_000
    assert report["details"]["bootstrap_replicates"] == replicates
    assert report["interval"][0] <= report["estimate"] <= report["interval"][1]
    assert f"{replicates} replicates" in report["interval_method"]
    assert report["refused"] is None


def test_ctrl_c_in_replicates_returns_what_is_done_as_a_program(tmp_path):
    path = tmp_path / "plenty.csv"
    path.write_text(PLENTY)
    words = ["bootstrap", str(path), "--method", "stepwise", "--replicates", "5000000", "--workers", "1"]
    report = _stopped(tmp_path, words, once=r"bootstrap \[[#.]*\] [0-9,]*[1-9][0-9,]*/50,000")
    assert 0 < report["replicates"] < 5_000_000
    assert any("stopped after" in warning for warning in report["warnings"])


def test_a_stop_before_the_first_part_leaves_the_selected_model():
    histories = table("korea_3")

    def stop(rows):
        raise KeyboardInterrupt

    fitted = fit(histories, "[12,23]")
    found = answer(histories, Choice("bic", fitted, stop), level=0.9, bootstrap=1000, rng=1, progress=None)
    assert found.estimate == fitted.total
    assert found.interval == found.details["conditional_interval"]
    assert any("stopped before the first of its parts" in warning for warning in found.warnings)
    assert any("takes the selected model as known" in warning for warning in found.warnings)


def test_resamples_are_drawn_as_they_are_needed():
    histories = table("korea_3")
    sizes = []

    def refit(rows):
        sizes.append(len(rows))
        return rows @ np.arange(8.0)

    run = bootstrap_totals(histories, refit, 1234, rng=5)
    assert max(sizes) == 50
    assert sum(sizes) == 1234
    # The same draws as in one go.
    assert run.totals.tolist() == (resample(histories, 1234, 5) @ np.arange(8.0)).tolist()
    with pytest.raises(ValueError, match="at least one replicate"):
        bootstrap_totals(histories, refit, 0)
