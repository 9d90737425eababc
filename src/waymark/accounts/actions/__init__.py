"""Writes about staff, their memberships and how they sign in."""

from waymark.accounts.actions.passwords import set_password
from waymark.accounts.actions.sessions import begin_session, end_sessions
from waymark.accounts.actions.sign_in import check_sign_in
from waymark.accounts.actions.staff import close_account, create_staff_user, host_agency

__all__ = [
    "begin_session",
    "check_sign_in",
    "close_account",
    "create_staff_user",
    "end_sessions",
    "host_agency",
    "set_password",
]
