"""`load_demo_operation`: one published operation for the demo region. A real region's are left alone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from waymark.coalition.selectors import the_region
from waymark.operations.actions.demo import load_demo_operation


class Command(BaseCommand):
    help = "Publish one invented operation in the demo region. Refuses where a real region is set up. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        region = the_region()
        if region is None or not region.is_demo:
            raise CommandError("This is not the demo region.")
        is_new = load_demo_operation(today=timezone.localdate())
        self.stdout.write("1 operation is public" if is_new else "no operation is new")
