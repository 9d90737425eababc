"""The agency's cases as the tables of the HMIS export: what is known, and 99 where it was not collected."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from waymark.accounts.models import Agency, User
from waymark.care.formats.taxonomies import NotInTaxonomy, taxonomy
from waymark.care.models import Service
from waymark.people.policies import Refused
from waymark.reports.formats.counts.templates import current
from waymark.reports.formats.hmis import COLUMNS, CSV_VERSION, Tables, code_hash, key_of
from waymark.reports.formats.hmis.tables import HASHED, Cell, Row
from waymark.reports.policies import is_victim_service_provider
from waymark.reports.selectors.counted import victimizations
from waymark.reports.selectors.facts import some_at_a_time
from waymark.reports.selectors.leaving import Opened, closed_on

NOT_COLLECTED = 99
CODE_NAME = 2
FULL = 1
SERVICES_ONLY_PROJECT = 6
COMPARABLE_DATABASE = 2
HEAD_OF_HOUSEHOLD = 1
AT_START = 1
OTHER_SOURCE, REPORTING_PERIOD, FULL_REFRESH = 4, 3, 2
SEXES = {"female": 0, "male": 1}
RACES = {
    "native": "AmIndAKNative",
    "asian": "Asian",
    "black": "BlackAfAmerican",
    "hispanic": "HispanicLatinao",
    "pacific": "NativeHIPacific",
    "white": "White",
}
RACE_COLUMNS = (*RACES.values(), "MidEastNAfrican")
AT_HOME = frozenset({"domestic", "teen_dating"})


def made_key(*parts: object) -> str:
    """A lasting id for a row that stands for several of ours, made of random ids alone."""
    return uuid.uuid5(uuid.UUID(int=0), ":".join(map(str, parts))).hex


class _Export:
    """Tables that are being filled: every row gets what all rows of the format end with."""

    def __init__(self, by: User) -> None:
        self.now = timezone.localtime().replace(tzinfo=None, microsecond=0)
        self.tables: dict[str, list[Row]] = {name: [] for name in COLUMNS}
        self.tail: dict[str, Cell] = {
            "DateCreated": self.now,
            "DateUpdated": self.now,
            "UserID": key_of(by.pk),
            "ExportID": uuid.uuid4().hex,
        }

    def add(self, name: str, **cells: Cell) -> None:
        known = {column.name for column in COLUMNS[name]}
        self.tables[name].append({**{key: value for key, value in self.tail.items() if key in known}, **cells})


def hmis_tables(opened: Sequence[Opened], *, starts_on: dt.date, ends_on: dt.date, place: str, by: User) -> Tables:
    """All 24 tables, empty ones included. Raises Refused when nobody's case was open in the time."""
    if by.acting is None:
        raise Refused("You act for no agency.")
    agency = by.acting.agency
    left = closed_on([one.case for one in opened])
    stays = [
        one
        for one in opened
        if one.case.opened_on <= ends_on and (one.case.pk not in left or left[one.case.pk] >= starts_on)
    ]
    if not stays:
        raise Refused("No case was open in this time. Nothing was taken out.")
    export, project = _Export(by), made_key(agency.pk, "services")
    export.add(
        "Export",
        SourceType=OTHER_SOURCE,
        SourceName=agency.name[:50],
        ExportDate=export.now,
        ExportStartDate=starts_on,
        ExportEndDate=ends_on,
        SoftwareName="Waymark",
        CSVVersion=CSV_VERSION,
        ExportPeriodType=REPORTING_PERIOD,
        ExportDirective=FULL_REFRESH,
        HashStatus=HASHED,
        ImplementationID=key_of(agency.pk),
    )
    _add_agency(export, agency, project, min(one.case.opened_on for one in stays), place, by)
    people: set[uuid.UUID] = set()
    for one in stays:
        if one.case.person_id not in people:
            people.add(one.case.person_id)
            export.add("Client", **_client(one))
        _add_stay(export, one, project, place, left.get(one.case.pk), ends_on)
    for name, cells in _services(stays, starts_on, ends_on):
        export.add(name, **cells)
    return export.tables


