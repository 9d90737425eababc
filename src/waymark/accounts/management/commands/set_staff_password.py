"""Give a staff user a new password; every open session of the user ends."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from waymark.accounts import actions, selectors
from waymark.accounts.management.passwords import password_from


class Command(BaseCommand):
    help = "Give a staff user a new password. Every open session of the user ends."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--password-stdin", action="store_true", help="Read the password from standard input.")
        parser.add_argument("--generate", action="store_true", help="Make a password and print it once.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = selectors.staff_named(options["email"])
        if user is None:
            raise CommandError(f"No staff user has the address {options['email']}.")
        password, was_made = password_from(options)
        try:
            actions.set_password(user=user, password=password, by="command:set_staff_password")
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{user.email} has a new password. Open sessions have ended.")
        if was_made:
            self.stdout.write(f"Password, shown once: {password}")
