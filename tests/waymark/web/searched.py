"""For each kind of thing that the search finds: how to make one, who finds it, and who never does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils import timezone
from tests.factories import directory as rows
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.assistance import a_fund, a_request
from tests.factories.coalition import (
    GroupMemberFactory,
    OfferFactory,
    WorkingGroupFactory,
    act,
    agreement_of,
    calendar_entry,
)
from tests.factories.council import asked, two_seated
from tests.factories.disclosures import with_key
from tests.factories.diversion import a_matter, a_program, a_referral, an_enrollment, four_parties
from tests.factories.meetings import a_decision, a_meeting, an_item
from tests.factories.newsroom import FigureFactory, a_draft, checking
from tests.factories.people import a_case

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, Membership, User
from waymark.assistance.models import AssistanceRequest, Fund
from waymark.coalition.models import RegionNotice, WorkingGroup
from waymark.council.actions.recommendations import support_recommendation, write_recommendation
from waymark.directory.models import HelpLine
from waymark.diversion.models import Matter, Program, Referral

# A word that nothing else has.
WORD = "zanzibarene"
Maker = Callable[[User], str]
# A role, and whether they act for another agency than whoever finds it.
Other = tuple[Role, bool]


def _place(user: User) -> Membership:
    assert user.acting is not None
    return user.acting


def _group_with(user: User) -> tuple[WorkingGroup, User]:
    """A group in which the finder sits, and its chair."""
    chair = UserFactory(role=Role.MEMBER.value, agency=AgencyFactory())
    group = WorkingGroupFactory()
    GroupMemberFactory(group=group, membership=chair.acting, duty="chair")
    GroupMemberFactory(group=group, membership=user.acting)
    return group, chair


def _action_item(user: User) -> str:
    group, chair = _group_with(user)
    return str(an_item(chair, chair, group, title=f"{WORD} room").title)


def _agency(user: User) -> str:
    return str(AgencyFactory(name=f"{WORD} House").name)


def _agreement(user: User) -> str:
    return str(agreement_of(_place(user), title=f"{WORD} promise").title)


def _calendar_entry(user: User) -> str:
    """One's own, which nobody else reads."""
    return str(act(user, _entry, title=f"{WORD} day").title)


def _entry(*, by: User, title: str) -> object:
    return calendar_entry(by, title=title, for_membership=by.acting, is_private=True)


def _council_review(user: User) -> str:
    _, wording = checking(user, title=f"{WORD} text")
    return str(asked("press_item", wording.pk, by=user, title=f"{WORD} text").title)


def _recommendation(user: User) -> str:
    """Said by one seat and supported by another, so that everybody reads it."""
    first, second = two_seated()
    said = act(first, write_recommendation, text=f"{WORD} rooms for all")
    return str(act(second, support_recommendation, recommendation=said).text)


def _decision(user: User) -> str:
    group, chair = _group_with(user)
    return str(a_decision(chair, group, title=f"{WORD} question").title)


def _program(user: User) -> Program:
    court, prosecution = (AgencyFactory(kind=kind) for kind in (AgencyKind.COURT, AgencyKind.PROSECUTION))
    return act(user, _made_program, court=court, prosecution=prosecution)


def _made_program(*, by: User, court: Agency, prosecution: Agency) -> Program:
    return a_program(by, court=court, prosecution=prosecution, name=f"{WORD} program")


def _diversion_referral(user: User) -> str:
    program = _program(user)
    return str(act(user, _made_referral, program=program).code)


def _made_referral(*, by: User, program: Program) -> Referral:
    return a_referral(program, by, code=WORD)


def _enrollment(user: User) -> str:
    here = four_parties(worker=_with_key(user))
    return str(an_enrollment(here, code=WORD).code)


def _with_key(user: User) -> User:
    with_key(user)
    return user


def _matter(user: User) -> str:
    return str(act(user, _made_matter, program_agency=AgencyFactory()).code)


def _made_matter(*, by: User, program_agency: Agency) -> Matter:
    return a_matter(by, program_agency, code=WORD)


def _fund(user: User) -> str:
    return str(act(user, _made_fund).name)


def _made_fund(*, by: User) -> Fund:
    return a_fund(_place(by).agency, by, name=f"{WORD} door")


def _money(user: User) -> str:
    return str(act(user, _made_request).code)


def _made_request(*, by: User) -> AssistanceRequest:
    agency = _place(by).agency
    return a_request(a_case(agency, by), a_fund(agency, by), by, code=WORD)


