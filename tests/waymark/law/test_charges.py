"""The charge catalogue: a section is itself only on the days on which it was in force."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.law.formats.dated_files import charge_file
from waymark.law.models import Charge
from waymark.law.selectors import charge_on, charges_in_force, charges_listed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("section", "day", "is_in_force"),
    [
        ("PC 653.22", dt.date(2019, 6, 1), True),
        ("PC 653.22", dt.date(2022, 12, 31), True),
        ("PC 653.22", dt.date(2023, 1, 1), False),
        ("PC 653.22", dt.date(2024, 6, 1), False),
        ("PC 653.25", dt.date(2025, 12, 31), False),
        ("PC 653.25", dt.date(2026, 1, 1), True),
        ("PC 647(b)", dt.date(2016, 12, 31), True),
        ("PC 647(b)(1)", dt.date(2016, 12, 31), False),
        ("PC 236.1(a)", dt.date(2026, 11, 22), True),
        ("PC 999.9", dt.date(2026, 11, 22), False),
    ],
)
def test_a_section_is_in_force_on_its_days_alone(section: str, day: dt.date, is_in_force: bool) -> None:
    assert (charge_on(section, on=day) is not None) == is_in_force


def test_the_text_of_a_section_changes_with_the_day() -> None:
    before, after = (charge_on("PC 236.1(c)", on=day) for day in (dt.date(2023, 12, 31), dt.date(2024, 1, 1)))
    assert before is not None
    assert after is not None
    assert "strike" not in before.penalty
    assert "strike" in after.penalty


def test_one_section_reads_one_way_a_day() -> None:
    line = {"title": "Twice", "side": "other", "source": "Invented", "was_read": False, "as_of": dt.date(2026, 11, 22)}
    with pytest.raises(IntegrityError, match="charge_reads_one_way_a_day"), transaction.atomic():
        Charge.objects.create(section="PC 653.22", in_force_from=dt.date(2022, 12, 31), **line)
    Charge.objects.create(section="PC 653.22", in_force_from=dt.date(2023, 1, 1), **line)


def test_a_charge_has_a_source_and_ends_after_it_begins() -> None:
    line = {"section": "XX 9", "title": "Invented", "side": "other", "was_read": False, "as_of": dt.date(2026, 11, 22)}
    with pytest.raises(IntegrityError, match="charge_has_a_source"), transaction.atomic():
        Charge.objects.create(**line, source="")
    days = {"in_force_from": dt.date(2026, 2, 1), "in_force_until": dt.date(2026, 1, 1)}
    with pytest.raises(DatabaseError, match=r"charge_ends_after_it_begins|range lower bound"), transaction.atomic():
        Charge.objects.create(**line, source="Invented", **days)


def test_the_catalogue_is_the_dated_file() -> None:
    lines = {(line.section, line.in_force_from) for line in charge_file().charges}
    assert set(Charge.objects.values_list("section", "in_force_from")) == lines
    assert len(lines) == len(charge_file().charges)


def test_the_catalogue_names_no_place() -> None:
    told = " ".join(f"{line.title} {line.penalty}" for line in charge_file().charges)
    assert not re.search(r"Sacramento|Placer|California|Street|Boulevard|Avenue", told)


@pytest.mark.parametrize(
    ("section", "first", "last", "is_in_force"),
    [
        ("PC 653.22", "2019-10-01", "2019-10-31", True),
        ("PC 653.22", "2022-12-01", "2023-01-31", True),
        ("PC 653.22", "2023-01-01", "2023-01-31", False),
        ("PC 653.22", "2024-10-01", "2024-10-01", False),
        ("PC 653.25", "2025-12-01", "2025-12-31", False),
        ("PC 653.25", "2025-12-01", "2026-01-01", True),
    ],
)
def test_the_database_knows_on_which_days_a_charge_was_in_force(
    owner: Callable[..., list[tuple[bool]]], section: str, first: str, last: str, is_in_force: bool
) -> None:
    charge = Charge.objects.get(section=section)
    assert owner("SELECT law_charge_in_force(%s, %s, %s)", (charge.pk, first, last)) == [(is_in_force,)]


def test_search_and_filters() -> None:
    assert {row.section for row in charges_listed(words="loiter")} == {"PC 653.20", "PC 653.22", "PC 653.23", "PC 653.25"}
    assert "PC 653.22" not in {row.section for row in charges_in_force(on=dt.date(2026, 11, 22))}
    buyers = charges_listed(side="buyer", on=dt.date(2026, 11, 22))
    assert {row.section for row in buyers} == {"PC 647(b)(2)", "PC 647(b)(3)", "PC 653.25"}


@time_machine.travel("2026-11-22T20:00:00Z", tick=False)
def test_the_pages_say_the_days_and_the_source(staff_of: Callable[..., SiteClient]) -> None:
    client = staff_of(Role.MEMBER.value)
    now = client.get("/law/charges/?state=now&q=653").content.decode()
    assert "PC 653.25" in now
    assert "PC 653.22" not in now
    over = client.get("/law/charges/?state=over").content.decode()
    assert "PC 653.22" in over
    assert "No longer in force" in over
    assert "PC 653.25" not in over
    strike = Charge.objects.get(section="PC 236.1(c)", in_force_until=None)
    page = client.get(f"/law/charges/{strike.pk}/").content.decode()
    assert "In force from Monday, January 1, 2024" in page
    assert "In force until Sunday, December 31, 2023" in page
    assert "Cal. Penal Code 236.1" in page
    assert "No lawyer has checked this" in page
    unread = Charge.objects.get(section="PC 266h")
    assert "Not recorded. Ask counsel." in client.get(f"/law/charges/{unread.pk}/").content.decode()
    rules = client.get("/law/rules/").content.decode()
    assert "15 business days" in rules
    assert "PC 236.14" in rules
    assert "Not legal advice" in rules
