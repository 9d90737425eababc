"""The demo's cases: four invented people, so that every page of the survivor side has something to show.

They are made by the same actions that a worker's press of a button runs, so what the demo shows is what the program does.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction

from waymark.access.context import acting_for
from waymark.accounts.models import User
from waymark.care.actions.assessments import begin_assessment, go_on_with_assessment
from waymark.care.actions.plan import add_need, add_step, end_part, set_goal
from waymark.care.actions.safety import write_safety_plan
from waymark.care.actions.services import record_service
from waymark.care.models import Goal, Progress
from waymark.cases.actions.demo_vault import found_demo_vault, members_of_demo_vault, must_be_the_demo
from waymark.cases.actions.moves import move_case
from waymark.cases.actions.notes import write_note
from waymark.cases.actions.opening import Intake, open_case
from waymark.cases.models import Case, Move, Note
from waymark.people.actions.relations import relate
from waymark.people.models import Person
from waymark.people.policies import agency_of
from waymark.vault.selectors import OpenVault

ANY_DAY = [str(day) for day in range(7)]
CALL = {"channel": "call", "value": "(555) 555-0142", "days": ANY_DAY, "starts": "09:00", "ends": "17:00"}
TEXTS = {
    "signs": "Invented: he stops answering, then he counts the money twice.",
    "now": "Go to the laundry room. Take the blue bag.",
    "people": "M., who knows the word.",
    "places": "The door with the bell, by the second bus.",
    "word": "Kettle",
    "children": "Tadpole goes to M. after school, nobody else.",
}
SERVICES = (
    ("crisis_talk", "provided", -40, 60, ""),
    ("shelter_night", "provided", -39, None, ""),
    ("safety_planning", "provided", -38, 45, ""),
    ("counseling", "no_show", -20, None, "Sent word later."),
    ("ride", "provided", -12, None, "To the lawyer."),
    ("immigration_lawyer", "refused", -6, None, "Not yet, she says."),
    ("child_care", "planned", 3, None, ""),
)


@transaction.atomic
def load_demo_cases(*, today: dt.date, passphrases: Mapping[str, str]) -> int:
    """Found the demo's vault and fill it, once. Gives how many cases are new. Raises NotTheDemo."""
    must_be_the_demo()
    opened = found_demo_vault(passphrases=passphrases)
    advocates = [user for user in members_of_demo_vault() if user.role == "advocate" and user.email in opened]
    if not advocates:
        return 0
    first, last = advocates[0], advocates[-1]
    with acting_for(agency_of(first), first.pk):
        _alma(opened[first.email], first, today)
        _briar(opened[first.email], first, today)
        _nobody(opened[first.email], first, today)
    with acting_for(agency_of(last), last.pk):
        _cedar(opened[last.email], last, today)
    return 4


def _case(vault: OpenVault, by: User, moves: tuple[Move, ...] = (), **said: object) -> Case:
    case = open_case(vault=vault, intake=Intake(page=uuid.uuid4(), **said), by=by)  # type: ignore[arg-type]
    for move in moves:
        move_case(vault=vault, case=case, move=move, reason="Invented for the demo.", by=by)
    return case


