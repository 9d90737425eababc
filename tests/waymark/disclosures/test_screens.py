"""Two agencies and a packet, on their screens: write, check, send, open, read, take back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting, compare_words, frozen, permit_of
from tests.factories.vault import PASSPHRASE, Person, founder_of
from tests.plugins.staff import SiteClient

from waymark.accounts.models import AgencyKind
from waymark.audit.actions import record
from waymark.audit.models import Event
from waymark.audit.policies import HOURLY
from waymark.disclosures import actions
from waymark.disclosures.actions import crossing
from waymark.disclosures.models import InboxPacket, LedgerLine, OutboxPacket
from waymark.sealing import passphrases
from waymark.vault import policies
from waymark.vault.models import Pin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least cost that unlocking accepts; the standard cost has its own tests."""
    monkeypatch.setattr(policies, "COST", passphrases.FLOOR)


@dataclass
class Desk:
    """A person with a vault, at a browser in which it is unlocked."""

    person: Person
    client: SiteClient

    @property
    def user(self) -> Any:
        return self.person.user

    @property
    def agency(self) -> Any:
        return self.person.user.acting.agency  # type: ignore[union-attr]

    def get(self, url: str) -> str:
        answer = self.client.get(url)
        assert answer.status_code == 200, answer.status_code
        return " ".join(answer.content.decode().split())


def _desk(name: str, kind: str, who: str) -> Desk:
    person = founder_of(AgencyFactory(name=name, kind=kind), display_name=who)
    client = SiteClient("staff")
    client.user = person.user
    client.force_login(person.user)
    done = client.send("/vault/unlock/", {"passphrase": PASSPHRASE})
    assert done.status_code == 302, done.content
    return Desk(person, client)


@pytest.fixture
def desks() -> tuple[Desk, Desk]:
    return two_desks()


def two_desks() -> tuple[Desk, Desk]:
    """A shelter and a prosecutor's office that have compared words."""
    shelter = _desk("Harbor Invented", AgencyKind.VICTIM_SERVICES, "Ola Invented")
    office = _desk("Invented Prosecutor", AgencyKind.PROSECUTION, "Pat Invented")
    compare_words(shelter.person, office.person)
    return shelter, office


def _call(desk: Desk, to: Desk, **changes: str) -> Any:
    form = desk.client.get("/mail/new/call/").content.decode()
    page = re.search(r'name="page" value="([^"]+)"', form)
    assert page is not None
    values = {
        "page": page[1],
        "recipient": str(to.agency.pk),
        "reason": "training",
        "phone": "916-555-0142",
        "by_day": "tomorrow",
    }
    return desk.client.send("/mail/new/call/", values | changes)


def _sent(desk: Desk, answer: Any) -> str:
    """Check the packet and send it; gives its page."""
    assert answer.status_code == 302, answer.content
    page: str = answer["Location"]
    assert "Check it" in desk.get(page)
    assert desk.client.send(f"{page}send/", page=page).status_code == 302
    return page


def _only_one(desk: Desk) -> str:
    with acting(desk.user):
        return f"/mail/{InboxPacket.objects.get().pk}/"


def test_a_call_is_asked_for_read_and_answered_by_a_state(desks: tuple[Desk, Desk]) -> None:
    shelter, office = desks
    page = _sent(shelter, _call(shelter, office))
    assert "They have not opened it" in shelter.get(page)

    listed = office.get("/mail/")
    assert "Harbor Invented" in listed
    assert "Not opened" in listed
    there = _only_one(office)
    before = office.get(there)
    assert "916-555-0142" not in before
    assert "It is sealed" in before
    assert office.client.send(f"{there}open/", page=there).status_code == 302
    after = office.get(there)
    for words in ("Ola Invented", "916-555-0142", "A training"):
        assert words in after
    assert "Pat Invented" in after
    assert "Opened it for the first time" in after

    told = shelter.get(page)
    assert "Invented Prosecutor opened it on" in told
    assert "Pat Invented" not in told, "who opened it is not for the sender"
    with acting(office.user):
        verbs = list(Event.objects.filter(object_kind="packet").order_by("id").values_list("verb", flat=True))
        assert verbs == ["packet.opened", "packet.read"]
    with acting(shelter.user):
        verbs = list(Event.objects.filter(object_kind="packet").order_by("id").values_list("verb", flat=True))
        assert verbs == ["packet.frozen", "packet.delivered"]


