"""Letting somebody in: invite, hand over or send, accept, decline, take back.

Each of these is one transaction behind a lock on the agency's row, and one event in the agency's chain. The code is
returned once to whoever invites by hand, and otherwise goes into the letter and nowhere else.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial

import structlog
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from waymark.access.context import acting_for
from waymark.access.permissions import Permission, Role
from waymark.accounts.formats import invitation_letter as letters
from waymark.accounts.models import Agency, Invitation, Membership, User
from waymark.accounts.policies import Refused, people, roles
from waymark.audit.actions import record
from waymark.audit.models import PLATFORM

log = structlog.get_logger("waymark.accounts")
GOOD_FOR = dt.timedelta(days=7)
OPEN_AT_MOST = 200
GONE = "This invitation cannot be used. It may have ended, or have been answered."


def locked(agency_id: uuid.UUID) -> Agency:
    """The agency, with everybody who changes who belongs to it waiting until we are done."""
    return Agency.objects.select_for_update(no_key=True).get(pk=agency_id)


def chain_of(by: User, agency: Agency) -> uuid.UUID:
    """Where an act about `agency` is told: in its own chain by its own people, in the platform's by the administrator."""
    return agency.pk if by.acting is not None and by.acting.agency_id == agency.pk else PLATFORM


def mail_is_set_up() -> bool:
    """Whether this installation can send letters at all; it works without."""
    return bool(settings.MAIL_SERVER)


def has_members(agency: Agency) -> bool:
    return agency.memberships.exclude(state=Membership.State.ENDED).exists()


def invite_member(
    *, email: str, role: str, delivery: str, page_url: str, by: User, last_day: dt.date | None = None
) -> tuple[Invitation, str]:
    """Invite to the agency that `by` keeps. Gives the invitation and its code, which nobody can read again."""
    acting = people.must_hold(by, Permission.ACCOUNTS_MEMBER_INVITE)
    with transaction.atomic():
        agency = locked(acting.agency_id)
        if role not in dict(roles.roles_to_give(agency)):
            raise Refused("This agency does not give that role.")
        if last_day is not None and last_day < timezone.localdate():
            raise Refused("The last day has passed.")
        return _invite(agency, email=email, role=role, delivery=delivery, page_url=page_url, by=by, last_day=last_day)


def invite_first_officer(*, agency: Agency, email: str, delivery: str, page_url: str, by: User) -> tuple[Invitation, str]:
    """The administrator lets the first person into an agency in which nobody is."""
    with transaction.atomic():
        agency = locked(agency.pk)
        people.must_invite_first(by, agency, has_members=has_members(agency))
        return _invite(
            agency, email=email, role=Role.OFFICER.value, delivery=delivery, page_url=page_url, by=by, is_first=True
        )


def _invite(
    agency: Agency,
    *,
    email: str,
    role: str,
    delivery: str,
    page_url: str,
    by: User,
    last_day: dt.date | None = None,
    is_first: bool = False,
) -> tuple[Invitation, str]:
    address = email.strip().lower()
    validate_email(address)
    if delivery not in Invitation.Delivery.values or (delivery == Invitation.Delivery.MAIL and not mail_is_set_up()):
        raise Refused("This installation sends no e-mail. Hand the code over yourself.")
    if agency.memberships.filter(user__email=address).exclude(state=Membership.State.ENDED).exists():
        raise Refused("This person is a member of your agency already.")
    now = timezone.now()
    _let_go_of_the_overdue(agency, now)
    if agency.invitations.filter(state=Invitation.State.OPEN).count() >= OPEN_AT_MOST:
        raise Refused(f"{OPEN_AT_MOST} invitations are open. Take some back before you invite more people.")
    code = letters.new_code()
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                agency=agency,
                email=address,
                role=role,
                is_first=is_first,
                last_day=last_day,
                delivery=delivery,
                code_digest=letters.digest_of(code),
                invited_by=by,
                invited_at=now,
                expires_at=now + GOOD_FOR,
            )
    except IntegrityError as error:
        raise Refused("An invitation is open already. Make a new code there, or take it back first.") from error
    _deliver(invitation, code, page_url)
    fields = ["email", "role", "delivery", *(["last_day"] if last_day else [])]
    _tell("invitation.made", invitation, agency, by, fields=fields)
    return invitation, code


def _tell(verb: str, invitation: Invitation, agency: Agency, by: User, fields: Sequence[str] = ()) -> None:
    chain = chain_of(by, agency)
    record(verb=verb, by=str(by.pk), role=by.role, chain=chain, kind="invitation", about=invitation.pk, fields=fields)


def _let_go_of_the_overdue(agency: Agency, now: dt.datetime) -> None:
    """What was open too long makes room for a new one; it opened nothing any more, so this is no act of its own."""
    agency.invitations.filter(state=Invitation.State.OPEN, expires_at__lte=now).update(
        state=Invitation.State.WITHDRAWN, answered_at=now
    )


def _deliver(invitation: Invitation, code: str, page_url: str) -> None:
    """Send the letter once the invitation is really there. A letter that fails is told on the invitation's page."""
    if invitation.delivery != Invitation.Delivery.MAIL:
        invitation.mail_state = Invitation.MailState.NONE
        invitation.save(update_fields=["mail_state"])
        return
    invitation.mail_state = Invitation.MailState.SENDING
    invitation.save(update_fields=["mail_state"])
    text = letters.letter(page_url=page_url, code=code, expires_at=timezone.localtime(invitation.expires_at))
    transaction.on_commit(partial(_send, invitation, text))


