"""Making a place confidential deletes what could lead to its door, here and in the history.

The agency keeps the address in its own vault; this database must not hold it anywhere, so nothing that reads this database,
rightly or wrongly, can tell it.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from waymark.accounts.models import User
from waymark.directory import policies
from waymark.directory.actions.changes import directory_change
from waymark.directory.models import Address, Location, PendingChange, Verification


@transaction.atomic
def make_confidential(*, location: Location, by: User) -> Location:
    """Delete address, point, way to it and their traces, and refuse them from now on."""
    policies.must_edit(by)
    with directory_change(by=by, verb="place.made_confidential", kind="location", about=location.pk):
        location = Location.objects.select_for_update().get(pk=location.pk)
        address_ids = list(location.addresses.values_list("pk", flat=True))
        waiting = PendingChange.objects.filter(
            Q(entity="address", entity_id__in=address_ids)
            | Q(entity="address", after__location=str(location.pk))
            | Q(entity="location", entity_id=location.pk)
        )
        waiting.delete()
        Verification.objects.filter(entity="address", entity_id__in=address_ids).delete()
        Address.objects.filter(location=location).delete()
        location.is_confidential = True
        location.latitude = None
        location.longitude = None
        location.transportation = ""
        location.url = ""
        location.external_identifier = ""
        location.external_identifier_type = ""
        location.save()
        return location


@transaction.atomic
def end_confidentiality(*, location: Location, by: User) -> Location:
    """The place may have an address again. Nothing comes back by itself: it was deleted, and a new one needs two people."""
    policies.must_edit(by)
    with directory_change(by=by, verb="place.made_open", kind="location", about=location.pk):
        location = Location.objects.select_for_update().get(pk=location.pk)
        location.is_confidential = False
        location.save(update_fields=["is_confidential"])
        return location