def test_a_personal_packet_has_the_fields_of_its_permit_and_no_other(desks: tuple[Desk, Desk]) -> None:
    shelter, office = desks
    with acting(shelter.user):
        permit = permit_of(shelter.user, office.agency, fields=["language", "needs"])
    assert "Language and interpreter, What they ask for" in shelter.get("/mail/new/")
    url = f"/mail/new/under/{permit.pk}/"
    form = shelter.get(url)
    assert "What they ask for" in form
    assert "Name to use" not in form
    written_on = re.search(r'name="page" value="([^"]+)"', form)[1]  # type: ignore[index]
    empty = shelter.client.send(url, {"page": written_on})
    assert empty.status_code == 422
    assert "Fill in at least one field" in empty.content.decode()
    sent = {"page": written_on, "needs": "A ride on Tuesday.", "name_to_use": "Nobody Invented"}
    page = _sent(shelter, shelter.client.send(url, sent))
    with acting(office.user):
        assert InboxPacket.objects.get().fields == ["needs"]
    there = _only_one(office)
    office.client.send(f"{there}open/", page=there)
    read = office.get(there)
    assert "A ride on Tuesday." in read
    assert "Nobody Invented" not in read
    with acting(shelter.user):
        closed = actions.close_permit(permit=permit, by=shelter.user)
    assert (closed.opened, closed.unopened) == (1, 0)
    assert "A ride on Tuesday." not in office.get(there)
    assert "took this packet back" in office.get(there)
    assert "cannot be unread" in shelter.get(page)
    assert shelter.client.get(url).status_code == 404, "a permit that is over is not there any more"


def test_taking_back_is_confirmed_with_its_consequence(desks: tuple[Desk, Desk]) -> None:
    shelter, office = desks
    page = _sent(shelter, _call(shelter, office))
    assert "It disappears from their inbox" in shelter.get(f"{page}recall/")
    there = _only_one(office)
    done = shelter.client.send(f"{page}recall/", follow=True).content.decode()
    assert "Taken back unopened" in done
    assert office.client.get(there).status_code == 404
    assert office.client.post(f"{there}open/").status_code in {403, 404}
    assert "Nothing. It is over." in shelter.get(page)
    assert shelter.client.get(f"{page}recall/")["Location"] == page


def test_who_never_got_a_packet_sees_what_one_sees_whose_packet_is_gone(desks: tuple[Desk, Desk]) -> None:
    shelter, office = desks

    def seen(url: str) -> tuple[Any, ...]:
        with CaptureQueriesContext(connection) as work:
            answer = office.client.get(url)
        body = re.sub(rb'csrfmiddlewaretoken" value="[^"]+"', b"", answer.content)
        return answer.status_code, body, sorted(answer.headers.items()), len(work)

    urls = ["/", "/mail/", "/mail/?state=new", "/mail/?q=Harbor", "/mail/sent/", "/mail/new/"]
    office.client.get("/")
    before = [seen(url) for url in urls]
    page = _sent(shelter, _call(shelter, office))
    there = _only_one(office)
    assert [seen(url) for url in urls] != before
    shelter.client.send(f"{page}recall/")
    assert [seen(url) for url in urls] == before
    never = "/mail/0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a/"
    gone, absent = seen(there), seen(never)
    assert gone[0] == 404
    assert (gone[0], gone[2], gone[3]) == (absent[0], absent[2], absent[3])
    assert gone[1].replace(there.encode(), b"") == absent[1].replace(never.encode(), b"")
    with acting(office.user):
        assert not Event.objects.filter(object_kind="packet").exists(), "the recipient's chain never knew"


