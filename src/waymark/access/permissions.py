"""What a staff member may do, in the words of the work.

One permission is one thing a person does; a role is a short list of them. Both are alphabetical, so that a reviewer sees
every change as one line.
"""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    DIRECTORY_CHANGE_APPROVE = "directory.change.approve"
    DIRECTORY_LISTING_EDIT = "directory.listing.edit"
    DIRECTORY_LISTING_VIEW = "directory.listing.view"
    HELP_LINE_PUT_UP = "directory.help_line.put_up"
    HELP_LINE_TAKE_DOWN = "directory.help_line.take_down"
    REGION_NOTICE_EDIT = "coalition.notice.edit"
    REGION_SET_UP = "coalition.region.set_up"
    STAFF_HOME_VIEW = "web.home.view"


class Role(StrEnum):
    """Who a staff member is to the directory. Each role is one sentence."""

    COORDINATOR = "coordinator"
    STEWARD = "steward"


ROLE_SENTENCES: dict[Role, str] = {
    Role.COORDINATOR: "Sets up the region, keeps its notices, and does everything a steward does.",
    Role.STEWARD: "Keeps the service listings and help lines right, and checks what another steward changed.",
}

_STEWARD = frozenset(
    {
        Permission.DIRECTORY_CHANGE_APPROVE,
        Permission.DIRECTORY_LISTING_EDIT,
        Permission.DIRECTORY_LISTING_VIEW,
        Permission.HELP_LINE_PUT_UP,
        Permission.HELP_LINE_TAKE_DOWN,
        Permission.STAFF_HOME_VIEW,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.COORDINATOR: _STEWARD | {Permission.REGION_NOTICE_EDIT, Permission.REGION_SET_UP},
    Role.STEWARD: _STEWARD,
}


def permissions_of(role: str) -> frozenset[Permission]:
    """Permissions of a role; an unknown role has none."""
    try:
        return ROLE_PERMISSIONS[Role(role)]
    except ValueError:
        return frozenset()