def _alma(vault: OpenVault, by: User, today: dt.date) -> None:
    """A mother with a child: a plan of both, services, an instrument twice, a safety plan, notes."""
    case = _case(
        vault,
        by,
        (Move.BEGIN_INTAKE, Move.ACTIVATE),
        name="Alma (invented)",
        age_band="25-59",
        facts={"languages": "Spanish", "code_word": "Kettle", "do_not_tell": "Her brother-in-law"},
        contact=CALL,
        asked_for="A room with a lock, and school for her child.",
        due_on=today,
        told=("limits", "rights"),
        language="Spanish",
    )
    child = _child(vault, by, case, today)
    goal = _plan(vault, by, case, case.person, ("housing", "No place after the end of the month"), today)
    _plan(vault, by, case, child, ("school", "Tadpole sleeps in class"), today, pair=goal)
    for code, state, days, minutes, note in SERVICES:
        values = {
            "state": state,
            "on": today + dt.timedelta(days=days),
            "minutes": minutes,
            "units": 3 if code == "shelter_night" else 1,
            "household": 2 if code == "shelter_night" else 1,
        }
        record_service(vault=vault, person=case.person, case=case.pk, code=code, values=values, note=note, by=by)
    for days, answers in ((-35, "222112210"), (-7, "111011100")):
        _asked(vault, by, case, today + dt.timedelta(days=days), answers)
    review = today + dt.timedelta(days=5)
    write_safety_plan(vault=vault, person=case.person, case=case.pk, texts=TEXTS, review_on=review, by=by)
    for kind, text in (
        (Note.Kind.PROGRESS, "Invented. She has seen two rooms and liked the second."),
        (Note.Kind.PRIVILEGED, "Invented. What she told in confidence stands in a note like this one."),
    ):
        write_note(vault=vault, case=case, kind=kind.value, happened_on=today, text=text, by=by)


def _child(vault: OpenVault, by: User, case: Case, today: dt.date) -> Person:
    born = today.replace(year=today.year - 7, day=1)
    return relate(
        vault=vault,
        person=case.person,
        other=None,
        newcomer={"name": "Tadpole (invented)", "born": born.isoformat(), "age_band": "0-12"},
        values={"kind": "child", "lives_with": True},
        may_sign=False,
        is_alleged_abuser=False,
        by=by,
    ).other


def _plan(
    vault: OpenVault,
    by: User,
    case: Case,
    person: Person,
    need: tuple[str, str],
    today: dt.date,
    pair: Goal | None = None,
) -> Goal:
    """A need with a goal and two steps, of which one is done."""
    domain, text = need
    row = add_need(vault=vault, person=person, case=case.pk, domain=domain, text=text, due_on=None, on=today, by=by)
    words = "Nights without a chair against the door" if domain == "school" else "A room that locks from inside"
    due = today + dt.timedelta(days=14)
    goal = set_goal(vault=vault, need=row, text=words, due_on=due, pair=pair.pk if pair is not None else None, by=by)
    done = add_step(vault=vault, goal=goal, text="Talk to the one who knows", who="worker", due_on=None, by=by)
    end_part(vault=vault, part=done, state=Progress.MET, why="", by=by)
    soon = today + dt.timedelta(days=2)
    add_step(vault=vault, goal=goal, text="Look at it together", who="together", due_on=soon, by=by)
    return goal


def _asked(vault: OpenVault, by: User, case: Case, on: dt.date, answers: str) -> None:
    row = begin_assessment(
        vault=vault, person=case.person, case=case.pk, key="phq9-1999", language="es", taken_on=on, by=by
    )
    given = {str(number): said for number, said in enumerate(answers, 1)}
    go_on_with_assessment(vault=vault, row=row, answers=given, taken_on=on, is_done=True, by=by)


def _briar(vault: OpenVault, by: User, today: dt.date) -> None:
    """A young person at the beginning."""
    case = _case(
        vault,
        by,
        (Move.BEGIN_INTAKE,),
        name="Briar (invented)",
        age_band="18-24",
        asked_for="Somebody who goes along to the clinic.",
        due_on=today + dt.timedelta(days=1),
        told=("limits",),
        language="English",
    )
    add_need(
        vault=vault,
        person=case.person,
        case=case.pk,
        domain="health",
        text="To be seen alone",
        due_on=today,
        on=today,
        by=by,
    )


def _nobody(vault: OpenVault, by: User, today: dt.date) -> None:
    """Somebody who gave no name and could not talk."""
    _case(vault, by, could_talk=False, asked_for="Will call again.", due_on=today)


def _cedar(vault: OpenVault, by: User, today: dt.date) -> None:
    """A case of the other advocate, on hold."""
    _case(
        vault,
        by,
        (Move.BEGIN_INTAKE, Move.ACTIVATE, Move.HOLD),
        name="Cedar (invented)",
        age_band="60+",
        asked_for="Back pay from two kitchens.",
        due_on=today + dt.timedelta(days=20),
        told=("limits",),
        language="English",
    )
