"""`load_help_lines`: put the national help lines, with their sources and dates, into the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from waymark.directory.actions.reference_data import load_help_lines


class Command(BaseCommand):
    help = "Load the national help lines. Never puts back one that was taken down. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_help_lines()} help lines")
