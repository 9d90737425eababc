"""Agencies: adding, how they are reached, closing, reopening."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from waymark.access.permissions import Permission
from waymark.accounts.actions.invitations import chain_of, has_members, locked
from waymark.accounts.actions.members import end_everything
from waymark.accounts.models import Agency, AgencyKind, User
from waymark.accounts.policies import Refused, people
from waymark.audit.actions import record

STILL_OPEN = (
    "An agency here still has a package waiting for it, or a release under which one may go. Ask the agencies to stop such "
    "releases and to take such packets back. Then take it off."
)
CONTACT_FIELDS = ("short_name", "phone", "email", "website", "is_part_two")


@transaction.atomic
def add_agency(*, name: str, short_name: str, kind: str, by: User) -> Agency:
    """Add an agency, in which nobody is yet. What its kind brings with it cannot be changed later."""
    people.must_hold(by, Permission.ACCOUNTS_AGENCY_ADD)
    if kind not in AgencyKind.values:
        raise Refused("Choose a kind of agency.")
    plain = " ".join(name.split())
    if not plain or not short_name.strip():
        raise Refused("Give a name and a short name.")
    if Agency.objects.filter(name__iexact=plain).exists():
        raise Refused("An agency has this name already.")
    try:
        with transaction.atomic():
            agency = Agency.objects.create(name=plain, short_name=" ".join(short_name.split()), kind=kind)
    except IntegrityError as error:
        raise Refused("An agency has this name already.") from error
    record(
        verb="agency.added",
        by=str(by.pk),
        role=by.role,
        kind="agency",
        about=agency.pk,
        fields=["name", "short_name", "kind"],
    )
    return agency


@transaction.atomic
def edit_contact(*, agency: Agency, values: Mapping[str, str | bool], by: User) -> Agency:
    """How an agency is reached, and a law that only it knows to bind it: its own officer's words, these columns only."""
    fresh = locked(agency.pk)
    if not people.may_edit_contact(by, fresh):
        raise Refused("Only an officer of this agency changes how it is reached.")
    changed = [name for name in CONTACT_FIELDS if name in values and getattr(fresh, name) != values[name]]
    for name in changed:
        setattr(fresh, name, values[name])
    if changed:
        fresh.save(update_fields=changed)
        record(
            verb="agency.contact_changed",
            by=str(by.pk),
            role=by.role,
            chain=fresh.pk,
            kind="agency",
            about=fresh.pk,
            fields=changed,
        )
    return fresh


@transaction.atomic
def close_agency(*, agency: Agency, by: User) -> Agency:
    """Nobody acts for it from this moment. Its rows and its chain stay, readable by nobody until it is reopened."""
    fresh = locked(agency.pk)
    if fresh.state == Agency.State.CLOSED:
        raise Refused("This agency is closed already.")
    people.must_close(by, fresh, has_members=has_members(fresh))
    end_everything(agency=fresh, by=by)
    _move(fresh, Agency.State.CLOSED, verb="agency.closed", by=by)
    return fresh


@transaction.atomic
def reopen_agency(*, agency: Agency, by: User) -> Agency:
    """An agency comes back without a member; its first officer is invited anew."""
    fresh = locked(agency.pk)
    if not people.may_reopen(by, fresh):
        raise Refused("Only an administrator reopens a closed agency.")
    _move(fresh, Agency.State.ACTIVE, verb="agency.reopened", by=by)
    return fresh


@transaction.atomic
def take_off_list(*, agency: Agency, by: User) -> Agency:
    """An agency in its own installation is met no more: nothing is sealed to it, and no packet of it is taken in.

    What went stays, and can be taken back. Refused while a package waits for it, or a permit lets one go: each agency ends
    its own first. It comes back by a card, and is believed when words were compared anew.
    """
    fresh = locked(agency.pk)
    if not people.may_take_off(by, fresh):
        raise Refused("Only an administrator takes an agency off, and only one in its own installation.")
    try:
        with transaction.atomic():
            _move(fresh, Agency.State.AWAY, verb="agency.taken_off", by=by)
    except IntegrityError:
        raise Refused(STILL_OPEN) from None
    return fresh


def _move(agency: Agency, state: str, *, verb: str, by: User) -> None:
    agency.state = state
    agency.save(update_fields=["state"])
    chain = chain_of(by, agency)
    record(verb=verb, by=str(by.pk), role=by.role, chain=chain, kind="agency", about=agency.pk, fields=["state"])
