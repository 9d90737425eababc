"""`load_demo_work`: what the demo's agencies have been doing, app by app, in one start of the program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Fill the demo's newsroom, results, capacity board and one vault. Refuses where a real region is set up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--passphrases", type=Path, help="JSON file with the vault's passphrases; made when absent")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("load_demo_newsroom", stdout=self.stdout)
        call_command("load_demo_operation", stdout=self.stdout)
        call_command("load_demo_referrals", stdout=self.stdout)
        call_command("load_demo_diversion", stdout=self.stdout)
        call_command("load_demo_cases", passphrases=options["passphrases"], stdout=self.stdout)
        call_command("load_demo_assistance", passphrases=options["passphrases"], stdout=self.stdout)
        call_command("load_demo_sharing", passphrases=options["passphrases"], stdout=self.stdout)
        call_command("load_demo_relief", passphrases=options["passphrases"], stdout=self.stdout)
        call_command("load_demo_report", passphrases=options["passphrases"], stdout=self.stdout)
        call_command("load_demo_papers", passphrases=options["passphrases"], stdout=self.stdout)
