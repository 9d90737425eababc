"""Who is counted in a quarter: everybody with a service, once, whatever their files are called and whoever keeps them.

The rows of service stand in the open and are all counted, also those of people who are kept to named colleagues: a report
of the agency must be the same whoever makes it. Facts that lie sealed are asked for as far as this member can open them;
what stays closed counts as not reported. True counts leave this module for the suppression and for nothing else.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Min, QuerySet

from waymark.care.formats.taxonomies import NotInTaxonomy, taxonomy
from waymark.care.formats.taxonomies import current as current_taxonomy
from waymark.care.models import Service
from waymark.cases.models import Case
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.reports.formats.counts import Counted, CountedService, FunderTemplate, tables_of
from waymark.reports.formats.counts.counting import CountedTable
from waymark.reports.policies import MOST_PEOPLE
from waymark.reports.selectors.facts import facts_by_case, some_at_a_time
from waymark.vault.selectors import OpenVault


def counted_tables(wanted: FunderTemplate, *, vault: OpenVault, starts_on: dt.date, ends_on: dt.date) -> list[CountedTable]:
    """The true tables of a period. Raises Refused for more people than are counted at once."""
    rows = Service.objects.filter(
        agency_id=vault.agency, state=Service.State.PROVIDED, voided_at__isnull=True, on__lte=ends_on
    )
    served = list(rows.filter(on__gte=starts_on).values_list("person_id", "taxonomy", "code", "units"))
    files = {person for person, *_ in served}
    if len(files) > MOST_PEOPLE:
        raise Refused(f"More than {MOST_PEOPLE:,} people were served in this time. That is more than one page counts.")
    whole = _people(vault.agency, files)
    codes = list(service_names(wanted))
    services = [(whole[person], code_of(wanted, version, code), units) for person, version, code, units in served]
    received: dict[uuid.UUID, set[str]] = {root: set() for root, _, _ in services}
    for root, code, _ in services:
        received[root] |= {code} - {""}
    first = _first_days(rows.filter(on__gte=wanted.year_of(starts_on)), whole)
    asked = _asked(vault, wanted, whole)
    bands = _bands(vault.agency, received)
    people = [
        Counted(
            is_new=first[root] >= starts_on,
            age=bands.get(root, ""),
            services=frozenset(codes_of_person),
            **asked.get(root, {}),
        )
        for root, codes_of_person in received.items()
    ]
    counted = [CountedService(code, units) for _, code, units in services if code]
    return tables_of(wanted, people, counted, codes=codes, period=starts_on.isoformat())


def code_of(wanted: FunderTemplate, version: str, code: str) -> str:
    """What the funder calls a recorded service, by the version under which it was recorded; empty when it counts it not."""
    try:
        kind = taxonomy(version).kind(code)
    except NotInTaxonomy:
        return ""
    return getattr(kind, wanted.taxonomy) or ""


def service_names(wanted: FunderTemplate) -> Mapping[str, str]:
    """The funder's codes of services and their names."""
    return current_taxonomy().funders[wanted.taxonomy].codes


def _people(agency: uuid.UUID, served: set[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Each file of everybody who was served, and the file that stands for the person: files put together are one person."""
    roots: set[uuid.UUID] = set()
    for some in some_at_a_time(sorted(served)):
        rows = Person.objects.filter(agency_id=agency, pk__in=some).values_list("pk", "merged_into_id")
        roots |= {into or pk for pk, into in rows}
    found = {root: root for root in roots}
    for some in some_at_a_time(sorted(roots)):
        merged = Person.objects.filter(agency_id=agency, merged_into_id__in=some)
        found.update({pk: into for pk, into in merged.values_list("pk", "merged_into_id") if into is not None})
    return found


def _first_days(rows: QuerySet[Service], whole: Mapping[uuid.UUID, uuid.UUID]) -> dict[uuid.UUID, dt.date]:
    """The day of everybody's first service among these rows, whatever file it was written in."""
    found: dict[uuid.UUID, dt.date] = {}
    for some in some_at_a_time(sorted(whole)):
        firsts = rows.filter(person_id__in=some).order_by().values_list("person_id").annotate(first=Min("on"))
        for person, day in firsts:
            found[whole[person]] = min(day, found.get(whole[person], day))
    return found


def _bands(agency: uuid.UUID, persons: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    found: dict[uuid.UUID, str] = {}
    for some in some_at_a_time(sorted(persons)):
        found.update(Person.objects.filter(agency_id=agency, pk__in=some).values_list("pk", "age_band"))
    return found


def _asked(
    vault: OpenVault, wanted: FunderTemplate, whole: Mapping[uuid.UUID, uuid.UUID]
) -> dict[uuid.UUID, dict[str, Any]]:
    """What the facts of people's cases answer, put together for each person."""
    cases: dict[uuid.UUID, uuid.UUID] = {}
    for some in some_at_a_time(sorted(whole)):
        rows = Case.objects.filter(agency_id=vault.agency, person_id__in=some).values_list("pk", "person_id")
        cases.update({pk: whole[person] for pk, person in rows})
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for case, facts in facts_by_case(vault, sorted(cases)).items():
        mine = found.setdefault(cases[case], {"victimization": frozenset(), "classes": frozenset()})
        mine["victimization"] |= victimizations(wanted, facts)
        mine["classes"] |= frozenset(facts.get("class", ())) & wanted.answers["class"].keys()
        for about in ("gender", "race"):
            if facts.get(about) in wanted.answers[about]:
                mine[about] = facts[about]
    return found


def victimizations(wanted: FunderTemplate, facts: Mapping[str, Any]) -> frozenset[str]:
    """What was done to somebody, in the funder's words: as it was chosen, and as kinds of exploitation say."""
    chosen = frozenset(facts.get("victimization", ())) & wanted.answers["victimization"].keys()
    standard = facts.get("htcds", {})
    if standard.get("vic_TraffickingStatus") == "NotAVictimOfTrafficking":
        return chosen
    kinds = standard.get("vic_TypeOfExploitation", ())
    return chosen | {wanted.from_exploitation[kind] for kind in kinds if kind in wanted.from_exploitation}
