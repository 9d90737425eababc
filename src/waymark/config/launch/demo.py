"""Loading the fictional demo region, once, and never into a real region's database."""

from __future__ import annotations

from waymark.config.launch import building
from waymark.config.launch.database import Database
from waymark.config.launch.options import Place, put_stamp, stamped
from waymark.config.launch.progress import step

COMMAND = "load_demo"


def load(place: Place, database: Database) -> None:
    """Load the demo region; the command itself refuses when a real region has been set up."""
    command = next(iter((place.root / "src/waymark").glob(f"*/management/commands/{COMMAND}.py")), None)
    if command is None:
        return
    stamp = place.stamps / "demo"
    if database.key and stamped(stamp, database.key):
        return
    with step("loading the demo region"):
        building.manage(place, database.url, COMMAND)
        decided(place, database)


def decided(place: Place, database: Database) -> None:
    """What this database holds is settled: the demo region is loaded, or a backup was put back. Nothing loads it again."""
    put_stamp(place.stamps / "demo", database.key)


def sign_in_lines(place: Place, *, demo_wanted: bool) -> list[str]:
    """How to sign in to the staff site of the demo region."""
    return []
