"""What leaves: a package to another agency, a copy for the person, words that are told. The line comes first each time.

A package is one transaction: the packet is sealed to the recipient's key, the line is written, then it crosses. Whatever
fails on the way undoes all of it, and a page that is sent twice is one package.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.consent import policies
from waymark.consent.actions.ledger import hash_of, in_words, record_disclosure, write_line
from waymark.consent.actions.releases import KIND
from waymark.consent.formats.scopes import collector_of, items_of, record_code, text_of
from waymark.consent.models import Basis, Disclosure, Method, Outside, Package, Release, Signer
from waymark.consent.selectors.against import said_along
from waymark.consent.selectors.named import asked_about, ids_in
from waymark.consent.selectors.releases import signers_of
from waymark.consent.selectors.terms import along_with
from waymark.disclosures.actions import deliver_packet, freeze_packet, packet_of_page
from waymark.disclosures.formats.kinds import PACKAGE
from waymark.disclosures.formats.packets import PacketError
from waymark.disclosures.models import OutboxPacket
from waymark.disclosures.policies import Refused as SlotRefused
from waymark.people.actions import open_person
from waymark.people.models import Person
from waymark.people.policies import Refused, is_grown_up
from waymark.people.selectors import opened_person
from waymark.vault.selectors import OpenVault

LOOK_AGAIN = "Tell them nothing yet, and look at the release again."
CHANGED = "Something in the file has changed since this page was shown. Look at it again, then send it."


@dataclass(frozen=True)
class Collected:
    """What scopes say now, and which records that is where the release names them one by one."""

    values: dict[str, str] = field(repr=False)
    records: dict[str, list[str]]

    def records_of(self, codes: Collection[str]) -> list[str]:
        return [record for code in codes for record in self.records.get(code, [])]


def collected(codes: Sequence[str], *, person: Person, vault: OpenVault, by: User) -> dict[str, str]:
    """What these scopes say now, each whole, out of the open file, and what the person said is wrong in them.

    Scopes that are empty are left out.
    """
    return _collected(codes, {}, person=person, vault=vault, by=by).values


def collected_under(release: Release, *, vault: OpenVault, by: User) -> Collected:
    """What a release lets go now: of a scope that names records these alone, as far as they are still there."""
    return _collected(release.scopes, ids_in(release), person=release.person, vault=vault, by=by)


def _collected(
    codes: Sequence[str], only: Mapping[str, frozenset[uuid.UUID]], *, person: Person, vault: OpenVault, by: User
) -> Collected:
    open_person(vault=vault, person=person, by=by)
    found, records = {}, {}
    for code in codes:
        asked = asked_about(person, vault=vault, by=by, only=only.get(code))
        if code in only:
            items = items_of(code, asked)
            text, records[code] = text_of(items).strip(), [record_code(code, item.pk) for item in items]
        else:
            collect = collector_of(code)
            text = collect(asked).strip() if collect is not None else ""
        if text:
            found[code] = text
    return Collected({**found, **said_along(person, found, vault=vault)}, records)


def seal_of(values: Mapping[str, str], *, vault: OpenVault) -> str:
    """What a preview carries, so that exactly what was looked at is sent."""
    return hash_of(json.dumps(dict(sorted(values.items()))).encode(), vault=vault).hex()


@transaction.atomic
def send_package(
    *, vault: OpenVault, release: Release, page: uuid.UUID, codes: Collection[str], seen: str, by: User
) -> OutboxPacket:
    """Hand over the chosen scopes as they were previewed (`seen`). Raises Refused, and then nothing has left."""
    agency = policies.must_work(by)
    mine = policies.visible(Release.objects.all(), to=by)
    # Whoever stops the release at this moment waits for us, or we find it stopped.
    held = (
        mine.select_for_update(of=("self",)).select_related("person", "recipient", "permit").filter(pk=release.pk).first()
    )
    if held is None:
        raise Refused("This release is not here.")
    known = OutboxPacket.objects.filter(agency_id=agency, pk=packet_of_page(agency, page)).first()
    if known is not None:
        return known
    policies.must_let_go(held, fields=codes, at=timezone.now())
    _must_still_count(held, vault=vault, by=by)
    everything = collected_under(held, vault=vault, by=by)
    if not constant_time_compare(seal_of(everything.values, vault=vault), seen):
        raise Refused(CHANGED)
    values = {code: text for code, text in everything.values.items() if code in codes and code in held.scopes}
    if not values:
        raise Refused("There is nothing to send: what was chosen is empty in the file.")
    try:
        packet = freeze_packet(
            vault=vault,
            page=page,
            recipient=held.recipient,
            kind=PACKAGE.code,
            values=values,
            permit=held.permit,
            by=by,
            carried={**along_with(held, vault=vault), **said_along(held.person, values, vault=vault)},
        )
        with in_words():
            line = write_line(
                by=by,
                person=held.person,
                basis=Basis.RELEASE,
                method=Method.PACKAGE,
                fields=list(values),
                recipient=held.recipient,
                content_hash=hashlib.sha256(packet.sealed or b"").digest(),
                release=held,
                records=everything.records_of(values),
            )
        Package.objects.create(agency_id=agency, release=held, disclosure=line, packet=packet)
        deliver_packet(packet=packet.pk, by=by)
    except (SlotRefused, PacketError) as refused:
        raise Refused(policies.REASONS.get(getattr(refused, "code", ""), str(refused))) from None
    record(verb="package.sent", by=by, kind=KIND, about=held.pk, fields=list(values), purpose=held.purpose)
    packet.refresh_from_db()
    return packet


def _must_still_count(release: Release, *, vault: OpenVault, by: User) -> None:
    """The birthday is sealed, so that the database knows the age band alone: who turned 18 meanwhile signs themselves."""
    if not signers_of(release).filter(capacity=Signer.Capacity.FOR_CHILD).exists():
        return
    # Read anew: somebody may have learned the birthday since this page was opened.
    person = Person.objects.get(agency_id=release.agency_id, pk=release.person_id)
    born = opened_person(person, open_person(vault=vault, person=person, by=by)).born
    if is_grown_up(born, timezone.localdate()):
        raise Refused(policies.REASONS[policies.SIGNER])


@transaction.atomic
def tell_aloud(*, vault: OpenVault, release: Release, codes: Collection[str], by: User) -> Disclosure:
    """Something was told by phone or in person under a release: the line is written before it is said.

    What ends between the page and the line, or while this waits for who stops the release, the database refuses.
    """
    fields = ", ".join(sorted(codes))
    try:
        policies.must_let_go(release, fields=codes, at=timezone.now())
        _must_still_count(release, vault=vault, by=by)
        with in_words():
            return record_disclosure(
                by=by,
                person=release.person,
                basis=Basis.SPOKEN,
                method=Method.SPOKEN,
                fields=sorted(codes),
                recipient=release.recipient,
                content_hash=hashlib.sha256(fields.encode() + uuid.uuid4().bytes).digest(),
                release=release,
                records=policies.named_records(release, codes),
            )
    except Refused as refused:
        raise Refused(f"{refused} {LOOK_AGAIN}") from None


@transaction.atomic
def take_copy(
    *, vault: OpenVault, person: Person, codes: Collection[str], method: str, outside: str, by: User
) -> dict[str, str]:
    """The content of a print, a PDF or a table about one person. The line is written before anybody has it."""
    policies.must_work(by)
    values = collected([code for code in policies.all_codes() if code in codes], person=person, vault=vault, by=by)
    if not values:
        raise Refused("There is nothing to copy: what was chosen is empty in the file.")
    record_disclosure(
        by=by,
        person=person,
        basis=Basis.SURVIVOR_DELIVERED if outside == Outside.SURVIVOR else Basis.INTERNAL,
        method=method,
        fields=list(values),
        recipient=outside,
        content_hash=hash_of(json.dumps(values, sort_keys=True).encode(), vault=vault),
    )
    return values
