"""Who signs for a minor: by service and day, never an alleged abuser, and unknown is a question and not an answer."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plugins.histories import often

from waymark.law.formats.minor_files import minor_file
from waymark.law.policies.minors import Signer, who_signs

TODAY = dt.date(2026, 11, 22)
DAY = dt.timedelta(days=1)
FILE = minor_file()
facts_of_somebody = st.dictionaries(st.sampled_from(sorted(FILE.facts)), st.sampled_from([True, False, None]))
services = st.sampled_from(sorted(FILE.services))
SAFE_PARENT = {"parent_is_alleged_abuser": False}


@pytest.mark.parametrize("service", ["mental_health", "residential_shelter"])
def test_the_law_of_2024_asks_for_no_danger_any_more(service: str) -> None:
    """Both sides of July 1, 2024; for counseling section 124260 asked for none before that either."""
    facts = {"is_mature_enough": True, "danger_or_abuse": False, **SAFE_PARENT}
    before, after = dt.date(2024, 6, 30), dt.date(2024, 7, 1)
    assert who_signs(service, 12, after, facts).signer is Signer.ALONE
    by_other_law = service == "mental_health"
    assert (who_signs(service, 12, before, facts).signer is Signer.ALONE) == by_other_law
    assert who_signs(service, 12, before, {**facts, "danger_or_abuse": True}).signer is Signer.ALONE
    assert who_signs(service, 11, after, facts).signer is Signer.WITH_GUARDIAN


@pytest.mark.parametrize(
    ("service", "age", "first_day", "facts"),
    [
        ("mental_health", 12, dt.date(2011, 1, 1), {"is_mature_enough": True, "danger_or_abuse": False}),
        ("intimate_partner_violence", 12, dt.date(2019, 1, 1), {"states_injury": True}),
        ("opioid_treatment", 16, dt.date(2024, 1, 1), {}),
    ],
)
def test_a_rule_begins_on_its_day_and_at_its_age(
    service: str, age: int, first_day: dt.date, facts: dict[str, bool]
) -> None:
    known = {**facts, **SAFE_PARENT}
    assert who_signs(service, age, first_day, known).signer is Signer.ALONE
    assert who_signs(service, age, first_day - DAY, known).signer is Signer.WITH_GUARDIAN
    assert who_signs(service, age - 1, first_day, known).signer is Signer.WITH_GUARDIAN


def test_every_rule_is_tried_on_both_sides_of_its_days_and_its_age() -> None:
    for rule in FILE.rules:
        needs = dict.fromkeys(rule.needs, True)
        on = rule.in_force_from or rule.in_force_until or TODAY
        assert who_signs(rule.service, rule.youngest, on, needs).signer is Signer.ALONE, rule
        assert rule.is_in_force(on)
        if rule.in_force_from:
            assert not rule.is_in_force(rule.in_force_from - DAY)
        if rule.in_force_until:
            assert not rule.is_in_force(rule.in_force_until + DAY)
        if rule.youngest:
            younger = who_signs(rule.service, rule.youngest - 1, on, {**needs, **SAFE_PARENT})
            assert younger.signer is Signer.WITH_GUARDIAN, rule


def test_a_minor_of_fifteen_who_lives_apart_signs_for_medical_care() -> None:
    known = {"lives_apart": True, "manages_own_money": True}
    answer = who_signs("medical_or_dental", 15, TODAY, known)
    assert answer.signer is Signer.ALONE
    assert answer.rule is not None
    assert answer.rule.section == "Family Code 6922"
    asked = who_signs("medical_or_dental", 15, TODAY, {"lives_apart": True})
    assert (asked.signer, asked.open_facts) == (Signer.ASK_COUNSEL, ("manages_own_money",))
    no = who_signs("medical_or_dental", 15, TODAY, {"lives_apart": False, **SAFE_PARENT})
    assert no.signer is Signer.WITH_GUARDIAN


def test_a_runaway_in_a_shelter_is_told_that_a_parent_is_tried() -> None:
    assert "72 hours" in who_signs("residential_shelter", 14, TODAY, {"is_mature_enough": True}).notice


def test_eighteen_and_the_emancipated_sign_alone_and_an_unknown_age_is_asked() -> None:
    assert who_signs("victim_services", 18, TODAY, {}).signer is Signer.ALONE
    assert who_signs("victim_services", 17, TODAY, {"is_emancipated": True}).signer is Signer.ALONE
    assert who_signs("victim_services", None, TODAY, {}).signer is Signer.ASK_COUNSEL
    assert who_signs("victim_services", 30, TODAY, {"has_conservator": True}).signer is Signer.ASK_COUNSEL


def test_an_alleged_abuser_never_signs_and_unknown_is_asked() -> None:
    def asked(**facts: bool) -> Signer:
        return who_signs("victim_services", 15, TODAY, facts).signer

    assert asked() is Signer.ASK_COUNSEL
    assert asked(parent_is_alleged_abuser=False) is Signer.WITH_GUARDIAN
    assert asked(parent_is_alleged_abuser=True) is Signer.ASK_COUNSEL
    assert asked(parent_is_alleged_abuser=True, has_other_guardian=False) is Signer.ASK_COUNSEL
    assert asked(parent_is_alleged_abuser=True, has_other_guardian=True) is Signer.WITH_OTHER_GUARDIAN


@settings(max_examples=often(100))
@given(
    services,
    st.one_of(st.none(), st.integers(0, 30)),
    st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)),
    facts_of_somebody,
)
def test_nobody_s_answer_lets_an_alleged_abuser_sign_or_lets_care_wait(
    service: str, age: int | None, on: dt.date, facts: dict[str, bool | None]
) -> None:
    answer = who_signs(service, age, on, facts)
    assert not answer.may_sign_for_them(is_alleged_abuser=True, is_guardian=True)
    assert not answer.does_care_wait
    if facts.get("parent_is_alleged_abuser") is not False:
        assert answer.signer is not Signer.WITH_GUARDIAN
    if age is not None and age < 18 and answer.signer is Signer.ALONE and not facts.get("is_emancipated"):
        assert answer.rule is not None
        assert answer.rule.is_in_force(on)
        assert answer.rule.youngest <= age
        assert all(facts.get(need) is True for need in answer.rule.needs)


@settings(max_examples=often(50))
@given(services, st.integers(0, 17), st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)))
def test_what_nobody_knows_is_asked_and_never_a_parent_s_signature(service: str, age: int, on: dt.date) -> None:
    assert who_signs(service, age, on, {}).signer in {Signer.ALONE, Signer.ASK_COUNSEL}


def test_what_the_file_does_not_hold_is_an_error() -> None:
    with pytest.raises(KeyError):
        who_signs("invented", 15, TODAY, {})
    with pytest.raises(KeyError):
        who_signs("pregnancy", 15, TODAY, {"invented": True})
