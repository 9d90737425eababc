"""Looking somebody up inside one agency: by code, phone, e-mail, or the sound of a name.

Phone and e-mail are found by a keyed hash. A sound is stored as 20 bits, so that many names share it: what is found is
opened and its names are compared before anybody sees it. Restricted people have no look-up values, and those who are hidden
from who asks are left out before anything is opened.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from waymark.accounts.models import User
from waymark.people.formats.codes import read_code
from waymark.people.formats.sounds import is_alike, sounds_of
from waymark.people.models import LookUpValue, Person
from waymark.people.policies import visible
from waymark.people.selectors.opened import OpenedPerson, opened_person
from waymark.sealing.errors import CannotOpenError
from waymark.vault.selectors import OpenVault, secrets_of

MOST_OPENED = 200
SHOWN = 25


@dataclass(frozen=True)
class Found:
    """Somebody who may be the one, and by what they were found."""

    opened: OpenedPerson
    by: str


def phone_digits(value: str) -> str:
    """A telephone number as it is compared: digits, without the country's 1."""
    digits = "".join(sign for sign in value if sign.isdecimal() and sign.isascii())
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


def find_people(words: str, *, vault: OpenVault, to: User) -> list[Found]:
    """Who fits what was typed, the surest first. At most 25; more means that more must be typed."""
    exact: list[tuple[str, QuerySet[Person]]] = []
    everybody = visible(Person.objects.all(), to=to)
    code, digits = read_code(words), phone_digits(words)
    if code:
        exact.append(("code", everybody.filter(code=code)))
    if len(digits) >= 7:
        exact.append(("phone", _by_value(everybody, "phone", vault.index("phone", digits))))
    if "@" in words:
        exact.append(("e-mail", _by_value(everybody, "email", vault.index("email", words.strip().casefold()))))
    found: dict[object, Found] = {}
    for by, rows in exact:
        for opened in _opened(list(rows[:SHOWN]), vault):
            found.setdefault(opened.person.pk, Found(opened, by))
    # A code can be said, so some name sounds like it: that file is not what was asked for, and stays closed.
    for opened in [] if code else _by_sound(everybody, words, vault):
        found.setdefault(opened.person.pk, Found(opened, "name"))
    return list(found.values())[:SHOWN]


def _by_value(everybody: QuerySet[Person], kind: str, exact: bytes) -> QuerySet[Person]:
    return everybody.filter(pk__in=LookUpValue.objects.filter(kind=kind, exact=exact).values("person_id"))


def _by_sound(everybody: QuerySet[Person], words: str, vault: OpenVault) -> list[OpenedPerson]:
    sounds = [vault.sound_index(sound) for sound in sounds_of(words)]
    if not sounds:
        return []
    alike = LookUpValue.objects.filter(kind="sound", sound__in=sounds).values("person_id")
    opened = _opened(list(everybody.filter(pk__in=alike).order_by("-made_at")[:MOST_OPENED]), vault)
    return [one for one in opened if is_alike(words, all_names(one))]


def all_names(opened: OpenedPerson) -> str:
    """Every name that a file holds."""
    return " ".join([opened.name, opened.facts.get("legal_name", ""), opened.facts.get("aliases", "")])


def _opened(people: list[Person], vault: OpenVault) -> list[OpenedPerson]:
    secrets = secrets_of(vault, "person", [person.pk for person in people])
    opened = []
    for person in people:
        if person.pk in secrets:
            try:
                opened.append(opened_person(person, secrets[person.pk]))
            except CannotOpenError:
                continue
    return opened
