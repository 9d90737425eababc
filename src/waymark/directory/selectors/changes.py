"""Changes that wait for a second person, in words that this person can check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from waymark.accounts.models import User
from waymark.directory.models import HelpLine, Location, Organization, PendingChange, Service

WORDS: dict[str, str] = {
    "address": "Address",
    "address_1": "Street",
    "address_2": "Second line",
    "address_type": "Kind",
    "attention": "Attention",
    "channels": "Ways to reach it",
    "city": "City",
    "country": "Country",
    "description": "Note",
    "extension": "Extension",
    "help_line": "Help line",
    "is_police": "Police answer",
    "for_under_18": "For people under 18",
    "latitude": "Latitude",
    "location": "Point on the map",
    "longitude": "Longitude",
    "number": "Number",
    "operator": "Who answers",
    "operator_since": "Who answers, since",
    "page_opens_history": "Its page stays in the history",
    "page_url": "Its own page",
    "phone": "Phone",
    "postal_code": "ZIP",
    "purpose": "What it is for",
    "region": "Region",
    "review_on": "Check again on",
    "source": "Source",
    "state_province": "State",
    "tells_others": "Tells others when",
    "tip_policy": "What happens with a tip",
    "type": "Kind",
    "verified_by": "Checked by",
    "verified_on": "Checked on",
}
OWNERS = ("service", "organization", "location", "service_at_location", "contact")


@dataclass(frozen=True)
class Line:
    """One field, before and after."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Described:
    """A waiting change as a person reads it."""

    change: PendingChange
    subject: str
    kind: str
    verb: str
    owner_entity: str
    owner_key: str


def all_changes() -> QuerySet[PendingChange]:
    return PendingChange.objects.select_related("proposed_by", "decided_by").order_by("-proposed_at", "id")


def waiting_for(user: User) -> QuerySet[PendingChange]:
    """Changes that this person may decide: waiting, and someone else's."""
    return all_changes().filter(state=PendingChange.State.WAITING).exclude(proposed_by=user)


def proposed_by(user: User) -> QuerySet[PendingChange]:
    return all_changes().filter(state=PendingChange.State.WAITING, proposed_by=user)


def changes_listed(*, user: User, whose: str, state: str) -> QuerySet[PendingChange]:
    if whose == "others":
        return waiting_for(user)
    if whose == "mine":
        return proposed_by(user)
    rows = all_changes()
    return rows.filter(state=state) if state else rows.filter(state=PendingChange.State.WAITING)


def in_words(value: Any) -> str:
    """A stored value as a person reads it; nothing known is said, never left blank."""
    if value in (None, "", [], {}):
        return "nothing"
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "; ".join(f"{key}: {text}" for key, text in sorted(value.items()) if text) or "nothing"
    if isinstance(value, list):
        return "\n".join(_channel(item) if isinstance(item, dict) else str(item) for item in value)
    if isinstance(value, float):
        return f"{value:g}" if abs(value) >= 1000 or value.is_integer() else f"{value}"
    return str(value)


def _channel(item: dict[str, Any]) -> str:
    parts = [str(item.get("kind", "")), str(item.get("value", ""))]
    if item.get("keyword"):
        parts.append(f"word {item['keyword']}")
    parts.append("always open" if item.get("is_always_open") else in_words(item.get("hours")))
    if item.get("languages"):
        parts.append("in " + ", ".join(item["languages"]))
    return " · ".join(parts)


def lines_of(change: PendingChange) -> list[Line]:
    """The fields that differ."""
    names = [name for name in {**change.before, **change.after} if name not in OWNERS and name != "id"]
    lines = []
    for name in names:
        old, new = change.before.get(name), change.after.get(name)
        if in_words(old) != in_words(new):
            lines.append(Line(WORDS.get(name, name), in_words(old), in_words(new)))
    return lines


def described(changes: Iterable[PendingChange]) -> list[Described]:
    """Names whose listing each change touches; at most one query a kind of owner, whatever the number of changes."""
    rows = list(changes)
    wanted: dict[str, set[str]] = {"service": set(), "organization": set(), "location": set(), "help_line": set()}
    owners: list[tuple[str, str]] = []
    for change in rows:
        owner = _owner_key(change)
        owners.append(owner)
        if owner[0] in wanted:
            wanted[owner[0]].add(owner[1])
    names: dict[tuple[str, str], str] = {}
    for entity, model in (("service", Service), ("organization", Organization), ("location", Location)):
        if wanted[entity]:
            for pk, name in model.objects.filter(pk__in=wanted[entity]).values_list("pk", "name"):
                names[entity, str(pk)] = name
    slugs: dict[str, str] = {}
    if wanted["help_line"]:
        for line in HelpLine.objects.filter(pk__in=wanted["help_line"]):
            names["help_line", str(line.pk)] = line.name.get("en") or line.slug
            slugs[str(line.pk)] = line.slug
    result = []
    for change, (entity, key) in zip(rows, owners, strict=True):
        verb = "change" if change.before else "add"
        result.append(
            Described(
                change=change,
                subject=names.get((entity, key), "A listing that no longer exists"),
                kind=WORDS.get(change.entity, change.entity),
                verb=verb,
                owner_entity=entity if (entity, key) in names else "",
                owner_key=slugs.get(key, key),
            )
        )
    return result


def _owner_key(change: PendingChange) -> tuple[str, str]:
    if change.entity in {"help_line", "location"}:
        return change.entity, str(change.entity_id)
    for data in (change.after, change.before):
        for name in ("service", "organization", "location"):
            if data.get(name):
                return name, str(UUID(str(data[name])))
    return "", ""
