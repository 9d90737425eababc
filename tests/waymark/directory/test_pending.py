"""Four eyes: a new or changed phone, address or map point goes live only when a second person has checked it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories import directory as rows
from tests.factories.accounts import UserFactory
from tests.plugins.staff import SiteClient

from waymark.accounts.models import Membership, User
from waymark.directory.actions import pending
from waymark.directory.models import Address, Location, Metadata, PendingChange, Phone
from waymark.directory.policies import Refused, may_decide, may_withdraw
from waymark.directory.selectors import changes

NEW = "916-555-0199"


@pytest.fixture
def ana(db: None) -> User:
    return UserFactory(display_name="Ana Invented")


@pytest.fixture
def ben(db: None) -> User:
    return UserFactory(display_name="Ben Invented")


@pytest.fixture
def phone(db: None) -> Phone:
    return rows.PhoneFactory(number="916-555-0142", extension=None)


def _propose(phone: Phone, by: User, number: str = NEW) -> PendingChange:
    before = pending.row_data("phone", phone)
    return pending.propose_change(
        entity="phone", entity_id=phone.pk, before=before, after={**before, "number": number}, reason="Called", by=by
    )


def _number(phone: Phone) -> str:
    return Phone.objects.get(pk=phone.pk).number


def test_a_proposal_changes_nothing_yet(phone: Phone, ana: User) -> None:
    change = _propose(phone, ana)
    assert change.state == PendingChange.State.WAITING
    assert _number(phone) == "916-555-0142"


def test_a_second_person_applies_it_and_history_names_them(phone: Phone, ana: User, ben: User) -> None:
    pending.apply_change(change=_propose(phone, ana), by=ben)
    assert _number(phone) == NEW
    row = Metadata.objects.get(resource_id=phone.pk, field_name="number")
    assert (row.previous_value, row.replacement_value) == ("916-555-0142", NEW)
    assert row.updated_by == f"staff:{ben.pk}"


def test_the_proposer_cannot_apply_it_by_policy(phone: Phone, ana: User) -> None:
    change = _propose(phone, ana)
    with pytest.raises(Refused, match="second person"):
        pending.apply_change(change=change, by=ana)
    assert _number(phone) == "916-555-0142"


def test_the_proposer_cannot_apply_it_by_the_database(phone: Phone, ana: User) -> None:
    change = _propose(phone, ana)
    for decided_by in (ana, None):
        with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
            PendingChange.objects.filter(pk=change.pk).update(state="applied", decided_by=decided_by)


def test_the_proposer_finds_no_button_and_is_refused_by_the_form(steward: SiteClient, phone: Phone) -> None:
    change = _propose(phone, steward.user)
    url = f"/directory/changes/{change.pk}/"
    page = steward.get(url).content.decode()
    assert "Apply this change" not in page
    assert "A second person has to check it" in page
    answer = steward.send(url, {"compared": "on"}, page="/", follow=True)
    assert "You proposed this change" in answer.content.decode()
    assert _number(phone) == "916-555-0142"


def test_through_the_screens(steward: SiteClient, second_steward: SiteClient, phone: Phone) -> None:
    service = phone.service
    answer = steward.send(
        f"/directory/service/{service.pk}/phone/{phone.pk}/edit/",
        {"number": NEW, "extension": "12", "type": "voice", "description": ""},
        follow=True,
    )
    assert "It goes live when a colleague has checked it" in answer.content.decode()
    assert "waits for a second person" in answer.content.decode()
    change = PendingChange.objects.get()
    url = f"/directory/changes/{change.pk}/"
    page = second_steward.get(url).content.decode()
    assert "916-555-0142" in page
    assert NEW in page
    # Without the tick nothing is applied.
    assert second_steward.send(url, {}).status_code == 422
    assert _number(phone) == "916-555-0142"
    assert second_steward.send(url, {"compared": "on"}).status_code == 302
    assert _number(phone) == NEW
    assert Phone.objects.get(pk=phone.pk).extension == 12


def test_a_note_beside_a_number_does_not_wait(steward: SiteClient, phone: Phone) -> None:
    steward.send(
        f"/directory/service/{phone.service.pk}/phone/{phone.pk}/edit/",
        {"number": phone.number, "extension": "", "type": "voice", "description": "After hours"},
    )
    assert not PendingChange.objects.exists()
    assert Phone.objects.get(pk=phone.pk).description == "After hours"


def test_a_new_phone_waits_too_or_removing_and_adding_would_go_round_it(
    steward: SiteClient, second_steward: SiteClient, phone: Phone
) -> None:
    service = phone.service
    steward.send(f"/directory/service/{service.pk}/phone/{phone.pk}/remove/", {})
    assert not Phone.objects.filter(service=service).exists(), "taking a wrong number down takes one person"
    steward.send(f"/directory/service/{service.pk}/phone/new/", {"number": NEW, "type": "voice"})
    assert not Phone.objects.filter(service=service).exists(), "putting one up takes two"
    change = PendingChange.objects.get()
    second_steward.send(f"/directory/changes/{change.pk}/", {"compared": "on"})
    assert Phone.objects.get(service=service).number == NEW
    with pytest.raises(Refused, match="decided before"):
        pending.apply_change(change=change, by=second_steward.user)


@pytest.mark.parametrize("entity", ["address", "point"])
def test_addresses_and_points_wait(steward: SiteClient, second_steward: SiteClient, entity: str, db: None) -> None:
    address: Any = rows.AddressFactory()
    location = address.location
    if entity == "address":
        fields = ("attention", "address_1", "address_2", "city", "region", "state_province", "postal_code", "country")
        data = {name: getattr(address, name) for name in fields} | {"address_type": "physical"}
        url = f"/directory/location/{location.pk}/address/{address.pk}/edit/"
        steward.send(url, {**data, "address_1": "9 Changed Street", "postal_code": "00002"})
    else:
        url = f"/directory/location/{location.pk}/edit/"
        steward.send(url, {"name": location.name, "location_type": "physical", "latitude": "38.9", "longitude": "-121.5"})
    change = PendingChange.objects.get()
    assert Location.objects.get(pk=location.pk).latitude == location.latitude
    assert Address.objects.get(pk=address.pk).address_1 == address.address_1
    assert steward.user.pk == change.proposed_by_id
    second_steward.send(f"/directory/changes/{change.pk}/", {"compared": "on"})
    if entity == "address":
        assert Address.objects.get(pk=address.pk).address_1 == "9 Changed Street"
    else:
        assert Location.objects.get(pk=location.pk).latitude == 38.9


def test_taking_a_point_away_takes_one_person(steward: SiteClient, db: None) -> None:
    location: Any = rows.LocationFactory()
    url = f"/directory/location/{location.pk}/edit/"
    steward.send(url, {"name": location.name, "location_type": "physical", "latitude": "", "longitude": ""})
    assert Location.objects.get(pk=location.pk).latitude is None
    assert not PendingChange.objects.exists()


def test_a_change_of_what_was_changed_meanwhile_is_refused(phone: Phone, ana: User, ben: User) -> None:
    first, second = _propose(phone, ana), _propose(phone, ben, "916-555-0111")
    pending.apply_change(change=first, by=ben)
    with pytest.raises(Refused, match="changed by someone else"):
        pending.apply_change(change=second, by=ana)
    assert _number(phone) == NEW


def test_a_change_of_what_was_removed_is_refused(phone: Phone, ana: User, ben: User) -> None:
    change = _propose(phone, ana)
    phone.delete()
    with pytest.raises(Refused, match="removed meanwhile"):
        pending.apply_change(change=change, by=ben)
    assert PendingChange.objects.get(pk=change.pk).state == PendingChange.State.WAITING


def test_an_address_for_a_place_that_became_confidential_cannot_be_applied(ana: User, ben: User) -> None:
    location: Any = rows.LocationFactory()
    data = pending.row_data("address", rows.AddressFactory.build(location=location))
    change = pending.propose_change(entity="address", entity_id=None, before={}, after=data, reason="New", by=ana)
    Location.objects.filter(pk=location.pk).update(is_confidential=True)
    change.refresh_from_db()
    assert change.after == {}, "the database took the address out of the queue"
    with pytest.raises(Refused):
        pending.apply_change(change=change, by=ben)


def test_a_second_proposal_replaces_the_first_of_the_same_person(phone: Phone, ana: User) -> None:
    first, second = _propose(phone, ana), _propose(phone, ana, "916-555-0111")
    first.refresh_from_db()
    assert (first.state, second.state) == (PendingChange.State.WITHDRAWN, PendingChange.State.WAITING)


@pytest.mark.parametrize("decide", [pending.apply_change, pending.refuse_change, pending.withdraw_change])
def test_a_decided_change_stays_decided(phone: Phone, ana: User, ben: User, decide: Any) -> None:
    change = _propose(phone, ana)
    pending.refuse_change(change=change, by=ben)
    with pytest.raises(Refused):
        decide(change=change, by=ana if decide is pending.withdraw_change else ben)
    change.refresh_from_db()
    assert change.state == PendingChange.State.REFUSED
    assert _number(phone) == "916-555-0142"


def test_refusing_and_taking_back_on_the_screens(steward: SiteClient, second_steward: SiteClient, phone: Phone) -> None:
    change = _propose(phone, steward.user)
    url = f"/directory/changes/{change.pk}/"
    answer = second_steward.send(f"{url}withdraw/", page=url, follow=True)
    assert "Only the person who proposed" in answer.content.decode()
    answer = steward.send(f"{url}refuse/", page=url, follow=True)
    assert "second person" in answer.content.decode()
    change.refresh_from_db()
    assert change.state == PendingChange.State.WAITING
    steward.send(f"{url}withdraw/", page=url)
    change.refresh_from_db()
    assert change.state == PendingChange.State.WITHDRAWN


@pytest.mark.parametrize(
    ("role", "is_active", "is_proposer", "state", "decides", "withdraws"),
    [
        ("steward", True, False, "waiting", True, False),
        ("coordinator", True, False, "waiting", True, False),
        ("steward", True, True, "waiting", False, True),
        ("steward", False, False, "waiting", False, False),
        ("steward", False, True, "waiting", False, False),
        ("nobody", True, False, "waiting", False, False),
        ("steward", True, False, "applied", False, False),
        ("steward", True, True, "refused", False, False),
        ("steward", True, False, "withdrawn", False, False),
    ],
)
def test_who_may_decide(role: str, is_active: bool, is_proposer: bool, state: str, decides: bool, withdraws: bool) -> None:
    by = User(is_active=is_active)
    by.act_as(Membership(user=by, role=role))
    change = PendingChange(state=state, proposed_by_id=by.pk if is_proposer else uuid.uuid4())
    assert may_decide(by, change) is decides
    assert may_withdraw(by, change) is withdraws


def test_a_list_of_changes_costs_the_same_for_one_and_for_many(
    phone: Phone, ana: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        other: Any = rows.PhoneFactory(number=f"916-555-01{number:02d}")
        _propose(other, ana)
    with django_assert_max_num_queries(5):
        found = changes.described(changes.all_changes())
    assert len(found) == 30
    assert all(item.subject.startswith("Invented service") for item in found)


def test_old_and_new_are_shown_side_by_side(phone: Phone, ana: User) -> None:
    lines = changes.lines_of(_propose(phone, ana))
    assert [(line.name, line.before, line.after) for line in lines] == [("Number", "916-555-0142", NEW)]


def test_the_day_of_a_decision_is_kept(phone: Phone, ana: User, ben: User) -> None:
    change = pending.refuse_change(change=_propose(phone, ana), by=ben)
    assert change.decided_by == ben
    assert change.decided_at is not None
    assert timezone.now() - change.decided_at < dt.timedelta(minutes=1)
