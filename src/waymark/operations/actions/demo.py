"""The demo's operation: invented, over, written up by its lead, endorsed by the demo's council, released by an editor."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.models import AgencyKind, Membership, User
from waymark.council.actions.demo import answer_as_demo_council, load_demo_council
from waymark.council.selectors.reviews import newest_review_of
from waymark.newsroom.actions.press import GATED_AS, release_item, send_for_check
from waymark.operations.actions import announce_total, record_operation
from waymark.operations.actions.publication import draft_publication
from waymark.operations.models import Operation

NAME = "Operation: Safe Streets (demo)"
COUNTS = (
    ("right_told", 34, ""),
    ("juveniles_recovered", 1, "One child was brought to a safe place."),
    ("citations", 22, "22 citations"),
    ("investigations", 2, ""),
    ("charged", None, ""),
)
WORDS = {
    "title": "What Safe Streets counted (demo)",
    "summary": "An invented night in two invented towns. Advocates stood by, and help was offered before anything else.",
    "body": "This release is invented.\n\nNobody who was met was asked for papers.",
    "speaker_name": "Demo spokesperson",
    "speaker_role": "Rivermont Together",
    "speaker_phone": "(555) 555-0100",
    "speaker_email": "",
}


@transaction.atomic
def load_demo_operation(*, today: dt.date) -> bool:
    """Record and publish one operation unless there is one. Gives whether it did; nothing where no demo people are."""
    lead = _acting(Role.OFFICER, agency__kind=AgencyKind.LAW_ENFORCEMENT)
    editor = _acting(Role.STEWARD, agency__is_host=True)
    council = load_demo_council(today=today)
    if lead is None or editor is None or len(council) < 2 or Operation.objects.exists():
        return False
    day = today - dt.timedelta(days=90)
    values = {"name": NAME, "year": day.year, "starts_on": day, "ends_on": day, "settings": ["street"]}
    with acting_for(lead.acting.agency_id, lead.pk):  # type: ignore[union-attr]
        operation = record_operation(values={**values, "who_asked": "The working group of agencies"}, by=lead)
        for measure, value, words in COUNTS:
            kind = {"measure": measure, "side": "not_stated", "charge": None, "value": value, "words": words}
            announce_total(operation=operation, values=kind, by=lead)
        item = draft_publication(operation=operation, values=WORDS, partners=[], held_back=[], by=lead)
        review = newest_review_of(GATED_AS, send_for_check(item=item, by=lead).pk)
    if review is not None:
        answer_as_demo_council(review=review, members=council, answers=[("endorse", "")] * len(council))
    with acting_for(editor.acting.agency_id, editor.pk):  # type: ignore[union-attr]
        release_item(item=item, public_at=None, by=editor)
    return True


def _acting(role: Role, **where: object) -> User | None:
    """Somebody of the demo who holds a role where it is asked for."""
    places = Membership.objects.filter(role=role.value, state=Membership.State.ACTIVE, **where)
    place = places.select_related("user", "agency").order_by("user__email").first()
    if place is None:
        return None
    place.user.act_as(place)
    return place.user
