"""What a case gives to a release, and nothing else of it: what the person asked for, and whom to call here."""

from __future__ import annotations

from waymark.cases.models import OPEN_STATES, Case
from waymark.cases.policies import visible
from waymark.cases.selectors.records import KIND, story_of
from waymark.consent.formats.scopes import Asked, Item, register_records, register_scope
from waymark.vault.selectors import secrets_of


def _open_cases(asked: Asked) -> list[Case]:
    rows = visible(Case.objects.filter(person=asked.person, state__in=OPEN_STATES), to=asked.by)
    return list(rows.select_related("worker").order_by("opened_on", "code"))


def asked_for(asked: Asked) -> list[Item]:
    """What the person asked for, in each open case that opens to who asks."""
    cases = [case for case in _open_cases(asked) if asked.asks_for(case.pk)]
    secrets = secrets_of(asked.vault, KIND, [case.pk for case in cases])
    return [
        Item(case.pk, str(story_of(case, secrets[case.pk]).get("asked_for", "")), case.opened_on)
        for case in cases
        if case.pk in secrets
    ]


def workers(asked: Asked) -> str:
    """Who works with the person: work names and the agency's own phone."""
    names = dict.fromkeys(case.worker.display_name for case in _open_cases(asked))
    agency = asked.by.acting.agency
    return ", ".join([*names, agency.phone]) if names and agency.phone else ", ".join(names)


def register_scopes() -> None:
    register_records("case.asked_for", asked_for)
    register_scope("case.worker", workers)
