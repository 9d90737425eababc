"""The vault's borders in code: other apps use its narrow door, and nothing that runs in the background holds a key."""

from __future__ import annotations

import re

from tests.architecture.sources import ROOT, under

IMPORT = re.compile(r"^\s*(?:from|import) (waymark\.(?:vault|sealing)[\w.]*)", re.MULTILINE)
DOOR = {"waymark.vault.actions", "waymark.vault.selectors", "waymark.vault.policies", "waymark.vault.views"}
# The shell draws the lock button and leads to the door; the launcher knows the file names of backups.
SHELL = {"vault", "web", "config"}


def founds_the_demo(name: str) -> bool:
    """Invented people found their vault and unlock it as at the screens; no other installation lets these files run."""
    return name.rpartition("/")[2].startswith("demo_")


def imports() -> list[tuple[str, str, str]]:
    """App, file and imported module, for every import of the vault or of sealing."""
    found = []
    for path in under("src/waymark", ".py"):
        name = str(path.relative_to(ROOT / "src/waymark"))
        found += [(name.split("/")[0], name, target) for target in IMPORT.findall(path.read_text())]
    return found


def test_other_apps_use_the_narrow_door() -> None:
    strays = [
        f"{name} imports {target}"
        for app, name, target in imports()
        if app not in SHELL and not founds_the_demo(name) and target.startswith("waymark.vault") and target not in DOOR
    ]
    assert strays == []


def test_no_job_opens_anything() -> None:
    """Reminders, exports and previews wait for a person with an open vault: a job never holds a key."""
    opening = {"waymark.vault.actions", "waymark.vault.selectors", "waymark.sealing.boxes", "waymark.sealing.fields"}
    opening |= {"waymark.sealing.epochs", "waymark.sealing.passphrases", "waymark.sealing.recovery"}
    jobs = [
        f"{name} imports {target}"
        for app, name, target in imports()
        if (re.search(r"/tasks(/|\.py)", name) or app == "jobs") and any(target.startswith(one) for one in opening)
    ]
    assert jobs == []
    assert any("tasks.py" in name for _, name, _ in imports()), "the walk sees tasks"