def test_a_page_sent_twice_is_one_packet(desks: tuple[Desk, Desk]) -> None:
    shelter, office = desks
    same = "5d1f0d7e-6a52-4b9e-9d3c-0a1b2c3d4e5f"
    page = _sent(shelter, _call(shelter, office, page=same))
    again = _call(shelter, office, page=same, reason="duty")
    assert again["Location"] == page
    assert "What you see is what was written then" in shelter.get(page)
    assert shelter.client.send(f"{page}send/", page="/mail/new/call/").status_code == 302
    with acting(shelter.user):
        assert OutboxPacket.objects.count() == LedgerLine.objects.count() == 1
    with acting(office.user):
        assert InboxPacket.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "trouble"),
    [
        ({"phone": "call me"}, "Enter the number as it is dialed"),
        ({"by_day": "2020-01-01"}, "This day is over"),
        ({"by_day": "2099-01-01"}, "within the next 30 days"),
        ({"reason": "gossip"}, "Choose one of the answers to"),
        ({"recipient": "0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a"}, "Choose one of the answers to"),
        ({"page": "not an id"}, "Enter a valid UUID"),
    ],
)
def test_a_slip_is_told_and_nothing_typed_is_lost(desks: tuple[Desk, Desk], changes: dict[str, str], trouble: str) -> None:
    shelter, office = desks
    answer = _call(shelter, office, **changes)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert trouble in page
    assert (changes.get("phone") or "916-555-0142") in page
    with acting(shelter.user):
        assert OutboxPacket.objects.count() == 0


def test_to_an_agency_whose_words_were_not_compared_nothing_is_written(desks: tuple[Desk, Desk]) -> None:
    shelter, office = desks
    with acting(shelter.user):
        Pin.objects.all().delete()
    answer = _call(shelter, office)
    assert answer.status_code == 422
    assert "has not compared words with this agency" in answer.content.decode()


def test_a_key_that_changed_after_writing_stops_the_packet(desks: tuple[Desk, Desk]) -> None:
    shelter, office = desks
    page = _call(shelter, office)["Location"]
    with acting(shelter.user):
        Pin.objects.all().delete()
    told = shelter.client.send(f"{page}send/", page=page, follow=True).content.decode()
    assert "has not compared the six words" in told
    with acting(shelter.user):
        assert OutboxPacket.objects.get().state == "waiting"
        assert Event.objects.filter(verb="packet.delivered", result="denied").count() <= 1
    with acting(office.user):
        assert InboxPacket.objects.count() == 0


def test_with_a_locked_vault_nothing_opens_and_nothing_typed_is_lost(desks: tuple[Desk, Desk]) -> None:
    shelter, office = desks
    _sent(shelter, _call(shelter, office))
    there = _only_one(office)
    office.client.send("/vault/lock/", page="/vault/")
    locked = office.get(there)
    assert "the vault is locked" in locked
    assert f"/vault/unlock/?next={there.replace('/', '%2F')}" in locked
    opened = office.client.send(f"{there}open/", page="/mail/new/call/")
    assert opened["Location"].startswith("/vault/unlock/")
    with acting(office.user):
        assert InboxPacket.objects.get().read_at is None
    shelter.client.send("/vault/lock/", page="/vault/")
    answer = _call(shelter, office)
    assert answer.status_code == 422
    assert "nothing that you typed is lost" in answer.content.decode()
    assert "916-555-0142" in answer.content.decode()


