"""Setting up a real region: the first coordinator by a code that only the installation's starter reads, then the region.

This joins accounts, region and help lines, so it lives here, above all three.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from waymark.access.permissions import Role
from waymark.access.sites import Site
from waymark.accounts.actions import create_staff_user, host_agency
from waymark.accounts.models import Membership, User
from waymark.accounts.selectors import has_coordinator
from waymark.audit.actions import record
from waymark.coalition.actions import set_up_region
from waymark.coalition.formats import Center
from waymark.coalition.models import Region
from waymark.coalition.policies import is_set_up_code
from waymark.coalition.selectors import the_region
from waymark.directory.actions.reference_data import load_help_lines, load_needs
from waymark.directory.formats.help_lines_file import read_help_lines
from waymark.directory.models import HelpLine

LEFT_OUT = "Left out when the region was set up"
ONE_FIRST_COORDINATOR = 7_312_994_001


class NotFirst(Exception):
    """There is a coordinator already: the code opens nothing any more."""


@transaction.atomic
def create_first_coordinator(
    *, code: str, agency_name: str, agency_kind: str, email: str, display_name: str, password: str
) -> User:
    """Make the agency that runs the installation, and the first person in it: coordinator, and administrator besides.

    Both are places of their own, under which the person acts one at a time (docs/adr/0401). Two who hurry at once cannot
    both be first: the second waits, and is refused.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_FIRST_COORDINATOR])
    if has_coordinator() or not is_set_up_code(code):
        raise NotFirst
    agency = host_agency(name=" ".join(agency_name.split()), kind=agency_kind)
    user = create_staff_user(
        email=email,
        display_name=display_name,
        role=Role.COORDINATOR,
        password=password,
        by="command:set_up_code",
        agency=agency,
    )
    place = Membership.objects.create(
        agency=agency, user=user, role=Role.ADMINISTRATOR.value, starts_on=timezone.localdate()
    )
    record(
        verb="installation.set_up",
        by=str(user.pk),
        role=user.role,
        kind="membership",
        about=place.pk,
        fields=["administrator"],
    )
    return user


@transaction.atomic
def set_up(*, values: dict[str, Any], centers: list[Center], source: str, lines: set[str], by: User) -> Region:
    """Set up or change the region; at the first time load the needs, and the national lines that were chosen."""
    is_first = the_region() is None
    region = set_up_region(values=values, centers=centers, source=source, by=by)
    if is_first:
        load_needs()
        load_help_lines()
        national = [record.slug for record in read_help_lines()]
        HelpLine.objects.filter(slug__in=[slug for slug in national if slug not in lines]).update(
            state=HelpLine.State.TAKEN_DOWN,
            taken_down_by=by,
            taken_down_at=dt.datetime.now(dt.UTC),
            taken_down_reason=LEFT_OUT,
        )
    return region


class FirstRun:
    """Leads whoever opens the staff site of a new installation to its set-up instead of to a sign-in nobody can pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if getattr(request, "site_name", None) is not Site.STAFF or match is None or request.method != "GET":
            return None
        if match.view_name == "sign_in" and not has_coordinator():
            return redirect("first_coordinator")
        return None
