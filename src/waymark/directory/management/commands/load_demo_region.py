"""`load_demo_region`: put the fictional Rivermont County into an empty database, or put it back as it was.

Prints one line a staff account: address, role and, where a password was set, the password. Give the passwords' file to keep
them from one load to the next; the launcher reads it to show how to sign in.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from waymark.directory.actions.demo_region import RealRegion, load_demo_region
from waymark.directory.formats.demo_file import read_file

# Short words that are easy to read aloud and type; four of them and two digits suffice for a demo on one's own machine.
# fmt: off
WORDS = (
    "amber", "basket", "candle", "delta", "ember", "fern", "garden", "harbor", "island", "juniper", "kettle",
    "lantern", "meadow", "needle", "orchard", "pebble", "quilt", "river", "saddle", "timber", "umbrella",
    "violet", "willow", "yellow", "zephyr",
)
# fmt: on


class Command(BaseCommand):
    help = "Load the demo region, which does not exist. Refuses where a real region is set up. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--today", type=dt.date.fromisoformat, help="load as if on this day")
        parser.add_argument("--passwords", type=Path, help="JSON file with the accounts' passwords; made when absent")

    def handle(self, *args: Any, **options: Any) -> None:
        passwords = _passwords(options["passwords"])
        try:
            counts = load_demo_region(today=options["today"] or timezone.localdate(), passwords=passwords)
        except RealRegion as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Rivermont County: {counts['organization']} agencies, {counts['service']} services")
        for user in read_file("people")["user"]:
            roles = "+".join(place["role"] for place in user["place"])
            self.stdout.write(f"{roles} {user['email']} {passwords[user['email']]}")


def _passwords(path: Path | None) -> dict[str, str]:
    kept: dict[str, str] = json.loads(path.read_text()) if path is not None and path.exists() else {}
    made = {user["email"]: kept.get(user["email"]) or _password() for user in read_file("people")["user"]}
    if made == kept:
        return kept
    if path is not None:
        path.touch(mode=0o600)
        path.write_text(json.dumps(made))
    return made


def _password() -> str:
    return "-".join([*(secrets.choice(WORDS) for _ in range(4)), f"{secrets.randbelow(90) + 10}"])
