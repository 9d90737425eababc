"""Close a staff user's account; what the person did stays in the history under their name."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from waymark.accounts import actions, selectors


class Command(BaseCommand):
    help = "Close a staff user's account. Open sessions end at their next page."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = selectors.staff_named(options["email"])
        if user is None:
            raise CommandError(f"No staff user has the address {options['email']}.")
        actions.close_account(user=user, by="command:close_staff_user")
        self.stdout.write(f"{user.email} can no longer sign in.")
