"""Where a command takes a new password from: standard input, a typed prompt, or a made one. Never from an argument,
because arguments stay in the shell's history and in the process list."""

from __future__ import annotations

import getpass
import secrets
import sys
from typing import Any

from django.core.management.base import CommandError


def password_from(options: dict[str, Any]) -> tuple[str, bool]:
    """The password, and whether it was made here and must be shown."""
    if options["generate"]:
        return secrets.token_urlsafe(15), True
    if options["password_stdin"]:
        return sys.stdin.readline().rstrip("\n"), False
    if not sys.stdin.isatty():
        raise CommandError("Give the password with --password-stdin, or let --generate make one.")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Again: "):
        raise CommandError("The two passwords differ. Nothing was changed.")
    return first, False
