"""Loading the fictional demo region, once, and never into a real region's database."""

from __future__ import annotations

import json

from waymark.config.launch import building
from waymark.config.launch.database import Database
from waymark.config.launch.options import Place, put_stamp, stamped
from waymark.config.launch.progress import step

COMMAND = "load_demo_region"
ACCOUNTS = "demo-accounts.json"


def load(place: Place, database: Database) -> None:
    """Load the demo region; the command itself refuses when a real region has been set up."""
    command = next(iter((place.root / "src/waymark").glob(f"*/management/commands/{COMMAND}.py")), None)
    if command is None:
        return
    stamp = place.stamps / "demo"
    if database.key and stamped(stamp, database.key):
        return
    with step("loading the demo region"):
        place.secrets.mkdir(parents=True, exist_ok=True)
        building.manage(place, database.url, COMMAND, "--passwords", str(place.secrets / ACCOUNTS))
        decided(place, database)


def decided(place: Place, database: Database) -> None:
    """What this database holds is settled: the demo region is loaded, or a backup was put back. Nothing loads it again."""
    put_stamp(place.stamps / "demo", database.key)


def sign_in_lines(place: Place, *, demo_wanted: bool) -> list[str]:
    """How to sign in to the staff site of the demo region."""
    kept = place.secrets / ACCOUNTS
    if not demo_wanted or not kept.exists():
        return []
    accounts: dict[str, str] = json.loads(kept.read_text())
    return ["sign in on the staff site with", *(f"  {address}  {password}" for address, password in accounts.items())]
