"""What the search finds of agencies and people: every agency, and the members of one's own for whoever may see them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from waymark.access.permissions import Permission
from waymark.accounts.models import Agency, User
from waymark.accounts.policies.people import holds
from waymark.accounts.selectors.people import members_for
from waymark.pages.found import FoundRows, matching


def search_for(user: User, words: Sequence[str]) -> list[FoundRows]:
    found = []
    if holds(user, Permission.ACCOUNTS_AGENCY_VIEW):
        agencies = Agency.objects.filter(matching(words, "name", "short_name"))
        found.append(FoundRows(agencies, "Agency", "agency_detail", "name"))
    if holds(user, Permission.ACCOUNTS_MEMBER_VIEW):
        members = members_for(user, on=timezone.localdate()).filter(matching(words, "user__display_name"))
        found.append(FoundRows(members, "Member", "member_detail", "user__display_name", "role"))
    return found
