"""Writes of listings and of the small rows that belong to them.

A phone, an address or a point on the map is not written here when it is new or changed: it waits for a second person (see
`changes`). Taking a wrong one down is done at once, by one person.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from waymark.accounts.models import User
from waymark.directory import policies
from waymark.directory.actions.changes import directory_change
from waymark.directory.models import Location, Organization, Service, ServiceCapacity, Translation, Verification

Listing = Service | Organization | Location


@transaction.atomic
def save_listing(*, listing: Listing, needs: Any = None, by: User) -> Listing:
    """Write a new or changed listing; `needs` replaces what a service is found under."""
    policies.must_edit(by)
    with directory_change(by=by, verb="listing.saved", kind=kind_of(listing), about=listing.pk):
        if isinstance(listing, Service):
            listing.last_modified = timezone.now()
        listing.save()
        if isinstance(listing, Service) and needs is not None:
            listing.needs.set(needs)
        return listing


@transaction.atomic
def save_part(*, part: Model, listing: Listing, by: User) -> Model:
    """Write a small row of a listing, and note that the listing changed."""
    policies.must_edit(by)
    with directory_change(by=by, verb="listing_part.saved", kind=kind_of(listing), about=listing.pk):
        if isinstance(part, ServiceCapacity) and part.unit._state.adding:
            part.unit.save()
            part.unit_id = part.unit.pk
        part.save()
        touch(listing)
        return part


@transaction.atomic
def remove_part(*, part: Model, listing: Listing, by: User) -> None:
    """Take a small row down at once: one person may take a wrong number away."""
    policies.must_edit(by)
    with directory_change(by=by, verb="listing_part.removed", kind=kind_of(listing), about=listing.pk):
        part.delete()
        touch(listing)


@transaction.atomic
def save_translation(*, translation: Translation, listing: Listing, by: User) -> Translation:
    """Write a text in another language together with the fingerprint of the text that it translates."""
    policies.must_edit(by)
    with directory_change(by=by, verb="translation.saved", kind=kind_of(listing), about=listing.pk):
        try:
            with transaction.atomic():
                translation.save()
        except IntegrityError as error:
            raise policies.Refused("This listing has this text already in this language. Change that one.") from error
        touch(listing)
        return translation


@transaction.atomic
def verify(*, entity: str, entity_id: UUID, field_name: str, source: str, verified_on: Any, by: User) -> Verification:
    """Record that a person looked at the source on a day. The day is the look's, not the click's."""
    policies.must_edit(by)
    with directory_change(by=by, verb="listing.verified", kind=entity, about=entity_id):
        row = Verification.objects.create(
            entity=entity,
            entity_id=entity_id,
            field_name=field_name,
            source=source,
            verified_on=verified_on,
            verified_by=by,
        )
        if entity == "service" and not field_name:
            service = Service.objects.select_for_update().get(pk=entity_id)
            if service.assured_date is None or service.assured_date < verified_on:
                service.assured_date = verified_on
                service.save(update_fields=["assured_date", "modified_at"])
        return row


def kind_of(listing: Listing) -> str:
    return listing._meta.model_name or ""


def touch(listing: Listing) -> None:
    """A change of a small row is a change of its listing: partners ask for what changed since a moment."""
    if isinstance(listing, Service):
        Service.objects.filter(pk=listing.pk).update(last_modified=timezone.now(), modified_at=timezone.now())
    elif isinstance(listing, Organization):
        Organization.objects.filter(pk=listing.pk).update(modified_at=timezone.now())
