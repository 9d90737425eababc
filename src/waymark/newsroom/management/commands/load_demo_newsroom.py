"""`load_demo_newsroom`: give the newsroom of the demo region something to show. A real region's is left alone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from waymark.coalition.selectors import the_region
from waymark.newsroom.actions.demo import load_demo_newsroom


class Command(BaseCommand):
    help = "Fill the demo region's newsroom. Refuses where a real region is set up. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        region = the_region()
        if region is None or not region.is_demo:
            raise CommandError("This is not the demo region.")
        count = load_demo_newsroom(today=timezone.localdate())
        self.stdout.write(f"{count} figures are new")
