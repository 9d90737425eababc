"""What the commands have in common that fill a vault of the demo: the passphrases, the refusal elsewhere, the count."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from waymark.cases.actions.demo_vault import NotTheDemo, kept_passphrases


class DemoCommand(BaseCommand):
    """A command names what it fills (`help`), what is new (`what`), and the action that fills it (`load`), once."""

    what: str
    # Given `today` and the `passphrases` by address, it gives how many are new, or raises NotTheDemo.
    load: Callable[..., int]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--passphrases", type=Path, help="JSON file with the passphrases of the demo's vaults")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = self.load(today=timezone.localdate(), passphrases=kept_passphrases(options["passphrases"]))
        except NotTheDemo as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{count} invented {self.what} are new")
