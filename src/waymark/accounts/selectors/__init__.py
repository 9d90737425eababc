"""Reads about staff, their memberships and how they sign in."""

from waymark.accounts.selectors.members import (
    ACTING,
    acting_membership,
    has_coordinator,
    open_memberships_of,
    staff_named,
)

__all__ = ["ACTING", "acting_membership", "has_coordinator", "open_memberships_of", "staff_named"]
