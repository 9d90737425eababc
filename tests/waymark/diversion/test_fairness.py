"""The fairness survey: nobody can be found in it, by a column, by an order or by a time; and what of it may be shown."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.exceptions import FieldDoesNotExist
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting
from tests.factories.diversion import a_program, agency_of
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.models import AgencyKind, Session, User
from waymark.accounts.policies import Refused
from waymark.audit.models import Event
from waymark.diversion.actions.fairness import Device, answer_at_device, count_sheet, hand_out
from waymark.diversion.formats.fairness import Counted, current, instruments, quarter_of, stretches
from waymark.diversion.models import Enrollment, FairnessCount, FairnessRound, Program

ALL = list(current().questions)
AGREES = dict.fromkeys(ALL, 4)
REFUSES = dict.fromkeys(ALL, 1)


@pytest.fixture
def worker(db: None) -> User:
    return UserFactory(role=Role.ADVOCATE.value, agency=AgencyFactory(kind=AgencyKind.VICTIM_SERVICES))


@pytest.fixture
def program(worker: User) -> Program:
    with acting(worker):
        court, prosecution = (AgencyFactory(kind=kind) for kind in (AgencyKind.COURT, AgencyKind.PROSECUTION))
        return a_program(worker, court=court, prosecution=prosecution)


@pytest.fixture
def desk(worker: User) -> SiteClient:
    client = SiteClient("staff")
    client.user = worker
    client.force_login(worker)
    return client


@pytest.fixture
def device(program: Program, worker: User) -> Device:
    with acting(worker):
        row = hand_out(program=program, sheets=20, by=worker)
    return Device(row.agency_id, row.pk)


def counted(user: User) -> dict[tuple[str, int], int]:
    with acting(user):
        return {(row.question, row.answer): row.number for row in FairnessCount.objects.all()}


def test_the_instrument_is_a_published_one_with_its_source_and_no_line_to_write_on() -> None:
    for one in instruments().values():
        assert one.source
        assert one.address.startswith("https://")
        assert len(one.answers) == len(one.scale) + 1
    assert "National Center for State Courts" in current().source


def test_no_column_leads_back() -> None:
    allowed = {
        FairnessRound: {"id", "agency", "program", "instrument", "quarter", "handed_out", "answered", "spent"},
        FairnessCount: {"id", "agency", "round", "question", "answer", "number"},
    }
    for model, names in allowed.items():
        fields = {field.name: field for field in model._meta.concrete_fields}
        assert set(fields) == names
        assert not any(isinstance(field, models.DateTimeField | models.TextField) for field in fields.values())
        targets = {field.related_model for field in fields.values() if field.is_relation}
        assert not targets & {User, Enrollment}
        # Nor does anything point at them.
        assert {relation.related_model for relation in model._meta.related_objects} <= {FairnessCount}
    for name in ("fairness", "survey", "answer"):
        with pytest.raises(FieldDoesNotExist):
            Enrollment._meta.get_field(name)


@pytest.mark.django_db
def test_whoever_answers_first_or_last_leaves_the_same_rows(program: Program, worker: User) -> None:
    """Order tells nothing: what is stored is equal to the byte, whichever of two people was first."""
    left: list[Any] = []
    for order in ((AGREES, REFUSES), (REFUSES, AGREES)):
        point = transaction.savepoint()
        with acting(worker):
            row = hand_out(program=program, sheets=2, by=worker)
        device = Device(row.agency_id, row.pk)
        for answers in order:
            # A turn is random, so the test gives both the same two.
            answer_at_device(device=device, answers=answers, turn=f"turn {answers['fair']}")
        with acting(worker):
            rows = sorted(FairnessCount.objects.values_list("question", "answer", "number"))
            survey = FairnessRound.objects.values_list("quarter", "handed_out", "answered", "spent").get()
        left.append((rows, survey))
        transaction.savepoint_rollback(point)
    assert left[0] == left[1]


@pytest.mark.django_db
def test_an_answer_raises_counts_and_leaves_no_event_and_no_row(device: Device, worker: User) -> None:
    with acting(worker):
        before = (Event.objects.count(), FairnessCount.objects.count())
    answer_at_device(device=device, answers=AGREES | {"next": 0}, turn="one")
    answer_at_device(device=device, answers=AGREES | {"next": 0}, turn="one")
    with acting(worker):
        assert (Event.objects.count(), FairnessCount.objects.count()) == before
        row = FairnessRound.objects.get()
    assert row.answered == 1, "a form sent twice counts once"
    found = counted(worker)
    assert found["fair", 4] == 1
    assert found["next", 0] == 1
    assert sum(found.values()) == len(ALL)


@pytest.mark.django_db
def test_nobody_answers_unasked_and_what_was_counted_stays(program: Program, worker: User) -> None:
    with acting(worker):
        row = hand_out(program=program, sheets=1, by=worker)
        count_sheet(row=row, answers=AGREES, turn="one", by=worker)
        assert Event.objects.filter(verb="fairness.sheet_counted", actor=worker.pk).count() == 1
        with pytest.raises(Refused):
            count_sheet(row=row, answers=AGREES, turn="two", by=worker)
        for rows, values in (
            (FairnessRound.objects.all(), {"answered": 2}),
            (FairnessRound.objects.all(), {"answered": 0}),
            (FairnessRound.objects.all(), {"quarter": dt.date(2020, 1, 1)}),
            (FairnessCount.objects.filter(number=1), {"number": 0}),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**values)
        with pytest.raises(DatabaseError), transaction.atomic():
            FairnessCount.objects.all().delete()


@pytest.mark.django_db
def test_a_device_is_handed_over_signed_out_and_takes_one_answer_a_turn(
    desk: SiteClient, program: Program, device: Device
) -> None:
    here = f"/diversion/programs/{program.pk}/fairness/device/"
    assert "You are signed out on this device" in desk.get(here).content.decode()
    answer = desk.send(here)
    address = answer.headers["Location"]
    assert desk.get("/diversion/").status_code == 302, "nobody is signed in any more"
    assert not Session.objects.exists()
    page = desk.get(address)
    said = page.content.decode()
    assert "The judge listened to my side" in said
    assert program.name not in said
    assert "sessionid" not in page.cookies
    turn = said.split('name="turn" value="')[1].split('"')[0]
    missing = desk.post(address, {"turn": turn, "fair": "5"}, headers={"sec-fetch-site": "same-origin"})
    assert missing.status_code == 422
    assert "Choose one" in missing.content.decode()
    assert re.search(r'name="fair" value="5"[^>]* checked', missing.content.decode()), "what was chosen is not lost"
    for _ in range(2):
        done = desk.post(address, {"turn": turn} | AGREES, headers={"sec-fetch-site": "same-origin"})
        assert done.status_code == 302
    assert "Give the device to the next person" in desk.get(f"{address}?thanks").content.decode()
    assert desk.post(address, {"turn": "x"} | AGREES, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    found = counted(desk.user)
    assert found["fair", 4] == 1


@pytest.mark.django_db
def test_a_device_s_address_is_none_when_it_is_old_wrong_or_somebody_is_signed_in(
    desk: SiteClient, device: Device, visitor: Callable[[str], SiteClient]
) -> None:
    here = f"/diversion/fairness/{device.token()}/"
    stranger = visitor("staff")
    assert stranger.get(here).status_code == 200
    absent = stranger.get("/diversion/fairness/nothing/")
    assert absent.status_code == 404
    assert desk.get(here).status_code == 404, "whoever is signed in finds no such page"
    assert stranger.get(here[:-2] + "/").status_code == 404
    with time_machine.travel(timezone.now() + dt.timedelta(hours=4, minutes=1)):
        late = stranger.get(here)
    assert (late.status_code, late.content) == (404, absent.content)


@pytest.mark.django_db
def test_the_pages_say_how_many_are_asked_and_never_how_many_have_answered(
    desk: SiteClient, program: Program, worker: User
) -> None:
    here = f"/diversion/programs/{program.pk}/fairness/"
    assert "Nobody is asked this quarter yet" in desk.get(here).content.decode()
    for part in ("sheet/", "count/", "device/"):
        assert desk.get(here + part).status_code == (200 if part == "sheet/" else 404)
    assert desk.send(here, {"sheets": "0"}).status_code == 422
    assert desk.send(here, {"sheets": "14"}).status_code == 302
    sheet = desk.get(here + "sheet/").content.decode()
    assert all(words in sheet for words in current().questions.values())
    page = desk.get(here + "count/").content.decode()
    turn = page.split('name="turn" value="')[1].split('"')[0]
    assert desk.send(here + "count/", {"turn": turn} | AGREES).status_code == 302
    with acting(worker):
        for number in range(11):
            count_sheet(row=FairnessRound.objects.get(), answers=AGREES, turn=f"sheet {number}", by=worker)
    said = " ".join(desk.get(here).content.decode().split())
    assert "14 people are asked" in said
    assert "12" not in said.split('id="main"')[1].split("<footer")[0].replace(str(program.pk), "")
    measures = f"/diversion/programs/{program.pk}/measures/"
    assert "Nothing to show yet" in desk.get(measures).content.decode(), "the quarter still runs"
    with time_machine.travel(timezone.now() + dt.timedelta(days=100)):
        desk.force_login(worker)
        shown = desk.get(measures).content.decode()
    assert "12 answers to 14 sheets, 86 %" in shown
    assert shown.count(">12<") == len(ALL)


def quarter(number: int, answered: int, agreed: int = 0) -> Counted:
    numbers = {key: {4: agreed, 2: answered - agreed} for key in ALL}
    return Counted(current().name, dt.date(2024 + number // 4, 3 * (number % 4) + 1, 1), answered + 3, answered, numbers)


def test_few_answers_wait_for_the_next_quarter_and_a_running_one_is_not_shown() -> None:
    rounds = [quarter(0, 5, 5), quarter(1, 7, 7), quarter(2, 4, 4), quarter(3, 30, 30)]
    found = stretches(rounds, on=dt.date(2024, 12, 31))
    assert [(one.when, one.answered, one.rate) for one in found] == [("January to June 2024", 12, 67)]
    assert [one.answered for one in stretches(rounds, on=dt.date(2025, 1, 1))] == [12, 34]
    assert stretches(rounds, on=dt.date(2024, 6, 30)) == []
    assert [one.when for one in stretches([quarter(3, 4), quarter(4, 9)], on=dt.date(2025, 4, 1))] == [
        "October 2024 to March 2025"
    ]


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4))
def test_nothing_below_eleven_is_shown_or_can_be_worked_out(drawn: list[tuple[int, int]]) -> None:
    rounds = [quarter(number, max(pair), min(pair)) for number, pair in enumerate(drawn)]
    for one in stretches(rounds, on=dt.date(2030, 1, 1)):
        assert one.answered >= 11
        for said in one.said:
            assert (said.agreed is None) == (said.others is None), "one hidden number beside its total is no secret"
            for number in (said.agreed, said.others):
                assert number is None or number == 0 or number >= 11
            if said.agreed is not None and said.others is not None:
                assert said.agreed + said.others == one.answered


@pytest.mark.parametrize(
    ("day", "first"), [("2026-01-01", "2026-01-01"), ("2026-03-31", "2026-01-01"), ("2026-12-31", "2026-10-01")]
)
def test_a_day_is_in_its_quarter(day: str, first: str) -> None:
    assert quarter_of(dt.date.fromisoformat(day)) == dt.date.fromisoformat(first)


@pytest.mark.django_db
def test_another_agency_s_survey_is_not_there(desk: SiteClient, device: Device, program: Program) -> None:
    other = UserFactory(role=Role.ADVOCATE.value, agency=AgencyFactory(kind=AgencyKind.VICTIM_SERVICES))
    assert agency_of(other) != agency_of(desk.user)
    client = SiteClient("staff")
    client.force_login(other)
    for part in ("", "sheet/", "count/", "device/"):
        assert client.get(f"/diversion/programs/{program.pk}/fairness/{part}").status_code == 404
    with acting(other):
        assert FairnessRound.objects.count() == 0
