"""`./waymark audit verify`: compute every link of every chain again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from waymark.audit.actions import verify_chain
from waymark.audit.formats import HeadsError, read_heads
from waymark.audit.selectors import chains, heads


class Command(BaseCommand):
    help = (
        "Verify the audit chains: finds an edited, deleted, inserted, moved or cut-off event and names its number. With "
        "--heads FILE (a signed export kept elsewhere) it also finds a chain that was rewritten or cut as a whole."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--heads", type=Path, help="a signed export of heads that the chains must contain")

    def handle(self, *args: Any, **options: Any) -> None:
        known: dict[Any, tuple[int, bytes]] = {}
        if options["heads"]:
            try:
                known = read_heads(options["heads"].read_text())
            except (HeadsError, OSError) as error:
                raise CommandError(f"{options['heads']}: {error}") from None
        found = 0
        for chain in sorted({*chains(), *known}, key=str):
            for problem in verify_chain(chain, known=known.get(chain), progress=self._progress):
                self.stdout.write(str(problem))
                found += 1
        if found:
            raise CommandError(f"{found} problems: the audit log is not as it was written.")
        events = sum(sequence for sequence, _ in heads().values())
        self.stdout.write(f"Whole: {len(heads())} chains, {events:,} events.")

    def _progress(self, number: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{number:,} events", ending="\033[K\r")
