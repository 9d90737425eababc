"""Loading the fictional demo region, once, and never into a real region's database."""

from __future__ import annotations

import json

from waymark.config.launch import building
from waymark.config.launch.cluster import psql
from waymark.config.launch.database import Database
from waymark.config.launch.options import Place, put_stamp, stamped
from waymark.config.launch.progress import step

COMMAND = "load_demo_region"
WORK_COMMAND = "load_demo_work"
PASSWORDS, PASSPHRASES = "demo-accounts.json", "demo-vaults.json"
WHICH = """
SELECT CASE WHEN bool_or(NOT is_demo) THEN 'real' WHEN bool_or(is_demo) THEN 'demo' ELSE 'none' END FROM coalition_region;
"""


def load(place: Place, database: Database) -> None:
    """Load the demo region unless this database has it, or has a real one."""
    stamp = place.stamps / "demo"
    if database.key and stamped(stamp, database.key):
        return
    with step("loading the demo region") as notes:
        which = psql(database.programs, database.url, WHICH).strip()
        if which == "real":
            notes.append("left out: a real region is set up here")
        elif which == "demo" and not database.key:
            notes.append("it is there already")
        else:
            passwords = place.secrets / PASSWORDS
            building.manage(place, database.url, COMMAND, "--passwords", str(passwords))
            passphrases = place.secrets / PASSPHRASES
            building.manage(place, database.url, WORK_COMMAND, "--passphrases", str(passphrases))
        decided(place, database)


def decided(place: Place, database: Database) -> None:
    """What this database holds is settled: the demo region is loaded, or a backup was put back. Nothing loads it again."""
    put_stamp(place.stamps / "demo", database.key)


def sign_in_lines(place: Place, database: Database) -> list[str]:
    """How to sign in to the staff site of the demo region, or how to set up a real one."""
    which = psql(database.programs, database.url, WHICH).strip()
    if which == "none":
        code = building.manage(place, database.url, "print_set_up_code").strip()
        return [f"set up   your region on the staff site, with the code {code}"] if code else []
    accounts = _read(place, PASSWORDS)
    if which != "demo" or not accounts:
        return []
    lines = [f"sign in  {address} / {password}" for address, password in accounts.items()]
    lines += [f"vault    {address} / {passphrase}" for address, passphrase in _read(place, PASSPHRASES).items()]
    return [*lines, "2nd step ./waymark manage print_demo_code ADDRESS prints a code; or set up a passkey of your own"]


def _read(place: Place, name: str) -> dict[str, str]:
    """What was written when the demo was loaded, or nothing."""
    try:
        found: dict[str, str] = json.loads((place.secrets / name).read_text())
    except (OSError, ValueError):
        return {}
    return found
