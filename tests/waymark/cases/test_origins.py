"""A case that came by a package or a referral knows it; whoever sent it does not, and nothing is copied by itself."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from tests.factories.consent import sent_package, signed_release
from tests.factories.people import a_denial
from tests.waymark.cases.desks import desk_of_colleague, open_desk
from tests.waymark.consent.conftest import Two, two_agencies
from tests.waymark.consent.test_terms import mark
from tests.waymark.referrals.desks import Both, both_desks

from waymark.audit.models import Event
from waymark.cases.actions.origins import OVER
from waymark.cases.models import Case, CaseOrigin
from waymark.cases.selectors.origins import GONE
from waymark.consent.actions.releases import revoke_release
from waymark.consent.formats.terms import LAW
from waymark.consent.models import Release
from waymark.consent.selectors.terms import is_under_part_two
from waymark.disclosures.actions import open_packet
from waymark.disclosures.models import InboxPacket, OutboxPacket, Receipt
from waymark.people.selectors import opened_person, secret_of
from waymark.referrals.policies import NOT_TAKEN_UP
from waymark.referrals.selectors.received import how_it_stands

pytestmark = pytest.mark.django_db
SCOPES = ("case.asked_for", "person.contact", "person.languages", "person.name")


@pytest.fixture
def two(db: None) -> Two:
    return two_agencies()


def came(two: Two, *, is_part_two: bool = False) -> tuple[str, str, Release]:
    """A package that was sent and opened: where it is read, where a case is opened from it, and its release."""
    with two.here.person.acting():
        mark(two, two.person, is_part_two)
        two.person.refresh_from_db()
        release = signed_release(two.here.person, two.person, two.there.agency, scopes=SCOPES)
        sent_package(two.here.person, release, codes=SCOPES)
    with two.there.person.acting():
        packet = InboxPacket.objects.get()
        open_packet(vault=two.there.person.vault(), packet=packet.pk, by=two.there.user)
    return f"/mail/{packet.pk}/", f"/cases/new/from/{packet.pk}/", release


def told(**changes: Any) -> dict[str, Any]:
    return {"page": str(uuid.uuid4()), "could_talk": "yes", **changes}


def what_the_sender_has(two: Two) -> tuple[Any, ...]:
    """Every row of the sender that something at the recipient could move."""
    with two.here.person.acting():
        rows = tuple(tuple(model.objects.order_by("pk").values_list()) for model in (OutboxPacket, Receipt))
        return (*rows, Event.objects.filter(chain=two.here.agency.pk).count())


def test_a_case_from_a_package_knows_it_and_takes_over_what_was_ticked_alone(two: Two) -> None:
    packet, new, _ = came(two, is_part_two=True)
    page = two.there.get(packet)
    ticks = re.findall(r'name="take" value="([^"]+)" id="[^"]+"( checked)?', page)
    # No safe way to reach them, which was agreed with somebody else, and nothing is ticked beforehand.
    assert ticks == [("person.name", ""), ("person.languages", ""), ("case.asked_for", "")]
    empty = two.there.get(new)
    assert "Marisol" not in empty
    assert "Nothing of what Harbor House (invented) wrote is filled in." in empty
    filled = two.there.get(f"{new}?take=person.name&take=person.contact&take=nonsense")
    assert 'value="Marisol Invented"' in filled
    assert "A room" not in filled
    assert "Mam" not in filled
    assert "42 CFR Part 2" in filled
    carried = dict(re.findall(r'type="hidden" name="(came_marked)" value="([^"]+)"', filled))
    wrong = two.there.client.send(f"{new}?take=person.name", {**told(asked_for="x" * 9**6), **carried}, page="/cases/new/")
    assert wrong.status_code == 422
    assert "42 CFR Part 2" in wrong.content.decode(), "shown again it says what it said first"
    with two.there.person.acting():
        assert not Case.objects.exists()
    before = what_the_sender_has(two)
    answers = told(name="Marisol Invented")
    done = two.there.client.send(f"{new}?take=person.name", answers, page="/cases/new/")
    assert done.status_code == 302, done.content
    again = two.there.client.send(f"{new}?take=person.name", answers, page="/cases/new/")
    assert again["Location"] == done["Location"]
    # The look at the intake was told as any other look. That a case was opened moved nothing of theirs.
    assert what_the_sender_has(two) == before
    shown = two.there.get(done["Location"])
    assert re.search(rf'<a href="{packet}">A package of Harbor House \(invented\) on [^<]+</a>', shown)
    with two.there.person.acting():
        case, origin = Case.objects.get(), CaseOrigin.objects.get()
        secret = secret_of(two.there.person.vault(), case.person)
        assert secret is not None
        facts = opened_person(case.person, secret).facts
        assert facts["is_part_two"] is True
        assert not facts.get("languages")
        # What leaves this file later carries the notice that came with it.
        assert is_under_part_two(case.person, vault=two.there.person.vault())
        for told_open in (str(origin.found_by), str(origin.sealed)):
            assert "Harbor" not in told_open
            assert str(InboxPacket.objects.get().pk) not in told_open
        assert Event.objects.filter(verb="case.opened").count() == 1
    assert f'<a href="{done["Location"]}">Case {case.code}</a> came by this.' in two.there.get(packet)


def test_a_package_without_the_notice_marks_nothing(two: Two) -> None:
    _, new, _ = came(two)
    assert "42 CFR" not in two.there.get(new)
    assert two.there.client.send(new, told()).status_code == 302
    with two.there.person.acting():
        case = Case.objects.get()
        assert not is_under_part_two(case.person, vault=two.there.person.vault())
        assert LAW not in str(case.story)


def test_what_was_taken_back_opens_no_case_and_the_case_that_it_opened_says_so(two: Two) -> None:
    packet, new, release = came(two)
    done = two.there.client.send(new, told(name="Marisol Invented"))
    with two.here.person.acting():
        revoke_release(release=release, by=two.by)
    shown = two.there.get(done["Location"])
    assert "Marisol Invented" in shown
    assert "They took it back: use nothing of it that the person has not told you themselves." in shown
    with two.there.person.acting():
        code = Case.objects.get().code
    over = two.there.get(packet)
    assert f"Case {code}" in over
    assert "Open another case from it" not in over
    assert two.there.client.get(new)["Location"] == packet
    late = two.there.client.send(new, told(name="Typed meanwhile"), page="/cases/new/")
    assert late.status_code == 422
    assert OVER in " ".join(late.content.decode().split())
    assert 'value="Typed meanwhile"' in late.content.decode()
    with two.there.person.acting():
        assert Case.objects.count() == 1


def test_the_link_shows_to_those_alone_to_whom_the_case_is_open(two: Two) -> None:
    packet, new, _ = came(two)
    two.there.client.send(new, told())
    colleague = desk_of_colleague(two.there)
    with two.there.person.acting():
        case = Case.objects.get()
    assert f"Case {case.code}" in colleague.get(packet)
    with two.there.person.acting():
        a_denial(case.person, colleague.user, two.there.user)
    hidden = colleague.get(packet)
    assert case.code not in hidden
    assert "Open a case from it" in hidden
    # An officer reads mail and works on no case: no link and no form. The sending agency has no such address at all.
    officer = open_desk(two.there.founder, two.there.founder)
    assert "Marisol" in officer.get(packet)
    assert "Open a case from it" not in officer.get(packet)
    assert case.code not in officer.get(packet)
    assert officer.client.get(new).status_code == 403
    assert two.here.client.get(new).status_code == 404
    assert two.there.client.get(f"/cases/new/from/{uuid.uuid4()}/").status_code == 404


def test_by_what_a_case_came_is_said_once_by_who_opens_it(two: Two) -> None:
    _, new, _ = came(two)
    two.there.client.send(new, told())
    with two.there.person.acting():
        origin = CaseOrigin.objects.get()
        for change in (lambda: CaseOrigin.objects.update(found_by=b"x"), origin.delete):
            with pytest.raises(DatabaseError, match="What was written down stays"), transaction.atomic():
                change()
        Case.objects.filter(pk=origin.case_id).update(due_on=None)
    other = desk_of_colleague(two.there)
    with other.person.acting(), pytest.raises(DatabaseError, match="said by who opens it"), transaction.atomic():
        CaseOrigin.objects.create(agency=two.there.agency, case_id=origin.case_id, found_by=b"x", sealed=b"y")


def test_a_case_from_a_referral_that_was_taken_up(db: None) -> None:
    both: Both = both_desks()
    assert both.refer().status_code == 302
    here = both.came_in()
    both.hal.client.send(f"{here}read/", page=here)
    assert "Open a case from it" not in both.hal.get(here)
    assert both.hal.client.get(f"{here}case/")["Location"] == here
    assert NOT_TAKEN_UP in both.hal.get(here)
    refused = both.hal.client.send(f"{here}case/", told(), page="/cases/new/")
    assert refused.status_code == 422
    both.hal.client.send(f"{here}accept/", page=here)
    assert 'name="take" value="needs"' in both.hal.get(here)
    filled = both.hal.get(f"{here}case/?take=needs")
    assert "A safe place tonight, A lawyer" in filled
    done = both.hal.client.send(f"{here}case/?take=needs", told(asked_for="A safe place tonight"))
    assert done.status_code == 302, done.content
    shown = both.hal.get(done["Location"])
    assert f'<a href="{here}">A referral of Harbor House (invented) on ' in shown
    assert f'<a href="{done["Location"]}">' in both.hal.get(here)
    assert "came by" not in both.ada.get(f"/cases/{both.case.pk}/").lower()
    # The referral is deleted a day after its end. The case stays, and says that.
    with both.hal.person.acting():
        assert how_it_stands(uuid.uuid4(), both.hal.user, timezone.now()).says == GONE
