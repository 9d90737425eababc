"""Vaults for tests: people with keys, a founded agency, colleagues let in. Argon2 runs at the least cost that unlocking
accepts.

`founded_agency` gives the founder of a fresh agency, `let_in` a confirmed colleague, `compare` pins a partner.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from tests.factories.accounts import AgencyFactory, MembershipFactory, UserFactory

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.models import Agency, Membership, User
from waymark.sealing import passphrases, recovery
from waymark.sealing.boxes import BoxKey
from waymark.sealing.passphrases import FLOOR
from waymark.sealing.words import words_between, words_of_member
from waymark.vault.actions.agency import accept_agency, confirm_member, found_vault
from waymark.vault.actions.partners import pin_partner
from waymark.vault.models import MemberKey, UserKey
from waymark.vault.selectors.keyring import OpenVault, newest_statement, open_vault

PASSPHRASE = "four quiet invented rivers"


@dataclass
class Person:
    """A member with a key of their own, and both ways to open it."""

    user: User
    key: BoxKey = field(repr=False)
    printed: str

    @contextmanager
    def acting(self) -> Iterator[None]:
        """A transaction in which this person acts for the agency of their membership."""
        assert self.user.acting is not None
        with acting_for(self.user.acting.agency_id, self.user.pk):
            yield

    def vault(self) -> OpenVault:
        """The agency's keys as this person opens them now."""
        return open_vault(own=self.key, by=self.user)


def person_of(agency: Agency, role: str = Role.ADVOCATE.value, **fields: Any) -> Person:
    """A member of `agency` with a key that waits."""
    user = UserFactory(role=role, agency=agency, **fields)
    return Person(user, *make_key(user))


def make_key(user: User) -> tuple[BoxKey, str]:
    """What `own_key.make_key` leaves behind, at the least cost of Argon2."""
    assert user.acting is not None
    key, printed = BoxKey.generate(), recovery.new_printed_key()
    with acting_for(user.acting.agency_id, user.pk):
        row = UserKey(user=user, generation=1, public=key.public)
        row.by_passphrase = passphrases.wrap(key.export(), PASSPHRASE, owner=row.owner, cost=FLOOR)
        row.by_printed = recovery.wrap(key.export(), printed, owner=row.owner)
        row.printed_proved_at = timezone.now()
        row.save()
        MemberKey.objects.create(agency_id=user.acting.agency_id, user=user, public=key.public, asked_at=timezone.now())
    return key, printed


def founder_of(agency: Agency, **fields: Any) -> Person:
    """An officer who has founded the agency's vault, without a kit."""
    founder = person_of(agency, Role.OFFICER.value, **fields)
    with founder.acting():
        found_vault(key=founder.key, by=founder.user, with_kit=False)
    return founder


def confirm(colleague: Person, newcomer: Person) -> None:
    """Both compare the words: the colleague types what the newcomer reads, the newcomer accepts."""
    with colleague.acting():
        member = MemberKey.objects.get(agency_id=newcomer.user.acting.agency_id, user=newcomer.user)  # type: ignore[union-attr]
        statement = newest_statement(member.agency_id)
        assert statement is not None
        words = words_of_member(statement.digest(), user=str(newcomer.user.pk), public=newcomer.key.public)
        confirm_member(vault=colleague.vault(), member=member, words=words, by=colleague.user)
    with newcomer.acting():
        accept_agency(key=newcomer.key, by=newcomer.user, digest=statement.digest().hex())


def let_in(colleague: Person, role: str = Role.ADVOCATE.value, **fields: Any) -> Person:
    """A new member of the colleague's agency who can open the vault."""
    assert colleague.user.acting is not None
    newcomer = person_of(colleague.user.acting.agency, role, **fields)
    confirm(colleague, newcomer)
    return newcomer


def founded_agency(**fields: Any) -> Person:
    """The founder of a fresh agency."""
    return founder_of(AgencyFactory(**fields))


def leave(person: Person, state: str = Membership.State.ENDED) -> None:
    """End or suspend a membership, as the accounts' screens do."""
    Membership.objects.filter(pk=person.user.acting.pk).update(state=state)  # type: ignore[union-attr]


def return_to(person: Person) -> None:
    """Who was suspended is resumed; who left comes back by a new membership: the one that ended stays so."""
    before = person.user.acting
    assert before is not None
    before.refresh_from_db()
    if before.state == Membership.State.SUSPENDED:
        before.state = Membership.State.ACTIVE
        before.save(update_fields=["state"])
        person.user.act_as(before)
        return
    person.user.act_as(MembershipFactory(agency=before.agency, user=person.user, role=before.role))


def agency_of(person: Person) -> uuid.UUID:
    assert person.user.acting is not None
    return person.user.acting.agency_id


def compare(one: Person, other: Person) -> None:
    """`one` types the words that `other` reads: from now on `one` may seal to the other's agency."""
    with one.acting():
        mine, theirs = newest_statement(agency_of(one)), newest_statement(agency_of(other))
        assert mine is not None
        assert theirs is not None
        words = words_between(mine.digest(), theirs.digest())
        pin_partner(vault=one.vault(), partner=agency_of(other), words=words, by=one.user)
