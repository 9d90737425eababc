"""Money and housing on the screens: three people, what each sees of it, what stays sealed, and months that are left."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.accounts import UserFactory
from tests.factories.assistance import a_fund, a_request
from tests.factories.disclosures import acting
from tests.factories.people import a_case, opened_case
from tests.factories.vault import PASSPHRASE
from tests.plugins.staff import SiteClient, prove
from tests.waymark.cases.desks import Desk, desk_in, desk_of_colleague, open_desk

from waymark.access.permissions import SERVING_ALONE, Permission, Role, permissions_of
from waymark.accounts.models import AgencyKind, Membership
from waymark.assistance.actions.moving import pay_request, show_payment
from waymark.assistance.models import AssistanceRequest, Fund, FundEntry, HousingStay, State
from waymark.audit.models import Event
from waymark.cases.actions.keeping import ask_to_destroy, destroy_case
from waymark.cases.models import Case
from waymark.pages.templatetags.pages import day
from waymark.people.actions.merging import merge_person, split_person
from waymark.people.models import Address, Person
from waymark.people.policies import Refused

pytestmark = pytest.mark.django_db
HERE = "/assistance/"
ASKED = {
    "category": "deposit",
    "amount": "1,200.50",
    "urgency": "today",
    "household_size": "2",
    "payee_kind": "landlord",
    "payee": "Mr. Landlord (invented)",
    "purpose": "So that she has a door that locks.",
    "tried": "The county.",
}


@pytest.fixture
def desk(cheap: None, db: None) -> Desk:
    return desk_in()


@pytest.fixture
def officer(desk: Desk) -> Desk:
    return open_desk(desk.founder, desk.founder)


@pytest.fixture
def case(desk: Desk) -> Case:
    found: Case = opened_case(desk.person, name="Rosa Invented")
    return found


def sent(desk: Desk, url: str, **typed: object) -> str:
    done = desk.client.send(url, typed)
    assert done.status_code == 302, " ".join(done.content.decode().split())[:3000]
    return str(done["Location"])


def a_full_fund(officer: Desk, amount: str = "5,000", **more: object) -> str:
    typed = {"name": "Open door fund", "source": "A foundation (invented)", "starts_on": "1/1/2026"}
    here = sent(officer, f"{HERE}funds/new/", **{**typed, "categories": ["deposit", "food"], **more})
    sent(officer, f"{here}came-in/", amount=amount, note="First half")
    return here


def asked(desk: Desk, case: Case, **typed: object) -> str:
    with desk.person.acting():
        fund = Fund.objects.get()
    return sent(desk, f"{HERE}new/{case.pk}/", fund=str(fund.pk), **{**ASKED, **typed})


def test_from_a_request_to_a_paid_receipt_by_three_people(desk: Desk, officer: Desk, case: Case) -> None:
    """An agency of three: an officer who opens no case, and two advocates. Each does one thing, and the log knows who."""
    payer = desk_of_colleague(desk)
    fund = a_full_fund(officer)
    here = asked(desk, case)
    assert "2 requests" not in officer.get("/waiting/")
    sent(desk, f"{here}submit/")
    assert "1 request for money waits for a decision" in officer.get("/waiting/")
    page = officer.get(here)
    assert "$1,200.50" in page
    assert case.code in page
    for secret in ("Landlord (invented)", "door that locks", "The county", "Rosa", f"/cases/{case.pk}/"):
        assert secret not in page
    assert "Mr. Landlord (invented)" in desk.get(here)
    assert desk.client.get(f"{here}decide/").status_code == 302, "who asks does not decide"
    sent(officer, f"{here}decide/", answer="approve", amount="1,200.50", reason="")
    assert officer.client.get(f"{here}pay/").status_code == 302
    sent(payer, f"{here}set-aside/")
    assert "Mr. Landlord (invented)" in payer.get(f"{here}pay/")
    sent(payer, f"{here}pay/", amount="1,200")
    assert "$3,800 left" in officer.get(fund)
    assert "did not go through" in payer.get(here)
    sent(payer, f"{here}refund/", amount="200")
    assert "did not go through" not in payer.get(here), "what came back in part went through"
    assert payer.client.get(f"{here}bounce/").status_code == 302
    with payer.person.acting(), pytest.raises(Refused, match="moved this meanwhile"):
        pay_request(row=AssistanceRequest.objects.get(), amount=1, by=payer.user)
    shows = f"{here}shown/"
    assert "somebody else attests it" in payer.get(shows)
    says = {"how": "attest", "reason": "I was there."}
    answer = payer.client.send(shows, says)
    page = " ".join(answer.content.decode().split())
    assert (answer.status_code, page.count('id="id_how_error"><p>You paid this')) == (422, 1)
    with payer.person.acting():
        act = {"vault": payer.person.vault(), "row": AssistanceRequest.objects.get(), "by": payer.user}
        with pytest.raises(Refused, match="If there is a receipt, write that down yourself"):
            show_payment(move="attest", reason="I was there.", **act)
    assert "Attest that it was paid" in officer.get(here)
    assert 'value="receipt"' not in officer.get(shows)
    assert "$1,200, of which $200 came back. Nothing is set aside any more" in desk.get(here)
    sent(desk, shows, how="attest", reason="A receipt would name the street. I was there.")
    sent(desk, f"{here}close/")
    with desk.person.acting():
        row = AssistanceRequest.objects.get()
        assert (row.state, row.paid, row.committed, row.approved) == (State.CLOSED, 120_000, 120_000, 120_050)
        assert (row.came_back, row.fund.balance, row.fund.paid) == (20_000, 400_000, 100_000)
        assert len({row.asked_by_id, row.approved_by_id, row.paid_by_id}) == 3
        told = list(Event.objects.filter(verb__startswith="money_request.").order_by("pk").values_list("verb", flat=True))
        assert sorted(told) == sorted(
            f"money_request.{what}"
            for what in ("drafted", "submitted", "approved", "set_aside", "paid", "refunded", "shown", "closed")
        )
        assert Event.objects.filter(verb="payee.read").exists()
    assert "Deposit, $1,200.50" in desk.get(f"/cases/{case.pk}/")


def test_a_no_has_its_reason_and_what_is_wrong_stays_as_it_was_typed(desk: Desk, officer: Desk, case: Case) -> None:
    a_full_fund(officer)
    with desk.person.acting():
        fund = Fund.objects.get()
    wrong = {**ASKED, "fund": str(fund.pk), "category": "rent", "amount": "12.345"}
    answer = desk.client.send(f"{HERE}new/{case.pk}/", wrong)
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 422
    assert "Enter an amount in dollars" in page
    assert "This fund is not for that" in page
    assert "So that she has a door that locks." in page
    too_much = desk.client.send(f"{HERE}new/{case.pk}/", {**ASKED, "fund": str(fund.pk), "amount": "200,000,000"})
    assert (too_much.status_code, "no more than $100,000,000" in too_much.content.decode()) == (422, True)
    nothing = desk.client.send(f"{HERE}new/{case.pk}/", {}).content.decode()
    assert all(text in nothing for text in ("Choose what the money is for.", "Say how much is needed.", "Say who is paid"))
    here = asked(desk, case)
    sent(desk, f"{here}submit/")
    for typed in ({"answer": "deny"}, {"answer": "approve", "amount": "0"}, {"answer": "approve", "amount": "5,000"}, {}):
        assert officer.client.send(f"{here}decide/", typed).status_code == 422
    sent(officer, f"{here}decide/", answer="return", amount="", reason="Which month is it for?")
    assert "Which month is it for?" in desk.get(here)
    assert "Which month is it for?" not in officer.get(here)
    desk.client.send("/vault/lock/", page=here)
    assert 'name="purpose"' not in desk.get(f"{here}change/"), "nothing is corrected that was not read"
    sent(desk, "/vault/unlock/", passphrase=PASSPHRASE)
    assert "So that she has a door that locks." in desk.get(f"{here}change/")
    sent(desk, f"{here}change/", **{**ASKED, "fund": str(fund.pk), "amount": "900"})
    sent(desk, f"{here}submit/")
    sent(officer, f"{here}decide/", answer="deny", amount="", reason="It is paid by the county now.")
    assert desk.client.get(f"{here}change/").status_code == 302
    assert desk.client.get(f"{here}void/").status_code == 302


def test_a_denied_colleague_is_answered_as_if_there_were_no_money(desk: Desk, officer: Desk, case: Case) -> None:
    denied = desk_of_colleague(desk)
    a_full_fund(officer)
    here = asked(desk, case)
    sent(desk, f"{here}submit/")
    stay = sent(desk, f"{HERE}housing/new/{case.pk}/")
    sent(desk, f"/cases/{case.pk}/access/deny/", user=str(denied.user.pk), reason="A conflict")
    nowhere = f"{HERE}{timezone.now():%Y%m%d}-0000-4000-8000-000000000000/"
    for url in (here, f"{here}decide/", f"{here}pay/", f"{here}void/", stay, f"{stay}end/"):
        assert denied.client.get(url).status_code == denied.client.get(nowhere).status_code == 404
    assert "request for money waits" not in denied.get("/waiting/")
    assert case.code not in denied.get(f"{HERE}?state=every")
    assert case.code not in denied.get(f"{HERE}housing/?state=every")
    with desk.person.acting():
        code = AssistanceRequest.objects.get().code
    found = denied.client.send("/search/", {"q": code}).content.decode()
    assert here not in found
    assert here in officer.client.send("/search/", {"q": code}).content.decode()


def test_officers_of_the_justice_side_have_no_such_page(db: None) -> None:
    assert {each for each in Permission if each.value.startswith("assistance.")} == SERVING_ALONE
    assert not permissions_of(Role.OFFICER, is_justice=True) & SERVING_ALONE
    with_and_without = []
    for kind in (AgencyKind.LAW_ENFORCEMENT, AgencyKind.VICTIM_SERVICES):
        from tests.factories.accounts import AgencyFactory

        client = SiteClient("staff")
        client.force_login(UserFactory(role="officer", agency=AgencyFactory(kind=kind)))
        with_and_without.append((client.get(HERE).status_code, HERE in client.get("/").content.decode()))
    assert with_and_without == [(403, False), (200, True)]


def test_a_fund_s_receipt_is_taken_back_while_the_money_is_there(desk: Desk, officer: Desk) -> None:
    fund = a_full_fund(officer)
    with officer.person.acting():
        entry = FundEntry.objects.get()
    back = f"{fund}came-in/{entry.pk}/back/"
    assert officer.client.get(back).status_code == 200
    sent(officer, back)
    assert officer.client.get(back).status_code == 404
    with officer.person.acting():
        assert (Fund.objects.get().balance, FundEntry.objects.count()) == (0, 2)
    twice = {"name": "Open door fund", "source": "Again", "starts_on": "today", "categories": ["food"]}
    assert officer.client.send(f"{HERE}funds/new/", twice).status_code == 422
    assert desk.client.get(f"{fund}change/").status_code == 403


def test_what_a_fund_said_before_stands_on_its_page(desk: Desk, officer: Desk) -> None:
    fund = a_full_fund(officer, cap_request="1,500")
    assert "What changed" not in desk.get(fund)
    same = {"name": "Open door fund", "source": "A foundation (invented)", "categories": ["deposit", "food"]}
    sent(officer, f"{fund}change/", **same, cap_request="1,500")
    assert "What changed" not in desk.get(fund), "what is sent as it was changed nothing"
    sent(officer, f"{fund}change/", **{**same, "categories": ["food"]}, cap_request="2,000", ends_on="12/31/2030")
    table = desk.get(fund).partition('id="changed-title"')[2]
    for what, before, after in (
        ("Two approve above, a request", "$1,500", "$2,000"),
        ("Until", "No last day", "Tuesday, December 31, 2030"),
        ("It is for", "Deposit, Food", "Food"),
    ):
        row = f'{what}</th> <td data-label="Before">{before}</td> <td data-label="Since then">{after}</td>'
        assert f'{row} <td data-label="Who">{officer.user.display_name}</td>' in table


def test_an_officer_attests_where_the_only_advocate_left_has_paid(desk: Desk, officer: Desk, case: Case) -> None:
    """Nobody is stuck: who paid writes the receipt down, or the officer attests; and who is alone is told so."""
    a_full_fund(officer)
    payer = desk_of_colleague(desk)
    here = asked(desk, case)
    sent(desk, f"{here}submit/")
    alone = "Nobody else of your agency can do that now: an officer invites another advocate"
    assert alone not in desk.get(here)
    sent(officer, f"{here}decide/", answer="approve", amount="1,200.50", reason="")
    sent(payer, f"{here}set-aside/")
    assert "$1,200.50, not paid yet" in payer.get(here)
    sent(payer, f"{here}pay/", amount="1,200.50")
    assert desk.client.get(f"{here}shown/").status_code == 200
    sent(officer, f"{here}shown/", how="attest", reason="The landlord told me on the phone.")
    assert "The landlord told me" in payer.get(here)
    sent(payer, f"{here}close/")
    here = asked(desk, case)
    sent(desk, f"{here}submit/")
    Membership.objects.filter(user__in=[officer.user, payer.user]).update(state="suspended")
    assert alone in desk.get(here)


def leased(desk: Desk, case: Case, first: dt.date, last: dt.date) -> str:
    here = sent(desk, f"{HERE}housing/new/{case.pk}/")
    sent(desk, f"{here}lease/", **lease_of(first, last))
    return here


def lease_of(first: dt.date, last: dt.date) -> dict[str, str]:
    days = {"lease_from": first, "lease_until": "", "helped_from": first, "helped_until": last}
    words = {"address": "5 Invented Row, apartment 3", "landlord": "Ms. Owner (invented)", "rent": "1,450"}
    return {**words, **{name: str(day) for name, day in days.items()}}


def test_a_household_is_rehoused_and_no_page_says_where(desk: Desk, case: Case) -> None:
    today = timezone.localdate()
    here = sent(desk, f"{HERE}housing/new/{case.pk}/")
    too_long = desk.client.send(f"{here}lease/", lease_of(today, today + dt.timedelta(days=800)))
    assert too_long.status_code == 422
    assert "24 months are left" in too_long.content.decode()
    sent(desk, f"{here}lease/", **lease_of(today, today + dt.timedelta(days=200)))
    sent(desk, f"{here}moved-in/", on="today")
    shorter = today + dt.timedelta(days=30)
    sent(desk, f"{here}help/", helped_until=str(shorter))
    assert f"to {day(shorter)}" in desk.get(here)
    assert desk.client.send(f"{here}help/", {"helped_until": "1/1/2040"}).status_code == 422
    with desk.person.acting():
        unit = Address.objects.get(kind="unit")
    pages = [here, f"/people/{case.person_id}/", f"/cases/{case.pk}/", f"{HERE}housing/", f"{here}end/"]
    assert all("Invented Row" not in desk.get(url) for url in pages)
    prove(desk.client)
    read = desk.client.send(f"/people/{case.person_id}/addresses/{unit.pk}/", {"reason": "visit"})
    assert "Invented Row" in read.content.decode()
    assert desk.client.send(f"{HERE}housing/new/{case.pk}/", {}).status_code == 422, "one open stay a household"
    sent(desk, f"{here}end/", on="today", went="stays", note="")
    assert "nobody can look it up" in desk.get(here)
    assert "They stay in the unit without help" in desk.get(here)
    assert desk.client.get(f"/people/{case.person_id}/addresses/{unit.pk}/").status_code == 404
    with desk.person.acting():
        stay = HousingStay.objects.get()
        assert (stay.state, stay.helped_until) == ("exited", today)


def test_two_files_whose_stays_clash_are_not_put_together(desk: Desk) -> None:
    """Refused in words first, and by the database in any case; what does not clash is one household's from then on."""
    today = timezone.localdate()
    cases = [opened_case(desk.person) for _ in range(2)]
    one = leased(desk, cases[0], today, today + dt.timedelta(days=300))
    other = leased(desk, cases[1], today + dt.timedelta(days=100), today + dt.timedelta(days=400))
    person, into = (case.person for case in cases)
    with desk.person.acting(), pytest.raises(Refused, match="at the same time"):
        merge_person(vault=desk.person.vault(), person=person, into=into, by=desk.user)
    sent(desk, f"{one}end/", on="today", went="unknown", note="")
    with desk.person.acting():
        merge_person(vault=desk.person.vault(), person=person, into=into, by=desk.user)
        assert set(HousingStay.objects.values_list("household_id", flat=True)) == {into.pk}
        split_person(vault=desk.person.vault(), person=Person.objects.get(pk=person.pk), by=desk.user)
        assert set(HousingStay.objects.values_list("household_id", flat=True)) == {person.pk, into.pk}
    assert "months are left" in desk.get(other)


