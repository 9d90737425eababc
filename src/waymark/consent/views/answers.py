"""What the pages of sharing have in common."""

from __future__ import annotations

import uuid

from django.http import Http404
from django.urls import reverse

from waymark.access.guard import StaffRequest
from waymark.access.permissions import Permission
from waymark.consent.models import Release
from waymark.consent.selectors import releases as reads
from waymark.people.models import Person
from waymark.people.views.record import tell_look

WORK = Permission.CONSENT_RELEASE_WORK


def release_or_404(request: StaffRequest, pk: uuid.UUID) -> Release:
    found = reads.release_for(pk, to=request.user)
    if found is None:
        raise Http404
    tell_look(request, found.person)
    return found


def trail_to_person(person: Person) -> list[tuple[str, str]]:
    return [
        (f"File {person.code}", reverse("people:detail", args=[person.pk])),
        ("Sharing", reverse("consent:person", args=[person.pk])),
    ]


def trail_to(release: Release) -> list[tuple[str, str]]:
    return [*trail_to_person(release.person), (f"Release {release.code}", reverse("consent:detail", args=[release.pk]))]
