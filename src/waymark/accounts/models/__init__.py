"""Agencies, their members, who invites them, and who signs in."""

from waymark.accounts.models.agencies import Agency, AgencyKind, AgencyOwned, Duty, Membership, Side
from waymark.accounts.models.agency_sign_in import AgencyIdentity, AgencySignIn
from waymark.accounts.models.factors import FactorReset
from waymark.accounts.models.invitations import AdministratorRequest, Invitation
from waymark.accounts.models.sessions import Session
from waymark.accounts.models.sign_in import SignInAttempt
from waymark.accounts.models.users import User, UserManager

__all__ = [
    "AdministratorRequest",
    "Agency",
    "AgencyIdentity",
    "AgencyKind",
    "AgencyOwned",
    "AgencySignIn",
    "Duty",
    "FactorReset",
    "Invitation",
    "Membership",
    "Session",
    "Side",
    "SignInAttempt",
    "User",
    "UserManager",
]
