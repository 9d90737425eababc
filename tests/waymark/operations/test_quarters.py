"""What leaves for a quarter: once, late enough, and never so that a small count follows from all that is public."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict

import numpy as np
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting
from tests.factories.operations import OperationFactory, announce, led_by, published, take_part
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.models import AgencyKind, User
from waymark.accounts.policies import Refused
from waymark.newsroom.formats.results import FEW
from waymark.operations import actions
from waymark.operations.actions.quarters import give_services, make_file
from waymark.operations.formats.quarterly import (
    ALL,
    DIFFERS,
    HIDDEN,
    INCOMPLETE,
    NOT_COUNTED,
    SUM_OVER_AGENCIES,
    Counted,
    days_of,
    is_ripe,
    quarter_of,
    told_outcomes,
    told_services,
)
from waymark.operations.formats.shown_counts import Announced, shown_counts
from waymark.operations.models import Operation, QuarterlyFile, ServiceTotal

SIDES = ("buyer", "seller", "exploiter")
Cells = dict[str, dict[str, int]]


def of(cells: Cells, measure: str = "arrests") -> list[Counted]:
    return [Counted(name, measure, side, value) for name, row in cells.items() for side, value in row.items()]


def totals(cells: Cells, **more: object) -> dict[str, int | None]:
    told = told_outcomes(of(cells), published={}, **more)  # type: ignore[arg-type]
    return {each.side: each.value for each in told}


def test_quarters_begin_and_end_where_they_should_and_ripen() -> None:
    assert [quarter_of(dt.date(2020, month, 15)) for month in (1, 3, 4, 9, 12)] == [
        (2020, 1),
        (2020, 1),
        (2020, 2),
        (2020, 3),
        (2020, 4),
    ]
    assert days_of(2020, 4) == (dt.date(2020, 10, 1), dt.date(2020, 12, 31))
    assert days_of(2020, 1) == (dt.date(2020, 1, 1), dt.date(2020, 3, 31))
    assert not is_ripe(2020, 4, on=dt.date(2021, 1, 30))
    assert is_ripe(2020, 4, on=dt.date(2021, 1, 31))


def test_a_total_leaves_only_where_no_small_count_follows_from_it() -> None:
    assert totals({"a": {"buyer": 46}}) == {"buyer": 46, ALL: 46}
    assert totals({"a": {"buyer": 6}}) == {"buyer": None, ALL: None}
    # Beside the page of one operation the total would tell of the other.
    assert totals({"a": {"buyer": 46}, "b": {"buyer": 6}}) == {"buyer": None, ALL: None}
    assert totals({name: {"buyer": 7} for name in "abcd"}) == {"buyer": 28, ALL: 28}
    # Two that are below 11 and come to 20 are ten each.
    assert totals({name: {"buyer": 10} for name in "ab"}) == {"buyer": None, ALL: None}
    assert totals({"a": {"buyer": 9}, "b": {"seller": 9}, "c": {"exploiter": 2}}) == {
        "buyer": None,
        "seller": None,
        "exploiter": None,
        ALL: 20,
    }
    # A small count beside another side of the same operation: its page may show the whole or the parts.
    assert set(totals({"a": {"buyer": 40, "seller": 6}, "b": {"buyer": 30}}).values()) == {None}
    assert totals({"a": {"buyer": 40, "seller": 20}, "b": {"buyer": 30}}) == {"buyer": 70, "seller": 20, ALL: 90}
    # What its owner told in words is known, so it hides nobody else.
    four = {name: {"buyer": 7} for name in "abcd"}
    assert set(totals(four, quoted={("arrests", "a")}).values()) == {None}


def test_what_is_not_known_is_said_and_is_not_zero() -> None:
    buyers = [Counted("a", "arrests", "buyer", value) for value in (20, None)]
    told = told_outcomes([*buyers, Counted("a", "charged", "buyer", None)], published={})
    assert {(each.measure, each.side): (each.value, each.note) for each in told} == {
        ("arrests", "buyer"): (20, INCOMPLETE),
        ("arrests", ALL): (20, INCOMPLETE),
        ("charged", "buyer"): (None, NOT_COUNTED),
        ("charged", ALL): (None, NOT_COUNTED),
    }
    differing = told_outcomes([Counted("a", "arrests", "buyer", 20)], published={("arrests", "a", ALL): 21})
    assert {each.note for each in differing} == {DIFFERS}


def narrowest(
    equations: list[tuple[dict[tuple[str, str], int], int]], few: set[tuple[str, str]], cell: tuple[str, str], size: int
) -> float:
    """How wide an attentive reader leaves one count open: the slow way, by two linear programs. `few` are below 11."""
    names = sorted({name for weights, _ in equations for name in weights} | {cell})
    rows = np.array([[weights.get(name, 0) for name in names] for weights, _ in equations] or [[0] * len(names)])
    right = np.array([value for _, value in equations] or [0])
    aim = np.array([1.0 if name == cell else 0.0 for name in names])
    bounds = [(0, 10 if name in few else size) for name in names]
    ends = [linprog(sign * aim, A_eq=rows, b_eq=right, bounds=bounds) for sign in (1, -1)]
    assert all(end.status == 0 for end in ends)
    return float(-ends[1].fun - ends[0].fun)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.lists(st.sampled_from([0, 0, 1, 3, 7, 10, 11, 14, 25, 40]), min_size=3, max_size=3), min_size=1, max_size=5
    ),
    with_headline=st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_no_pair_of_published_tables_lets_a_small_count_be_computed(
    rows: list[list[int]], with_headline: list[bool]
) -> None:
    """The quarter's totals beside the page of every operation, whole or in parts, as their owners may choose."""
    cells = {f"op{number}": dict(zip(SIDES, row, strict=True)) for number, row in enumerate(rows)}
    size = sum(sum(row) for row in rows) + 20
    equations: list[tuple[dict[tuple[str, str], int], int]] = []
    few: set[tuple[str, str]] = set()
    for (name, row), has_headline in zip(cells.items(), with_headline, strict=False):
        announced = [Announced("arrests", side, "", value, "") for side, value in row.items() if value]
        if has_headline:
            announced.append(Announced("arrests", "", "", sum(row.values()), ""))
        for count, shown in zip(announced, shown_counts(announced), strict=True):
            sides = (count.side,) if count.side else SIDES
            if shown.shown == FEW:
                few |= {(name, side) for side in sides}
            if shown.value is not None:
                equations.append(({(name, side): 1 for side in sides}, shown.value))
        # Which sides an operation did not count at all is no secret.
        equations += [({(name, side): 1}, 0) for side, value in row.items() if not value]
    for told in told_outcomes(of(cells), published={}):
        assert told.value is None or told.value == 0 or told.value >= 11
        if told.value is not None:
            sides = SIDES if told.side == ALL else (told.side,)
            equations.append(({(name, side): 1 for name in cells for side in sides}, told.value))
    for name, row in cells.items():
        for side, value in row.items():
            if 0 < value < 11:
                assert narrowest(equations, few, (name, side), size) >= 10 - 1e-6, (name, side, cells)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["met", "offered", "accepted"]), st.lists(st.none() | st.integers(0, 30)), min_size=1)
)
def test_an_agency_for_victims_lets_no_small_total_out(counts: dict[str, list[int | None]]) -> None:
    for kind, (value, is_counted) in told_services(counts).items():
        whole = sum(each or 0 for each in counts[kind])
        assert value == (whole if whole >= 11 else None)
        assert is_counted == any(each is not None for each in counts[kind])


