"""Writing an event. It belongs into the transaction of the act: if the event cannot be written, the act does not happen."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from waymark.audit.models import PLATFORM, Event


def record(
    *,
    verb: str,
    by: str,
    role: str = "",
    chain: uuid.UUID = PLATFORM,
    kind: str = "",
    about: object = "",
    purpose: str = "",
    result: str = Event.Result.DONE,
    fields: Sequence[str] = (),
) -> None:
    """Append one event to `chain`. `about` is an id, `fields` are names; neither may hold content.

    Raises ValueError for a verb that is not `noun.past`, so that the log reads as sentences.
    """
    noun, dot, past = verb.partition(".")
    if not (noun and dot and past) or not by:
        raise ValueError("An event says what was done (noun.past) and by whom.")
    Event.objects.create(
        chain=chain,
        # The database sets the moment; a value is needed to fill the column until then.
        at="1970-01-01T00:00:00Z",
        actor=by,
        role=role,
        verb=verb,
        object_kind=kind,
        object_id=str(about),
        purpose=purpose,
        result=result,
        fields=list(fields),
    )
