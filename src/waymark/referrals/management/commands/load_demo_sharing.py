"""`load_demo_sharing`: a package and a referral between the demo's two vaults. Refuses everywhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from waymark.cases.actions.demo_vault import NotTheDemo, kept_passphrases
from waymark.referrals.actions.demo_sharing import load_demo_sharing


class Command(BaseCommand):
    help = "Fill the demo's sharing. Refuses where the region is not the demo. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--passphrases", type=Path, help="JSON file with the passphrases of the demo's vaults")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = load_demo_sharing(today=timezone.localdate(), passphrases=kept_passphrases(options["passphrases"]))
        except NotTheDemo as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{count} invented packages are new")
