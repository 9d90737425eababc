"""Who is asked: the people of a group, or those who speak for the agencies of the whole coalition."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from waymark.accounts.models import Agency, Membership
from waymark.coalition.models import WorkingGroup
from waymark.coalition.policies import groups


def people_asked(group: WorkingGroup | None) -> QuerySet[Membership]:
    """The people of a group; for the whole coalition its agencies' representatives and deputies."""
    if group is not None:
        return Membership.objects.filter(pk__in=groups.now_in(group).values("membership_id"))
    return speakers(None)


def speakers(group: WorkingGroup | None) -> QuerySet[Membership]:
    """Who may vote: representative and deputy of each agency, or of each agency that sits in a group."""
    voices = groups.current_voices()
    if group is not None:
        voices = voices.filter(agency__in=groups.now_in(group).values("membership__agency_id"))
    named = Q(pk__in=voices.values("membership_id")) | Q(pk__in=voices.exclude(deputy=None).values("deputy_id"))
    return groups.people_there().filter(named)


def agencies_with_a_voice(group: WorkingGroup | None) -> QuerySet[Agency]:
    """The agencies that can vote now."""
    return Agency.objects.filter(pk__in=speakers(group).values("agency_id")).order_by("name")
