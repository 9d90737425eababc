"""What comes along with a package: the release explained, the federal notice where it is due, and no way to hand it on."""

from __future__ import annotations

import ast
import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.factories.consent import sent_package, signed_release
from tests.factories.disclosures import compare_words
from tests.factories.people import opened_case
from tests.waymark.cases.desks import desk_in
from tests.waymark.consent.conftest import Two

from waymark.accounts.models import Agency
from waymark.cases.models import Note
from waymark.consent.actions.packages import send_package
from waymark.consent.formats.part_two import NOTICE, SHORT_NOTICE
from waymark.consent.formats.scopes import CODES, SCOPES, labels_of
from waymark.consent.formats.terms import HAND_ON, LAW, RELEASE
from waymark.consent.models import Disclosure
from waymark.consent.selectors.against import SAID
from waymark.disclosures.actions import open_packet
from waymark.disclosures.formats.kinds import KINDS, PACKAGE
from waymark.disclosures.formats.packets import PacketError, write_content
from waymark.disclosures.models import InboxPacket, LedgerLine, OutboxPacket
from waymark.people.actions.merging import merge_person
from waymark.people.actions.records import change_person
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.sealing.errors import CannotOpenError
from waymark.vault.actions import open_packet as unseal

FACTS = {"languages": "Mam, Spanish", "born": "1990-02-03"}


def mark(two: Two, person: Person, is_part_two: bool) -> None:
    """The file itself says that something in it came from such a program."""
    change_person(
        vault=two.here.person.vault(),
        person=person,
        name="Marisol Invented",
        facts={**FACTS, "is_part_two": is_part_two},
        age_band="25-59",
        by=two.by,
    )


def read_there(two: Two) -> dict[str, str]:
    with two.there.person.acting():
        came = InboxPacket.objects.latest("delivered_at")
        content = open_packet(vault=two.there.person.vault(), packet=came.pk, by=two.there.user)
    assert content is not None
    return content.values


def check(two: Two, other: Person, *, agency: bool, file: bool, second_file: bool, scopes: list[str]) -> None:
    """One package; what is read there has the notice exactly when one of the three says so."""
    with transaction.atomic():
        Agency.objects.filter(pk=two.here.agency.pk).update(is_part_two=agency)
        with two.here.person.acting():
            two.person.refresh_from_db()
            other.refresh_from_db()
            mark(two, two.person, file)
            mark(two, other, second_file)
            release = signed_release(two.here.person, two.person, two.there.agency, scopes=scopes)
            packet = sent_package(two.here.person, release, codes=scopes)
            line = Disclosure.objects.get(release=release)
        read = read_there(two)
        told = read.pop(RELEASE)
        assert (LAW in read) == (agency or file or second_file)
        assert read.pop(LAW, NOTICE).startswith(NOTICE)
        assert set(read) == set(packet.fields) == set(line.fields) <= set(scopes)
        assert release.code in told
        assert HAND_ON in told
        for words in (*labels_of(scopes), two.here.agency.name, two.there.agency.name):
            assert words.lower() in told.lower()
        # In the open nothing tells for whom the notice was needed.
        with two.here.person.acting():
            in_the_open = [packet.fields, line.fields, release.scopes, LedgerLine.objects.get(packet=packet.pk).fields]
        assert "terms" not in json.dumps(in_the_open)
        transaction.set_rollback(True)


def run(two: Two, wanted: list[list[str]]) -> None:
    """Every way in which the rule may bind, for each of the lists of scopes."""
    other = opened_case(two.here.person, name="Marisol I. Invented", age_band="25-59").person
    with two.here.person.acting():
        merge_person(vault=two.here.person.vault(), person=other, into=two.person, by=two.by)
    for agency, file, second_file in itertools.product((False, True), repeat=3):
        for scopes in wanted:
            check(two, other, agency=agency, file=file, second_file=second_file, scopes=scopes)


def test_the_notice_and_the_consent_go_along_wherever_the_rule_asks_for_it(two: Two) -> None:
    run(two, [["person.name", "person.born"]])


@pytest.mark.nightly
def test_every_package_carries_its_terms(two: Two) -> None:
    """All ways to be bound, with every list of scopes that this file can fill."""
    full = ["person.name", "person.languages", "person.born", "case.asked_for", "case.worker"]
    run(two, [list(some) for size in range(1, len(full) + 1) for some in itertools.combinations(full, size)])


def test_a_notice_is_shown_before_it_is_sent_and_said_before_it_is_told(two: Two) -> None:
    with two.here.person.acting():
        mark(two, two.person, True)
        release = signed_release(two.here.person, two.person, two.there.agency)
    send = two.here.get(f"/sharing/{release.pk}/send/")
    assert NOTICE[:60] in send
    assert HAND_ON in send
    tell = f"/sharing/{release.pk}/tell/"
    assert SHORT_NOTICE in two.here.get(tell)
    # Whoever opens the vault only after the page was shown reads it before they tell anything.
    assert two.here.client.send(tell, {"codes": ["person.name"]}).status_code == 302
    assert SHORT_NOTICE in two.here.get(f"/sharing/{release.pk}/")
    paper = two.here.get(f"/sharing/{release.pk}/paper/")
    assert "alcohol o las drogas" in paper, "what they sign says so in their language"
    with two.here.person.acting():
        sent_package(two.here.person, release)
    with two.there.person.acting():
        came = InboxPacket.objects.get().pk
    two.there.client.send(f"/mail/{came}/open/", {}, page=f"/mail/{came}/")
    shown = two.there.get(f"/mail/{came}/")
    assert NOTICE[:60] in shown
    assert f"Release {release.code}" in shown


