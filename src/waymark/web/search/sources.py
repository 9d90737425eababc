"""Which apps have things to find: the one table to which an app adds its `search_for(user, words)`.

A source gives rows (`waymark.pages.found`) that are narrowed to what `user` may see and to the words, and nothing for a
role that lacks the feature. The order is that of the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from waymark.accounts.models import User
from waymark.accounts.selectors.search import search_for as agencies_and_members
from waymark.assistance.selectors.search import search_for as assistance
from waymark.coalition.selectors.calendar import search_for as calendar
from waymark.coalition.selectors.search import search_for as coalition
from waymark.council.selectors.home import search_for as council
from waymark.directory.selectors.staff_search import search_for as directory
from waymark.diversion.selectors.finding import search_for as diversion
from waymark.newsroom.selectors.search import search_for as newsroom
from waymark.pages.found import FoundRows

Source = Callable[[User, Sequence[str]], Sequence[FoundRows]]
SOURCES: tuple[Source, ...] = (
    coalition,
    calendar,
    council,
    agencies_and_members,
    directory,
    newsroom,
    diversion,
    assistance,
)
