"""Where the addresses of the calendar lead. One's own entry is one's own; whoever holds a link's secret reads."""

from __future__ import annotations

from typing import Any

from tests.factories.coalition import calendar_entry
from tests.plugins.places import no_object, of_coalition, of_member

from waymark.accounts.models import Membership, User
from waymark.coalition.actions.feeds import make_feed


def _place(user: User) -> Membership:
    """The place under which the askers act: the newest of theirs."""
    found = user.memberships.order_by("-created_at").first()
    assert found is not None
    return found


def own_entry(world: Any, user: User) -> dict[str, Any]:
    made = calendar_entry(user, title="Invented own day", for_membership=_place(user), is_private=True)
    return {"pk": made.pk}


def own_link(world: Any, user: User) -> dict[str, Any]:
    user.acting = _place(user)
    return {"pk": make_feed(group=None, by=user)[0].pk} if user.acting.state == "active" else {"pk": user.pk}


def token(world: Any) -> dict[str, Any]:
    holder = world.member_of(world.agencies["second"])
    return {"token": make_feed(group=None, by=holder)[1]}


PLACES = {
    "coalition:calendar": no_object(),
    "coalition:calendar_add": no_object(),
    "coalition:calendar_cancel": of_member(own_entry),
    "coalition:calendar_change": of_member(own_entry),
    "coalition:calendar_entry": of_member(own_entry),
    "coalition:calendar_feed": of_coalition(token),
    "coalition:calendar_link_end": of_member(own_link),
    "coalition:calendar_link_make": no_object(data={"group": ""}),
    "coalition:calendar_links": no_object(),
    "coalition:calendar_list": no_object(),
}
