"""The demo's newsroom: the sources' own published figures, a draft, two requests, and three releases before the council.

One waits for the council, one is endorsed, one meets an objection. Nothing here is public news: even in the demo a second
person stands before that.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.models import Agency, Membership, User
from waymark.council.actions.demo import answer_as_demo_council, load_demo_council
from waymark.council.selectors.reviews import newest_review_of
from waymark.newsroom.actions.figures import load_figures
from waymark.newsroom.actions.press import GATED_AS, send_for_check, write_item
from waymark.newsroom.formats.figure_file import OWN_FILE, read_figures
from waymark.newsroom.models import PressItem, PublicRequest

SPEAKER = {
    "speaker_name": "Demo spokesperson",
    "speaker_role": "Rivermont Together",
    "speaker_phone": "(555) 555-0100",
    "speaker_email": "office@rivermont.example",
}
DRAFT = {
    "title": "Cool rooms stay open at night (demo)",
    "summary": "Three invented libraries keep a room open until morning while it is hot.",
    "body": "This release is invented.\n\nNobody is asked for a name or for papers at the door.",
}
CHECKED = {
    "title": "Schools and shelters train together (demo)",
    "summary": "Forty invented teachers spent a day with advocates.",
    "body": "This release is invented.\n\nThe next day of training is in spring.",
}
ENDORSED = {
    "title": "An advocate comes along to every interview (demo)",
    "summary": "In three invented towns nobody is interviewed alone any more, unless they want to be.",
    "body": "This release is invented.\n\nAn advocate is offered before the first question, by day and by night.",
}
OBJECTED = {
    "title": "A night along the motels (demo)",
    "summary": "Invented teams went from door to door on one night.",
    "body": "This release is invented.\n\nThe teams started from the parking lot behind the old mill.",
}
# What the seats said, in the order in which they sit.
ANSWERED: tuple[tuple[dict[str, str], tuple[tuple[str, str], ...]], ...] = (
    (ENDORSED, (("endorse", ""), ("endorse", ""))),
    (OBJECTED, (("endorse", ""), ("object", "Whoever reads this knows where to wait for us. Leave the place out."))),
)
REQUESTS = (
    ("speaker", "Demo Library Circle", "library@rivermont.example", "basics"),
    ("volunteer", "Demo neighbor", "(555) 555-0177", "drives"),
)


@transaction.atomic
def load_demo_newsroom(*, today: dt.date) -> int:
    """Fill an empty newsroom of the demo region; what is there already stays. Gives how many figures are new."""
    count = load_figures(rows=read_figures(OWN_FILE.read_text(encoding="utf-8")), by="load demo newsroom")
    council = load_demo_council(today=today)
    writer = _steward()
    if writer is None or writer.acting is None:
        return count
    if not PublicRequest.objects.exists():
        PublicRequest.objects.bulk_create(
            PublicRequest(
                kind=kind,
                name=name,
                contact=contact,
                topic=topic,
                received_on=today,
                delete_on=today + dt.timedelta(days=90),
            )
            for kind, name, contact, topic in REQUESTS
        )
    with acting_for(writer.acting.agency_id, writer.pk):
        if PressItem.objects.exists():
            return count
        partners = Agency.objects.filter(short_name__in=["Lantern House", "Schools"]).values_list("pk", flat=True)
        held_back = [{"label": "Names of the schools", "responsible_agency": "Schools", "window": "in spring"}]
        write_item(values={**DRAFT, **SPEAKER}, partners=[], held_back=[], by=writer)
        item = write_item(values={**CHECKED, **SPEAKER}, partners=partners, held_back=held_back, by=writer)
        send_for_check(item=item, by=writer)
        asked = []
        for words, answers in ANSWERED if council else ():
            item = write_item(values={**words, **SPEAKER}, partners=[], held_back=[], by=writer)
            asked.append((newest_review_of(GATED_AS, send_for_check(item=item, by=writer).pk), answers))
    for review, answers in asked:
        if review is not None:
            answer_as_demo_council(review=review, members=council, answers=answers)
    return count


def _steward() -> User | None:
    """Who writes in the demo: a steward of the agency that runs it."""
    places = Membership.objects.filter(agency__is_host=True, role=Role.STEWARD.value, state=Membership.State.ACTIVE)
    place = places.select_related("user", "agency").order_by("user__email").first()
    if place is None:
        return None
    place.user.act_as(place)
    return place.user
