"""Who may import whom. The contracts are in pyproject.toml; here they are run, and held to what the repository holds."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.sources import ROOT, under

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS = next(contract for contract in CONTRACTS if contract["id"] == "layers")["layers"]
APPS = {
    path.relative_to(ROOT / "src/waymark").parts[0]
    for path in under("src/waymark", ".py")
    if len(path.relative_to(ROOT / "src/waymark").parts) > 1
}
APP_FILES = {
    *(
        "models",
        "policies",
        "selectors",
        "actions",
        "forms",
        "views",
        "urls",
        "api",
        "tasks",
        "formats",
        "templates",
        "static",
    ),
    *("management", "apps", "migrations", "__init__", "templatetags"),
    "content",  # the finder's public words: dated files and the reader for them
}
# Apps that hold no domain of their own, and may be shaped as their work needs.
SHELL = {"config", "access", "pages", "documents", "sealing", "web", "jobs"}
INSIDE = ("models", "policies", "selectors", "actions", "forms", "views", "urls")


def placed(layer: str) -> list[str]:
    """The apps of a layer, whether written or still to be."""
    return [name.strip(" ()") for name in layer.split("|")]


def height(app: str) -> int:
    """How high an app stands: the first layer is the highest."""
    return next(len(LAYERS) - number for number, layer in enumerate(LAYERS) if app in placed(layer))


def test_the_contracts_hold() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_app_has_a_layer_and_a_new_one_fails_until_it_has() -> None:
    assert {app for layer in LAYERS for app in placed(layer)} >= APPS
    assert next(contract for contract in CONTRACTS if contract["id"] == "layers")["exhaustive"] is True


def test_apps_that_exist_are_not_optional() -> None:
    """A written app in parentheses would leave its layer unchecked if it were renamed."""
    optional = {name for layer in LAYERS for name in re.findall(r"\((\w+)\)", layer)}
    assert optional & APPS == set()


def test_a_domain_app_has_only_the_files_that_the_architecture_names() -> None:
    strays = set()
    for path in under("src/waymark", ".py"):
        parts = path.relative_to(ROOT / "src/waymark").parts
        if len(parts) > 1 and parts[0] not in SHELL and parts[1].removesuffix(".py") not in APP_FILES:
            strays.add("/".join(parts[:2]))
    assert strays == set()


def test_inside_an_app_imports_lead_from_urls_down_to_models() -> None:
    """urls → views → forms → actions → selectors → policies → models (api stands beside views, tasks beside actions)."""
    rank = {name: number for number, name in enumerate(INSIDE)} | {
        "api": INSIDE.index("views"),
        "tasks": INSIDE.index("actions"),
    }
    upwards = []
    for path in under("src/waymark", ".py"):
        parts = path.relative_to(ROOT / "src/waymark").parts
        own = parts[1].removesuffix(".py") if len(parts) > 1 else ""
        if own not in rank:
            continue
        for target in re.findall(rf"^\s*from waymark\.{parts[0]}(?:\.| import )(\w+)", path.read_text(), re.MULTILINE):
            if rank.get(target, -1) > rank[own]:
                upwards.append(f"{'/'.join(parts)} imports {target}")
    assert upwards == []


SURVIVOR_SIDE = {"people", "care", "consent", "cases", "assistance", "obligations", "referrals", "relief", "reports"}
JUSTICE_SIDE = {"diversion", "operations", "prosecutions", "disclosures"}


def importers(target: str) -> set[str]:
    """The apps with a module that imports `target` or something below it, at whatever place in the module."""
    found = set()
    for path in under("src/waymark", ".py"):
        if re.search(rf"(?:from|import) waymark\.{target}\b", path.read_text()):
            found.add(path.relative_to(ROOT / "src/waymark").parts[0])
    return found


def test_people_are_opened_by_the_survivor_side_alone() -> None:
    assert importers(r"people\.models") <= SURVIVOR_SIDE
    assert importers(r"cases\.models") <= SURVIVOR_SIDE
    # The shell may ask for what stands in the open; it never opens a name.
    assert importers(r"people\.selectors") <= SURVIVOR_SIDE


def test_the_justice_side_imports_nothing_of_the_survivor_side() -> None:
    for app in sorted(SURVIVOR_SIDE & APPS):
        assert importers(app) & JUSTICE_SIDE == set()


def test_care_never_imports_consent() -> None:
    """Services never depend on a release."""
    assert "care" not in importers("consent")
