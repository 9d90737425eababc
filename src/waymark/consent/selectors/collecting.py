"""What each scope says of one person, out of the opened file. Apps above give their own through `register_scope`.

A scope is given as plain text, empty when there is nothing, or record by record. Neither way gives a note, a real address
or who is said to have hurt somebody.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from waymark.care.formats.taxonomies import NotInTaxonomy, taxonomy
from waymark.care.models import Goal, Need, Progress, Service, Step
from waymark.consent.formats.scopes import Asked, Item, register_records, register_scope
from waymark.consent.formats.ways import way_in_spanish, way_in_words
from waymark.people.models import PersonOwned, Relation
from waymark.people.policies import SafeWay
from waymark.people.selectors import opened_person, secret_of
from waymark.people.selectors.around import places_of
from waymark.people.selectors.opened import OpenedPerson, opened_row
from waymark.people.selectors.persons import contacts_of
from waymark.vault.selectors import RecordSecret

# The newest so many services; a longer list says more than a purpose needs.
MOST_SERVICES = 60


def _secret(asked: Asked) -> RecordSecret | None:
    return secret_of(asked.vault, asked.person)


def _opened(asked: Asked) -> OpenedPerson | None:
    secret = _secret(asked)
    return opened_person(asked.person, secret) if secret is not None else None


def _fact(asked: Asked, name: str) -> str:
    opened = _opened(asked)
    return str(opened.facts.get(name, "")) if opened is not None else ""


def name_to_use(asked: Asked) -> str:
    opened = _opened(asked)
    return opened.name if opened is not None else ""


def legal_name(asked: Asked) -> str:
    return _fact(asked, "legal_name")


def day_of_birth(asked: Asked) -> str:
    opened = _opened(asked)
    born = opened.born if opened is not None else None
    return f"{born:%B} {born.day}, {born.year}" if born is not None else ""


def languages(asked: Asked) -> str:
    return _fact(asked, "languages")


def safe_contacts(asked: Asked) -> list[Item]:
    """Each agreed way with its days and hours, so that the recipient can obey as we do."""
    secret = _secret(asked)
    if secret is None:
        return []
    ways = [(row, SafeWay.of(opened_row(row, secret))) for row in contacts_of(asked.person)]
    return [_item(row, way_in_words(way), way_in_spanish(way)) for row, way in ways]


def mailing_address(asked: Asked) -> list[Item]:
    """What stands in for the real one, and nothing else."""
    secret = _secret(asked)
    if secret is None:
        return []
    places = places_of(asked.person, secret)
    return [_item(place.address, str(place.facts.get("text", ""))) for place in places if not place.is_real]


def household(asked: Asked) -> str:
    """How many live with them and how old they are about; no names, for they have not signed."""
    secret = _secret(asked)
    if secret is None:
        return ""
    rows = Relation.objects.filter(agency_id=asked.person.agency_id, person=asked.person, is_alleged_abuser=False)
    living = [
        row.other for row in rows.select_related("other").order_by("made_at") if opened_row(row, secret).get("lives_with")
    ]
    if not living:
        return ""
    bands = ", ".join(other.get_age_band_display() for other in living)
    return f"{len(living)} with them. Ages: {bands}"


def _rows(asked: Asked, rows: QuerySet[Any]) -> list[tuple[Any, dict[str, Any]]]:
    secret = _secret(asked)
    mine = rows.filter(agency_id=asked.person.agency_id, person=asked.person)
    return [(row, opened_row(row, secret)) for row in mine] if secret is not None else []


def _item(row: PersonOwned, text: str, es: str = "") -> Item:
    """A row by which a person knows the day on which it was written down."""
    return Item(row.pk, text, timezone.localdate(row.made_at), es)


def needs(asked: Asked) -> list[Item]:
    """Needs that are open, in the words in which they were written down."""
    found = _rows(asked, Need.objects.filter(state=Progress.OPEN).order_by("made_at"))
    return [_item(need, str(facts.get("text", ""))) for need, facts in found]


def goals(asked: Asked) -> list[Item]:
    """Open goals, each with its open steps, which are records of their own: a step added later was named by nobody."""
    steps = _rows(asked, Step.objects.filter(state=Progress.OPEN).order_by("made_at"))
    found = []
    for goal, facts in _rows(asked, Goal.objects.filter(state=Progress.OPEN).order_by("made_at")):
        found.append(_item(goal, str(facts.get("text", ""))))
        found += [_item(step, f"- {said.get('text', '')}") for step, said in steps if step.goal_id == goal.pk]
    return found


def services(asked: Asked) -> list[Item]:
    """Services that were given, by day and kind; where, nobody wrote down."""
    rows = Service.objects.filter(agency_id=asked.person.agency_id, person=asked.person, state=Service.State.PROVIDED)
    given = rows.filter(voided_at__isnull=True).order_by("-on", "code")
    if asked.only is not None:
        given = given.filter(pk__in=asked.only)
    found = []
    for one in given[:MOST_SERVICES]:
        label, es = _kind_of(one)
        found.append(Item(one.pk, f"{one.on:%B} {one.on.day}, {one.on.year}: {label}", one.on, es))
    return found


def _kind_of(service: Service) -> tuple[str, str]:
    """In English and in Spanish."""
    try:
        kind = taxonomy(service.taxonomy).kind(service.code)
    except NotInTaxonomy:
        return service.code, service.code
    return kind.label, kind.es


def register_own_scopes() -> None:
    """Called when the app starts: the scopes of `people`, which is below and knows nothing of releases."""
    for code, collect in (
        ("person.name", name_to_use),
        ("person.legal_name", legal_name),
        ("person.born", day_of_birth),
        ("person.languages", languages),
        ("person.household", household),
    ):
        register_scope(code, collect)
    for code, items in (
        ("person.contact", safe_contacts),
        ("person.address", mailing_address),
        ("care.needs", needs),
        ("care.goals", goals),
        ("care.services", services),
    ):
        register_records(code, items)
