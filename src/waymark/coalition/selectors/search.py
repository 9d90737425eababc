"""What the search finds of the coalition's common work, for whoever may read it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models.fields.json import KeyTextTransform

from waymark.accounts.models import User
from waymark.coalition.models import Agreement, Offer, RegionNotice, WorkingGroup
from waymark.coalition.policies import may_edit_notices
from waymark.coalition.policies.groups import may_read_common
from waymark.coalition.selectors import my_work
from waymark.pages.found import FoundRows, matching


def search_for(user: User, words: Sequence[str]) -> list[FoundRows]:
    found = []
    if may_read_common(user):
        groups = WorkingGroup.objects.filter(matching(words, "name", "purpose"))
        found.append(FoundRows(groups, "Working group", "coalition:group_detail", "name"))
        agreements = Agreement.objects.filter(matching(words, "title", "purpose"))
        found.append(FoundRows(agreements, "Agreement", "coalition:agreement_detail", "title", "state"))
        offers = Offer.objects.filter(
            matching(words, "title", "language", "agency__name"), state="offered", agency__state="active"
        )
        found.append(FoundRows(offers, "On the asset board", "coalition:offer_detail", "title", "agency__short_name"))
    if may_edit_notices(user):
        title = KeyTextTransform("en", "title")
        notices = RegionNotice.objects.filter(matching(words, "title__en"))
        found.append(FoundRows(notices, "Notice", "coalition:notice_edit", title))
    return [*found, *my_work.found_for(user, words)]
