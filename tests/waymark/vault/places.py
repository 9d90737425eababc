"""Where the vault's addresses lead. Nobody in the matrix has an open vault: what it shows comes after hidden and absent."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from tests.factories.accounts import AgencyFactory
from tests.factories.vault import founded_agency
from tests.plugins.places import no_object, of_agency, of_coalition

from waymark.accounts.models import Agency
from waymark.vault.models import MemberKey, Pin, RecordKey


def _other_agency() -> Agency:
    """A partner whose vault is founded and that nobody in the matrix belongs to."""
    founder = founded_agency(name="Invented partner with a vault")
    assert founder.user.acting is not None
    return founder.user.acting.agency


def other_agency(world: Any) -> dict[str, Any]:
    return {"pk": world.once(_other_agency).pk}


def waiting_member(world: Any, agency: Agency) -> dict[str, Any]:
    user = world.member_of(agency)
    row = MemberKey.objects.filter(agency=agency, user=user).first()
    return {"pk": (row or MemberKey.objects.create(agency=agency, user=user, public=bytes(32), asked_at=timezone.now())).pk}


def pinned_partner(world: Any, agency: Agency) -> dict[str, Any]:
    partner = AgencyFactory()
    Pin.objects.create(
        agency=agency,
        partner=partner,
        number=1,
        digest=bytes(32),
        compared_at=timezone.now(),
        compared_by=world.member_of(agency),
        signature=bytes(64),
    )
    return {"pk": partner.pk}


def tombstone(world: Any, agency: Agency) -> dict[str, Any]:
    row = RecordKey.objects.create(agency=agency, kind="case")
    row.shredded_at, row.shredded_by, row.gone_on = timezone.now(), world.member_of(agency), timezone.localdate()
    row.save()
    return {"pk": row.pk}


PLACES = {
    "vault:ask": no_object(),
    "vault:card": no_object(),
    "vault:card_make": no_object(),
    "vault:card_take": no_object(),
    "vault:certificate": of_agency(tombstone),
    "vault:compare_again": no_object(),
    "vault:found": no_object(),
    "vault:home": no_object(),
    "vault:kit": no_object(),
    "vault:kit_make": no_object(),
    "vault:kit_use": no_object(),
    "vault:kit_withdraw": no_object(),
    "vault:lock": no_object(),
    "vault:member_confirm": of_agency(waiting_member),
    "vault:member_list": no_object(),
    "vault:new_keys": no_object(),
    "vault:partner_compare": of_coalition(other_agency),
    "vault:partner_list": no_object(),
    "vault:partner_unpin": of_agency(pinned_partner),
    "vault:passphrase": no_object(),
    "vault:printed_key": no_object(),
    "vault:printed_key_new": no_object(),
    "vault:recover": no_object(),
    "vault:rewrap": no_object(),
    "vault:set_up": no_object(),
    "vault:start_over": no_object(),
    "vault:tombstone_list": no_object(),
    "vault:unlock": no_object(),
    "vault:waiting": no_object(),
}
