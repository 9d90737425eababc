"""How accounts tells colleagues. Notices lie above this app, so they put their bell here when they start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from waymark.accounts.models import Membership


class Bell(Protocol):
    """Tells each of `to` by a notice of this kind that leads to this page, and says how many were told."""

    def __call__(self, *, to: Iterable[Membership], kind: str, path: str) -> int: ...


_BELLS: list[Bell] = []


def put_bell(bell: Bell) -> None:
    _BELLS[:] = [bell]


def ring(*, to: Iterable[Membership], kind: str, path: str) -> int:
    """Tell each of `to`. Raises LookupError without a bell: nobody must be left unaware by an app that is not installed."""
    if not _BELLS:
        raise LookupError("No app has put a bell.")
    return _BELLS[0](to=to, kind=kind, path=path)
