"""The demo region's agencies of both sides of the justice wall, and a person for every role.

Loading again puts everybody back. A place that somebody has ended meanwhile stays ended, as it must, and the person gets a
new one.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, Membership, User
from waymark.directory.formats.demo_file import demo_id, read_file

DATED = {
    "training_days": "training_expires_on",
    "privilege_assault_days": "privilege_assault_on",
    "privilege_trafficking_days": "privilege_trafficking_on",
    "privilege_violence_days": "privilege_violence_on",
}
BEGAN = dt.timedelta(days=1_000)


def load_people(*, today: dt.date, passwords: dict[str, str]) -> list[User]:
    """Load or restore agencies and people; each user acts under the first of their places."""
    content = read_file("people")
    for row in content["agency"]:
        values = {name: row.get(name, "") for name in ("name", "short_name", "kind", "phone", "email")}
        Agency.objects.update_or_create(
            id=demo_id("agency", row["slug"]),
            defaults={**values, "state": Agency.State.ACTIVE},
            create_defaults={**values, "is_host": row.get("is_host", False)},
        )
    # They have been here for years, or the home page of a new demo would tell of nothing else.
    Agency.objects.filter(pk__in=[demo_id("agency", row["slug"]) for row in content["agency"]]).update(
        created_at=timezone.now() - BEGAN
    )
    users = []
    for row in content["user"]:
        user = _user(row, passwords)
        places = [_place(user, place, today) for place in row["place"]]
        user.act_as(next(place for place in places if place is not None))
        users.append(user)
    return users


def _user(row: dict[str, Any], passwords: dict[str, str]) -> User:
    user = User.objects.filter(email=row["email"]).first() or User(email=row["email"])
    user.display_name = row["display_name"]
    user.is_active = True
    if row["email"] in passwords:
        user.set_password(passwords[row["email"]])
    elif not user.password:
        user.set_unusable_password()
    user.save()
    return user


def _place(user: User, row: dict[str, Any], today: dt.date) -> Membership | None:
    """One place of a person, found by its agency and by whether it is an administrator's."""
    values: dict[str, Any] = {"role": row["role"], "state": Membership.State.ACTIVE, "ends_on": None}
    values |= {name: row[name] for name in row if name.startswith("report")}
    values |= {column: today + dt.timedelta(days=row[name]) for name, column in DATED.items() if name in row}
    found = Membership.objects.filter(user=user, agency_id=demo_id("agency", row["agency"]))
    found = found.exclude(state=Membership.State.ENDED)
    if row["role"] == Role.ADMINISTRATOR:
        found = found.filter(role=Role.ADMINISTRATOR)
        others = Membership.objects.filter(role=Role.ADMINISTRATOR).exclude(state=Membership.State.ENDED)
        if not found.exists() and others.exists():
            # Somebody else has become one meanwhile; a second one takes two people, also in the demo.
            return None
    else:
        found = found.exclude(role=Role.ADMINISTRATOR)
    place = found.first() or Membership(user=user, agency_id=demo_id("agency", row["agency"]), starts_on=today - BEGAN)
    for name, value in values.items():
        setattr(place, name, value)
    place.save()
    return place
