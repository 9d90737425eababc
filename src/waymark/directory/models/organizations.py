"""Who offers help: organizations and their programs (HSDS organization, program, funding, identifiers)."""

from __future__ import annotations

from django.db import models

from waymark.directory.models.base import HsdsRecord, json_number, plain_text


class Organization(HsdsRecord):
    name = models.TextField()
    alternate_name = plain_text()
    description = plain_text()
    email = plain_text()
    website = plain_text()
    tax_status = plain_text()
    tax_id = plain_text()
    year_incorporated = json_number()
    legal_status = plain_text()
    logo = plain_text()
    uri = plain_text()
    parent_organization = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "id"]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.name


class Program(HsdsRecord):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="programs")
    name = models.TextField()
    alternate_name = plain_text()
    description = plain_text()

    class Meta:
        ordering = ["name", "id"]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.name


class OrganizationIdentifier(HsdsRecord):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="organization_identifiers")
    identifier_scheme = plain_text()
    identifier_type = models.TextField()
    identifier = models.TextField()

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return f"{self.identifier_type} {self.identifier}"
