"""Rules without a database's help: references, numbers that are refused, eligibility on both sides of a day, sheets."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from waymark.disclosures.formats.kinds import (
    COMPLIANCE_REPORT,
    COURT_OUTCOME,
    COURT_REFERRAL,
    PARTY_DECISION,
    REPORT_CONTEST,
)
from waymark.disclosures.formats.packets import PacketError, write_content
from waymark.diversion import policies
from waymark.diversion.formats.program_files import templates
from waymark.diversion.formats.references import is_record_number, new_code, new_reference, read_reference
from waymark.diversion.formats.rights_sheet import sheets
from waymark.diversion.models import ComplianceReport, DocketEntry, EligibilityRule
from waymark.diversion.models.parties import Reason, Verdict
from waymark.law.formats.dated_files import charge_file
from waymark.law.models import Charge

REPORT = {
    "appointments": "2",
    "enrolled": "yes",
    "for_day": "2026-12-01",
    "hours": "12",
    "phase": "2",
    "reference": "R-7Q2K-XM4P",
    "sessions_attended": "9",
    "sessions_required": "20",
    "status": "on_track",
}


def test_a_reference_is_random_and_read_as_people_say_it() -> None:
    for reference in (new_reference() for _ in range(200)):
        assert read_reference(reference) == reference
        assert read_reference(f" {reference.lower().replace('-', ' ')} ") == reference
        assert not is_record_number(reference)
    assert re.fullmatch(r"E-[0-9A-HJ-NP-Z]{6}", new_code("E"))


@pytest.mark.parametrize(
    "number", ["A01234567", "A12345678", "a 1234 5678", "123456AB7", "12345A", "7654321", "CII 12", "FBI no 1", "SID 5"]
)
def test_numbers_of_criminal_records_are_refused(number: str) -> None:
    assert is_record_number(number)


@pytest.mark.parametrize("number", ["26MI004321", "21FE00012", "R.K.", "24-CR-00177-B", "MI26-1234"])
def test_case_numbers_are_not(number: str) -> None:
    assert not is_record_number(number)


def test_a_report_holds_numbers_days_and_answers_and_no_words() -> None:
    assert write_content("compliance_report", REPORT)
    assert {question.code for question in COMPLIANCE_REPORT.questions} == {*REPORT, "next_on"}
    for kind in (COMPLIANCE_REPORT, COURT_OUTCOME, COURT_REFERRAL, PARTY_DECISION, REPORT_CONTEST):
        assert all(question.answers or question.shape for question in kind.questions), "a line to write on"
        assert not any(
            question.takes(words)
            for question in kind.questions
            for words in ("she cried", "Rosa Invented", "916-555-0142", "A12345678")
        )


@pytest.mark.parametrize("status", ["not_engaging", "not engaging", "terminated", ""])
def test_not_engaging_is_no_status(status: str) -> None:
    with pytest.raises(PacketError):
        write_content("compliance_report", REPORT | {"status": status})
    assert status not in ComplianceReport.Status.values


@pytest.mark.parametrize("field", ["note", "health", "address", "children", "peer", "story"])
def test_there_is_no_field_for_a_life(field: str) -> None:
    with pytest.raises(PacketError):
        write_content("compliance_report", REPORT | {field: "1"})


@pytest.mark.parametrize("hours", ["12 and she was late", "-1", "1e3", "99999", "１２"])
def test_a_number_is_a_number(hours: str) -> None:
    with pytest.raises(PacketError):
        write_content("compliance_report", REPORT | {"hours": hours})


def test_lists_are_those_of_the_tables() -> None:
    def answers(kind: object, code: str) -> set[str]:
        return {answer for answer, _ in kind.question(code).answers}  # type: ignore[attr-defined]

    assert answers(COMPLIANCE_REPORT, "status") == set(ComplianceReport.Status.values)
    assert answers(PARTY_DECISION, "verdict") == set(Verdict.values)
    assert answers(PARTY_DECISION, "reason") == set(Reason.values) - {""}
    assert answers(COURT_OUTCOME, "outcome") == set(DocketEntry.Outcome.values) - {""}
    sections = {line.section for line in charge_file().charges}
    charge = COURT_REFERRAL.question("charge")
    assert charge is not None
    assert [section for section in sections if not charge.takes(section)] == []


class TestEligibility:
    def rule(self, kind: str, *values: str, **days: dt.date) -> EligibilityRule:
        return EligibilityRule(kind=kind, values=list(values), source="invented", **days)

    def test_a_rule_holds_on_its_days_and_not_beside_them(self) -> None:
        first, last = dt.date(2026, 3, 1), dt.date(2026, 6, 30)
        rule = self.rule("charge", "PC 1", in_force_from=first, in_force_until=last)
        facts = policies.Facts(Charge(section="PC 2", level="misdemeanor"), dt.date(2026, 1, 1), True)
        day = dt.timedelta(days=1)
        assert policies.unmet([rule], facts, on=first - day) == []
        assert policies.unmet([rule], facts, on=first) == [rule]
        assert policies.unmet([rule], facts, on=last) == [rule]
        assert policies.unmet([rule], facts, on=last + day) == []

    @pytest.mark.parametrize(
        ("kind", "values", "is_met"),
        [
            ("adult", [], True),
            ("level", ["misdemeanor"], True),
            ("level", ["felony"], False),
            ("charge", ["PC 647(b)(1)"], True),
            ("charge", ["PC 1"], False),
            ("not_charge", ["PC 647(b)(1)"], False),
            ("not_charge", ["PC 1"], True),
        ],
    )
    def test_each_kind(self, kind: str, values: list[str], is_met: bool) -> None:
        facts = policies.Facts(Charge(section="PC 647(b)(1)", level="misdemeanor"), dt.date(2026, 1, 1), True)
        assert (policies.unmet([self.rule(kind, *values)], facts, on=dt.date(2026, 5, 5)) == []) is is_met

    def test_no_rule_can_ask_for_gender_a_plea_or_an_admission(self) -> None:
        assert set(EligibilityRule.Kind.values) == {"adult", "level", "charge", "not_charge"}
        assert set(policies.Facts.__dataclass_fields__) == {"charge", "offense_on", "is_adult"}
        for template in templates().values():
            assert {rule.kind for rule in template.rules} <= set(EligibilityRule.Kind.values)
            text = " ".join([template.name, template.says]).lower()
            assert not re.search(r"\b(women|woman|female|male|gender|plea|admit)", text)


def test_the_rights_sheet_says_what_must_be_said_in_both_languages() -> None:
    english, spanish = sheets()["en"], sheets()["es"]
    assert [len(part.says) for part in english.parts] == [len(part.says) for part in spanish.parts]
    said = " ".join(line for part in english.parts for line in part.says)
    for words in ("free", "not now", "immigration", "lawyer alone", "no report", "hearing", "plead or to admit"):
        assert words in said
    dicho = " ".join(line for part in spanish.parts for line in part.says)
    for words in ("gratis", "ahora no", "inmigración", "a solas con su abogado", "sin informe", "audiencia"):
        assert words in dicho
    for sheet in (english, spanish):
        whole = " ".join([sheet.lead, *(line for part in sheet.parts for line in part.says)])
        assert "!" not in whole
        assert "rescue" not in whole
