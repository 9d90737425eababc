"""Rules of signing in that are numbers: how often one may try, how long a link or a code is good.

Limits slow a guesser and never lock a person out for good. The limit of an account holds whether or not the account exists;
the limit of a sender is wide, because one office shares one address. A passkey cannot be guessed, so only the sender is
counted there, and nobody can be shut out by a stranger who types wrong passwords in their name.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """So many tries in a window, for one account and for one sender."""

    account: int
    sender: int
    window: dt.timedelta = dt.timedelta(minutes=15)


LIMITS: dict[str, Limit] = {
    "account": Limit(account=8, sender=60),
    "agency": Limit(account=30, sender=60),
    "code": Limit(account=5, sender=60),
    "invitation": Limit(account=10, sender=60),
    "passkey": Limit(account=60, sender=60),
    "reset": Limit(account=3, sender=30, window=dt.timedelta(hours=1)),
}
TRIES_KEPT_FOR = dt.timedelta(days=1)
# With so many tries in a window somebody floods the log: they are still counted and slowed, and no longer told one by one.
FLOOD = 300
RESET_LINK_FOR = dt.timedelta(hours=1)
CODES_SHOWN_FOR = dt.timedelta(minutes=10)
FACTOR_RESET_FOR = dt.timedelta(hours=24)
PASSKEYS_A_PERSON = 10
