"""What the search of the staff site finds of the directory: listings as stewards see them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models.fields.json import KeyTextTransform

from waymark.accounts.models import User
from waymark.directory.models import HelpLine, Location, Organization, Service
from waymark.directory.policies import may_view
from waymark.pages.found import FoundRows, matching


def search_for(user: User, words: Sequence[str]) -> list[FoundRows]:
    if not may_view(user):
        return []
    services = Service.objects.filter(matching(words, "name", "alternate_name"))
    organizations = Organization.objects.filter(matching(words, "name", "alternate_name"))
    # By its name only: a search by street would find out where a confidential place is not.
    places = Location.objects.filter(matching(words, "name"))
    lines = HelpLine.objects.filter(matching(words, "name__en", "operator"))
    return [
        FoundRows(services, "Service", "directory:service_detail", "name", "organization__name"),
        FoundRows(organizations, "Organization", "directory:organization_detail", "name"),
        FoundRows(places, "Place", "directory:location_detail", "name", "organization__name"),
        FoundRows(lines, "Help line", "directory:help_line_detail", KeyTextTransform("en", "name"), "operator", key="slug"),
    ]
