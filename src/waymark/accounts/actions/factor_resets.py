"""A lost second factor: one officer makes sure who asks, a second person looks again, and a code goes by voice.

A new password does not help a thief who lacks the second factor, and this must not be the way round it. So it takes the
password, two other people and a code that is good for a day and used once. The person's open sessions end. No key of a
vault is touched: a vault has its own recovery.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from waymark.accounts.actions.attempts import key_of
from waymark.accounts.actions.events import tell
from waymark.accounts.actions.factors import handover_code, remove_all_factors
from waymark.accounts.actions.letters import send_notice
from waymark.accounts.actions.sessions import end_sessions
from waymark.accounts.models import FactorReset, Membership, User
from waymark.accounts.policies.factor_resets import must_ask_reset, must_decide_reset
from waymark.accounts.policies.sign_in import FACTOR_RESET_FOR


def _hash(reset: FactorReset, code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return key_of("handover", f"{reset.pk}|{plain}")


@transaction.atomic
def ask_reset(*, membership: Membership, how_proved: str, by: User) -> FactorReset:
    """Ask for a member of one's own agency. `how_proved` says how one made sure that it is really them."""
    must_ask_reset(by, membership)
    if not how_proved.strip():
        raise ValidationError("Say how you made sure who asks.")
    try:
        with transaction.atomic():
            reset = FactorReset.objects.create(
                agency_id=membership.agency_id,
                membership=membership,
                how_proved=how_proved.strip(),
                asked_by=by,
                asked_at=timezone.now(),
            )
    except IntegrityError as twice:
        raise ValidationError("There is an open request for this person already.") from twice
    tell(user=by, verb="factor_reset.asked", kind="factor_reset", about=reset.pk)
    return reset


@transaction.atomic
def grant_reset(*, reset: FactorReset, by: User) -> str:
    """The second look: remove the factors, end the sessions, and give the code that is told by voice."""
    reset = FactorReset.objects.select_for_update().select_related("membership__user").get(pk=reset.pk)
    must_decide_reset(by, reset)
    code = handover_code()
    user = reset.membership.user
    # A code that was not used in time, or not understood, is worth nothing from here on.
    earlier = FactorReset.objects.filter(membership__user=user, state=FactorReset.State.GRANTED)
    earlier.update(state=FactorReset.State.LAPSED, code_hash="")
    reset.state, reset.decided_by, reset.decided_at = FactorReset.State.GRANTED, by, timezone.now()
    reset.code_hash = _hash(reset, code)
    reset.save()
    remove_all_factors(user=user)
    end_sessions(user=user, by=str(by.pk))
    tell(user=by, verb="factor_reset.granted", kind="factor_reset", about=reset.pk)
    send_notice(user=user, kind="factors_reset")
    return code


@transaction.atomic
def refuse_reset(*, reset: FactorReset, by: User) -> None:
    """The second person is not sure: nothing changes."""
    reset = FactorReset.objects.select_for_update().get(pk=reset.pk)
    must_decide_reset(by, reset)
    reset.state, reset.decided_by, reset.decided_at = FactorReset.State.REFUSED, by, timezone.now()
    reset.save()
    tell(user=by, verb="factor_reset.refused", kind="factor_reset", about=reset.pk)


def is_handover_code(*, reset: FactorReset, code: str) -> bool:
    """True when this is the code that goes with the reset and its day is not over."""
    in_time = reset.decided_at is not None and timezone.now() - reset.decided_at < FACTOR_RESET_FOR
    return constant_time_compare(reset.code_hash, _hash(reset, code)) and in_time


@transaction.atomic
def use_reset(*, reset: FactorReset, user: User) -> None:
    """The person has set up a factor anew: the permission is used up."""
    FactorReset.objects.filter(pk=reset.pk).update(state=FactorReset.State.USED, code_hash="")
    tell(user=user, verb="factor_reset.used", kind="factor_reset", about=reset.pk)
