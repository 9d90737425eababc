"""The same work on a live Dask scheduler: the same answers, to the last digit, and plain words when there is none."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.hiddenpop.command import run, run_json

import hiddenpop
from hiddenpop.simulate import map_over
from hiddenpop.simulate.mapping import NoCluster

distributed = pytest.importorskip("distributed")

PLENTY = "A,B,C,count\n1,0,0,160\n0,1,0,140\n0,0,1,120\n1,1,0,30\n1,0,1,25\n0,1,1,35\n1,1,1,8\n"


@pytest.fixture(scope="module")
def table(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("lists") / "plenty.csv"
    path.write_text(PLENTY)
    return str(path)


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A scheduler with two threads of this process as its worker, reached over TCP like any other."""
    try:
        cluster = distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None, protocol="tcp"
        )
    except RuntimeError as reason:  # where a test run forbids sockets
        pytest.skip(str(reason))
    with cluster:
        yield cluster.scheduler_address


def test_a_map_by_address_gives_results_in_order(scheduler):
    seen = []
    assert map_over(abs, [-3, 2, -1], cluster=scheduler, progress=lambda *at: seen.append(at)) == [3, 2, 1]
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_bootstrap_on_a_cluster_is_the_local_one(scheduler, table, capsys, tmp_path):
    words = ["bootstrap", table, "--method", "stepwise", "--replicates", "250", "--seed", "3"]
    here, there = tmp_path / "here.csv", tmp_path / "there.csv"
    _, local, _ = run_json(capsys, *words, "--workers", "1", "--out", here)
    status, report, _ = run_json(capsys, *words, "--cluster", scheduler, "--out", there)
    assert status == 0
    assert report == local
    assert there.read_bytes() == here.read_bytes()
    assert len(there.read_text().splitlines()) == 251


def test_simulate_on_a_cluster_is_the_local_one(scheduler, table, capsys):
    words = ["simulate", table, "--methods", "independence,chao", "--draws", "3", "--seed", "2"]
    assert run_json(capsys, *words, "--cluster", scheduler) == run_json(capsys, *words, "--workers", "1")


def test_an_error_on_a_worker_comes_back_as_it_was(scheduler):
    with pytest.raises(TypeError, match="bad operand"):
        map_over(abs, ["x"], cluster=scheduler)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense", "tcp://127.0.0.1:none", "http://127.0.0.1:8786"])
def test_where_no_scheduler_answers_the_words_are_plain(address, table, capsys, monkeypatch):
    monkeypatch.setattr("hiddenpop.simulate.mapping.PATIENCE", 0.5)
    status, _, err = run(capsys, "bootstrap", table, "--method", "stepwise", "--replicates", "5", "--cluster", address)
    assert status == 2
    assert f"no Dask scheduler answers at '{address}'" in err
    assert "dask scheduler" in err


def test_without_dask_the_extra_is_named(table, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NoCluster, match=re.escape("pip install 'hiddenpop[cluster]'")):
        map_over(abs, [1], cluster="tcp://127.0.0.1:8786")
    assert run(capsys, "simulate", table, "--cluster", "tcp://127.0.0.1:8786", "--draws", "1")[0] == 2


@pytest.mark.nightly
def test_programs_of_their_own_make_a_cluster_as_a_program(table, tmp_path, capsys):
    """As the documentation says: `dask scheduler`, `dask worker ADDRESS` twice, then --cluster ADDRESS."""
    dask = [sys.executable, "-m", "dask"]
    environment = {**os.environ, "PYTHONPATH": str(Path(hiddenpop.__file__).parents[1])}
    place = tmp_path / "scheduler.json"
    with ExitStack() as running:

        def start(*words: str) -> None:
            process = running.enter_context(subprocess.Popen([*dask, *words], env=environment, cwd=tmp_path))
            running.callback(process.terminate)

        start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(place))
        end = time.monotonic() + 60
        while not place.exists():
            assert time.monotonic() < end
            time.sleep(0.1)
        for _ in range(2):
            start("worker", "--scheduler-file", str(place), "--nthreads", "1", "--no-dashboard", "--no-nanny")
        address = re.search(r'"address": "(tcp://[^"]+)"', place.read_text())
        assert address
        words = ["bootstrap", table, "--method", "stepwise", "--replicates", "600", "--seed", "3"]
        there = run_json(capsys, *words, "--cluster", address[1])
        assert there == run_json(capsys, *words, "--workers", "1")
        with distributed.Client(address[1]) as client:
            assert len(client.scheduler_info()["workers"]) == 2
