"""`load_demo_diversion`: give the demo region a diversion program to look at. A real region's is left alone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from waymark.coalition.selectors import the_region
from waymark.diversion.actions.demo import load_demo_program


class Command(BaseCommand):
    help = "Fill the demo region's diversion program. Refuses where a real region is set up. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        region = the_region()
        if region is None or not region.is_demo:
            raise CommandError("This is not the demo region.")
        self.stdout.write(f"{load_demo_program(today=timezone.localdate())} diversion program is new")
