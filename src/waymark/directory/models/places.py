"""Where and how help is reached: locations, addresses, phones, hours, languages, contacts.

A *confidential* place has no address, coordinate or postcode anywhere in this database: triggers refuse them, and marking
a place deletes them with their history. What stays public is the service, its phone and its area.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from waymark.directory.models.base import HsdsRecord, json_number, plain_text
from waymark.directory.models.organizations import Organization
from waymark.directory.models.services import Service


class Location(HsdsRecord):
    class Kind(models.TextChoices):
        PHYSICAL = "physical", "A place"
        POSTAL = "postal", "Mail only"
        VIRTUAL = "virtual", "Online or by phone"

    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="locations"
    )
    location_type = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PHYSICAL)
    url = plain_text()
    name = plain_text()
    alternate_name = plain_text()
    description = plain_text()
    transportation = plain_text()
    latitude = json_number()
    longitude = json_number()
    external_identifier = plain_text()
    external_identifier_type = plain_text()
    is_confidential = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_confidential=False)
                | Q(latitude=None, longitude=None, transportation="", external_identifier="", url=""),
                name="confidential_place_has_no_coordinates",
            ),
            models.CheckConstraint(
                condition=Q(location_type__in=["physical", "postal", "virtual"]), name="location_type_is_known"
            ),
        ]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.name


class Address(HsdsRecord):
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE, related_name="addresses")
    attention = plain_text()
    address_1 = models.TextField()
    address_2 = plain_text()
    city = models.TextField()
    region = plain_text()
    state_province = models.TextField()
    postal_code = models.TextField()
    country = models.TextField()
    address_type = models.CharField(max_length=10, choices=Location.Kind.choices, default=Location.Kind.PHYSICAL)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(address_type__in=["physical", "postal", "virtual"]), name="address_type_is_known"
            )
        ]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return str(self.pk)


class ServiceAtLocation(HsdsRecord):
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="service_at_locations")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="service_at_locations")
    description = plain_text()

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return str(self.pk)


class Contact(HsdsRecord):
    organization = models.ForeignKey(Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="contacts")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.CASCADE, related_name="contacts")
    service_at_location = models.ForeignKey(
        ServiceAtLocation, null=True, blank=True, on_delete=models.CASCADE, related_name="contacts"
    )
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE, related_name="contacts")
    name = plain_text()
    title = plain_text()
    department = plain_text()
    email = plain_text()

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return str(self.pk)


class Phone(HsdsRecord):
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE, related_name="phones")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.CASCADE, related_name="phones")
    organization = models.ForeignKey(Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="phones")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="phones")
    service_at_location = models.ForeignKey(
        ServiceAtLocation, null=True, blank=True, on_delete=models.CASCADE, related_name="phones"
    )
    number = models.TextField()
    extension = json_number()
    type = plain_text()
    description = plain_text()

    class Meta:
        ordering = ["number", "id"]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.number


class Schedule(HsdsRecord):
    """Hours in the form of an iCalendar rule. Hours belong to the service; unknown hours never show as open."""

    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.CASCADE, related_name="schedules")
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE, related_name="schedules")
    service_at_location = models.ForeignKey(
        ServiceAtLocation, null=True, blank=True, on_delete=models.CASCADE, related_name="schedules"
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    dtstart = models.DateField(null=True, blank=True)
    timezone = json_number()
    until = models.DateField(null=True, blank=True)
    count = json_number()
    wkst = models.CharField(max_length=2, blank=True, default="")
    freq = models.CharField(max_length=10, blank=True, default="")
    interval = json_number()
    byday = plain_text()
    byweekno = plain_text()
    bymonthday = plain_text()
    byyearday = plain_text()
    description = plain_text()
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    schedule_link = plain_text()
    attending_type = plain_text()
    notes = plain_text()
    is_closed = models.BooleanField(default=False, help_text="These dates are closed: a holiday or a pause.")

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.byday or str(self.pk)


class Language(HsdsRecord):
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.CASCADE, related_name="languages")
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE, related_name="languages")
    phone = models.ForeignKey(Phone, null=True, blank=True, on_delete=models.CASCADE, related_name="languages")
    name = plain_text()
    code = models.CharField(max_length=20, blank=True, default="")
    note = plain_text()

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.name or self.code


class Accessibility(HsdsRecord):
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.CASCADE, related_name="accessibility")
    description = plain_text()
    details = plain_text()
    url = plain_text()

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.description