def _send(invitation: Invitation, text: str) -> None:
    try:
        send_mail(letters.SUBJECT, text, None, [invitation.email])
        state = Invitation.MailState.SENT
    except OSError as error:
        log.warning("an invitation could not be sent", error=type(error).__name__)
        state = Invitation.MailState.FAILED
    Invitation.objects.filter(pk=invitation.pk, state=Invitation.State.OPEN).update(mail_state=state)


def renew_code(*, invitation: Invitation, delivery: str, page_url: str, by: User) -> str:
    """A new code for an open invitation, good from now; the one before opens nothing any more."""
    with transaction.atomic():
        agency, fresh = _kept_open(invitation, by)
        if delivery not in Invitation.Delivery.values or (delivery == Invitation.Delivery.MAIL and not mail_is_set_up()):
            raise Refused("This installation sends no e-mail. Hand the code over yourself.")
        code = letters.new_code()
        fresh.code_digest = letters.digest_of(code)
        fresh.delivery = delivery
        fresh.expires_at = timezone.now() + GOOD_FOR
        fresh.save(update_fields=["code_digest", "delivery", "expires_at"])
        _deliver(fresh, code, page_url)
        _tell("invitation.renewed", fresh, agency, by, fields=["delivery"])
    return code


def withdraw_invitation(*, invitation: Invitation, by: User) -> None:
    """Take an invitation back; its code opens nothing from this moment."""
    with transaction.atomic():
        agency, fresh = _kept_open(invitation, by)
        _answer(fresh, Invitation.State.WITHDRAWN)
        _tell("invitation.withdrawn", fresh, agency, by)


def _kept_open(invitation: Invitation, by: User) -> tuple[Agency, Invitation]:
    """The agency and the invitation under lock, if `by` keeps it and nobody has answered it."""
    agency = locked(invitation.agency_id)
    fresh = Invitation.objects.select_for_update().get(pk=invitation.pk)
    visible = people.visible_invitations(Invitation.objects.filter(pk=invitation.pk), to=by)
    if not visible.exists() or agency.state != Agency.State.ACTIVE:
        raise Refused("Your role does not keep this invitation.")
    if fresh.state != Invitation.State.OPEN:
        raise Refused(GONE)
    return agency, fresh


def _answer(invitation: Invitation, state: str, membership: Membership | None = None) -> None:
    invitation.state = state
    invitation.answered_at = timezone.now()
    invitation.membership = membership
    invitation.save(update_fields=["state", "answered_at", "membership"])


def _still_open(invitation: Invitation) -> Invitation:
    """The invitation under lock, if what was proven of it still holds: the same code, open, in time."""
    fresh = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if (
        fresh.state != Invitation.State.OPEN
        or fresh.code_digest != invitation.code_digest
        or fresh.expires_at <= timezone.now()
    ):
        raise Refused(GONE)
    return fresh


def accept_with_new_account(*, invitation: Invitation, display_name: str, password: str) -> User:
    """The invited person, who has proven the address by the code, makes an account and becomes a member with it."""
    name = " ".join(display_name.split())
    if not name:
        raise ValidationError("Give the name that colleagues see.")
    validate_password(password, User(email=invitation.email, display_name=name))
    with transaction.atomic():
        agency = locked(invitation.agency_id)
        fresh = _still_open(invitation)
        if User.objects.filter(email=fresh.email).exists():
            raise Refused(GONE)
        try:
            with transaction.atomic():
                user = User.objects.create_user(fresh.email, password, display_name=name)
        except IntegrityError as error:
            raise Refused(GONE) from error
        _join(fresh, agency, user)
    return user


def accept_invitation(*, invitation: Invitation, by: User) -> Membership:
    """Somebody who has an account with the invited address, and is signed in to it, becomes a member.

    The transaction must act for nobody yet: what happens here belongs to the agency that invited, and to no other.
    """
    with transaction.atomic():
        agency = locked(invitation.agency_id)
        fresh = _still_open(invitation)
        if fresh.email != by.email or not by.is_active:
            raise Refused(GONE)
        return _join(fresh, agency, by)


def _join(invitation: Invitation, agency: Agency, user: User) -> Membership:
    today = timezone.localdate()
    agency.memberships.filter(user=user, ends_on__lt=today).exclude(state=Membership.State.ENDED).update(
        state=Membership.State.ENDED
    )
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                agency=agency, user=user, role=invitation.role, starts_on=today, ends_on=invitation.last_day
            )
            _answer(invitation, Invitation.State.ACCEPTED, membership)
    except IntegrityError as error:
        raise Refused(
            "You cannot become a member here with this account. Somebody who belongs to an agency on one side of the "
            "justice wall cannot belong to one on the other; and nobody belongs to an agency twice."
        ) from error
    with acting_for(agency.pk, user.pk):
        record(
            verb="invitation.accepted",
            by=str(user.pk),
            role=invitation.role,
            chain=agency.pk,
            kind="membership",
            about=membership.pk,
            fields=["role", "starts_on"],
        )
    return membership


def decline_invitation(*, invitation: Invitation) -> None:
    """Whoever holds the code and knows the address says no. No reason is asked."""
    with transaction.atomic():
        locked(invitation.agency_id)
        fresh = _still_open(invitation)
        _answer(fresh, Invitation.State.DECLINED)
        record(
            verb="invitation.declined",
            by="system:invitation",
            chain=fresh.agency_id,
            kind="invitation",
            about=fresh.pk,
        )
