"""A person's own key row, and what the vault's first page has to say to them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from waymark.accounts.models import User
from waymark.sealing.boxes import BoxKey
from waymark.sealing.words import words_of_member
from waymark.vault.models import UserKey
from waymark.vault.policies import VaultClosed
from waymark.vault.selectors.keyring import memo_of, newest_statement


def own_key_row(by: User) -> UserKey | None:
    """The signed-in person's own row: row security shows nobody else's."""
    return UserKey.objects.filter(user=by).first()


@dataclass(frozen=True)
class Comparison:
    """The six words of my key and my agency's, and the statement they were made from."""

    words: str
    digest: str


def my_words(key: BoxKey, by: User) -> Comparison | None:
    """What a waiting member reads aloud: made from the key in their own hand, not from the database's copy of it."""
    if by.acting is None:
        return None
    newest = newest_statement(by.acting.agency_id)
    if newest is None:
        return None
    return Comparison(words_of_member(newest.digest(), user=str(by.pk), public=key.public), newest.digest().hex())


def last_opened(key: BoxKey, by: User) -> dt.datetime | None:
    """When this person's note was written last: a date that is too old tells that somebody put an old copy back."""
    if by.acting is None:
        return None
    try:
        memo = memo_of(key, by, by.acting.agency_id)
    except VaultClosed:
        return None
    return dt.datetime.fromtimestamp(memo.seen_at, tz=dt.UTC) if memo is not None else None
