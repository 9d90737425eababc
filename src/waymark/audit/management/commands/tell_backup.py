"""What the launcher says when it has made a backup or put one back."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from waymark.audit.actions import tell_backup, tell_restore

ACTS = {"made": tell_backup, "restored": tell_restore}


class Command(BaseCommand):
    help = "Tell the platform's log that a backup was made or put back (./waymark backup and restore call this)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=ACTS)
        parser.add_argument("fingerprint", help="of the dump in the backup")

    def handle(self, *args: Any, **options: Any) -> None:
        ACTS[options["act"]](fingerprint=options["fingerprint"])
