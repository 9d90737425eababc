"""`./waymark check` fails on a fact past its review date, and on settings of the first hour."""

from __future__ import annotations

import datetime as dt
import io
import time
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from tests.factories.directory import HelpLineFactory
from tests.factories.vault import founded_agency

from waymark.directory.models import HelpLine
from waymark.vault.formats.key_backups import name_at
from waymark.web import checks

KEY = "a key of an installation, long enough to sign"


@pytest.fixture(autouse=True)
def own_key(settings) -> None:
    settings.SECRET_KEY = KEY


def check() -> str:
    """What the command prints, or CommandError when it fails."""
    said = io.StringIO()
    call_command("check", deploy=True, tags=[checks.REVIEW], fail_level="WARNING", stdout=said, stderr=said)
    return said.getvalue()


@pytest.mark.django_db
@time_machine.travel(dt.datetime(2027, 5, 1, 20, tzinfo=dt.UTC))
def test_a_help_line_is_right_until_its_review_date_and_fails_after_it() -> None:
    line = HelpLineFactory(review_on=dt.date(2027, 5, 1))
    check()
    line.review_on = dt.date(2027, 4, 30)
    line.save()
    with pytest.raises(CommandError, match=rf"E001\) The help line {line.slug} was last checked on 2026-11-01"):
        check()


@pytest.mark.django_db
@time_machine.travel(dt.datetime(2027, 5, 1, 20, tzinfo=dt.UTC))
def test_a_line_that_is_taken_down_needs_no_review() -> None:
    HelpLineFactory(review_on=dt.date(2020, 1, 1), state=HelpLine.State.TAKEN_DOWN)
    check()


@pytest.mark.django_db
def test_a_key_that_is_public_or_short_fails(settings) -> None:
    for key in (checks.TOOL_KEY, "short"):
        settings.SECRET_KEY = key
        with pytest.raises(CommandError, match=r"waymark\.E003"):
            check()


@pytest.mark.django_db
def test_the_owner_s_address_in_the_environment_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://waymark_owner@/waymark")
    with pytest.raises(CommandError, match=r"waymark\.E004"):
        check()


@pytest.mark.django_db
def test_a_lapsed_check_of_law_fails_and_a_missing_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    lapsed = {"section": "Invented Code 1", "checked_by": "Invented Law Office", "next_check": dt.date(2020, 1, 1)}
    facts = {"lapsed": lapsed, "never": {"section": "Invented Code 2"}}
    monkeypatch.setattr(checks, "law_facts", lambda: MappingProxyType(facts))
    with pytest.raises(CommandError, match=r"E002\) The statement of law lapsed \(Invented Code 1\)"):
        check()
    facts.pop("lapsed")
    assert "waymark.I002" in check()


def test_a_plain_check_needs_no_database() -> None:
    """`migrate` runs the plain checks before there are tables."""
    call_command("check", stdout=io.StringIO())


def test_a_hole_in_the_wall_between_agencies_fails(committed_db: str, owner: Callable[..., Any]) -> None:
    check()
    owner("ALTER TABLE disclosures_permit NO FORCE ROW LEVEL SECURITY")
    with pytest.raises(CommandError, match=r"E006\) The wall between agencies has a hole: disclosures_permit has row"):
        check()


@pytest.mark.parametrize(
    ("ages", "found"),
    [
        ([], r"W007\) No backup .* is younger than 7 days\. There is none at all"),
        ([9], r"W007\) No backup .* The newest is 9 days old"),
        ([2, 40], r"E008\) The backup of keys waymark-keys-.* is older than 30 days"),
        ([2, 30.5], ""),
    ],
    ids=["none", "old", "kept too long", "as it should be"],
)
def test_keys_without_a_young_backup_or_with_one_past_its_days_are_told(
    committed_db: str, settings, tmp_path: Path, ages: list[float], found: str
) -> None:
    settings.KEY_BACKUP_DIR, settings.KEY_BACKUP_DAYS = tmp_path, 30
    check()
    founded_agency()
    for age in ages:
        (tmp_path / name_at(time.time() - age * 86_400)).touch()
    if not found:
        check()
        return
    with pytest.raises(CommandError, match=found):
        check()
