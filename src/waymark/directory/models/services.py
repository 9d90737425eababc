"""What help there is: services and what belongs to them (HSDS service and its small tables)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from waymark.directory.models.base import HsdsRecord, json_number, plain_text
from waymark.directory.models.organizations import Organization, Program


class Service(HsdsRecord):
    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        INACTIVE = "inactive", "Inactive"
        DEFUNCT = "defunct", "Closed for good"
        TEMPORARILY_CLOSED = "temporarily closed", "Closed for now"

    class PoliceContact(models.TextChoices):
        """Whether the service tells police about the person who asks; unknown is never shown as a promise."""

        NEVER_UNLESS_LAW = "never_unless_law", "Does not report to police, unless the law demands it"
        WITH_CONSENT = "with_consent", "Tells police only if you agree"
        WORKS_WITH_POLICE = "works_with_police", "Works with police"
        UNKNOWN = "unknown", "Not known"

    organization = models.ForeignKey(Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="services")
    program = models.ForeignKey(Program, null=True, blank=True, on_delete=models.SET_NULL, related_name="services")
    name = models.TextField()
    alternate_name = plain_text()
    description = plain_text()
    url = plain_text()
    email = plain_text()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.ACTIVE)
    interpretation_services = plain_text()
    application_process = plain_text()
    fees_description = plain_text()
    wait_time = plain_text()
    fees = plain_text()
    accreditations = plain_text()
    eligibility_description = plain_text()
    minimum_age = json_number()
    maximum_age = json_number()
    assured_date = models.DateField(null=True, blank=True)
    assurer_email = plain_text()
    licenses = plain_text()
    alert = plain_text()
    last_modified = models.DateTimeField(null=True, blank=True)
    modified_at = models.DateTimeField(auto_now=True)

    # Beyond the standard, published through our HSDS Profile.
    police_contact = models.CharField(max_length=20, choices=PoliceContact.choices, default=PoliceContact.UNKNOWN)
    needs = models.ManyToManyField("directory.Need", blank=True, related_name="services")

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["active", "inactive", "defunct", "temporarily closed"]),
                name="service_status_is_known",
            )
        ]

    class Privacy:
        kind = "public"
        fields = {"assurer_email": "staff contact"}

    def __str__(self) -> str:
        return self.name


class ServiceArea(HsdsRecord):
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.CASCADE, related_name="service_areas")
    service_at_location = models.ForeignKey(
        "directory.ServiceAtLocation", null=True, blank=True, on_delete=models.CASCADE, related_name="service_areas"
    )
    name = plain_text()
    description = plain_text()
    extent = plain_text()
    extent_type = plain_text()
    uri = plain_text()

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.name


class CostOption(HsdsRecord):
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="cost_options")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    option = plain_text()
    currency = plain_text()
    amount = json_number()
    amount_description = plain_text()

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.option


class RequiredDocument(HsdsRecord):
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.CASCADE, related_name="required_documents")
    document = plain_text()
    uri = plain_text()

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.document


class Funding(HsdsRecord):
    organization = models.ForeignKey(Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="funding")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.CASCADE, related_name="funding")
    source = plain_text()

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.source


class Unit(HsdsRecord):
    name = models.TextField()
    scheme = plain_text()
    identifier = plain_text()
    uri = plain_text()

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.name


class ServiceCapacity(HsdsRecord):
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="capacities")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    available = models.FloatField()
    maximum = json_number()
    description = plain_text()
    updated = models.DateTimeField()

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return f"{self.available:g}"


class Url(HsdsRecord):
    """An additional web address of an organization or a service."""

    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="additional_websites"
    )
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.CASCADE, related_name="additional_urls")
    label = plain_text()
    url = models.TextField()

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.url


class ServiceAlert(models.Model):
    """A dated word about one service ("no new guests until Friday"), by language code."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="dated_alerts")
    text = models.JSONField(default=dict)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["-starts_at"]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return str(self.text.get("en", self.pk))