def test_a_packet_that_was_altered_on_its_way_does_not_open_and_is_not_told_as_opened(
    desks: tuple[Desk, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    shelter, office = desks
    with acting(shelter.user):
        permit = permit_of(shelter.user, office.agency)
        packet = actions.freeze_packet(
            vault=shelter.person.vault(),
            page=permit.pk,
            recipient=office.agency,
            kind="personal",
            values={"needs": "A ride."},
            permit=permit,
            by=shelter.user,
        )
        # The sealed bytes of one packet under the header of another: as a thief of the database would move them.
        OutboxPacket.objects.create(
            agency_id=shelter.agency.pk, recipient=office.agency, kind="personal", permit=permit, purpose="housing",
            fields=["needs"], expires_at=packet.expires_at, sealed_epoch=1, sealed=packet.sealed, own_epoch=1,
            own_copy=packet.own_copy,
        )  # fmt: skip
        moved = OutboxPacket.objects.exclude(pk=packet.pk).get()
        actions.deliver_packet(packet=moved.pk, by=shelter.user)
    assert "does not open as it was sealed" in shelter.get(f"/mail/sent/{moved.pk}/")
    there = _only_one(office)
    told = office.client.send(f"{there}open/", page=there, follow=True).content.decode()
    assert "does not open as it was sealed" in told
    with acting(office.user):
        assert InboxPacket.objects.get().read_at is None
        assert not Event.objects.filter(verb="packet.opened", result="done").exists()


def test_lists_search_filter_and_page_at_the_same_cost(desks: tuple[Desk, Desk]) -> None:
    shelter, office = desks
    _sent(shelter, _call(shelter, office))

    def cost(desk: Desk, url: str) -> int:
        desk.get(url)  # a message that waits is shown here
        with CaptureQueriesContext(connection) as work:
            desk.get(url)
        return len(work)

    one = (cost(office, "/mail/"), cost(shelter, "/mail/sent/"))
    with acting(shelter.user):
        for _ in range(27):
            crossing.deliver(frozen(shelter.user, office.agency).pk)
    assert (cost(office, "/mail/"), cost(shelter, "/mail/sent/")) == one
    assert "Page 1 of 2" in office.get("/mail/")
    assert "Page 2 of 2" in shelter.get("/mail/sent/?page=2")
    assert "28" in office.get("/mail/?q=harbor&state=new&kind=call")
    for url in ("/mail/?q=nobody", "/mail/?state=opened", "/mail/?kind=personal"):
        assert "Nothing matches" in office.get(url)
    assert "Nothing matches" in shelter.get("/mail/sent/?state=read")


def test_after_its_last_moment_a_packet_says_so(desks: tuple[Desk, Desk], time_machine: Any) -> None:
    shelter, office = desks
    _sent(shelter, _call(shelter, office))
    there = _only_one(office)
    with acting(office.user):
        end = InboxPacket.objects.get().expires_at
    office.client.send(f"{there}open/", page=there)
    assert "916-555-0142" in office.get(there)
    assert end - timezone.now() < dt.timedelta(days=30)
    time_machine.move_to(end, tick=False)
    office.client.force_login(office.user)
    office.client.send("/vault/unlock/", {"passphrase": PASSPHRASE})
    over = office.get(there)
    assert "could be opened until" in over
    assert "916-555-0142" not in over


def test_a_colleague_s_look_at_what_was_sent_is_an_event(desks: tuple[Desk, Desk], staff_of: Callable[..., Any]) -> None:
    shelter, office = desks
    page = _sent(shelter, _call(shelter, office))
    shelter.get(page)
    with acting(shelter.user):
        assert not Event.objects.filter(verb="packet.read").exists(), "the writer's own look is none"
        OutboxPacket.objects.get()
    stranger = UserFactory(agency=shelter.agency, role="member", display_name="Col Invented")
    with acting(stranger):
        packet = OutboxPacket.objects.get()
        vault = shelter.person
    with acting(shelter.user):
        opened = vault.vault()
    with acting(stranger):
        actions.read_own_copy(vault=opened, packet=packet, by=stranger)
        assert Event.objects.filter(verb="packet.read", actor=str(stranger.pk)).count() == 1
    assert "Col Invented" in shelter.get(page)


def test_a_person_opens_so_many_packets_an_hour(desks: tuple[Desk, Desk]) -> None:
    shelter, office = desks
    page = _sent(shelter, _call(shelter, office))
    there = _only_one(office)
    with acting(office.user):
        for _ in range(HOURLY["packet.opened"]):
            record(verb="packet.opened", by=office.user, kind="packet", about="0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a")
    refused = office.client.send(f"{there}open/", page=there)
    assert refused.status_code == 429
    assert "You can go on at" in refused.content.decode()
    assert "916-555-0142" not in office.get(there)
    assert "They have not opened it" in shelter.get(page), "a refusal opens nothing"
