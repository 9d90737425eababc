"""Each rule about who keeps a fund, its days and who attests is taken away, and a test of theirs notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import nullcontext

import pytest
import time_machine
from django.db import IntegrityError, transaction
from tests.factories.assistance import Three, a_fund, a_request, moved, three_people
from tests.factories.disclosures import acting
from tests.factories.people import a_case
from tests.plugins.histories import Owner, at, movable_clock, without_words
from tests.waymark.assistance import test_money_rules as told
from tests.waymark.cases.test_rules import refused

from waymark.assistance.actions.moving import submit_request
from waymark.assistance.models import CHANGEABLE, Move
from waymark.coalition.models import Region
from waymark.people.policies import Refused

FIRST = dt.date(2026, 11, 1)
SECOND = FIRST + dt.timedelta(days=1)
# On the first of November: after five in the afternoon, when it is the next day in UTC already. Then past midnight.
EVENING = dt.datetime(2026, 11, 2, 1, 10, tzinfo=dt.UTC)
NIGHT = dt.datetime(2026, 11, 2, 8, 10, tzinfo=dt.UTC)


def days_are_those_on_the_wall(people: Three) -> None:
    """Asked at these moments for a fund of that day alone: the program and the database say the same."""
    with acting(people.asks):
        case = a_case(people.agency, people.asks)
    for zone in ("", "Pacific/Honolulu"):
        if zone:
            Region.objects.create(pk=1, name="Invented", time_zone=zone)
        for moment in (EVENING, NIGHT):
            today = SECOND if moment == NIGHT and not zone else FIRST
            for its_day in (FIRST, SECOND):
                fund = a_fund(people.agency, people.approves, starts_on=its_day, ends_on=its_day)
                with acting(people.asks), time_machine.travel(moment, tick=False):
                    at(moment)
                    row, other = (a_request(case, fund, people.asks) for _ in range(2))
                    if its_day == today:
                        moved(row, Move.SUBMIT)
                    else:
                        refused(lambda row=row: moved(row, Move.SUBMIT), "time is over")  # type: ignore[misc]
                    with nullcontext() if its_day == today else pytest.raises(Refused, match="time is over"):
                        submit_request(row=other, by=people.asks)


Judge = Callable[[Three], None]
OFFICER = told.test_only_an_officer_keeps_a_fund_whatever_program_writes
KEPT = told.test_what_a_fund_said_before_stays_with_who_changed_it
ATTEST = told.test_who_paid_does_not_attest_it_and_an_officer_may
FUND, MOVES = "assistance_fund_rules", "assistance_move_rules"
KEEPS = "PERFORM public.assistance_must_keep(NEW.agency_id, {});"

# What is said, what it says instead, and who notices.
WORDS: tuple[tuple[str, str, str, Judge], ...] = (
    ("assistance_must_keep", "AND m.role = 'officer'", "", OFFICER),
    (FUND, KEEPS.format("NEW.made_by_id"), "", OFFICER),
    (FUND, KEEPS.format("public.assistance_actor()"), "", OFFICER),
    ("assistance_entry_is_a_keeper_s", "pg_trigger_depth() < 2", "false", OFFICER),
    *(("assistance_fund_tells", f"'{name}'", "''", KEPT) for name in CHANGEABLE),
    ("assistance_fund_change_rules", "pg_trigger_depth() < 2", "false", KEPT),
    ("assistance_fund_change_rules", "public.assistance_actor()", "NULL", KEPT),
    (MOVES, "NEW.by_id = r.paid_by_id", "false", ATTEST),
    (MOVES, "ARRAY['advocate', 'officer']", "ARRAY['advocate']", ATTEST),
    (MOVES, "ARRAY['advocate', 'officer']", "ARRAY['advocate', 'officer', 'member']", ATTEST),
    (MOVES, "public.assistance_today() < fund.starts_on", "false", days_are_those_on_the_wall),
    (MOVES, "public.assistance_today() > fund.ends_on", "false", days_are_those_on_the_wall),
    ("assistance_today", "r.id = 1), 'America/Los_Angeles'", "r.id = 1), 'UTC'", days_are_those_on_the_wall),
    ("assistance_today", "r.time_zone", "NULL::text", days_are_those_on_the_wall),
)


def notices(judge: Judge, people: Three) -> bool:
    """Whether a test fails in what it asserts, or meets a refusal that it does not expect."""
    try:
        with transaction.atomic():
            judge(people)
            transaction.set_rollback(True)
    except (AssertionError, IntegrityError, pytest.fail.Exception):
        return True
    return False


def test_each_rule_of_who_keeps_a_fund_and_who_attests_is_missed(committed_db: str, owner: Owner) -> None:
    movable_clock(owner)
    people = three_people()
    for function, rule, instead, judge in WORDS:
        with without_words(owner, function, rule, instead):
            assert notices(judge, people), f"{function}: {rule}"
    for judge in {row[-1] for row in WORDS}:
        assert not notices(judge, people), "everything stands again"
