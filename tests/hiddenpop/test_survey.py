"""The table that needs no identifiers."""

import pytest

from hiddenpop.histories import InvalidTable
from hiddenpop.survey import read_survey

TICKED = "shelter,hotline,clinic\nyes,no,no\nyes,yes,no\n1,1,0\nno,no,no\nno,?,yes\nX,N,true\n"
LISTED = "services,age\nshelter,adult\nshelter; hotline,minor\nnone,adult\n,adult\nclinic;shelter,\n"


def test_one_column_a_service():
    survey = read_survey(TICKED, period="2024")
    assert survey.histories.list_names == ("shelter", "hotline", "clinic")
    assert dict(survey.histories.rows()) == {(1, 0, 0): 1, (1, 1, 0): 2, (1, 0, 1): 1}
    assert (survey.respondents, survey.known_to_none, survey.unclear) == (6, 1, 1)
    assert survey.histories.period == "2024"


def test_services_listed_in_one_column():
    survey = read_survey(LISTED, column="services", stratum="age")
    assert survey.histories.list_names == ("clinic", "hotline", "shelter")
    assert dict(survey.histories.rows()) == {(0, 0, 1): 1, (0, 1, 1): 1, (1, 0, 1): 1}
    assert {name: int(counts.sum()) for name, counts in survey.histories.strata.items()} == {
        "adult": 1, "minor": 1, "not stated": 1,
    }  # fmt: skip
    assert (survey.known_to_none, survey.unclear) == (1, 1)
    ordered = read_survey(LISTED, column="services", services=["shelter", "hotline", "clinic"])
    assert ordered.histories.list_names == ("shelter", "hotline", "clinic")
    other = read_survey(LISTED.replace(";", "|"), column="services", separator="|")
    assert dict(other.histories.rows()) == dict(survey.histories.rows())


def test_some_columns_only():
    survey = read_survey(TICKED, services=["hotline", "shelter"])
    assert survey.histories.list_names == ("hotline", "shelter")
    assert survey.histories.n == 4


def test_warnings_say_what_was_left_out():
    survey = read_survey(TICKED)
    assert len(survey.warnings) == 3
    assert "on the survey's own scale" in survey.warnings[0]
    assert survey.warnings[1].startswith("1 of 6 respondents were not sure")
    assert survey.warnings[2].startswith("1 respondents (20%) were known to no service")
    report = survey.to_json_dict()
    assert (report["respondents"], report["in_table"], report["known_to_none"], report["unclear"]) == (6, 4, 1, 1)
    assert report["lists"] == ["shelter", "hotline", "clinic"]
    assert len(read_survey("a,b\nyes,no\n").warnings) == 1


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (TICKED.replace("N,true", "maybe,true"), {}, "line 7, column 'hotline': expected yes or no, found 'maybe'"),
        (TICKED.replace("clinic", "email"), {}, "line 1: an anonymous survey has no column 'email'"),
        (TICKED, {"services": ["bus"]}, "line 1: there is no column 'bus'"),
        (TICKED, {"stratum": "age"}, "line 1: there is no column 'age'"),
        (LISTED, {"column": "service"}, "line 1: there is no column 'service'"),
        (LISTED, {"column": "services", "services": ["shelter"]}, "line 3, column 'services': 'hotline' is none of"),
        ("", {}, "the survey names no service"),
    ],
)
def test_errors_name_line_and_column(text, options, message):
    with pytest.raises(InvalidTable, match=message):
        read_survey(text, **options)


def test_a_service_count_turns_respondents_into_people():
    survey = read_survey("a,b\n" + "yes,no\n" * 30 + "no,yes\n" * 40 + "no,no\n" * 30, period="2024")
    answer = survey.multiplier("a", 600)
    assert answer.estimate == pytest.approx(2000)
    # Wilson's interval for 30 of 100 is 0.2189 to 0.3958.
    assert (answer.interval.low, answer.interval.high) == pytest.approx((600 / 0.3958, 600 / 0.2189), rel=1e-3)
    assert answer.period == "2024"
    assert survey.multiplier("a", 600, level=0.8).interval.width < answer.interval.width
    with pytest.raises(InvalidTable, match="there is no service 'c'; the survey names a, b"):
        survey.multiplier("c", 10)
    with pytest.raises(InvalidTable, match="'a' counted 20 people, yet 30 respondents say that it knew them"):
        survey.multiplier("a", 20)
    nobody = read_survey("a,b\nno,yes\n").multiplier("a", 20)
    assert nobody.refused.startswith("No respondent was known to 'a'")
