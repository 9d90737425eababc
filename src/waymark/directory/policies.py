"""Who may do what to the directory. The only place where that is decided.

The rule behind all of it: what a frightened person would dial or walk to is put up or changed by two people, and one
person is enough to take it down.
"""

from __future__ import annotations

from waymark.access.permissions import Permission, permissions_of
from waymark.accounts.models import User
from waymark.directory.models import HelpLine, PendingChange

# Numbers fixed by law. Nobody changes them or takes them down, so that no mistake and no intruder can.
FIXED_NUMBERS = frozenset({"911", "988"})


class Refused(Exception):
    """Someone may not do this to this record now; the text says why, in words for them."""


def _holds(by: User, permission: Permission) -> bool:
    return by.is_active and permission in permissions_of(by.role)


def may_view(by: User) -> bool:
    return _holds(by, Permission.DIRECTORY_LISTING_VIEW)


def may_edit(by: User) -> bool:
    return _holds(by, Permission.DIRECTORY_LISTING_EDIT)


def must_edit(by: User) -> None:
    if not may_edit(by):
        raise Refused("Your role does not change listings.")


def may_decide(by: User, change: PendingChange) -> bool:
    """Apply a waiting change: a second person, never the one who proposed it."""
    return (
        _holds(by, Permission.DIRECTORY_CHANGE_APPROVE)
        and change.state == PendingChange.State.WAITING
        and change.proposed_by_id != by.pk
    )


def must_decide(by: User, change: PendingChange) -> None:
    if change.state != PendingChange.State.WAITING:
        raise Refused("This change was decided before. Nothing was changed now.")
    if change.proposed_by_id == by.pk:
        raise Refused("You proposed this change. A second person has to check it.")
    if not may_decide(by, change):
        raise Refused("Your role does not check changes.")


def may_withdraw(by: User, change: PendingChange) -> bool:
    return change.state == PendingChange.State.WAITING and change.proposed_by_id == by.pk and may_edit(by)


def must_withdraw(by: User, change: PendingChange) -> None:
    if not may_withdraw(by, change):
        raise Refused("Only the person who proposed a waiting change can take it back.")


def is_fixed(line: HelpLine) -> bool:
    """911 and 988 are fixed."""
    return any(channel.value in FIXED_NUMBERS for channel in line.channels.all())


def may_put_up(by: User, line: HelpLine) -> bool:
    return (
        _holds(by, Permission.HELP_LINE_PUT_UP) and line.state == HelpLine.State.PROPOSED and line.proposed_by_id != by.pk
    )


def must_put_up(by: User, line: HelpLine) -> None:
    if line.state != HelpLine.State.PROPOSED:
        raise Refused("This line does not wait to be put up.")
    if line.proposed_by_id == by.pk:
        raise Refused("You proposed this line. A second person has to put it up.")
    if not may_put_up(by, line):
        raise Refused("Your role does not put up help lines.")


def may_take_down(by: User, line: HelpLine) -> bool:
    return _holds(by, Permission.HELP_LINE_TAKE_DOWN) and line.state == HelpLine.State.SHOWN and not is_fixed(line)


def must_take_down(by: User, line: HelpLine) -> None:
    if is_fixed(line):
        raise Refused("911 and 988 are fixed. Nobody takes them down.")
    if line.state != HelpLine.State.SHOWN:
        raise Refused("This line is not shown, so there is nothing to take down.")
    if not may_take_down(by, line):
        raise Refused("Your role does not take down help lines.")


def may_propose_line(by: User) -> bool:
    return _holds(by, Permission.HELP_LINE_PUT_UP)


def must_propose_line(by: User) -> None:
    if not may_propose_line(by):
        raise Refused("Your role does not propose help lines.")
