"""Make a staff user from the command line of the server, which is where the first one must come from."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from waymark.access.permissions import ROLE_SENTENCES, Role
from waymark.accounts import actions
from waymark.accounts.management.passwords import password_from


class Command(BaseCommand):
    help = "Make a staff user. Roles: " + " ".join(f"{role}: {text}" for role, text in ROLE_SENTENCES.items())

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="The name that colleagues see.")
        parser.add_argument("--role", choices=[role.value for role in Role], default=Role.STEWARD.value)
        parser.add_argument("--password-stdin", action="store_true", help="Read the password from standard input.")
        parser.add_argument("--generate", action="store_true", help="Make a password and print it once.")

    def handle(self, *args: Any, **options: Any) -> None:
        password, was_made = password_from(options)
        try:
            user = actions.create_staff_user(
                email=options["email"],
                display_name=options["name"],
                role=options["role"],
                password=password,
                by="command:create_staff_user",
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{user.email} can sign in as {user.role}.")
        if was_made:
            self.stdout.write(f"Password, shown once: {password}")
