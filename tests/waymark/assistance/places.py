"""Where the addresses of money and housing lead. Nobody in the matrix has an open vault: that comes after."""

from __future__ import annotations

from typing import Any

from tests.factories.assistance import a_fund, a_receipt, a_request, a_stay, moved
from tests.factories.people import a_case
from tests.plugins.places import no_object, of_agency
from tests.waymark.people.places import SERVING

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, User
from waymark.assistance.models import AssistanceRequest, Fund
from waymark.cases.models import Case


def advocate_in(world: Any, agency: Agency) -> User:
    """Who makes the world's things: the database takes a request from nobody but an advocate."""
    found: User = world.member_of(agency, Role.ADVOCATE)
    return found


def case_in(world: Any, agency: Agency) -> Case:
    found: Case = world.once(a_case, agency=agency, by=advocate_in(world, agency))
    return found


def fund_in(world: Any, agency: Agency) -> Fund:
    found: Fund = world.once(a_fund, agency=agency)
    return found


def _submitted(*, case: Case, fund: Fund, by: User) -> AssistanceRequest:
    return moved(a_request(case, fund, by), "submit")


def request(world: Any, agency: Agency) -> dict[str, Any]:
    by = advocate_in(world, agency)
    found = world.once(_submitted, case=case_in(world, agency), fund=fund_in(world, agency), by=by)
    return {"pk": found.pk}


def case(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": case_in(world, agency).pk}


def fund(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": fund_in(world, agency).pk}


def receipt(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": fund_in(world, agency).pk, "entry": world.once(a_receipt, fund=fund_in(world, agency), amount=5_000).pk}


def stay(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": world.once(a_stay, case=case_in(world, agency), by=advocate_in(world, agency)).pk}


OF_ADVOCATE: dict[str, Any] = {"only": SERVING, "made_by": Role.ADVOCATE}
PLACES = {
    "assistance:bounce": of_agency(request, **OF_ADVOCATE),
    "assistance:change": of_agency(request, **OF_ADVOCATE),
    "assistance:close": of_agency(request, **OF_ADVOCATE),
    "assistance:decide": of_agency(request, **OF_ADVOCATE),
    "assistance:detail": of_agency(request, **OF_ADVOCATE),
    "assistance:fund_change": of_agency(fund, **OF_ADVOCATE),
    "assistance:fund_detail": of_agency(fund, **OF_ADVOCATE),
    "assistance:fund_list": no_object(),
    "assistance:fund_new": no_object(),
    "assistance:list": no_object(),
    "assistance:new": of_agency(case, **OF_ADVOCATE),
    "assistance:pay": of_agency(request, **OF_ADVOCATE),
    "assistance:receipt_back": of_agency(receipt, **OF_ADVOCATE),
    "assistance:receipt_new": of_agency(fund, **OF_ADVOCATE),
    "assistance:refund": of_agency(request, **OF_ADVOCATE),
    "assistance:set_aside": of_agency(request, **OF_ADVOCATE),
    "assistance:shown": of_agency(request, **OF_ADVOCATE),
    "assistance:stay_detail": of_agency(stay, **OF_ADVOCATE),
    "assistance:stay_end": of_agency(stay, **OF_ADVOCATE),
    "assistance:stay_help": of_agency(stay, **OF_ADVOCATE),
    "assistance:stay_lease": of_agency(stay, **OF_ADVOCATE),
    "assistance:stay_list": no_object(),
    "assistance:stay_moved_in": of_agency(stay, **OF_ADVOCATE),
    "assistance:stay_new": of_agency(case, **OF_ADVOCATE),
    "assistance:submit": of_agency(request, **OF_ADVOCATE),
    "assistance:void": of_agency(request, **OF_ADVOCATE),
}
