"""`print_demo_code ADDRESS`: the second step for somebody who tries the demo and has no second device at hand.

It works in the fictional region alone. In a real one nobody gets a code from here: a lost factor takes two people.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.core.management.base import BaseCommand, CommandError

from waymark.accounts.actions.factor_keys import open_for
from waymark.accounts.actions.factors import enroll_app
from waymark.accounts.selectors import staff_named
from waymark.accounts.selectors.factors import APP
from waymark.coalition.selectors import the_region

STEP = 30


def _code(secret: str, step: int) -> str:
    return str(format_hotp_value(hotp_value(secret, step)))


class Command(BaseCommand):
    help = "Print a code for the second step of a demo account. Works in the demo region only."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        region = the_region()
        if region is None or not region.is_demo:
            raise CommandError("This is not the demo region. Codes come from the person's own app.")
        user = staff_named(options["email"])
        if user is None:
            raise CommandError(f"No demo account has the address {options['email']}.")
        now = int(time.time()) // STEP
        found = Authenticator.objects.filter(user_id=user.pk, type=APP).first()
        if found is None:
            secret = generate_totp_secret()
            enroll_app(user=user, secret=secret, code=_code(secret, now - 1))
            # Beside the code and not before it: a script reads the code alone.
            self.stderr.write("This account has an app from now on: load the page again, and it asks for the code.")
        else:
            secret = open_for(user.pk, found.data["secret"])
            # A code that was used is no good again; the next one is taken half a minute early.
            now = max(now, int(found.data.get("last_counter", 0)) + 1)
        self.stdout.write(_code(secret, now))
