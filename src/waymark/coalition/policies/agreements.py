"""Who writes, signs for and ends agreements.

Officers and the coordinator write. An agreement is kept by the agency of its owner, and by the coordinator. That a party
has signed is said by that party, or by the coordinator, who holds the paper: nobody else signs for another agency.
"""

from __future__ import annotations

from waymark.access.permissions import Permission
from waymark.accounts.models import Membership, User
from waymark.accounts.policies.people import holds, must_hold
from waymark.coalition.models import Agreement, AgreementParty
from waymark.coalition.policies import Refused
from waymark.coalition.policies.groups import may_found_group, speaks_for_own_agency, takes_part

State = Agreement.State
LIVES = (State.IN_FORCE, State.UNDER_REVIEW)
OVER = (State.ENDED, State.SUPERSEDED)
# Which step leads out of which states.
STEPS: dict[str, tuple[str, ...]] = {
    "send": (State.DRAFT,),
    "discard": (State.DRAFT,),
    "enter-force": (State.OUT,),
    "take-back": (State.OUT,),
    "review": (State.IN_FORCE,),
    "renew": (State.UNDER_REVIEW,),
    "new-version": LIVES,
    "end": LIVES,
    "take-over": (State.DRAFT, State.OUT, *LIVES),
}


def may_draft(by: User) -> bool:
    return holds(by, Permission.COALITION_AGREEMENT_WRITE)


def must_draft(by: User) -> Membership:
    return must_hold(by, Permission.COALITION_AGREEMENT_WRITE)


def may_keep_agreement(by: User, agreement: Agreement) -> bool:
    """Change a draft and take an agreement from one state to the next."""
    if agreement.state in OVER or not may_draft(by) or by.acting is None:
        return False
    return by.acting.agency_id == agreement.owner.agency_id or may_found_group(by)


def must_keep_agreement(by: User, agreement: Agreement) -> None:
    if not may_keep_agreement(by, agreement):
        raise Refused("The agency that sees this agreement through, and the coordinator, keep it. One that is over stays.")


def may_change_draft(by: User, agreement: Agreement) -> bool:
    return agreement.state == State.DRAFT and may_keep_agreement(by, agreement)


def must_change_draft(by: User, agreement: Agreement) -> None:
    must_keep_agreement(by, agreement)
    if agreement.state != State.DRAFT:
        raise Refused("What went out for signature is not changed. Take it back first; then everybody signs anew.")


def must_step(by: User, agreement: Agreement, step: str) -> None:
    must_keep_agreement(by, agreement)
    if agreement.state not in STEPS[step]:
        raise Refused("Somebody was faster: the agreement is in another state now. Nothing was changed.")


def steps_for(by: User, agreement: Agreement) -> list[str]:
    if not may_keep_agreement(by, agreement):
        return []
    fitting = [step for step, states in STEPS.items() if agreement.state in states]
    is_owner = by.acting is not None and by.acting.pk == agreement.owner_id
    return [step for step in fitting if step != "take-over" or not is_owner]


def may_record_signatures(by: User, party: AgreementParty) -> bool:
    """Say that a party has signed, or that its body has decided."""
    if party.agreement.state != State.OUT or by.acting is None or not takes_part(by):
        return False
    if may_found_group(by):
        return True
    return by.acting.agency_id == party.agency_id and (may_draft(by) or speaks_for_own_agency(by))


def must_record_signatures(by: User, party: AgreementParty) -> Membership:
    if by.acting is None or not may_record_signatures(by, party):
        raise Refused("Only the party itself, or the coordinator, says that it has signed, while the agreement is out.")
    return by.acting
