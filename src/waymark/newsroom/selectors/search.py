"""What the search of the staff site finds of the newsroom: releases that this person may see, and figures."""

from __future__ import annotations

from collections.abc import Sequence

from waymark.accounts.models import User
from waymark.newsroom import policies
from waymark.newsroom.models import PressItem, PublishedFigure
from waymark.pages.found import FoundRows, matching


def search_for(user: User, words: Sequence[str]) -> list[FoundRows]:
    items = policies.visible(PressItem.objects.filter(matching(words, "title", "summary")), to=user)
    found = [FoundRows(items, "Release", "newsroom:item_detail", "title", "agency__name")]
    if policies.may_correct_figures(user):
        figures = PublishedFigure.objects.filter(matching(words, "key", "wording", "population"))
        found.append(FoundRows(figures, "Figure", "newsroom:figure_detail", "key", "population"))
    return found
