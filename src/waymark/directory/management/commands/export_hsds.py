"""`./waymark export hsds PATH`: take the public directory out in the standard's forms."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from waymark.directory.actions.export_hsds import FORMATS, export_hsds
from waymark.directory.formats.hsds_records import ExchangeError


class Command(BaseCommand):
    help = (
        "Export the public directory in HSDS 3.1: a CSV data package (folder or .zip), JSON (.json) or lines of JSON "
        "(.ndjson). Whereabouts of confidential places are in none of them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", metavar="PATH", type=Path)
        parser.add_argument("--format", choices=FORMATS, help="default: by the ending of PATH")

    def handle(self, *args: Any, **options: Any) -> None:
        shows_progress = sys.stderr.isatty()

        def progress(table: str, rows: int) -> None:
            self.stderr.write(f"\r{table}: {rows:,}", ending="\033[K")

        try:
            counts = export_hsds(
                path=options["path"], kind=options["format"], progress=progress if shows_progress else None
            )
        except (ExchangeError, OSError) as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. Nothing was written.") from None
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count:,}")
