"""Pages of the common work: lists that cost the same for five thousand rows, forms that keep what was typed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.accounts import AgencyFactory, MembershipFactory
from tests.factories.coalition import GroupMemberFactory, OfferFactory, WorkingGroupFactory, agreement_of, voice
from tests.plugins.staff import SiteClient

from waymark.accounts.models import AgencyKind
from waymark.coalition.models import Agreement, AgreementParty, Offer, Signatory, WorkingGroup

MOST_QUERIES = 12
MANY = 5_000


def _queries(client: SiteClient, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(captured)


def test_lists_ask_little_of_five_thousand_rows(staff_of: Callable[..., SiteClient]) -> None:
    client = staff_of("officer")
    place = client.user.acting
    assert place is not None
    few = {url: _queries(client, url) for url in ("/groups/", "/agreements/", "/assets/", "/contacts/")}
    groups = [WorkingGroup(name=f"Invented group {n}", purpose="Plans.") for n in range(MANY)]
    WorkingGroup.objects.bulk_create(groups)
    agreements = [Agreement(title=f"Promise {n}", purpose="Calls.", owner=place) for n in range(MANY)]
    Agreement.objects.bulk_create(agreements)
    parties = [AgreementParty(agreement=each, agency=place.agency) for each in agreements]
    AgreementParty.objects.bulk_create(parties)
    Signatory.objects.bulk_create(Signatory(party=each, name="Pat", office="Head") for each in parties[:100])
    Offer.objects.bulk_create(
        Offer(agency=place.agency, kind="room", title=f"Room {n}", confirmed_on="2026-01-01") for n in range(MANY)
    )
    GroupMemberFactory(group=groups[0], membership=place)
    voice(place)
    many = {
        url: _queries(client, url)
        for url in (
            *few,
            "/groups/?q=group&whose=mine&state=open",
            f"/agreements/?q=promise&state=draft&agency={place.agency_id}&page=3",
            "/agreements/?due=soon",
            "/assets/?q=room&whose=mine&state=stale&page=7",
            "/contacts/?kind=other_non_profit&q=office",
        )
    }
    assert max(many.values()) <= MOST_QUERIES, many
    assert {url: many[url] - few[url] for url in few if many[url] - few[url] > 2} == {}


def test_contacts_stand_by_kind_and_alphabet_whoever_asks(staff_of: Callable[..., SiteClient]) -> None:
    for name, kind in (("zebra house", "faith"), ("Alder House", "faith"), ("Oak Court", "court"), ("Birch", "tribal")):
        agency = AgencyFactory(name=f"{name} (invented)", kind=kind)
    client = staff_of("member", agency=agency)
    page = client.get("/contacts/").content.decode()
    found = sorted(
        (page.index(f"{name} (invented)"), name) for name in ("zebra house", "Alder House", "Oak Court", "Birch")
    )
    assert [name for _, name in found] == ["Oak Court", "Alder House", "zebra house", "Birch"]
    assert [kind.value for kind in AgencyKind] == sorted(kind.value for kind in AgencyKind)
    assert [kind.label for kind in AgencyKind] == sorted(kind.label for kind in AgencyKind), (
        "one order, by value and in words"
    )


def test_an_agency_s_people_are_shown_only_where_they_took_part(staff_of: Callable[..., SiteClient]) -> None:
    shelter = AgencyFactory(kind="victim_services")
    hidden = MembershipFactory(agency=shelter, user__display_name="Hidden Invented")
    seen = MembershipFactory(agency=shelter, user__display_name="Seen Invented")
    group = WorkingGroupFactory()
    GroupMemberFactory(group=group, membership=seen)
    client = staff_of("coordinator")
    pages = "".join(
        client.get(url).content.decode()
        for url in (
            f"/contacts/{shelter.pk}/",
            f"/groups/{group.pk}/",
            "/contacts/",
            f"/groups/{WorkingGroupFactory().pk}/members/new/",
        )
    )
    assert "Seen Invented" in pages
    assert "Hidden Invented" not in pages
    voice(hidden)
    assert "Hidden Invented" in client.get(f"/contacts/{shelter.pk}/").content.decode()


@pytest.mark.parametrize(
    ("sent", "trouble"),
    [
        ({"title": ""}, "Fill in “"),
        ({"purpose": ""}, "Fill in “"),
        ({"starts_on": "someday"}, "Enter a day"),
        ({"starts_on": "", "ends_on": "5/1/2027"}, "Give the first day too"),
        ({"ends_on": "1/1/2020"}, "before the first day"),
        ({"review_on": "1/1/2020"}, "before the first day"),
        ({"remind_days": "-1"}, "takes a whole number from 0 to 365"),
        ({"remind_days": "9999"}, "takes a whole number from 0 to 365"),
        ({"group": str(uuid.uuid4())}, "that are here now"),
        ({"title": "x" * 161}, "and 160 fit"),
    ],
)
def test_a_slip_in_a_draft_is_told_and_nothing_typed_is_lost(
    staff_of: Callable[..., SiteClient], sent: dict[str, str], trouble: str
) -> None:
    client = staff_of("officer")
    form = {
        "title": "Promise of calls",
        "purpose": "Each calls the other first, by night too.",
        "group": "",
        "starts_on": "May 3 2026",
        "ends_on": "",
        "review_on": "",
        "remind_days": "30",
        "paper_kept": "Folder three",
    }
    answer = client.send("/agreements/new/", {**form, **sent})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert trouble in page
    assert "Folder three" in page
    assert not Agreement.objects.exists()


def test_signers_are_written_one_row_after_another(staff_of: Callable[..., SiteClient]) -> None:
    client = staff_of("officer", agency=AgencyFactory())
    place: Any = client.user.acting
    draft = agreement_of(place, place.agency, AgencyFactory())
    party = draft.parties.get(agency=place.agency)
    url = f"/agreements/{draft.pk}/parties/{party.pk}/"
    half = {"name_0": "Pat", "office_0": "Head", "name_1": "Only a name", "office_1": "", "body_0": "", "kind_0": "board"}
    answer = client.send(url, half)
    assert answer.status_code == 422
    assert "Give both the name and the office." in answer.content.decode()
    client.send(url, {**half, "office_1": "Chair", "body_0": "City council", "kind_0": "council"})
    assert set(party.signatories.values_list("name", flat=True)) == {"Pat", "Only a name"}
    assert party.approvals.get().kind == "council"
    assert 'name="name_2"' in client.get(url).content.decode(), "room for one more"


@pytest.mark.parametrize("agency", ["", "x", "0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a", "\x00"])
def test_a_list_with_junk_in_its_address_is_a_list(staff_of: Callable[..., SiteClient], agency: str) -> None:
    client = staff_of("member")
    assert client.get("/agreements/", {"agency": agency, "state": "x", "page": "-3"}).status_code == 200


def test_a_board_says_why_it_counts_no_beds(staff_of: Callable[..., SiteClient]) -> None:
    client = staff_of("officer", agency=AgencyFactory())
    assert "how full a place is" in client.get("/assets/").content.decode()
    page = client.get(f"/assets/{OfferFactory(kind='bed', title='Rooms for families').pk}/").content.decode()
    assert "That is on purpose" in page
    assert "Ask for it" not in page
    answer = client.send("/assets/new/", {"kind": "bed", "title": "4 beds free", "language": "", "details": ""})
    assert answer.status_code == 422
    assert "4 beds free" in answer.content.decode()
    assert not Offer.objects.filter(title="4 beds free").exists()
