"""One line in the agency's chain for each act with keys: who, what, when; never a key, a word or a passphrase."""

from __future__ import annotations

from waymark.accounts.models import User
from waymark.audit.actions import record, record_attempt
from waymark.audit.models import Event


def tell(verb: str, *, by: User, kind: str = "", about: object = "") -> None:
    """Append one event to the chain of the agency for which `by` acts."""
    record(verb=verb, by=by, kind=kind, about=about)


def tell_failed(verb: str, *, by: User, kind: str = "", about: object = "") -> None:
    """Tell a wrong try: at once, and counted rather than repeated, so that a guesser does not flood the chain."""
    record_attempt(verb=verb, by=by, kind=kind, about=about, result=Event.Result.FAILED)
