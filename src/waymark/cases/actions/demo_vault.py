"""The demo's vault: keys for three members of one agency that serves survivors, so that its pages have something to show.

Keys of this vault are worth nothing: their passphrases are printed when the demo starts. So this refuses any installation
that is not the demo, whoever calls it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from django.db import transaction

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.models import Agency, Membership, User
from waymark.coalition.selectors import the_region
from waymark.people.policies import agency_of
from waymark.sealing.boxes import BoxKey
from waymark.sealing.words import words_of_member
from waymark.vault.actions.agency import accept_agency, confirm_member, found_vault
from waymark.vault.actions.own_key import make_key, prove_printed_key
from waymark.vault.models import MemberKey
from waymark.vault.selectors import OpenVault

# The agency of the demo that has a vault, by its name on the demo's first day.
SHORT_NAME = "Lantern House"
# The second agency with a vault: with it words are compared, so that a package can be sent.
PARTNER = "Legal Aid"
ROLES = (Role.OFFICER.value, Role.ADVOCATE.value)


class NotTheDemo(Exception):
    """This installation is not the demo: nobody's key is made here but by the person."""


def must_be_the_demo() -> None:
    """Raises NotTheDemo."""
    region = the_region()
    if region is None or not region.is_demo:
        raise NotTheDemo("This is not the demo region. Nobody's vault is founded for them.")


def members_of_demo_vault(agency: str = SHORT_NAME) -> list[User]:
    """Who gets a key: officer first, then the advocates of an agency of the demo. Each acts under their place there."""
    places = Membership.objects.filter(
        agency__short_name=agency, agency__state=Agency.State.ACTIVE, role__in=ROLES, state=Membership.State.ACTIVE
    )
    found = []
    for place in places.select_related("user", "agency").order_by("-role", "user__email"):
        place.user.act_as(place)
        found.append(place.user)
    return found


def kept_passphrases(path: Path | None) -> dict[str, str]:
    """What the file of passphrases holds, or nothing."""
    found: dict[str, str] = json.loads(path.read_text()) if path is not None and path.exists() else {}
    return found


@transaction.atomic
def found_demo_vault(*, passphrases: Mapping[str, str], agency: str = SHORT_NAME) -> dict[str, OpenVault]:
    """Found the vault and let everybody in; gives the open vaults by address. Empty when it was founded before."""
    must_be_the_demo()
    members = members_of_demo_vault(agency)
    if not members or members[0].role != Role.OFFICER or _is_founded(members[0]):
        return {}
    opened: dict[str, OpenVault] = {}
    founder: tuple[User, OpenVault] | None = None
    for member in members:
        key = _key_of(member, passphrases[member.email])
        if founder is None:
            with acting_for(agency_of(member), member.pk):
                opened[member.email] = found_vault(key=key, by=member, with_kit=False).vault
            founder = (member, opened[member.email])
        else:
            opened[member.email] = _let_in(member, key, *founder)
    return opened


def _is_founded(member: User) -> bool:
    """Whether anybody has asked into this vault before, by the demo or by hand."""
    with acting_for(agency_of(member), member.pk):
        return MemberKey.objects.exists()


def _key_of(member: User, passphrase: str) -> BoxKey:
    with acting_for(agency_of(member), member.pk):
        made = make_key(passphrase=passphrase, by=member)
        prove_printed_key(by=member)
    return made.key


def _let_in(member: User, key: BoxKey, colleague: User, vault: OpenVault) -> OpenVault:
    """Both compare the words, as two people would over the telephone."""
    digest = vault.statement.digest()
    with acting_for(agency_of(colleague), colleague.pk):
        row = MemberKey.objects.get(agency_id=vault.agency, user=member)
        words = words_of_member(digest, user=str(member.pk), public=key.public)
        confirm_member(vault=vault, member=row, words=words, by=colleague)
    with acting_for(agency_of(member), member.pk):
        return accept_agency(key=key, by=member, digest=digest.hex())
