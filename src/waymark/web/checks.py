"""What `./waymark check` looks at every day: facts that have a date, and settings of the first hour.

A help line that was right last year can send someone to a dead number or to the wrong people. So every such fact has a day
by which someone looks again, and from that day the check fails (the line stays visible with "last checked on") until
someone did.

The checks are registered for `check --deploy --tag review`, because they read the database, which a migration in progress
does not have yet. Any app may add its own with `@register(REVIEW, deploy=True)`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning, register
from django.utils import timezone

from waymark.access.walls import holes
from waymark.directory.selectors.help_lines import help_lines_past_review
from waymark.finder.content.pages import law_facts
from waymark.vault.formats.key_backups import DAY, FRESH_DAYS, newest_made_at, overstaying
from waymark.vault.selectors import has_vaults

REVIEW = "review"
TOOL_KEY = "not-secret-only-for-tools"


@register(REVIEW, deploy=True)
def help_lines_are_reviewed(**_: Any) -> list[CheckMessage]:
    """Every shown help line has been looked at before its review date."""
    today = timezone.localdate()
    return [
        Error(
            f"The help line {line.slug} was last checked on {line.verified_on} and had to be checked by {line.review_on}.",
            hint="Call it, or look at its source, and record the check on the staff site.",
            id="waymark.E001",
        )
        for line in help_lines_past_review(today)
    ]


@register(REVIEW, deploy=True)
def statements_of_law_are_checked(**_: Any) -> list[CheckMessage]:
    """A lawyer's check that has lapsed fails; a statement that no lawyer has checked yet is only told."""
    return list(_law())


def _law() -> Iterator[CheckMessage]:
    today = timezone.localdate()
    unchecked = []
    for key, fact in law_facts().items():
        if not fact.get("checked_by") or fact.get("next_check") is None:
            unchecked.append(key)
        elif fact["next_check"] < today:
            yield Error(
                f"The statement of law {key} ({fact['section']}) had to be checked again by {fact['next_check']}.",
                hint="Until a lawyer's office checks it, pages show “Ask a lawyer” instead.",
                id="waymark.E002",
            )
    if unchecked:
        yield Info(
            f"No lawyer has checked these statements of law: {', '.join(unchecked)}. Pages show “Ask a lawyer” instead.",
            id="waymark.I002",
        )


@register(REVIEW, deploy=True)
def keys_are_the_installation_s_own(**_: Any) -> list[CheckMessage]:
    """The key that lets tools import the settings must never sign a session."""
    if settings.SECRET_KEY != TOOL_KEY and len(settings.SECRET_KEY) >= 32:
        return []
    return [Error("WAYMARK_SECRET_KEY is not set, or shorter than 32 characters.", id="waymark.E003")]


@register(REVIEW, deploy=True)
def the_owner_is_not_at_the_table(**_: Any) -> list[CheckMessage]:
    """The application runs as a role that owns nothing, and does not know the owner's address."""
    from django.db import connection

    found: list[CheckMessage] = []
    if "DATABASE_OWNER_URL" in os.environ:
        found.append(Error("DATABASE_OWNER_URL is in the application's environment.", id="waymark.E004"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT FROM pg_class WHERE relowner = r.oid)"
            " FROM pg_roles r WHERE rolname = current_user"
        )
        (mighty,) = cursor.fetchone()
    if mighty:
        found.append(Error("The application runs as a role that owns tables or passes row security.", id="waymark.E005"))
    return found


@register(REVIEW, deploy=True)
def the_wall_between_agencies_is_whole(**_: Any) -> list[CheckMessage]:
    """What the migrations wrote is what the database holds, and the application's role cannot go round it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user::text")
        (role,) = cursor.fetchone()
        return [
            Error(f"The wall between agencies has a hole: {hole}.", id="waymark.E006") for hole in holes(cursor, app=role)
        ]


@register(REVIEW, deploy=True)
def keys_have_a_young_backup(**_: Any) -> list[CheckMessage]:
    """Where an agency has a vault, its keys were copied lately, and no copy has outlived what certificates promise."""
    now, folder, days = time.time(), settings.KEY_BACKUP_DIR, settings.KEY_BACKUP_DAYS
    found: list[CheckMessage] = [
        Error(
            f"The backup of keys {path.name} is older than {days} days: certificates of destruction say that it is gone.",
            hint="Delete it here and wherever it was copied to, and see that the worker runs: it deletes them nightly.",
            id="waymark.E008",
        )
        for path in overstaying(folder, days, now)
    ]
    if has_vaults():
        made, limit = newest_made_at(folder), min(FRESH_DAYS, days)
        if made is None or now - made >= limit * DAY:
            newest = "There is none at all" if made is None else f"The newest is {int((now - made) // DAY)} days old"
            found.append(
                Warning(
                    f"No backup of the vaults' keys in {folder} is younger than {limit} days. {newest}.",
                    hint="Run ./waymark backup: what was sealed since the newest one opens nowhere after a restore.",
                    id="waymark.W007",
                )
            )
    return found
