"""From an order to its answer, at two desks: the court seals by one press, and the lawyer's page says so by itself."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from django.utils import timezone
from tests.factories.accounts import AgencyFactory
from tests.factories.disclosures import acting
from tests.factories.vault import PASSPHRASE, compare, founder_of
from tests.plugins.staff import SiteClient
from tests.waymark.cases.desks import Desk, open_desk
from tests.waymark.relief.steps import drafted_relief, move

from waymark.accounts.models import Agency, AgencyKind
from waymark.audit.models import Event
from waymark.disclosures.models import InboxPacket, OutboxPacket
from waymark.diversion.models import Matter, SealTask
from waymark.people.policies import Refused
from waymark.relief.actions.holders import name_holder, tell_of_order
from waymark.relief.models import Holder, ReliefCase, State

pytestmark = pytest.mark.django_db
MATTER = {
    "charge": "PC 647(b)(1)",
    "offense_on": "May 3 2018",
    "is_adult": "on",
    "initials": "A.I.",
    "case_number": "18 INV-0042",
    "language": "es",
}


def officer_of(desk: Desk, kind: AgencyKind, name: str) -> Desk:
    """An officer of an agency with which the lawyers compared words, at a browser in which the vault is open."""
    officer = founder_of(AgencyFactory(name=name, kind=kind), display_name="Jo Invented")
    compare(desk.founder, officer)
    compare(officer, desk.founder)
    return open_desk(officer, officer)


def ordered(desk: Desk, *told: Agency, **asked: str) -> tuple[ReliefCase, list[Holder]]:
    """A case in which relief was ordered, and agencies that were told."""
    case = move(desk, drafted_relief(desk, **asked), "review", "serve", "file", "order")
    holders = []
    with desk.person.acting():
        for agency in told:
            holder = name_holder(case=case, agency=agency, name="", by=desk.user)
            holders.append(tell_of_order(vault=desk.person.vault(), case=case, holder=holder, by=desk.user))
    return case, holders


def order_at(court: Desk) -> uuid.UUID:
    with acting(court.user):
        return InboxPacket.objects.values_list("pk", flat=True).get(kind="relief_order")


def press(desk: Desk, url: str, **data: str) -> None:
    answer = desk.client.send(url, data, page="" if data else "/")
    assert answer.status_code == 302, answer.content.decode()[-3000:]


def verbs(desk: Desk) -> list[str]:
    with acting(desk.user):
        return list(Event.objects.filter(chain=desk.agency.pk).order_by("id").values_list("verb", flat=True))


def test_a_court_seals_and_destroys_and_the_relief_case_shows_it_by_itself(desk: Desk) -> None:
    court = officer_of(desk, AgencyKind.COURT, "Superior Court (invented)")
    provider = AgencyFactory(name="Harbor House (invented)", kind=AgencyKind.VICTIM_SERVICES)
    assert court.client.send("/diversion/matters/new/", MATTER | {"program_agency": str(provider.pk)}).status_code == 302
    with acting(court.user):
        matter = Matter.objects.get()
    case, _ = ordered(desk, court.agency)
    pk, today = order_at(court), timezone.localdate()
    here = f"/diversion/orders/{pk}/"

    # It waits, with a clock as soon as it is taken up; what it says stays sealed until then.
    assert "1 order to seal is not taken up" in court.get("/")
    assert "Not taken up" in court.get("/diversion/put-away/")
    assert "18INV0042" not in court.get(here)
    press(court, f"{here}take-up/")
    page = court.get(here)
    due = today + dt.timedelta(days=90)
    for words in ("18INV0042", matter.code, f"Seal until {due:%A, %B} {due.day}, {due.year}", "Not answered"):
        assert words in page, words
    assert court.client.send(f"{here}destroyed/", {"on": "today"}).status_code == 422, "sealed first"
    early = court.client.send(f"{here}sealed/", {"on": (today - dt.timedelta(days=1)).isoformat()})
    assert early.status_code == 422
    assert "Sealed before the order" in early.content.decode()
    with acting(court.user):
        assert Matter.objects.get().put_away_on is None, "a refused answer puts nothing away"
    assert "Answered: sealed" not in desk.get(f"/relief/{case.pk}/")

    press(court, f"{here}sealed/", on="today")
    press(court, f"{here}sealed/", on="today")
    assert court.client.get(f"/diversion/matters/{matter.pk}/").status_code == 404
    assert matter.code not in court.get("/diversion/matters/")
    with acting(court.user):
        assert OutboxPacket.objects.filter(kind="relief_done").count() == 1, "pressed twice is one answer"
        task = SealTask.objects.get()
        assert (task.rows, task.sealed_on, task.reference) == ([matter.pk], today, case.code)
    desk.client.send("/vault/lock/", {}, page="/")
    shown = desk.get(f"/relief/{case.pk}/")
    assert "Answered: sealed" in shown, "seen while the vault is locked"
    open_again(desk)

    # The key is still there, so the court cannot say yet that nothing opens the row.
    early = court.client.send(f"{here}destroyed/", {"on": "today"})
    assert "still has its key" in early.content.decode()
    press(court, f"/diversion/put-away/matter/{matter.pk}/", sure="on")
    press(court, f"{here}destroyed/", on="today")
    assert {"seal_task.taken_up", "seal_task.sealed", "seal_task.destroyed", "diversion_row.put_away"} <= set(verbs(court))
    assert "Answered: destroyed" in desk.get(f"/relief/{case.pk}/")

    # Confirming takes the answers in: nobody types a day.
    case = move(desk, case, "confirm")
    assert case.state == State.CONFIRMED
    with desk.person.acting():
        holder = Holder.objects.get()
        assert (holder.sealed_on, holder.destroyed_on) == (today, today)
        assert OutboxPacket.objects.get(kind="relief_order").state == "recalled"
    assert verbs(desk).count("relief.answers_taken_in") == 1
    gone = court.get(here)
    assert "18INV0042" not in gone
    assert "has taken its words back" in gone
    assert "No order came" not in court.get("/diversion/orders/?state=destroyed")


def open_again(desk: Desk) -> None:
    assert desk.client.send("/vault/unlock/", {"passphrase": PASSPHRASE}).status_code == 302


def test_an_agency_without_rows_here_answers_for_its_own_records(desk: Desk) -> None:
    police = officer_of(desk, AgencyKind.LAW_ENFORCEMENT, "Police (invented)")
    case, _ = ordered(desk, police.agency)
    here = f"/diversion/orders/{order_at(police)}/"
    press(police, f"{here}take-up/")
    assert "None has this case number or reference" in police.get(here)
    later = timezone.now() + dt.timedelta(days=100)
    with time_machine.travel(later, tick=True):
        assert "Past its day" in again(police).get("/diversion/orders/")
    press(police, f"{here}sealed/", on="today")
    press(desk, f"/relief/{case.pk}/answers/")
    with desk.person.acting():
        assert Holder.objects.get().sealed_on == timezone.localdate()
    assert "Sealed since" in desk.get(f"/relief/{case.pk}/")


def again(desk: Desk) -> Desk:
    """The same person on a later day, when the session of today is over."""
    client = SiteClient("staff")
    client.force_login(desk.user)
    return Desk(desk.person, desk.founder, client)


def test_an_answer_is_believed_from_whom_it_must_come_alone(desk: Desk) -> None:
    """Two agencies were told. What one answers is its own word, and confirms nothing for the other."""
    police = officer_of(desk, AgencyKind.LAW_ENFORCEMENT, "Police (invented)")
    court = officer_of(desk, AgencyKind.COURT, "Superior Court (invented)")
    case, (first, second) = ordered(desk, police.agency, court.agency)
    here = f"/diversion/orders/{order_at(police)}/"
    press(police, f"{here}take-up/")
    press(police, f"{here}sealed/", on="today")
    with pytest.raises(Refused, match="Not every agency"):
        move(desk, case, "confirm")
    press(desk, f"/relief/{case.pk}/answers/")
    with desk.person.acting():
        first.refresh_from_db()
        second.refresh_from_db()
    assert (first.sealed_on is None, second.sealed_on is None) == (False, True)
    # A row of another order's, and one that is not there, answer alike.
    foreign = police.client.get(f"/diversion/orders/{order_at(court)}/")
    nothing = police.client.get(f"/diversion/orders/{uuid.uuid4()}/")
    assert (foreign.status_code, foreign.content) == (404, nothing.content)


def test_whoever_cannot_open_the_program_s_rows_answers_no_order(desk: Desk) -> None:
    """A member of a provider's agency would find no row and answer that all is sealed."""
    home = officer_of(desk, AgencyKind.VICTIM_SERVICES, "Harbor House (invented)")
    ordered(desk, home.agency)
    here = f"/diversion/orders/{order_at(home)}/"
    assert "they can open its rows" in home.get(here)
    home.client.send(f"{here}take-up/", {}, page="/")
    with acting(home.user):
        assert SealTask.objects.count() == 0
