"""Work for the demo's stewards: reports from visitors, a changed number and an address that wait for a second person."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from waymark.accounts.models import User
from waymark.directory.formats.demo_file import demo_id
from waymark.directory.models import ListingReport, PendingChange, Phone

REPORTS = (
    ("legal-aid-debt", "no_answer", 3),
    ("legal-aid-debt", "wrong_hours", 9),
    ("sunrise-sober-homes", "wrong_number", 5),
    ("county-cash", "wrong_hours", 2),
    ("harvest-mobile-pantry", "not_as_said", 12),
    ("key-vouchers", "closed", 20),
)


def leave_work_for_stewards(*, today: dt.date, users: list[User]) -> None:
    """Put the stewards' queues back to their first state."""
    for number, (slug, reason, days) in enumerate(REPORTS):
        ListingReport.objects.update_or_create(
            id=demo_id("report", str(number)),
            defaults={
                "service_id": demo_id("service", slug),
                "reason": reason,
                "reported_on": today - dt.timedelta(days=days),
                "resolved_on": None,
                "resolved_by": None,
            },
        )
    steward = next(user for user in users if user.role == "steward")
    phone = Phone.objects.get(pk=demo_id("phone", "sunrise-sober-homes/0"))
    before = {
        "number": phone.number,
        "extension": phone.extension,
        "type": phone.type,
        "description": phone.description,
        "service": str(phone.service_id),
        "organization": None,
        "location": None,
        "service_at_location": None,
        "contact": None,
    }
    PendingChange.objects.update_or_create(
        id=demo_id("change", "sober-homes-phone"),
        defaults={
            "entity": "phone",
            "entity_id": phone.pk,
            "before": before,
            "after": {**before, "number": "(555) 555-0178"},
            "reason": "Their new brochure has this number",
            "state": PendingChange.State.WAITING,
            "proposed_by": steward,
            "proposed_at": timezone.make_aware(dt.datetime.combine(today - dt.timedelta(days=1), dt.time(10))),
            "decided_by": None,
            "decided_at": None,
        },
    )
