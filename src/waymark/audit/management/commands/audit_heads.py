"""`./waymark audit heads FOLDER`: a signed export of the chains' heads, to be kept by somebody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from waymark.audit.tasks import export_heads


class Command(BaseCommand):
    help = "Write today's heads of all audit chains, signed, into FOLDER. Give the file to another agency to keep."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(str(export_heads(options["folder"], timezone.localdate())))
        except OSError as error:
            raise CommandError(str(error)) from None
