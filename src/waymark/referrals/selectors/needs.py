"""A need of a plan as the directory calls it, so that asking another agency begins where the plan stands."""

from __future__ import annotations

import uuid

from waymark.accounts.models import User
from waymark.care.models import Need
from waymark.care.selectors.household import people_of
from waymark.care.selectors.plan import part_for
from waymark.cases.models import Case
from waymark.people.selectors import secret_of
from waymark.people.selectors.opened import opened_row
from waymark.referrals.policies import ASKED_AS
from waymark.vault.selectors import OpenVault


def word_for_need(pk: uuid.UUID, *, case: Case, vault: OpenVault, to: User) -> str:
    """The directory's word for a need of somebody of this case; nothing where there is none, or none that opens."""
    need = part_for(Need, pk, of=people_of(case.person, to=to), to=to)
    secret = secret_of(vault, need.person) if need is not None else None
    if need is None or secret is None:
        return ""
    return ASKED_AS.get(str(opened_row(need, secret).get("domain", "")), "")