def test_of_a_destroyed_case_the_sums_stay_and_nothing_opens(desk: Desk, officer: Desk, case: Case) -> None:
    """What an audit of the fund needs stays: amounts, days, who. To whom and what for opens for nobody any more."""
    a_full_fund(officer)
    here = asked(desk, case)
    for move in ("begin_closing", "close"):
        sent(desk, f"/cases/{case.pk}/move/{move}/", reason="Done (invented)")
    answer = desk.client.send(f"/cases/{case.pk}/move/archive/", {})
    assert "still under way" in answer.content.decode()
    sent(desk, f"{here}void/", reason="Not needed any more")
    sent(desk, f"/cases/{case.pk}/move/archive/")
    with desk.person.acting():
        waiting = ask_to_destroy(case=case, why="asked", with_person=True, by=desk.user)
    with officer.person.acting():
        destroy_case(request=waiting.pk, by=officer.user)
    page = desk.get(here)
    assert "$1,200.50" in page
    assert "Mr. Landlord" not in page
    with officer.person.acting():
        assert Fund.objects.get().balance == 500_000
        assert AssistanceRequest.objects.get().amount == 120_050


@pytest.mark.parametrize("number", [40, pytest.param(5000, marks=pytest.mark.nightly)])
def test_lists_ask_few_questions_at_five_thousand_rows(desk: Desk, number: int) -> None:
    """The list of requests, a fund with its entries, and the list of stays."""
    with acting(desk.user):
        case = a_case(desk.agency, desk.user)
        fund = a_fund(desk.agency, desk.user, 100)
        row = a_request(case, fund, desk.user)
        same = {field.attname: getattr(row, field.attname) for field in AssistanceRequest._meta.concrete_fields}
        rows = [AssistanceRequest(**{**same, "id": uuid.uuid4(), "code": f"b{one}"}) for one in range(number)]
        AssistanceRequest.objects.bulk_create(rows)
    for url in (HERE, f"{HERE}?whose=decide&state=every", f"{HERE}funds/", f"{HERE}funds/{fund.pk}/", f"{HERE}housing/"):
        desk.client.get(url)
        with CaptureQueriesContext(connection) as asked_:
            assert desk.client.get(url).status_code == 200
        assert len(asked_) <= 12, "\n".join(query["sql"] for query in asked_)
    assert f'class="count">{number + 1}<' in desk.get(HERE)
