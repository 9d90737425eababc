"""`./waymark import hsds PATH|URL`: bring a service directory in, all of it or nothing."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from waymark.directory.actions.import_hsds import ImportRefusedError, describe, import_hsds
from waymark.directory.formats.hsds_records import ExchangeError


class Command(BaseCommand):
    help = (
        "Import services in the Human Services Data Specification: CSV of versions 1.1, 2 and 3 (folder or zip) and JSON "
        "of 3.x (file, folder, zip, ndjson), from a path or a web address. All of it is stored, or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("place", metavar="PATH|URL")
        parser.add_argument("--dry-run", action="store_true", help="show what would change and store nothing")
        parser.add_argument(
            "--source",
            default="import",
            help="a short name of the publisher, the same each time: it keeps ids that are no UUIDs apart",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        shows_progress = sys.stderr.isatty()

        def progress(table: str, rows: int) -> None:
            self.stderr.write(f"\r{table}: {rows:,} rows", ending="\033[K")

        try:
            report = import_hsds(
                place=options["place"],
                by=f"import:{options['source']}",
                source=options["source"],
                dry_run=options["dry_run"],
                progress=progress if shows_progress else None,
            )
        except ExchangeError as error:
            raise CommandError(str(error)) from None
        except ImportRefusedError as error:
            self._write(describe(error.report))
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. Nothing was stored.") from None
        finally:
            if shows_progress:
                self.stderr.write("\r", ending="\033[K")
        self._write(describe(report))
        self.stdout.write("Dry run: nothing was stored." if report.is_dry_run else "Stored.")

    def _write(self, lines: Any) -> None:
        for line in lines:
            self.stdout.write(line)
