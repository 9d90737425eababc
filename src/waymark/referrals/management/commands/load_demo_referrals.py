"""`load_demo_referrals`: say who answers for which service in the demo region. A real region is left alone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from waymark.coalition.selectors import the_region
from waymark.referrals.actions.demo import load_demo_desks


class Command(BaseCommand):
    help = "Let the demo's agencies answer for their services. Refuses where a real region is set up. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        region = the_region()
        if region is None or not region.is_demo:
            raise CommandError("This is not the demo region.")
        self.stdout.write(f"{load_demo_desks()} desks")
