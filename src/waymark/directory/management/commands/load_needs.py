"""`load_needs`: put the needs in plain sentences, and the terms they map to, into the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from waymark.directory.actions.reference_data import load_needs


class Command(BaseCommand):
    help = "Load the needs in plain sentences. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_needs()} needs")
