"""An agency's own sign-in: whether there is one, and whether it is open."""

from __future__ import annotations

import uuid

from waymark.accounts.models import Agency, AgencySignIn


def sign_in_of(agency: uuid.UUID) -> AgencySignIn | None:
    return AgencySignIn.objects.filter(agency_id=agency).first()


def open_sign_in(agency: uuid.UUID) -> AgencySignIn | None:
    """The sign-in of an active agency that is switched on; absent, closed and switched off are the same."""
    return (
        AgencySignIn.objects.filter(agency_id=agency, is_on=True, agency__state=Agency.State.ACTIVE)
        .select_related("agency")
        .first()
    )
