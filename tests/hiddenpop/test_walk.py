"""Long walks: progress, a stop that loses nothing, a resume that reads only its own blocks."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from types import FunctionType

import numpy as np
import pytest
from tests.hiddenpop.tables import table
from tests.hiddenpop.twins import needs_compiler

import hiddenpop
from hiddenpop.compiling import _fingerprint, compiled, worker_count
from hiddenpop.loglinear import PreparedTable, rank, walk
from hiddenpop.models import hierarchical_space
from hiddenpop.selection import bic


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "BLOCK", 500)


@needs_compiler
@pytest.mark.usefixtures("small_blocks")
def test_a_stopped_walk_goes_on_where_it_was(tmp_path) -> None:
    histories = table("uk_2013_5")
    whole = rank(histories, hierarchical_space(5))
    seen: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        seen.append((done, total))
        if done >= 1500:
            raise KeyboardInterrupt

    stopped = bic(histories, bootstrap=0, folder=tmp_path, progress=stop)
    assert stopped.estimate is None
    assert "Stopped after 1,500 of 3,074 distinct fits." in str(stopped.refused)
    assert str(tmp_path) in str(stopped.refused)
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert len(kept) == 3
    assert all(name.startswith("fits-") and name.endswith(".npz") for name in kept)

    fitted: list[int] = []
    original = PreparedTable.fit_all

    def counted(self, words, **options):  # type: ignore[no-untyped-def]
        fitted.append(len(words))
        return original(self, words, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PreparedTable, "fit_all", counted)
        again = rank(histories, hierarchical_space(5), folder=tmp_path)
    assert sum(fitted) == 3074 - 1500
    assert np.array_equal(again.scores, whole.scores)
    assert np.array_equal(again.codes, whole.codes)


@pytest.mark.usefixtures("small_blocks")
def test_a_damaged_or_foreign_block_is_not_read(tmp_path) -> None:
    histories = table("kosovo_4")
    whole = rank(histories, hierarchical_space(4), folder=tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:200])
    assert np.array_equal(rank(histories, hierarchical_space(4), folder=tmp_path).scores, whole.scores)
    rank(table("rome_hiv_4"), hierarchical_space(4), folder=tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_importing_the_package_does_not_import_the_compiler() -> None:
    code = "import hiddenpop, sys; print(sorted({'numba', 'scipy', 'pandas'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_part_of_the_package_is_installed() -> None:
    home = Path(hiddenpop.__file__).parent
    listed = tomllib.loads((home / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    found = [".".join(("hiddenpop", *path.parent.relative_to(home).parts)) for path in home.rglob("__init__.py")]
    assert sorted(listed) == sorted(name for name in found if ".build" not in name)


def test_kernels_stay_plain_when_compiling_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    from hiddenpop.loglinear.kernels import _superset_sums

    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    assert compiled(_superset_sums) is _superset_sums
    values = np.arange(8.0)
    _superset_sums(values, 3)
    assert values.tolist() == [sum(t for t in range(8) if t & s == s) for s in range(8)]


def test_a_kernel_is_known_by_all_that_it_calls() -> None:
    def inner(x: float) -> float:
        return x + 1.0

    def other(x: float) -> float:
        return x + 2.0

    def outer(x: float) -> float:
        return step(x) * SCALE  # type: ignore[name-defined] # noqa: F821

    def named(step: object, scale: float) -> str:
        return _fingerprint(FunctionType(outer.__code__, {"step": step, "SCALE": scale}))

    assert named(inner, 2.0) == named(inner, 2.0)
    assert len({named(inner, 2.0), named(other, 2.0), named(inner, 3.0)}) == 3


def test_workers_are_counted_and_checked() -> None:
    assert worker_count(3) == 3
    assert worker_count() >= 1
    with pytest.raises(ValueError, match="at least 1"):
        worker_count(0)


def _walked(name: str, **options):  # type: ignore[no-untyped-def]
    histories = table(name)
    space = hierarchical_space(histories.k)
    prepared = PreparedTable(space, histories.counts)
    return prepared, space.words, walk.walk(prepared, space.words, **options)


def test_blocks_are_put_together_in_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert walk.BLOCK == 100_000
    _, _, whole = _walked("hepatitis_3", coefficients=True)
    for size, steps in ((3, [3, 6, 8]), (4, [4, 8]), (8, [8]), (100, [8])):
        monkeypatch.setattr(walk, "BLOCK", size)
        seen: list[tuple[int, int]] = []
        _, _, parts = _walked("hepatitis_3", coefficients=True, progress=lambda *at, s=seen: s.append(at))
        assert seen == [(step, 8) for step in steps]
        for one, other in zip(
            (whole.codes, whole.values, whole.log_darks, whole.coefficients),
            (parts.codes, parts.values, parts.log_darks, parts.coefficients),
            strict=True,
        ):
            assert np.array_equal(one, other)
        assert len(_walked("hepatitis_3", folder=tmp_path / str(size))[2].coefficients) == 0
        assert len(list((tmp_path / str(size)).iterdir())) == len(steps)


def test_finished_blocks_are_read_and_not_fitted_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(walk, "BLOCK", 3)
    folder = tmp_path / "deep" / "down"
    _, _, first = _walked("hepatitis_3", folder=folder)
    names = sorted(path.name for path in folder.iterdir())
    assert all(len(name) == len("fits-.npz") + 32 for name in names)

    def never(*given: object, **options: object) -> None:
        raise AssertionError("fitted again")

    monkeypatch.setattr(PreparedTable, "fit_all", never)
    _, _, again = _walked("hepatitis_3", folder=folder)
    assert np.array_equal(first.values, again.values)
    assert np.array_equal(first.codes, again.codes)
    assert np.array_equal(first.log_darks, again.log_darks)
    assert again.coefficients.shape == (0, 8)
    assert sorted(path.name for path in folder.iterdir()) == names


def test_coefficients_are_never_stored(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    _, _, fits = _walked("hepatitis_3", coefficients=True, folder=folder)
    assert fits.coefficients.shape == (8, 8)
    assert not folder.exists()


def test_a_block_is_known_by_its_table_its_space_and_its_models(tmp_path: Path) -> None:
    prepared, words, _ = _walked("hepatitis_3")
    other, _, _ = _walked("korea_3")
    places = {
        walk._block_path(tmp_path, prepared, words),
        walk._block_path(tmp_path, prepared, words[:4]),
        walk._block_path(tmp_path, other, words),
    }
    assert len(places) == 3
    assert walk._block_path(tmp_path, prepared, words) in places
    assert {path.parent for path in places} == {tmp_path}


@pytest.mark.parametrize("damage", ["gone", "cut", "text", "short", "column"])
def test_a_block_that_cannot_be_read_is_none(tmp_path: Path, damage: str) -> None:
    _, _, fits = _walked("hepatitis_3")
    path = tmp_path / "fits-x.npz"
    walk._write(path, fits)
    assert [each.name for each in tmp_path.iterdir()] == ["fits-x.npz"]
    read = walk._read(path, 8, 8)
    assert read is not None
    assert np.array_equal(read.values, fits.values)
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:300])
    elif damage == "text":
        path.write_text("these are not numbers")
    elif damage == "column":
        np.savez(path, codes=fits.codes)
    assert walk._read(path, 7 if damage == "short" else 8, 8) is None


def test_a_stop_says_how_far_it_came_and_where_to_go_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(walk, "BLOCK", 3)

    def stop(done: int, total: int) -> None:
        if done == 6:
            raise KeyboardInterrupt

    with pytest.raises(walk.Stopped, match=r"^Stopped after 6 of 8 distinct fits\.$"):
        _walked("hepatitis_3", progress=stop)
    with pytest.raises(walk.Stopped, match=rf"fits\. Run again with the same folder \({tmp_path}\) to go on from there\.$"):
        _walked("hepatitis_3", progress=stop, folder=tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    with pytest.raises(walk.Stopped, match=r"fits\.$"):
        _walked("hepatitis_3", progress=stop, folder=tmp_path, coefficients=True)
