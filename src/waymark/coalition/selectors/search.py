"""What the search finds of the coalition's common work, for whoever may read it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models.fields.json import KeyTextTransform

from waymark.accounts.models import User
from waymark.coalition.models import RegionNotice
from waymark.coalition.policies import may_edit_notices
from waymark.pages.found import FoundRows, matching


def search_for(user: User, words: Sequence[str]) -> list[FoundRows]:
    found = []
    if may_edit_notices(user):
        title = KeyTextTransform("en", "title")
        notices = RegionNotice.objects.filter(matching(words, "title__en"))
        found.append(FoundRows(notices, "Notice", "coalition:notice_edit", title))
    return found
