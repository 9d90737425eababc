"""Who may keep agencies and members.

An officer keeps the members of one agency, and nobody else's. The administrator adds agencies and never reaches into one
that has members. Nobody changes what they may do themselves. Whoever asks about another agency's people is told what
they would be told of people who do not exist.
"""

from __future__ import annotations

from django.db.models import QuerySet

from waymark.access.permissions import Permission, Role, permissions_of
from waymark.accounts.models import AdministratorRequest, Agency, Invitation, Membership, User
from waymark.accounts.policies import Refused


def holds(by: User, permission: Permission) -> bool:
    """Whether `by` is active, acts for an agency, and the role there holds `permission`."""
    return by.is_active and by.acting is not None and permission in permissions_of(by.role)


def must_hold(by: User, permission: Permission) -> Membership:
    """The membership under which `by` acts. Raises Refused when its role lacks `permission`."""
    if by.acting is None or not holds(by, permission):
        raise Refused("Your role does not include this.")
    return by.acting


def visible_members(queryset: QuerySet[Membership], *, to: User) -> QuerySet[Membership]:
    """The members of the agency for which `to` acts, for whoever keeps them."""
    if to.acting is None or not holds(to, Permission.ACCOUNTS_MEMBER_VIEW):
        return queryset.none()
    return queryset.filter(agency_id=to.acting.agency_id)


def visible_invitations(queryset: QuerySet[Invitation], *, to: User) -> QuerySet[Invitation]:
    """Invitations to one's own agency; for the administrator those of first officers, which are the administrator's own."""
    if to.acting is None:
        return queryset.none()
    if holds(to, Permission.ACCOUNTS_MEMBER_INVITE):
        return queryset.filter(agency_id=to.acting.agency_id)
    if holds(to, Permission.ACCOUNTS_AGENCY_ADD):
        return queryset.filter(is_first=True)
    return queryset.none()


def visible_requests(queryset: QuerySet[AdministratorRequest], *, to: User) -> QuerySet[AdministratorRequest]:
    """Requests for administrators, for whoever may ask or decide, within the agency that runs the installation."""
    if to.acting is None or not holds(to, Permission.ACCOUNTS_ADMINISTRATOR_VIEW):
        return queryset.none()
    return queryset.filter(agency_id=to.acting.agency_id)


def may_edit_contact(by: User, agency: Agency) -> bool:
    """How an agency is reached is its own officer's to say."""
    return (
        holds(by, Permission.ACCOUNTS_AGENCY_EDIT)
        and by.acting is not None
        and by.acting.agency_id == agency.pk
        and agency.state == Agency.State.ACTIVE
    )


def may_close(by: User, agency: Agency, *, has_members: bool) -> bool:
    """Its own officer closes an agency and ends everybody in it; the administrator closes one in which nobody is."""
    if agency.is_host or agency.state != Agency.State.ACTIVE or by.acting is None:
        return False
    if by.acting.agency_id == agency.pk:
        return holds(by, Permission.ACCOUNTS_AGENCY_EDIT)
    return not has_members and holds(by, Permission.ACCOUNTS_AGENCY_ADD)


def must_close(by: User, agency: Agency, *, has_members: bool) -> None:
    if not may_close(by, agency, has_members=has_members):
        raise Refused(
            "An agency is closed by its own officer; one without members by the administrator. "
            "The agency that runs this installation stays open."
        )


def may_take_off(by: User, agency: Agency) -> bool:
    """An agency in its own installation is taken off the list by whoever took its card in."""
    return agency.state == Agency.State.ELSEWHERE and holds(by, Permission.ACCOUNTS_AGENCY_ADD)


def may_reopen(by: User, agency: Agency) -> bool:
    return agency.state == Agency.State.CLOSED and holds(by, Permission.ACCOUNTS_AGENCY_ADD)


def may_invite_first(by: User, agency: Agency, *, has_members: bool) -> bool:
    """The administrator lets the first officer in, and after that nobody."""
    return agency.state == Agency.State.ACTIVE and not has_members and holds(by, Permission.ACCOUNTS_AGENCY_ADD)


def must_invite_first(by: User, agency: Agency, *, has_members: bool) -> None:
    if not holds(by, Permission.ACCOUNTS_AGENCY_ADD):
        raise Refused("Your role does not add agencies.")
    if agency.state != Agency.State.ACTIVE:
        raise Refused("This agency is closed. Reopen it first.")
    if has_members:
        raise Refused("This agency has members. Its own officer invites.")


def may_keep(by: User, membership: Membership) -> bool:
    """Change, suspend, resume or end a member: the agency's officer, never for themselves."""
    return (
        holds(by, Permission.ACCOUNTS_MEMBER_MANAGE)
        and by.acting is not None
        and by.acting.agency_id == membership.agency_id
        and by.pk != membership.user_id
        and membership.state != Membership.State.ENDED
    )


def must_keep(by: User, membership: Membership) -> None:
    if by.pk == membership.user_id:
        raise Refused("Nobody changes their own membership. Ask another officer, or leave.")
    if membership.state == Membership.State.ENDED:
        raise Refused("This membership has ended and stays as it is. Invite the person again.")
    if not may_keep(by, membership):
        raise Refused("Your role does not keep the members of this agency.")


def may_change_role(by: User, membership: Membership) -> bool:
    """An administrator's place is not a role to be changed: it ends, and two people make another."""
    return may_keep(by, membership) and membership.role != Role.ADMINISTRATOR


def may_suspend(by: User, membership: Membership) -> bool:
    """An administrator is ended and not suspended, because one person could otherwise let them back in."""
    return may_change_role(by, membership) and membership.state == Membership.State.ACTIVE


def may_resume(by: User, membership: Membership) -> bool:
    return may_change_role(by, membership) and membership.state == Membership.State.SUSPENDED


def may_ask_for_administrator(by: User) -> bool:
    return holds(by, Permission.ACCOUNTS_ADMINISTRATOR_REQUEST) and by.acting is not None and by.acting.agency.is_host


def must_ask_for_administrator(by: User) -> Membership:
    acting = must_hold(by, Permission.ACCOUNTS_ADMINISTRATOR_REQUEST)
    if not may_ask_for_administrator(by):
        raise Refused("Administrators belong to the agency that runs this installation.")
    return acting


def may_decide(by: User, request: AdministratorRequest) -> bool:
    """A second person who is an administrator: neither who asked nor who would become one."""
    return (
        request.state == AdministratorRequest.State.WAITING
        and holds(by, Permission.ACCOUNTS_ADMINISTRATOR_APPROVE)
        and by.acting is not None
        and by.acting.agency_id == request.agency_id
        and by.pk not in {request.requested_by_id, request.user_id}
    )


def must_decide(by: User, request: AdministratorRequest) -> None:
    if request.state != AdministratorRequest.State.WAITING:
        raise Refused("This request was settled before. Nothing was changed now.")
    if by.pk in {request.requested_by_id, request.user_id}:
        raise Refused("Two people make an administrator. A second administrator has to decide this.")
    if not may_decide(by, request):
        raise Refused("Your role does not decide this.")


def may_withdraw(by: User, request: AdministratorRequest) -> bool:
    return request.state == AdministratorRequest.State.WAITING and request.requested_by_id == by.pk