def officer_of_a_house() -> User:
    user: User = UserFactory(role=Role.OFFICER.value, agency=AgencyFactory(kind=AgencyKind.VICTIM_SERVICES))
    return user


def counted(operation: Operation, by: User, **values: int | None) -> None:
    take_part(operation, by.acting.agency, "advocate")  # type: ignore[union-attr]
    with acting(by):
        actions.count_services(operation=operation, values=values, by=by)


@pytest.mark.django_db
def test_totals_of_an_agency_for_victims_leave_once_and_without_small_numbers() -> None:
    by = officer_of_a_house()
    for met, accepted in ((9, 3), (8, 4)):
        counted(OperationFactory(), by, met=met, accepted=accepted)
    client = SiteClient("staff")
    client.force_login(by)
    url = "/operations/quarters/2020/4/services/"
    page = client.get(url).content.decode()
    assert "People met: 17" in page
    assert "Accepted services: fewer than 11" in page
    assert client.send(url).status_code == 302
    assert {row.kind: (row.value, row.is_counted) for row in ServiceTotal.objects.all()} == {
        "met": (17, True),
        "requested": (None, False),
        "offered": (None, False),
        "accepted": (None, True),
    }
    with acting(by):
        with pytest.raises(Refused, match="second time"):
            give_services(year=2020, quarter=4, by=by)
        with pytest.raises(Refused, match="30 days"):
            give_services(year=timezone.localdate().year, quarter=quarter_of(timezone.localdate())[1], by=by)
    for by_hand in (ServiceTotal.objects.all().delete, lambda: ServiceTotal.objects.update(value=18)):
        with pytest.raises(DatabaseError, match="stays as it was given"), transaction.atomic():
            by_hand()
    place = by.acting
    assert place is not None
    with pytest.raises(IntegrityError, match="never_small"), transaction.atomic():
        ServiceTotal.objects.create(
            agency=place.agency,
            year=2019,
            quarter=1,
            kind="met",
            value=10,
            is_counted=True,
            given_by=place,
            given_at=timezone.now(),
        )
    sheriff = led_by(OperationFactory())
    with acting(sheriff), pytest.raises(Refused, match="for victims"):
        give_services(year=2020, quarter=4, by=sheriff)


