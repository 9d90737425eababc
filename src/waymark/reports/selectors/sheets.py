"""Sheets that are being brought in, and who in them may be known already."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from waymark.accounts.models import User
from waymark.people.formats.sealed import unpack
from waymark.people.formats.sounds import is_alike, sounds_of
from waymark.people.models import LookUpValue, Person
from waymark.people.policies import visible as visible_people
from waymark.people.selectors import names_of
from waymark.people.selectors.finding import phone_digits
from waymark.reports.formats.htcds.mapping import Incoming, incoming
from waymark.reports.formats.htcds.values import Value
from waymark.reports.models import CaseSheet, SheetRow
from waymark.reports.policies import visible
from waymark.vault.policies import CASELOAD
from waymark.vault.selectors import OpenVault, RecordSecret

KIND = "case_sheet"


def sheets(*, to: User) -> QuerySet[CaseSheet]:
    """The agency's sheets, the newest first."""
    return visible(CaseSheet.objects.select_related("made_by"), to=to).order_by("-made_at")


def sheet_for(pk: uuid.UUID, *, to: User) -> CaseSheet | None:
    """One sheet, or None."""
    return sheets(to=to).filter(pk=pk).first()


def brought_before(sheet: CaseSheet) -> CaseSheet | None:
    """The same file, when it was brought in before."""
    same = CaseSheet.objects.filter(
        agency_id=sheet.agency_id, fingerprint=bytes(sheet.fingerprint), state=CaseSheet.State.DONE
    )
    return same.exclude(pk=sheet.pk).order_by("ended_at").first()


@dataclass(frozen=True)
class OpenedRow:
    """One row of a sheet, opened for a person to look at before it is brought in."""

    number: int
    values: dict[str, Value] = field(repr=False)
    beside: dict[str, str] = field(repr=False)
    known: list[str]

    @property
    def as_case(self) -> Incoming:
        return incoming(self.values)


def opened_row(row: SheetRow, secret: RecordSecret) -> tuple[dict[str, Value], dict[str, str]]:
    """What a row of a sheet says."""
    held = unpack(secret.open("reports_sheetrow", "sealed", row.pk, row.sealed))
    return held.get("values", {}), held.get("beside", {})


def opened_rows(rows: Sequence[SheetRow], secret: RecordSecret, *, vault: OpenVault, to: User) -> list[OpenedRow]:
    """Rows of a sheet, each with the codes of people who may be the same by a name's sound or number. No file is joined."""
    opened = [(row.number, *opened_row(row, secret)) for row in rows]
    people = _who_may_fit([incoming(values) for _, values, _ in opened], vault=vault, to=to)
    return [
        OpenedRow(number, values, beside, known) for (number, values, beside), known in zip(opened, people, strict=True)
    ]


def _who_may_fit(cases: Sequence[Incoming], *, vault: OpenVault, to: User) -> list[list[str]]:
    by_sound = [{vault.sound_index(sound) for sound in sounds_of(case.name)} for case in cases]
    by_number = [{_number_index(vault, channel, value) for channel, value in case.contacts} for case in cases]
    values = LookUpValue.objects.filter(agency_id=vault.agency)
    heard = list(values.filter(kind="sound", sound__in=set().union(*by_sound)).values_list("person_id", "sound"))
    told = [
        (person, bytes(exact or b""))
        for person, exact in values.filter(exact__in=set().union(*by_number)).values_list("person_id", "exact")
    ]
    asked = sorted({person for person, _ in (*heard, *told)})[:CASELOAD]
    people = {one.pk: one for one in visible_people(Person.objects.all(), to=to).filter(pk__in=asked)}
    names = names_of(vault, people.values())
    found = []
    for case, sounds, numbers in zip(cases, by_sound, by_number, strict=True):
        fits = {who for who, sound in heard if sound in sounds and is_alike(case.name, names.get(who, ""))}
        fits |= {who for who, exact in told if exact in numbers}
        found.append(sorted(people[who].code for who in fits if who in people))
    return found


def _number_index(vault: OpenVault, channel: str, value: str) -> bytes:
    if channel == "email":
        return vault.index("email", value.strip().casefold())
    return vault.index("phone", phone_digits(value))
