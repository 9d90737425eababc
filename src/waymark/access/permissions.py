"""What a staff member may do, in the words of the work.

One permission is one thing a person does; a role is a short list of them. Both are alphabetical, so that a reviewer sees
every change as one line.
"""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    AGENCY_SIGN_IN_SET_UP = "accounts.agency_sign_in.set_up"
    AUDIT_AGENCY_VIEW = "audit.agency.view"
    AUDIT_PLATFORM_VIEW = "audit.platform.view"
    DIRECTORY_CHANGE_APPROVE = "directory.change.approve"
    DIRECTORY_LISTING_EDIT = "directory.listing.edit"
    DIRECTORY_LISTING_VIEW = "directory.listing.view"
    HELP_LINE_PUT_UP = "directory.help_line.put_up"
    HELP_LINE_TAKE_DOWN = "directory.help_line.take_down"
    MEMBER_FACTOR_RESET = "accounts.member.factor_reset"
    PACKET_READ = "disclosures.packet.read"
    PACKET_SEND = "disclosures.packet.send"
    REGION_NOTICE_EDIT = "coalition.notice.edit"
    REGION_SET_UP = "coalition.region.set_up"
    STAFF_HOME_VIEW = "web.home.view"
    VAULT_KEEP = "vault.vault.keep"
    VAULT_OPEN = "vault.vault.open"
    VAULT_RECORD_SHRED = "vault.record.shred"


class Role(StrEnum):
    """What a member does for the agency they act for. Each role is one sentence."""

    ADMINISTRATOR = "administrator"
    ADVOCATE = "advocate"
    COORDINATOR = "coordinator"
    MEMBER = "member"
    OFFICER = "officer"
    STEWARD = "steward"


ROLE_SENTENCES: dict[Role, str] = {
    Role.ADMINISTRATOR: "Keeps the installation running and adds agencies, and opens no agency's records.",
    Role.ADVOCATE: "Works with survivors for one agency, and opens what that agency's vault holds.",
    Role.COORDINATOR: "Sets up the region, keeps its notices, and does everything a steward does.",
    Role.MEMBER: "Takes part in the coalition for an agency, and reads what is sent to it.",
    Role.OFFICER: "Invites, suspends and ends the members of one agency, and reads who did what there.",
    Role.STEWARD: "Keeps the service listings and help lines right, and checks what another steward changed.",
}

_EVERYONE = frozenset({Permission.STAFF_HOME_VIEW})
_MAIL = _EVERYONE | {Permission.PACKET_READ, Permission.PACKET_SEND}
_STEWARD = _EVERYONE | {
    Permission.DIRECTORY_CHANGE_APPROVE,
    Permission.DIRECTORY_LISTING_EDIT,
    Permission.DIRECTORY_LISTING_VIEW,
    Permission.HELP_LINE_PUT_UP,
    Permission.HELP_LINE_TAKE_DOWN,
}

_OFFICER = frozenset(
    {
        Permission.AGENCY_SIGN_IN_SET_UP,
        Permission.AUDIT_AGENCY_VIEW,
        Permission.MEMBER_FACTOR_RESET,
        Permission.VAULT_KEEP,
        Permission.VAULT_OPEN,
        Permission.VAULT_RECORD_SHRED,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: _EVERYONE | {Permission.AUDIT_PLATFORM_VIEW},
    Role.ADVOCATE: _MAIL | {Permission.VAULT_OPEN},
    Role.COORDINATOR: _STEWARD | {Permission.REGION_NOTICE_EDIT, Permission.REGION_SET_UP, Permission.VAULT_OPEN},
    Role.MEMBER: _MAIL | {Permission.VAULT_OPEN},
    Role.OFFICER: _MAIL | _OFFICER,
    Role.STEWARD: _STEWARD,
}


def permissions_of(role: str) -> frozenset[Permission]:
    """Permissions of a role; an unknown role has none."""
    try:
        return ROLE_PERMISSIONS[Role(role)]
    except ValueError:
        return frozenset()
