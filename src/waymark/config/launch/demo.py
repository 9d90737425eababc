"""Loading the fictional demo region, once, and never into a real region's database."""

from __future__ import annotations

from waymark.config.launch import building
from waymark.config.launch.database import Database
from waymark.config.launch.options import Place, digest, put_stamp, stamped
from waymark.config.launch.progress import step

COMMAND = "load_demo"


def load(place: Place, database: Database) -> None:
    """Load the demo region; the command itself refuses when a real region has been set up."""
    command = next(iter((place.root / "src/waymark").glob(f"*/management/commands/{COMMAND}.py")), None)
    if command is None:
        return
    key = digest(command, words=(database.key,))
    stamp = place.stamps / "demo"
    if database.key and stamped(stamp, key):
        return
    with step("loading the demo region"):
        building.manage(place, database.url, COMMAND)
        put_stamp(stamp, key)


def sign_in_lines(place: Place, *, demo_wanted: bool) -> list[str]:
    """How to sign in to the staff site of the demo region."""
    return []
