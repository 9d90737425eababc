"""`print_set_up_code`: the code for the first page of a new installation; prints nothing once there is a coordinator."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from waymark.accounts.selectors import has_coordinator
from waymark.coalition.policies import set_up_code


class Command(BaseCommand):
    help = "Print the set-up code of a new installation. Prints nothing once there is a coordinator."

    def handle(self, *args: Any, **options: Any) -> None:
        if not has_coordinator():
            self.stdout.write(set_up_code())
