"""Writing the hours of a service: its rules are replaced as a whole, except those that the form cannot say."""

from __future__ import annotations

from django.db import transaction

from waymark.accounts.models import User
from waymark.directory import policies
from waymark.directory.actions.changes import directory_change
from waymark.directory.actions.listings import touch
from waymark.directory.formats.spoken_hours import Hours, read_hours, write_rules
from waymark.directory.models import Schedule, Service


@transaction.atomic
def write_hours(*, service: Service, hours: Hours, by: User) -> None:
    """Replace the rules that the form shows. Rules that did not change keep their ids, so history tells only the truth."""
    policies.must_edit(by)
    with directory_change(by=by, verb="hours.changed", kind="service", about=service.pk):
        Service.objects.select_for_update().get(pk=service.pk)
        stored = list(service.schedules.order_by("id"))
        _, left = read_hours(stored)
        kept = {rule.pk for rule in left}
        editable = [rule for rule in stored if rule.pk not in kept]
        wanted = write_rules(hours)
        unchanged = []
        for rule in editable:
            match = next((row for row in wanted if _says(rule, row)), None)
            if match is not None:
                wanted.remove(match)
                unchanged.append(rule.pk)
        gone = [rule.pk for rule in editable if rule.pk not in unchanged]
        if not gone and not wanted:
            return
        Schedule.objects.filter(pk__in=gone).delete()
        for row in wanted:
            Schedule.objects.create(service=service, **row)
        touch(service)


def _says(rule: Schedule, row: dict[str, object]) -> bool:
    """Whether a stored rule already says what a wanted row says."""
    empty = {
        "freq": "",
        "byday": "",
        "description": "",
        "notes": "",
        "is_closed": False,
        "opens_at": None,
        "closes_at": None,
    }
    full = {**empty, "valid_from": None, "valid_to": None, **row}
    # A missing interval means every week or month, as 1 does.
    full.pop("interval", None)
    full.pop("wkst", None)
    if full["is_closed"] and rule.notes and not rule.description:
        # Partners write the reason into either field; where it stands is no difference to a reader.
        full["description"], full["notes"] = "", full["description"]
    return all(getattr(rule, name) == value for name, value in full.items())