def _add_agency(export: _Export, agency: Agency, project: str, first: dt.date, place: str, by: User) -> None:
    """Who keeps the database: the agency, one project of services, and that it takes part in no HMIS."""
    export.add("User", UserID=key_of(by.pk))
    export.add(
        "Organization",
        OrganizationID=key_of(agency.pk),
        OrganizationName=agency.name,
        VictimServiceProvider=int(is_victim_service_provider(by)),
    )
    export.add(
        "Project",
        ProjectID=project,
        OrganizationID=key_of(agency.pk),
        ProjectName="Services to survivors",
        OperatingStartDate=first,
        ContinuumProject=0,
        ProjectType=SERVICES_ONLY_PROJECT,
    )
    export.add(
        "HMISParticipation",
        HMISParticipationID=made_key(agency.pk, "participation"),
        ProjectID=project,
        HMISParticipationType=COMPARABLE_DATABASE,
        HMISParticipationStatusStartDate=first,
    )
    if place:
        export.add("ProjectCoC", ProjectCoCID=made_key(agency.pk, place), ProjectID=project, CoCCode=place)


def _add_stay(export: _Export, one: Opened, project: str, place: str, closed: dt.date | None, ends_on: dt.date) -> None:
    case = one.case
    keys: dict[str, Cell] = {"EnrollmentID": key_of(case.pk), "PersonalID": key_of(case.person_id)}
    export.add(
        "Enrollment",
        **keys,
        ProjectID=project,
        EntryDate=case.opened_on,
        HouseholdID=made_key(case.pk, "household"),
        RelationshipToHoH=HEAD_OF_HOUSEHOLD,
        EnrollmentCoC=place or None,
        LivingSituation=NOT_COLLECTED,
        DisablingCondition=NOT_COLLECTED,
    )
    if closed is not None and closed <= ends_on:
        day = max(closed, case.opened_on)
        export.add("Exit", ExitID=made_key(case.pk, "exit"), **keys, ExitDate=day, Destination=NOT_COLLECTED)
    was_at_home = bool(victimizations(current("voca"), one.asked) & AT_HOME)
    export.add(
        "HealthAndDV",
        HealthAndDVID=made_key(case.pk, "violence"),
        **keys,
        InformationDate=case.opened_on,
        DomesticViolenceSurvivor=1 if was_at_home else NOT_COLLECTED,
        WhenOccurred=NOT_COLLECTED if was_at_home else None,
        CurrentlyFleeing=NOT_COLLECTED if was_at_home else None,
        DataCollectionStage=AT_START,
    )


def _client(one: Opened) -> Mapping[str, Cell]:
    """A person without a name: the random code stands for it, hashed, and says so."""
    chosen = RACES.get(one.asked.get("race", ""))
    born = one.facts.get("born")
    return {
        "PersonalID": key_of(one.case.person_id),
        "FirstName": code_hash(one.case.person.code),
        "NameDataQuality": CODE_NAME,
        "SSNDataQuality": NOT_COLLECTED,
        "DOB": dt.date.fromisoformat(born) if born else None,
        "DOBDataQuality": FULL if born else NOT_COLLECTED,
        "Sex": SEXES.get(one.asked.get("gender", ""), NOT_COLLECTED),
        **{column: int(column == chosen) for column in RACE_COLUMNS},
        "RaceNone": None if chosen else NOT_COLLECTED,
        "VeteranStatus": 1 if "veteran" in one.asked.get("class", ()) else NOT_COLLECTED,
    }


def _services(stays: Sequence[Opened], starts_on: dt.date, ends_on: dt.date) -> list[tuple[str, dict[str, Any]]]:
    """Services that HMIS has a word for: a row of Services.csv or an event of coordinated entry."""
    cases = {one.case.pk: one.case for one in stays}
    found: list[tuple[str, dict[str, Any]]] = []
    for some in some_at_a_time(cases):
        rows = Service.objects.filter(
            agency_id=stays[0].case.agency_id,
            case_id__in=some,
            state=Service.State.PROVIDED,
            voided_at__isnull=True,
            on__gte=starts_on,
            on__lte=ends_on,
        )
        for row in rows.order_by("on", "pk"):
            case = cases[row.case_id]
            try:
                kind = taxonomy(row.taxonomy).kind(row.code).hmis
            except NotInTaxonomy:
                continue
            if kind is None or row.person_id != case.person_id or row.on < case.opened_on:
                continue
            keys = {"EnrollmentID": key_of(case.pk), "PersonalID": key_of(case.person_id)}
            if kind.event is not None:
                found.append(("Event", {"EventID": key_of(row.pk), **keys, "EventDate": row.on, "Event": kind.event}))
            else:
                what = {"RecordType": kind.record_type, "TypeProvided": kind.type_provided}
                found.append(("Services", {"ServicesID": key_of(row.pk), **keys, "DateProvided": row.on, **what}))
    return found
