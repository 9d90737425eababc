"""Ways to clear a record: three answers, none of them a yes, and each with the version of the rules."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.law.formats.dated_files import relief_file
from waymark.law.policies.relief import Entry, Question, Verdict, answers_to

TODAY = dt.date(2026, 11, 22)
FACTS = sorted(relief_file().facts)


def verdicts(entry: Entry, section: str, on: dt.date = TODAY, **facts: bool | None) -> dict[str, Verdict]:
    return {answer.rule.section: answer.verdict for answer in answers_to(Question(entry, section, facts), on=on)}


@pytest.mark.parametrize(
    ("day", "verdict"),
    [(dt.date(2022, 12, 31), Verdict.ANOTHER_SECTION), (dt.date(2023, 1, 1), Verdict.MAY_BE_WORTH_ASKING)],
)
def test_a_rule_answers_from_its_day_on(day: dt.date, verdict: Verdict) -> None:
    assert verdicts(Entry.CONVICTION, "PC 653.22", on=day)["PC 653.29"] == verdict


def test_what_is_not_known_is_asked_and_never_counts_as_no() -> None:
    known = {"nonviolent": True, "trafficked": True, "out_or_in_services": True}
    assert verdicts(Entry.CONVICTION, "PC 487", **known)["PC 236.14"] == Verdict.MAY_BE_WORTH_ASKING
    assert verdicts(Entry.JUVENILE_ADJUDICATION, "PC 487", **known)["PC 236.14"] == Verdict.MAY_BE_WORTH_ASKING
    for fact in known:
        assert verdicts(Entry.ARREST, "PC 487", **{**known, fact: None})["PC 236.14"] == Verdict.ASK
        assert verdicts(Entry.ARREST, "PC 487", **{**known, fact: False})["PC 236.14"] == Verdict.ANOTHER_SECTION


def test_a_rule_for_one_section_is_for_no_other() -> None:
    done = {"trafficked": True, "sentence_done": True}
    assert verdicts(Entry.CONVICTION, "PC 647(b)(1)", **done)["PC 1203.49"] == Verdict.MAY_BE_WORTH_ASKING
    assert verdicts(Entry.CONVICTION, "PC 487", **done)["PC 1203.49"] == Verdict.ANOTHER_SECTION
    assert verdicts(Entry.ARREST, "PC 647(b)(1)", **done)["PC 1203.49"] == Verdict.ANOTHER_SECTION


def test_a_fact_that_nobody_asks_is_refused() -> None:
    with pytest.raises(KeyError, match="rich"):
        answers_to(Question(Entry.ARREST, "PC 487", {"rich": True}), on=TODAY)


@given(
    entry=st.sampled_from(list(Entry)),
    section=st.sampled_from(["PC 653.22", "PC 647(b)", "PC 487", ""]),
    facts=st.dictionaries(st.sampled_from(FACTS), st.sampled_from([True, False, None])),
    on=st.dates(dt.date(2010, 1, 1), dt.date(2040, 1, 1)),
)
def test_knowing_more_never_makes_an_answer_vaguer(
    entry: Entry, section: str, facts: dict[str, bool | None], on: dt.date
) -> None:
    answers = answers_to(Question(entry, section, facts), on=on)
    assert [a.verdict for a in answers] == sorted((a.verdict for a in answers), key=list(Verdict).index)
    assert {a.version for a in answers} == {relief_file().version}
    for answer in answers:
        assert (answer.verdict == Verdict.ASK) == bool(answer.open_facts)
        if answer.verdict == Verdict.ASK:
            filled = {**facts, **dict.fromkeys(answer.open_facts, True)}
            again = {a.rule.section: a for a in answers_to(Question(entry, section, filled), on=on)}
            assert again[answer.rule.section].verdict == Verdict.MAY_BE_WORTH_ASKING
