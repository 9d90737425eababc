"""Who may see and write care: whoever may see the person. The deny list beats every grant here as well.

Also what the words of a plan are made of: the domains of life, and whether a need is a grown-up's or a child's own.
"""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from django.db.models import Model, QuerySet

from waymark.accounts.models import User
from waymark.care.models import Need
from waymark.people.models import MINORS, Person
from waymark.people.policies import ADULT, age_on, must_work, visible_of

Row = TypeVar("Row", bound=Model)

__all__ = ["AHEAD", "DOMAINS", "is_childs", "must_work", "owner_of", "visible"]

# How far "due this week" looks.
AHEAD = dt.timedelta(days=7)
DOMAINS = (
    ("safety", "Safety"),
    ("housing", "A place to live"),
    ("daily", "Food, clothes, daily things"),
    ("money", "Money and benefits"),
    ("health", "Health"),
    ("mind", "Feelings and sleep"),
    ("substance", "Alcohol and drugs"),
    ("children", "Their children"),
    ("family", "Family and friends"),
    ("school", "School and learning"),
    ("work", "Work"),
    ("law", "Law and papers"),
    ("immigration", "Immigration"),
    ("getting_about", "Getting about"),
    ("faith", "Faith and culture"),
    ("other", "Something else"),
)


def visible(queryset: QuerySet[Row], *, to: User) -> QuerySet[Row]:
    """Care of people who are open to `to`."""
    return visible_of(queryset, to=to)


def is_childs(person: Person, born: dt.date | None, *, on: dt.date) -> bool:
    """Whether a file is a child's today: by the day of birth, or by the age band where that is not known."""
    return age_on(born, on) < ADULT if born is not None else person.age_band in MINORS


def owner_of(person: Person, born: dt.date | None, *, on: dt.date) -> str:
    """Whose need it is: from the eighteenth birthday on it is a grown-up's."""
    return Need.Owner.CHILD.value if is_childs(person, born, on=on) else Need.Owner.ADULT.value
