"""Small rules that keep the house habitable: lengths, names, and nothing in the repository that belongs to one machine."""

from __future__ import annotations

import ast
import json
import re

from tests.architecture.sources import ROOT, files, under

LIMIT = 400
CODE = (".py", ".js", ".mjs", ".ts", ".css", ".scss")
VAGUE = {"utils", "util", "helpers", "helper", "common", "managers", "signals", "misc"}


def test_no_file_is_longer_than_a_person_reads() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in [*under("src", *CODE), *under("frontend", *CODE), *under("tests", *CODE), *under("benchmarks", *CODE)]
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > LIMIT
    }
    assert long == {}, "split each to a package of the same name"


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = [str(path.relative_to(ROOT)) for path in under("src", ".py") if {path.stem, *path.parts} & VAGUE]
    # A service is a shelter bed here, so `directory/models/services.py` is plain; an app's own `services.py` would not be.
    vague += [str(path.relative_to(ROOT)) for path in (ROOT / "src/waymark").glob("*/services*")]
    assert vague == []


def test_every_module_says_what_it_is_about() -> None:
    mute = [
        str(path.relative_to(ROOT))
        for path in under("src/waymark", ".py")
        if path.name not in {"__init__.py", "apps.py"}
        and "migrations" not in path.parts
        and ast.get_docstring(ast.parse(path.read_text())) is None
    ]
    assert mute == []


def test_lock_files_carry_hashes_and_no_address() -> None:
    for name in ("uv", "prod", "dev"):
        text = (ROOT / f"requirements/{name}.txt").read_text()
        assert not re.search(r"https?://|file:|--index|--extra-index|--find-links|^-i |@ ", text, re.MULTILINE)
        packages = re.findall(r"^[a-z0-9][^=\s]*==\S+(?: ;[^\\\n]*)? \\\n    --hash=sha256:", text, re.MULTILINE)
        assert len(packages) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)), (
            f"{name}.txt has a package without a hash"
        )
    for path in [path for path in files() if path.name == "package-lock.json"]:
        found = json.loads(path.read_text())["packages"]
        assert not [name for name, entry in found.items() if "resolved" in entry], f"{path} names where packages came from"
        assert not [name for name, entry in found.items() if name and not entry.get("link") and "integrity" not in entry]


def test_dev_lock_holds_exactly_the_versions_of_the_prod_lock() -> None:
    def versions(name: str) -> set[str]:
        return set(
            re.findall(r"^([a-z0-9][^=\s]*==[^\s\\;]+)", (ROOT / f"requirements/{name}.txt").read_text(), re.MULTILINE)
        )

    assert versions("prod") <= versions("dev"), "run ./waymark lock"


def test_every_requirement_is_locked() -> None:
    for name in ("prod", "dev", "uv"):
        wanted = re.findall(r"^([A-Za-z0-9][\w.-]*)", (ROOT / f"requirements/{name}.in").read_text(), re.MULTILINE)
        locked = set(re.findall(r"^([a-z0-9][\w.-]*)==", (ROOT / f"requirements/{name}.txt").read_text(), re.MULTILINE))
        assert {word.lower().replace("_", "-").replace(".", "-") for word in wanted} <= locked, "run ./waymark lock"


def test_no_file_names_a_folder_of_one_machine() -> None:
    """A path under someone's home or work folder runs on that machine alone."""
    homes = re.compile(r"(?<![\w.])/(?:root|home/\w+|work|Users/\w+)/")
    named = []
    for path in files():
        if (
            path.suffix in {".py", ".md", ".toml", ".mjs", ".js", ".html", ".json", ".txt", ".sh", ".in"}
            or path.name == "run"
        ):
            named += [f"{path.relative_to(ROOT)}: {hit}" for hit in homes.findall(path.read_text(errors="replace"))]
    assert named == []
