"""`./waymark test`: the environment with its tools, then every check, then every test.

The pure packages are tested beside the checks, then the platform's tests by two processes more than there are processors
(some always wait for a server, a browser or a disk): each has a database cluster of its own. They come last, so that the
run closes with pytest's own line; a failed check still fails the run. Profiles: quick (no types, no browser, of the tests
that need a database only those of apps with uncommitted changes), ci (all but the long checks), nightly (everything).
Bytecode is kept, also where the machine asks for none: a run starts many processes, and each would compile everything.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from waymark.config.launch.building import application_environment, build_front_end
from waymark.config.launch.environment import ensure_environment, ensure_pure_environment
from waymark.config.launch.locks import one_at_a_time
from waymark.config.launch.options import Place
from waymark.config.launch.progress import Trouble
from waymark.config.launch.throwaway import throwaway

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PURE_PACKAGES = ("hiddenpop", "smallcells")
# More than this many processes wait for the disk and for each other's databases.
MOST_PROCESSES = 8
NOT_A_DATABASE = "postgresql://waymark_app@/none?host=/nonexistent"


def find_chromium() -> str | None:
    """The machine's Chromium, or the one that WAYMARK_CHROMIUM names."""
    named = os.environ.get("WAYMARK_CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else None
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


def checks(place: Place, profile: str) -> list[tuple[str, Sequence[str]]]:
    """The checks of a profile: name and command."""
    tools = place.venv / "bin"
    python = str(place.python)
    found: list[tuple[str, Sequence[str]]] = [
        ("ruff", [str(tools / "ruff"), "check", "--quiet", "waymark", "src", "tests", "benchmarks"]),
        ("format", [str(tools / "ruff"), "format", "--check", "--quiet", "waymark", "src", "tests", "benchmarks"]),
        ("layers", [str(tools / "lint-imports"), "--no-cache"]),
    ]
    if profile != "quick":
        found += [
            ("types", [str(tools / "mypy"), "src/waymark"]),
            ("templates", [str(tools / "djlint"), "--lint", "--quiet", "src"]),
            ("migrations", [python, "-m", "django", "makemigrations", "--check", "--dry-run", "--verbosity", "1"]),
        ]
    return found


def environment_of_tests(place: Place, profile: str, chromium: str | None) -> dict[str, str]:
    """A run's variables: no database in reach (the tests bring their own), and what is compiled once stays compiled."""
    environment = application_environment(place, NOT_A_DATABASE, {"WAYMARK_TEST_PROFILE": profile})
    environment.pop("DATABASE_OWNER_URL", None)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if chromium:
        environment["WAYMARK_CHROMIUM"] = chromium
    return environment


def test(place: Place, *, profile: str, browser: bool, rest: Sequence[str]) -> int:
    """Run the checks and the tests of a profile; 0 when all of them pass."""
    chromium = find_chromium()
    wants_browser = browser and profile != "quick"
    if wants_browser and chromium is None:
        raise Trouble(
            "The browser journeys need Chromium (Debian and Ubuntu: apt-get install chromium; elsewhere set "
            "WAYMARK_CHROMIUM): install it, or leave them out with --no-browser."
        )
    with one_at_a_time(place.root / ".waymark" / "build.lock"):
        ensure_environment(place, dev=True)
        build_front_end(place)
    environment = environment_of_tests(place, profile, chromium)
    with throwaway("waymark-run-") as folder:
        return _test(place, profile, wants_browser, rest, environment | {"TMPDIR": str(folder)})


def _test(place: Place, profile: str, wants_browser: bool, rest: Sequence[str], environment: dict[str, str]) -> int:
    marks = ["not nightly"] if profile != "nightly" else []
    ours = [str(place.python), "-m", "pytest", *(f"--ignore=tests/{name}" for name in PURE_PACKAGES)]
    failed = [] if rest else _run_everything_else(place, profile, marks, environment, ours)
    if not wants_browser:
        marks.append("not browser")
    if profile == "quick":
        marks.append("not house")
    # A test that someone names runs in this process, where a debugger can reach it.
    spread = [] if rest else _spread()
    command = [*ours, *spread, *(["-m", " and ".join(marks)] if marks else []), *rest]
    sys.stdout.flush()
    code = subprocess.run(command, cwd=place.root, env=environment, check=False).returncode
    if failed:
        # On stderr, so that the tests' own closing line stays the last of the output.
        print(f"waymark: failed checks: {', '.join(failed)}.", file=sys.stderr, flush=True)
    return code or (1 if failed else 0)


def _spread() -> list[str]:
    """Options that share the test files out to several processes, in the order in which conftest.py puts them."""
    processes = min(len(os.sched_getaffinity(0)) + 2, MOST_PROCESSES)
    return ["-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder"]


def _run_everything_else(
    place: Place, profile: str, marks: list[str], environment: dict[str, str], ours: list[str]
) -> list[str]:
    """The checks, and beside them the pure packages; gives the names of what failed."""
    # What is read once here is compiled once: the processes that share out the tests all begin in the same second.
    collected = ("collect", [*ours, "--collect-only", "-q"])
    pure_place = ensure_pure_environment(place)
    with ThreadPoolExecutor(1) as beside:
        pure = beside.submit(_test_pure_packages, pure_place, profile, marks, environment)
        failed = _run_checks([*checks(place, profile), collected], place, environment)
        return [*failed, *pure.result()]


def _test_pure_packages(place: Place, profile: str, marks: list[str], environment: dict[str, str]) -> list[str]:
    """The packages that anyone may install alone are tested where Django is not installed."""
    folders = [f"tests/{name}" for name in PURE_PACKAGES]
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "REQUIRE_SHARED_DATA", "WAYMARK_SHARED_DATA")
    environment = {name: environment[name] for name in kept if name in environment} | {"WAYMARK_TEST_PROFILE": profile}
    types = [str(place.python), "-m", "mypy", "--config-file", "src/hiddenpop/mypy.ini"]
    command = [str(place.python), "-m", "pytest", "-q", "-c", "tests/pure.ini", "--rootdir", "."]
    command += [*_spread(), "--confcutdir", folders[0], *(["-m", " and ".join(marks)] if marks else []), *folders]
    commands: list[tuple[str, Sequence[str]]] = [("pure tests", command)]
    if profile != "quick":
        commands.insert(0, ("pure types", [*types, *(f"src/{name}" for name in PURE_PACKAGES)]))
    return _run_checks(commands, place, environment)


def _run_checks(commands: list[tuple[str, Sequence[str]]], place: Place, environment: dict[str, str]) -> list[str]:
    failed = []
    for name, command in commands:
        begun = time.monotonic()
        present = [
            part
            for part in command
            if "/" in part or part not in {"src", "tests", "benchmarks", "waymark"} or (place.root / part).exists()
        ]
        done = subprocess.run(
            present,
            cwd=place.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        lines = done.stdout.strip().splitlines()
        verdict = "ok" if done.returncode == 0 else "FAILED"
        # What a test run counted is worth a line; what a check says of nothing found is not.
        counted = f"  {lines[-1]}" if "pytest" in command and lines else ""
        print(f"  {name:<11} {verdict}  {time.monotonic() - begun:.1f} s{counted}", flush=True)
        if done.returncode:
            failed.append(name)
            print("    " + "\n    ".join(lines[-60:]), flush=True)
    return failed
