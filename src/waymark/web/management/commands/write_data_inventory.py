"""`write_data_inventory`: write docs/data-inventory.md from the models."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from waymark.web.inventory import inventory


class Command(BaseCommand):
    help = "Write docs/data-inventory.md from the models' privacy kinds."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.REPOSITORY / "docs" / "data-inventory.md"
        path.write_text(inventory())
        self.stdout.write(f"{path} written.")
