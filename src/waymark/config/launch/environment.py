"""The Python environment: made once, exactly as the lock file says, and never half.

A marker lies in the environment while it is being filled. If the power goes, the next start sees the marker, throws the
half-made environment away and makes it again: with uv's cache that takes seconds, and no tool has to guess what is missing.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from waymark.config.launch.options import Place, digest, put_stamp
from waymark.config.launch.progress import Trouble, run, step

ROOM_NEEDED = 1_200_000_000
UNFINISHED = ".waymark-unfinished"
STAMP = ".waymark-stamp"


def tool_environment() -> dict[str, str]:
    """The caller's environment without what would lead pip, uv or Python astray."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}}
    kept.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1", UV_NO_PROGRESS="1", UV_PYTHON_DOWNLOADS="never")
    return kept


def _state(place: Place) -> dict[str, str]:
    try:
        found = json.loads((place.venv / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def ensure_environment(place: Place, *, dev: bool) -> None:
    """Make `.venv` hold what requirements/prod.txt (or dev.txt, which includes it) names."""
    interpreter = f"{sys.version_info.major}.{sys.version_info.minor}"
    prod_key = digest(place.root / "requirements/prod.txt", words=(interpreter,))
    dev_key = digest(place.root / "requirements/dev.txt", words=(interpreter,))
    state = _state(place)
    unfinished = (place.venv / UNFINISHED).exists()
    fits = state.get("prod") == prod_key and (not dev or state.get("dev") == dev_key)
    if fits and not unfinished and place.python.exists():
        return
    # An environment that has the development tools keeps them, so that `up` and `test` do not undo each other's work.
    wanted = "dev" if dev or "dev" in state else "prod"
    _check_room(place)
    with step("making the environment") as notes:
        if unfinished or state.get("python", interpreter) != interpreter or not _works(place):
            _new_venv(place)
        (place.venv / UNFINISHED).touch()
        (place.venv / STAMP).unlink(missing_ok=True)
        _install(place, wanted)
        (place.site_packages / "waymark-source.pth").write_text(f"{place.root / 'src'}\n")
        done = {"prod": prod_key, "python": interpreter} | ({"dev": dev_key} if wanted == "dev" else {})
        put_stamp(place.venv / STAMP, json.dumps(done))
        (place.venv / UNFINISHED).unlink()
        notes.append("with the tools for tests" if wanted == "dev" else "as requirements/prod.txt says")


def ensure_pure_environment(place: Place) -> Place:
    """An environment without Django for the packages that must do without it; gives the place that has it."""
    pure = replace(place, environment=".waymark/pure")
    interpreter = f"{sys.version_info.major}.{sys.version_info.minor}"
    key = digest(place.root / "requirements/pure.txt", words=(interpreter,))
    if _state(pure).get("pure") == key and pure.python.exists():
        return pure
    with step("making the environment of the pure packages"):
        pure.venv.parent.mkdir(parents=True, exist_ok=True)
        _new_venv(pure)
        _install(pure, "pure")
        (pure.site_packages / "waymark-source.pth").write_text(f"{place.root / 'src'}\n")
        put_stamp(pure.venv / STAMP, json.dumps({"pure": key}))
    return pure


def _check_room(place: Place) -> None:
    free = shutil.disk_usage(place.root).free
    if free < ROOM_NEEDED and not (place.venv / STAMP).exists():
        raise Trouble(
            f"The disk is full: the first start needs about {ROOM_NEEDED // 1_000_000} MB, "
            f"and {free // 1_000_000} MB are free."
        )


def _works(place: Place) -> bool:
    if not place.python.exists():
        return False
    try:
        found = subprocess.run([str(place.python), "-c", "import sys"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return found.returncode == 0


def _new_venv(place: Place) -> None:
    if place.venv.is_symlink():
        place.venv.unlink()
    elif place.venv.exists():
        shutil.rmtree(place.venv)
    if importlib.util.find_spec("venv") is None:
        raise Trouble("This Python has no venv module: install it (Debian and Ubuntu: apt install python3-venv).")
    run([sys.executable, "-m", "venv", "--without-pip", place.venv], "making .venv", env=tool_environment())


def _pip(place: Place) -> list[str]:
    """A pip that can install into the environment: this Python's own, or one that ensurepip unpacks there."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "--python", str(place.python)]
    tried = subprocess.run([str(place.python), "-m", "ensurepip"], capture_output=True, check=False, env=tool_environment())
    if tried.returncode != 0:
        raise Trouble(
            "This Python has neither pip nor ensurepip: install one "
            "(Debian and Ubuntu: apt install python3-pip python3-venv)."
        )
    return [str(place.python), "-m", "pip"]


def _install(place: Place, wanted: str) -> None:
    env = tool_environment()
    lock = place.root / "requirements" / "uv.txt"
    uv = place.venv / "bin" / "uv"
    if not uv.exists():
        run(
            [*_pip(place), "--retries", "1", "install", "--quiet", "--require-hashes", "--requirement", lock],
            "fetching uv",
            env=env,
            fetches=True,
            report=place.root / ".waymark" / "failed-step.log",
        )
    run(
        [
            *(uv, "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode", "--no-config"),
            *("--python", place.python, place.root / "requirements" / f"{wanted}.txt"),
        ],
        "fetching the parts that requirements name",
        env=env,
        fetches=True,
        report=place.root / ".waymark" / "failed-step.log",
    )


def compile_locks(place: Place) -> None:
    """Write the lock files again from requirements/*.in, without any index address."""
    uv = place.venv / "bin" / "uv"
    folder = place.root / "requirements"
    for name, constraint in (("uv", None), ("prod", None), ("dev", "prod.txt"), ("pure", None)):
        command: list[str | Path] = [
            *(uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"),
            *("--no-annotate", "--no-header", "--no-emit-index-url", "--no-config", f"{name}.in", "-o", f"{name}.txt"),
        ]
        if constraint:
            command += ["-c", constraint]
        with step(f"locking requirements/{name}.txt"):
            run(command, f"locking {name}", env=tool_environment(), cwd=folder)
