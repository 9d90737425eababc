"""`load_figures [FILE]`: load published figures, unchanged; without a file those that came with the program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from waymark.newsroom.actions.figures import FiguresDiffer, load_figures
from waymark.newsroom.formats.figure_file import OWN_FILE, NotFigures, read_figures


class Command(BaseCommand):
    help = "Load published figures from a CSV file. Safe to run again; a figure that was published is never overwritten."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", default=OWN_FILE)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = read_figures(options["file"].read_text(encoding="utf-8"))
            count = load_figures(rows=rows, by="load figures")
        except (NotFigures, FiguresDiffer, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(f"{count} of {len(rows)} figures are new")
