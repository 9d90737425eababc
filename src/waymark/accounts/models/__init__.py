"""Agencies, their members, and who signs in."""

from waymark.accounts.models.agencies import Agency, AgencyKind, AgencyOwned, Membership, Side
from waymark.accounts.models.sign_in import SignInAttempt
from waymark.accounts.models.users import User, UserManager

__all__ = ["Agency", "AgencyKind", "AgencyOwned", "Membership", "Side", "SignInAttempt", "User", "UserManager"]
