"""To whom a notice may go: nobody is told of a page that they may not open.

Two questions are asked. The guard's mark on the page says which role may open it at all. Where a page is narrower than a
role (a group's own meeting, one person's entry), its app puts a door here when it starts: the same question that its page
asks. Whoever fails one of them is left out, without a word to anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.urls import Resolver404, ResolverMatch, resolve

from waymark.access.guard import access_of
from waymark.access.permissions import permissions_of
from waymark.access.sites import URLCONFS, Site
from waymark.accounts.models import Membership, User
from waymark.notices.models import Notice

Door = Callable[[User, Mapping[str, Any]], bool]
DOORS: dict[str, Door] = {}


def put_door(view_name: str, may_open: Door) -> None:
    """Ask `may_open(user, arguments of the address)` before anybody is told of this page."""
    DOORS[view_name] = may_open


def page_at(path: str) -> ResolverMatch:
    """The page of the staff site at `path`. Raises ValueError when there is none, or when it leads off the site."""
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or not path.startswith("/"):
        raise ValueError("A notice leads to a page of the staff site.")
    try:
        return resolve(parts.path, urlconf=URLCONFS[Site.STAFF])
    except Resolver404 as error:
        raise ValueError("A notice leads to a page that exists.") from error


def may_be_told(membership: Membership, page: ResolverMatch) -> bool:
    """Whether this member may open the page, in this place and role."""
    access = access_of(page.func)
    if access is None or access.kind not in {"own", "requires"}:
        return False
    if access.permission is not None and access.permission not in permissions_of(membership.role):
        return False
    door = DOORS.get(page.view_name)
    if door is None:
        return True
    # The row of a person may be shared by who asked; acting is said on a copy of our own.
    reader = User(pk=membership.user_id, is_active=membership.user.is_active)
    reader.act_as(membership)
    return door(reader, page.kwargs)


def visible(queryset: QuerySet[Notice], *, to: User) -> QuerySet[Notice]:
    """What was told to the place under which `to` acts."""
    return queryset.filter(to=to.acting) if to.acting is not None else queryset.none()
