"""The identifying part of a record: two names and a day of birth; read, made up, and misspelled."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from hiddenpop.histories import InvalidTable
from hiddenpop.randomness import Random, generator

COLUMNS = ("first_name", "last_name", "birth_date")
_ONSETS = (
    "b",
    "br",
    "c",
    "ch",
    "d",
    "f",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "st",
    "t",
    "v",
    "w",
    "z",
)
_VOWELS = ("a", "e", "i", "o", "u", "ia", "ea", "ou")
_CODAS = ("", "", "", "n", "r", "l", "s", "nd", "rt", "m")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Person:
    """What a list knows a person by. Never leaves the place where the list lives.

    Parameters
    ----------
    first_name, last_name : str
    born : date
    """

    first_name: str
    last_name: str
    born: date


def plain_letters(name: str) -> str:
    """A name as it is compared: no accents, no case, letters only.

    Examples
    --------
    >>> plain_letters("O'Brién-Ng")
    'obrienng'
    """
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in decomposed if letter.isalpha())


def read_people(text: str) -> list[Person]:
    """Read a list: a CSV with the columns ``first_name``, ``last_name`` and ``birth_date`` (YYYY-MM-DD).

    Raises
    ------
    InvalidTable
        Names the line and the column.

    Examples
    --------
    >>> read_people("first_name,last_name,birth_date\\nAna,Lee,1990-02-03\\n")[0].born.year
    1990
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    absent = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if absent:
        raise InvalidTable(f"line 1: there is no column {absent[0]!r}; a list to be linked has {', '.join(COLUMNS)}")
    people = []
    for row in reader:
        values = [(row[name] or "").strip() for name in COLUMNS]
        for name, value in zip(COLUMNS[:2], values, strict=False):
            if not plain_letters(value):
                raise InvalidTable(f"line {reader.line_num}, column {name!r}: there is no name")
        try:
            born = date.fromisoformat(values[2])
        except ValueError:
            raise InvalidTable(
                f"line {reader.line_num}, column 'birth_date': a day like 1990-02-03 is needed, found {values[2]!r}"
            ) from None
        people.append(Person(values[0], values[1], born))
    return people


def _names(count: int, syllables: Sequence[int], rng: np.random.Generator) -> list[str]:
    """Distinct invented names, so that no test data look like anybody."""
    names: dict[str, None] = {}
    while len(names) < count:
        size = syllables[int(rng.integers(len(syllables)))]
        parts = (
            _ONSETS[int(rng.integers(len(_ONSETS)))]
            + _VOWELS[int(rng.integers(len(_VOWELS)))]
            + _CODAS[int(rng.integers(len(_CODAS)))]
            for _ in range(size)
        )
        names["".join(parts)] = None
    return list(names)


def synthetic_people(count: int, rng: Random = None) -> list[Person]:
    """Invented people, with a few common names and many rare ones, born in 1950 to 2007.

    Parameters
    ----------
    count : int
    rng : seed or generator

    Returns
    -------
    list of Person
        800 first names and 4,000 last names, the n-th of them as frequent as 1/(n + 20).
    """
    random = generator(rng)
    first, last = _names(800, (1, 2, 2, 3), random), _names(4000, (2, 2, 3), random)

    def pick(names: list[str]) -> list[str]:
        weights = 1.0 / (np.arange(len(names)) + 20.0)
        return [names[i] for i in random.choice(len(names), size=count, p=weights / weights.sum())]

    days = random.integers(0, (date(2007, 12, 31) - date(1950, 1, 1)).days + 1, size=count)
    return [
        Person(one, two, date(1950, 1, 1) + timedelta(days=int(day)))
        for one, two, day in zip(pick(first), pick(last), days, strict=True)
    ]


def misremembered(person: Person, random: np.random.Generator, *, typo: float, wrong_day: float) -> Person:
    """The same person as another list might have written it down.

    Parameters
    ----------
    person : Person
    random : Generator
    typo : float
        Chance that one of the names has one letter changed, dropped, doubled with another, or swapped with the next.
    wrong_day : float
        Chance that the day of the month is another.
    """
    if random.random() < typo:
        if random.random() < 0.5:
            person = replace(person, first_name=_misspelled(person.first_name, random))
        else:
            person = replace(person, last_name=_misspelled(person.last_name, random))
    if random.random() < wrong_day:
        day = int(random.integers(1, 28))
        person = replace(person, born=person.born.replace(day=day + (day >= person.born.day)))
    return person


def _misspelled(name: str, random: np.random.Generator) -> str:
    at = int(random.integers(len(name)))
    letter = _LETTERS[int(random.integers(len(_LETTERS)))]
    kind = int(random.integers(4))
    if kind == 0:
        return name[:at] + letter + name[at + 1 :]
    if kind == 1 and len(name) > 2:
        return name[:at] + name[at + 1 :]
    if kind == 2 and at + 1 < len(name):
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + letter + name[at:]
