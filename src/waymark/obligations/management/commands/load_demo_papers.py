"""`load_demo_papers`: papers of courts, a drill and a statement in the demo's vault. Refuses everywhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from waymark.cases.actions.demo_vault import NotTheDemo, kept_passphrases
from waymark.obligations.actions.demo_papers import load_demo_papers


class Command(BaseCommand):
    help = "Fill the demo's papers of courts. Refuses where the region is not the demo. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--passphrases", type=Path, help="JSON file with the passphrases of the demo's vault")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = load_demo_papers(today=timezone.localdate(), passphrases=kept_passphrases(options["passphrases"]))
        except NotTheDemo as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{count} invented papers are new")
