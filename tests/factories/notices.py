"""Notices for tests. Row security shows a notice to its own person alone, so reading it takes that person's context."""

from __future__ import annotations

from waymark.access.context import acting_for
from waymark.accounts.models import Membership, User
from waymark.notices.models import LetterChoice, Notice


def told(person: User | Membership) -> list[tuple[str, str]]:
    """What was told to a person's place and is not read: kind and path, the oldest first."""
    place = person.acting if isinstance(person, User) else person
    assert place is not None
    with acting_for(place.agency_id, place.user_id):
        found = Notice.objects.filter(to=place, read_at__isnull=True).order_by("created_at", "kind", "path")
        return list(found.values_list("kind", "path"))


def letters_come(user: User, when: str) -> None:
    """As if the person had chosen so."""
    LetterChoice.objects.update_or_create(user=user, defaults={"when": when})
