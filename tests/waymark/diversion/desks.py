"""Four agencies at their desks with open vaults: a program's, a court's, a prosecutor's and counsel's."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from tests.factories.accounts import AgencyFactory
from tests.factories.disclosures import acting, compare_words
from tests.factories.vault import Person, founder_of, let_in
from tests.waymark.cases.desks import Desk, open_desk

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind
from waymark.disclosures.actions import open_permit
from waymark.disclosures.models import Permit
from waymark.diversion.actions.enrollments import REPORT_FIELDS
from waymark.diversion.actions.programs import make_program
from waymark.diversion.models import Enrollment, Matter, Program, Referral

DAY = dt.timedelta(days=1)


@dataclass
class People:
    """Somebody with a key in each of the four agencies; words compared between all who send each other something."""

    worker: Person
    judge: Person
    prosecutor: Person
    counsel: Person
    founder: Person


@dataclass
class Desks:
    people: People
    worker: Desk
    judge: Desk
    prosecutor: Desk
    counsel: Desk
    program: Program


def agency(person: Person) -> Agency:
    assert person.user.acting is not None
    return person.user.acting.agency


def four_people() -> People:
    def founder(name: str, kind: AgencyKind, who: str) -> Person:
        return founder_of(AgencyFactory(name=name, short_name=name.split(" (")[0], kind=kind), display_name=who)

    home = founder("Harbor House (invented)", AgencyKind.VICTIM_SERVICES, "Ola Invented")
    people = People(
        let_in(home, Role.ADVOCATE.value, display_name="Ada Invented"),
        founder("Superior Court (invented)", AgencyKind.COURT, "Jo Invented"),
        founder("District Attorney (invented)", AgencyKind.PROSECUTION, "Pat Invented"),
        founder("Public Defender (invented)", AgencyKind.DEFENSE, "Cy Invented"),
        home,
    )
    for one, other in (
        (people.worker, people.judge),
        (people.worker, people.prosecutor),
        (people.worker, people.counsel),
        (people.counsel, people.prosecutor),
        (people.counsel, people.judge),
    ):
        compare_words(one, other)
    return people


def a_program_of(people: People) -> Program:
    with acting(people.worker.user):
        return make_program(
            template="survivor_court",
            name="Program (invented)",
            court=agency(people.judge),
            prosecution=agency(people.prosecutor),
            by=people.worker.user,
        )


def desks() -> Desks:
    people = four_people()
    seats = [
        open_desk(person, people.founder) for person in (people.worker, people.judge, people.prosecutor, people.counsel)
    ]
    return Desks(people, *seats, a_program_of(people))


def send(desk: Desk, url: str, data: dict[str, Any] | None = None) -> Any:
    """Post a form that must be right; gives the answer."""
    is_button = url in {"/diversion/mail/", "/vault/lock/"}
    answer = desk.client.send(url, data or {}, page="/" if is_button else "")
    if answer.status_code != 302:
        text = re.sub(r"<[^>]+>", " ", answer.content.decode())
        raise AssertionError(f"{url}: {answer.status_code} {' '.join(text.split())[:3000]}")
    return answer


MATTER = {
    "charge": "PC 647(b)(1)",
    "offense_on": "March 3 2026",
    "is_adult": "on",
    "initials": "R.K.",
    "case_number": "26MI004321",
    "language": "es",
}


def refer_and_agree(four: Desks) -> Referral:
    """Counsel opens a matter and refers it; all three agree; the program has everybody's packet."""
    provider = four.worker.agency
    send(four.counsel, "/diversion/matters/new/", MATTER | {"program_agency": str(provider.pk)})
    with acting(four.counsel.user):
        matter = Matter.objects.get()
    for recipient in (provider, four.prosecutor.agency):
        send(
            four.counsel, f"/diversion/matters/{matter.pk}/refer/", {"recipient": str(recipient.pk), "counsel_agrees": "on"}
        )
    send(four.counsel, f"/diversion/matters/{matter.pk}/decide/", {"verdict": "agrees"})
    send(four.prosecutor, "/diversion/mail/")
    with acting(four.prosecutor.user):
        theirs = Matter.objects.get()
    send(four.prosecutor, f"/diversion/matters/{theirs.pk}/decide/", {"verdict": "agrees"})
    send(four.worker, "/diversion/mail/")
    with acting(four.worker.user):
        referral = Referral.objects.get()
    send(four.worker, f"/diversion/referrals/{referral.pk}/decide/", {"verdict": "agrees"})
    return referral


ENROLL = {
    "name": "Rosa Invented",
    "initials": "R.K.",
    "safe_times": "Mornings",
    "was_adult": "on",
    "authority": "pc_1001",
    "counsel_met_on": "November 2 2026",
    "immigration_advice_on": "November 3 2026",
    "counsel_asked_on": "November 3 2026",
    "rights_told_on": "November 4 2026",
    "started_on": "November 5 2026",
    "max_end_on": "November 4 2028",
}


def enrolled(four: Desks, *, with_counsel: bool = True) -> Enrollment:
    referral = refer_and_agree(four)
    defense = {"defense": str(four.counsel.agency.pk)} if with_counsel else {}
    send(four.worker, f"/diversion/referrals/{referral.pk}/enroll/", ENROLL | defense)
    with acting(four.worker.user):
        return Enrollment.objects.get()


def reference_of(four: Desks) -> str:
    """The reference as the program's page shows it."""
    with acting(four.worker.user):
        referral = Referral.objects.get()
    return re.search(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}", four.worker.get(f"/diversion/referrals/{referral.pk}/")).group()  # type: ignore[union-attr]


def permit_for(people: People, recipient: Agency, *, days: int = 60) -> Permit:
    """As consent opens one when somebody signs a release for a report to the court."""
    now = timezone.now()
    with acting(people.worker.user):
        return open_permit(
            recipient=recipient,
            purpose="court",
            fields=sorted(REPORT_FIELDS),
            starts_at=now - DAY,
            ends_at=now + days * DAY,
            by=people.worker.user,
        )


def attach(four: Desks, enrollment: Enrollment, permit: Permit) -> None:
    send(four.worker, f"/diversion/people/{enrollment.pk}/permit/", {"permit": str(permit.pk)})


def report(four: Desks, enrollment: Enrollment, for_day: dt.date, **more: str) -> Any:
    data = {"page": str(uuid.uuid4()), "for_day": for_day.isoformat(), "status": "on_track", **more}
    return send(four.worker, f"/diversion/people/{enrollment.pk}/report/", data)