@pytest.mark.django_db
def test_the_file_of_a_quarter_is_made_once_and_read_by_a_spreadsheet() -> None:
    operation = OperationFactory(name="Operation: Invented Ledger")
    lead = led_by(operation)
    for measure, side, value in (("arrests", "buyer", 46), ("juveniles_recovered", "not_stated", 1)):
        values = {"measure": measure, "side": side, "charge": None, "value": value, "words": ""}
        with acting(lead):
            actions.enter_outcome(operation=operation, values=values, by=lead)
    house = officer_of_a_house()
    counted(operation, house, met=12)
    with acting(house):
        give_services(year=2020, quarter=4, by=house)
    client = SiteClient("staff")
    client.force_login(UserFactory(role=Role.COORDINATOR.value))
    listed = client.get("/operations/quarters/").content.decode()
    assert "Quarterly figures" in listed
    assert client.get("/operations/quarters/2020/4/file.csv").status_code == 404
    assert client.send("/operations/quarters/2020/4/make/").status_code == 302
    answer = client.get("/operations/quarters/2020/4/file.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    found = {(row["our measure"], row["of whom"]): (row["count"], row["note"]) for row in rows}
    assert found["arrests", "Buyers"] == found["arrests", "All"] == ("46", SUM_OVER_AGENCIES)
    assert found["juveniles_recovered", "All"] == ("", f"{HIDDEN}. {SUM_OVER_AGENCIES}")
    assert found["met", "All"] == ("12", "")
    assert "Operation: Invented Ledger" not in answer.content.decode()
    assert {row["program"].split()[0] for row in rows} == {"BJA", "OVC"}
    with acting(lead), pytest.raises(Refused, match="made already"):
        make_file(year=2020, quarter=4, by=lead)
    with pytest.raises(DatabaseError, match="stays as it was given"), transaction.atomic():
        QuarterlyFile.objects.update(rows=[])
    member = UserFactory(role=Role.MEMBER.value, agency=operation.lead)
    with acting(member), pytest.raises(Refused, match="coordinator"):
        make_file(year=2020, quarter=3, by=member)
    for wrong in ("2020/5", "1200/1", f"{timezone.localdate().year + 1}/1"):
        assert client.get(f"/operations/quarters/{wrong}/make/").status_code == 404


@pytest.mark.django_db
def test_what_its_page_tells_in_words_hides_no_other_operation() -> None:
    """Two recoveries of a quarter, one of them told in its owner's words: the total would tell of the other."""
    by_operation: dict[str, int] = defaultdict(int)
    for number in range(3):
        operation = OperationFactory()
        lead = led_by(operation)
        values = {"measure": "juveniles_recovered", "side": "not_stated", "charge": None, "value": 7, "words": ""}
        with acting(lead):
            actions.enter_outcome(operation=operation, values=values, by=lead)
        by_operation[operation.name] += 7
        if number == 0:
            announce(operation, "juveniles_recovered", 7, "Seven children were found.")
            published(operation)
    with acting(lead):
        file = make_file(year=2020, quarter=4, by=lead)
    assert {row["value"] for row in file.rows} == {None}