def _line(user: User) -> str:
    today = timezone.localdate()
    HelpLine.objects.create(
        slug="invented-line",
        name={"en": f"{WORD} line"},
        scope="local",
        operator="Invented Agency",
        source="Called it",
        verified_on=today,
        verified_by="Ana",
        review_on=today + dt.timedelta(days=30),
        state=HelpLine.State.SHOWN,
    )
    return f"{WORD} line"


def _meeting(user: User) -> str:
    group, chair = _group_with(user)
    return str(a_meeting(chair, group, title=f"{WORD} talk", is_private=True).entry.title)


def _member(user: User) -> str:
    """Of the agency that the asker acts for."""
    return str(UserFactory(display_name=f"{WORD} Invented", agency=_place(user).agency).display_name)


def _notice(user: User) -> str:
    now = timezone.now()
    RegionNotice.objects.create(title={"en": f"{WORD} heat"}, starts_at=now, ends_at=now + dt.timedelta(days=1))
    return f"{WORD} heat"


OUTSIDE: list[Other] = [(Role.MEMBER, True), (Role.ADVOCATE, True), (Role.COUNCIL, True)]
NO_STEWARDS: list[Other] = [(Role.MEMBER, False), (Role.ADVOCATE, False), (Role.ADMINISTRATOR, False)]
# Who has a part in diversion follows from the kind of the agency; whoever is in no line here acts for the office.
FINDERS_AGENCY: dict[str, AgencyKind] = {
    "Enrollment": AgencyKind.VICTIM_SERVICES,
    "Fund": AgencyKind.VICTIM_SERVICES,
    "Matter": AgencyKind.COURT,
    "Program": AgencyKind.VICTIM_SERVICES,
    "Referral": AgencyKind.VICTIM_SERVICES,
    "Request for money": AgencyKind.VICTIM_SERVICES,
}
KINDS: dict[str, tuple[Maker, Role, list[Other]]] = {
    "Action item": (_action_item, Role.MEMBER, OUTSIDE),
    "Agency": (_agency, Role.COUNCIL, []),
    "Agreement": (_agreement, Role.MEMBER, []),
    "Calendar entry": (_calendar_entry, Role.MEMBER, [(Role.MEMBER, False), (Role.COUNCIL, True)]),
    "Council review": (_council_review, Role.STEWARD, OUTSIDE[:2]),
    "Decision": (_decision, Role.MEMBER, OUTSIDE),
    "Enrollment": (_enrollment, Role.ADVOCATE, [*OUTSIDE, (Role.MEMBER, False)]),
    "Figure": (lambda user: str(FigureFactory(key=WORD).key), Role.STEWARD, NO_STEWARDS),
    "Fund": (_fund, Role.OFFICER, [*OUTSIDE, (Role.OFFICER, True), (Role.MEMBER, False)]),
    "Help line": (_line, Role.STEWARD, NO_STEWARDS),
    "Matter": (_matter, Role.MEMBER, OUTSIDE),
    "Meeting": (_meeting, Role.MEMBER, OUTSIDE),
    "Member": (_member, Role.OFFICER, [(Role.OFFICER, True), (Role.MEMBER, False), (Role.ADMINISTRATOR, False)]),
    "Notice": (_notice, Role.COORDINATOR, [(Role.STEWARD, False), (Role.ADVOCATE, False)]),
    "On the asset board": (lambda user: str(OfferFactory(title=f"{WORD} van", kind="vehicle").title), Role.MEMBER, []),
    "Organization": (lambda user: str(rows.OrganizationFactory(name=f"{WORD} Works").name), Role.STEWARD, NO_STEWARDS),
    "Place": (lambda user: str(rows.LocationFactory(name=f"{WORD} Hall").name), Role.STEWARD, NO_STEWARDS),
    "Program": (lambda user: str(_program(user).name), Role.ADVOCATE, [*OUTSIDE, (Role.MEMBER, False)]),
    "Recommendation": (_recommendation, Role.STEWARD, []),
    "Referral": (_diversion_referral, Role.ADVOCATE, [*OUTSIDE, (Role.MEMBER, False)]),
    "Release": (lambda user: str(a_draft(user, title=f"{WORD} news").title), Role.STEWARD, OUTSIDE),
    "Request for money": (_money, Role.ADVOCATE, [*OUTSIDE, (Role.OFFICER, True), (Role.MEMBER, False)]),
    "Service": (lambda user: str(rows.ServiceFactory(name=f"{WORD} beds").name), Role.STEWARD, NO_STEWARDS),
    "Working group": (lambda user: str(WorkingGroupFactory(name=f"{WORD} circle").name), Role.COUNCIL, []),
}
