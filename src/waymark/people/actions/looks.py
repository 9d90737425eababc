"""Telling that somebody looks at the file of a person with whom colleagues work.

Whose work a person is, cases know, and this app lies below them: they say it when they start.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from waymark.accounts.models import User
from waymark.audit.actions import record_read
from waymark.audit.selectors.readings import is_new_look
from waymark.people.models import Person

KIND = "person"
# Given a person, the users who work with them; of somebody who has no case of their own, nobody.
Workers = Callable[[Person], set[uuid.UUID]]
_workers: list[Workers] = []


def register_workers(workers: Workers) -> None:
    """Say who works with a person. Called by an app when it starts."""
    _workers.append(workers)


def note_looking(*, person: Person, by: User) -> None:
    """Tell that somebody looks at a person with whom colleagues of theirs work, and not they.

    The pages that somebody turns within a minute are one look.
    """
    workers = {worker for told in _workers for worker in told(person)}
    if (
        workers
        and by.pk not in workers
        and is_new_look(chain=person.agency_id, actor=str(by.pk), kind=KIND, about=person.pk)
    ):
        record_read(by=by, kind=KIND, about=person.pk, purpose="")
