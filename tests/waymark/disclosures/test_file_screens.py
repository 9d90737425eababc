"""An agency in its own installation, at its screens: a survivor's package leaves as a file, comes, is read, taken back.

Both installations answer over HTTP, each on its own database. What the two do with files beneath the screens is in
test_two_installations.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factories.consent import sent_package, signed_release
from tests.factories.exchange import Installation, file_of, packet_for
from tests.factories.people import opened_case
from tests.factories.vault import Person, let_in
from tests.plugins.photographs import signed_in, unlocked
from tests.plugins.staff import SiteClient
from tests.waymark.disclosures.conftest import Pair, another_pair

from waymark.accounts.models import Agency
from waymark.consent.models import Disclosure, Release
from waymark.disclosures.models import CarriedFile, InboxPacket, LedgerLine
from waymark.disclosures.policies import REASONS
from waymark.sealing.files import LARGEST


def uploaded(client: SiteClient, content: bytes, address: str = "/mail/files/take/") -> Any:
    return client.send(address, {"file": SimpleUploadedFile("theirs.waymark", content)})


def saved(client: SiteClient, address: str, page: str) -> bytes:
    answer = client.send(address, page=page)
    assert answer.status_code == 200, answer
    assert answer["Content-Type"] == "application/octet-stream"
    assert re.fullmatch(r'attachment; filename="[a-z]+-[0-9a-f]{8}\.waymark"', answer["Content-Disposition"])
    assert answer["Cache-Control"] == "no-store"
    return bytes(answer.content)


def text_of(client: SiteClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer)
    return str(answer.content.decode())


def advocate_of(one: Installation) -> Person:
    with one.pointed():
        return let_in(one.member, display_name="Ada Invented")


def test_a_survivor_s_package_goes_as_a_file_and_stopping_says_what_it_cannot_do(pair: Pair) -> None:
    harbor, landing = pair
    ada = advocate_of(harbor)
    with harbor.pointed():
        with ada.acting():
            person = opened_case(ada, name="Rosa Invented", facts={"languages": "Mam"}, age_band="25-59").person
        client = unlocked(ada)
        there = Agency.objects.get(pk=landing.agency.pk)
        asked = text_of(client, f"/sharing/people/{person.pk}/new/")
        assert "Landing House" not in asked, "the first step asks only whether they can talk"
        with ada.acting():
            release = signed_release(ada, person, there)
        assert "Va allí como un archivo" in text_of(client, f"/sharing/{release.pk}/paper/")
        with ada.acting():
            packet = sent_package(ada, release)
            assert LedgerLine.objects.filter(packet=packet.pk).count() == 1
            assert Disclosure.objects.filter(release=release).count() == 1
        assert "It goes as a file." in text_of(client, f"/sharing/{release.pk}/")
        at = f"/mail/sent/{packet.pk}/"
        assert "Save it as a file" in text_of(client, at)
        content = saved(client, f"{at}file/", at)
        assert b"Rosa" not in content

    with landing.pointed():
        reader = unlocked(landing.member)
        inbox = uploaded(reader, content)["Location"]
        assert "It came as a file on" in text_of(reader, inbox)
        reader.send(f"{inbox}open/", page=inbox)
        assert "Rosa Invented" in text_of(reader, inbox)
        with landing.here():
            line = CarriedFile.objects.get(packet=packet.pk, what="packet")
        assert "Packet came in" in text_of(reader, "/mail/files/?what=packet")
        receipt = saved(reader, f"/mail/files/{line.pk}/receipt/", inbox)

    with harbor.pointed():
        answer = uploaded(client, receipt)
        assert answer["Location"] == at
        assert "They opened it" in text_of(client, at)
        stop = text_of(client, f"/sharing/{release.pk}/")
        assert "Salió como un archivo" in stop, "told before the button is pressed, in their language"
        client.send(f"/sharing/{release.pk}/stop/", page=f"/sharing/{release.pk}/")
        assert "a recall cannot erase it" in text_of(client, f"/sharing/{release.pk}/")
        with ada.acting():
            assert Release.objects.get(pk=release.pk).state == "revoked"
        page = text_of(client, at)
        assert "A recall cannot erase a copy." in page
        assert "Save it as a file" not in page
        assert client.send(f"{at}file/", page=at).status_code == 302, "no file any more: back, with the reason"
        recall = saved(client, f"{at}recall-file/", at)

    with landing.pointed():
        assert uploaded(reader, recall)["Location"] == inbox
        page = text_of(reader, inbox)
        assert "took this packet back" in page
        assert "Rosa" not in page
        answer = uploaded(reader, content)
        assert answer.status_code == 422
        assert REASONS["file.repeated"] in answer.content.decode()


def test_what_cannot_be_taken_in_is_said_beside_the_field(pair: Pair) -> None:
    harbor, landing = pair
    content = file_of(harbor, packet_for(harbor, landing))
    with landing.pointed():
        reader = unlocked(landing.member)
        said = {
            b"": REASONS["file.not_ours"],
            content[:-3]: REASONS["file.broken"],
            bytes(LARGEST + 1): "larger than 256 KB",
        }
        for wrong, words in said.items():
            answer = uploaded(reader, wrong)
            assert answer.status_code == 422
            assert words in answer.content.decode()
            assert "Error:" in answer.content.decode()
        assert reader.send("/mail/files/take/", {}).status_code == 422
        locked = signed_in(landing.member.user)
        answer = uploaded(locked, content)
        assert answer.status_code == 422
        assert "Your vault is locked" in answer.content.decode()
        with landing.here():
            assert not InboxPacket.objects.filter(sealed=content).exists()
        assert uploaded(reader, content).status_code == 302


def test_cards_are_made_by_members_and_taken_in_by_who_adds_agencies(pair: Pair) -> None:
    harbor, landing = pair
    with harbor.pointed():
        member = unlocked(harbor.member)
        assert "nothing secret" in text_of(member, "/vault/card/")
        made = member.send("/vault/card/make/", page="/vault/card/")
        card = bytes(made.content)
        assert made["Content-Disposition"] == 'attachment; filename="card.waymark"'
        assert uploaded(member, card, "/vault/card/take/").status_code == 403
        assert "packets go as files" in text_of(member, "/vault/agencies/")
    with landing.pointed():
        administrator = signed_in(landing.administrator)
        answer = uploaded(administrator, card, "/vault/card/take/")
        assert answer["Location"] == f"/agencies/{harbor.agency.pk}/"
        page = text_of(administrator, str(answer["Location"]))
        assert "is new" in page, "the same card again brings nothing"
        assert "It runs its own Waymark" in page
        assert "Invite the first officer" not in page
        assert uploaded(administrator, card[:-1], "/vault/card/take/").status_code == 422


def test_five_thousand_files_are_listed_in_few_questions(
    pair: Pair, owner: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    """On a database of its own they would be cheaper to throw away; they are of an agency that asks for nothing else."""
    _, landing = another_pair(pair)
    with landing.pointed():
        reader = unlocked(landing.member)
        owner(
            "INSERT INTO disclosures_carriedfile (id, agency_id, other_id, packet, what, said_at, at)"
            " SELECT gen_random_uuid(), %s, %s, gen_random_uuid(), 'recall', now(), now() FROM generate_series(1, 5000)",
            (landing.agency.pk, Agency.objects.get(state="elsewhere", name=pair[0].agency.name).pk),
        )
        reader.get("/mail/files/")
        with django_assert_max_num_queries(12):
            page = text_of(reader, "/mail/files/?what=recall")
        assert "5,000" in page or "5000" in page
        assert page.count("Save a receipt for them") <= 50


WORK = ("/cases/", "/people/", "/sharing/", "/referrals/", "/mail/", "/mail/new/", "/reports/")
COALITION_S = ("/contacts/", "/groups/", "/agreements/", "/meetings/", "/calendar/", "/assets/", "/referrals/board/")


def test_one_agency_alone_has_all_that_survivors_need_and_no_far_agency_in_its_lists(pair: Pair) -> None:
    """An office and one agency, and nobody else: pages work or are empty, and a far agency takes part in nothing here."""
    harbor, _ = pair
    ada = advocate_of(harbor)
    with harbor.pointed():
        client = unlocked(ada)
        for address in WORK:
            text_of(client, address)
        for address in COALITION_S:
            assert "Landing House" not in text_of(client, address), address
        case = opened_case(ada, name="Nell Invented", age_band="25-59")
        for address in (f"/cases/{case.pk}/", f"/people/{case.person_id}/", f"/sharing/people/{case.person_id}/"):
            assert "Nell Invented" in text_of(client, address) or case.person.code in text_of(client, address)
        assert "Landing House" in text_of(client, "/mail/new/call/"), "what can go by file offers it"
