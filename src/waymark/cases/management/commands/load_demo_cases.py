"""`load_demo_cases`: give one agency of the demo a vault with four invented people. Refuses everywhere else.

Prints one line a member of the vault: address and vault passphrase. Give the passphrases' file to keep them; the launcher
reads it to show how to unlock.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from waymark.cases.actions.demo_card import load_demo_card
from waymark.cases.actions.demo_cases import load_demo_cases
from waymark.cases.actions.demo_vault import (
    PARTNER,
    SHORT_NAME,
    NotTheDemo,
    kept_passphrases,
    members_of_demo_vault,
    must_be_the_demo,
)
from waymark.sealing.words import six_words


class Command(BaseCommand):
    help = "Fill the demo's vault. Refuses where the region is not the demo. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--passphrases", type=Path, help="JSON file with the passphrases; made when absent")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            must_be_the_demo()
            passphrases = _passphrases(options["passphrases"])
            count = load_demo_cases(today=timezone.localdate(), passphrases=passphrases)
            load_demo_card()
        except NotTheDemo as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{count} invented cases are new")
        for address, passphrase in passphrases.items():
            self.stdout.write(f"vault {address} {passphrase}")


def _passphrases(path: Path | None) -> dict[str, str]:
    kept = kept_passphrases(path)
    addresses = [member.email for agency in (SHORT_NAME, PARTNER) for member in members_of_demo_vault(agency)]
    made = {address: kept.get(address) or _passphrase(address) for address in addresses}
    if path is not None and made != kept:
        path.touch(mode=0o600)
        path.write_text(json.dumps(made))
    return made


def _passphrase(address: str) -> str:
    """Six words that can be read aloud, drawn for nobody but the demo."""
    return six_words(address, secrets.token_bytes(32), secrets.token_bytes(32))