def test_without_the_mark_no_notice_and_always_the_release(two: Two) -> None:
    with two.here.person.acting():
        release = signed_release(two.here.person, two.person, two.there.agency)
        sent_package(two.here.person, release)
    assert "42 CFR" not in two.here.get(f"/sharing/{release.pk}/send/")
    read = read_there(two)
    assert LAW not in read
    assert read[RELEASE].startswith(f"Release {release.code}")


def test_what_comes_along_is_no_field_and_comes_with_packages_alone() -> None:
    assert not set(CODES) & {RELEASE, LAW, SAID}
    assert {one.code for one in PACKAGE.carries} == {RELEASE, LAW, SAID}
    assert not [kind for kind in KINDS.values() if kind.carries and kind is not PACKAGE]
    for kind, carried in (("package", {"person.name": "x"}), ("package", {RELEASE: ""}), ("call", {RELEASE: "x"})):
        values = {"person.name": "x"} if kind == "package" else {"phone": "555-0100"}
        with pytest.raises(PacketError):
            write_content(kind, values, carried)


def test_no_note_of_any_kind_has_a_scope() -> None:
    """Notes of counseling for substance use are notes; no release, general or not, can name one."""
    words = {*Note.Kind.values, "note", "notes"} - {"legal"}
    assert not [scope.code for scope in SCOPES if set(re.split(r"[._]", scope.code)) & words]
    for path in _givers():
        assert "Note" not in _names_in(path), f"{path} gives a scope and knows notes"


def _givers() -> list[Path]:
    """The modules that give a scope's content."""
    found = [
        path
        for path in (Path(__file__).parents[3] / "src" / "waymark").rglob("selectors/*.py")
        if "formats.scopes import" in path.read_text() and "register_" in path.read_text()
    ]
    assert found
    return found


def _names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    return {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}


def test_who_gets_a_package_cannot_hand_it_on(two: Two) -> None:
    """No button, no scope, no action, no row; and the bytes open for nobody else."""
    third = desk_in("Third House (invented)", "Dee Invented")
    compare_words(two.there.person, third.person)
    with two.here.person.acting():
        release = signed_release(two.here.person, two.person, two.there.agency)
        sent_package(two.here.person, release)
    with two.there.person.acting():
        came = InboxPacket.objects.get()
    two.there.client.send(f"/mail/{came.pk}/open/", {}, page=f"/mail/{came.pk}/")
    page = two.there.get(f"/mail/{came.pk}/")
    main = page[page.index("<main") : page.index("</main>")]
    ways = set(re.findall(r'(?:href|action)="([^"#?]+)', main))
    # One way leads into a case of their own, which hands nothing on; none leads out.
    inside = {"/mail/", "/mail/new/call/", f"/mail/{came.pk}/open/", f"/cases/new/from/{came.pk}/"}
    assert ways <= inside, "no way leads on from a packet that came in"
    assert not [path for path in _givers() if "InboxPacket" in _names_in(path)]
    with two.there.person.acting():
        copied: dict[str, Any] = {
            "agency": two.there.agency,
            "recipient": third.agency,
            "kind": "package",
            "permit_id": came.permit,
            "purpose": came.purpose,
            "fields": came.fields,
            "expires_at": came.expires_at,
            "sealed_epoch": 1,
            "own_epoch": 1,
            "sealed": came.sealed,
            "own_copy": b"x",
        }
        for changes in ({}, {"id": came.packet, "sealed": b"other bytes"}):
            with pytest.raises(DatabaseError, match="not handed on"), transaction.atomic():
                OutboxPacket.objects.create(**{**copied, **changes})
        nothing: dict[str, Any] = {"codes": ["person.name"], "seen": ""}
        # The person's release is with the first agency: the second has none of them, and none that it could use.
        mine = opened_case(two.there.person, name="Marisol Invented", age_band="25-59").person
        with pytest.raises(Refused, match="not here"):
            send_package(vault=two.there.person.vault(), release=release, page=came.packet, **nothing, by=two.there.user)
        # Their word to the second agency is a release of its own, and what goes then is the second agency's.
        own = signed_release(two.there.person, mine, third.agency, scopes=["person.name"])
        sent_package(two.there.person, own, codes=["person.name"])
        assert Disclosure.objects.get().release == own
    with third.person.acting():
        arrived = InboxPacket.objects.get()
        assert arrived.sender == two.there.agency
        content = open_packet(vault=third.person.vault(), packet=arrived.pk, by=third.user)
        assert content is not None
        assert content.values["person.name"] == "Marisol Invented"


def test_bytes_for_one_agency_open_for_no_other(two: Two) -> None:
    """Whoever copies a sealed packet past every rule gives the third agency nothing."""
    with two.here.person.acting():
        release = signed_release(two.here.person, two.person, two.there.agency)
        packet = sent_package(two.here.person, release)
    assert packet.sealed is None, "nothing sealed stays with the sender"
    third = desk_in("Third House (invented)", "Dee Invented")
    with two.there.person.acting():
        came = InboxPacket.objects.get()
    with third.person.acting(), pytest.raises(CannotOpenError):
        unseal(
            vault=third.person.vault(),
            sealed=came.sealed or b"",
            sender=came.sender_id,
            context=came.header.parts(),
        )
