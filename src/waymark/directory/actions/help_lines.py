"""Help lines go up by two people and come down by one, at once.

A wrong number can cost a life: whoever learns that a line is wrong takes it down and asks afterwards. The way back is the
same as the way up, by two.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.directory import policies
from waymark.directory.actions.changes import directory_change
from waymark.directory.actions.pending import propose_change, write_line
from waymark.directory.models import HelpLine, PendingChange
from waymark.directory.policies import Refused
from waymark.directory.selectors.help_lines import snapshot


def _locked(line: HelpLine) -> HelpLine:
    return HelpLine.objects.select_for_update().get(pk=line.pk)


@transaction.atomic
def propose_line(*, data: dict[str, Any], by: User) -> HelpLine:
    """A new line waits for a second person before anyone sees it."""
    policies.must_propose_line(by)
    _must_keep_fixed(data)
    line = HelpLine(state=HelpLine.State.PROPOSED, proposed_by=by)
    with directory_change(by=by, verb="help_line.proposed", kind="help_line", about=line.pk):
        write_line(line, data)
        return line


@transaction.atomic
def change_line(*, line: HelpLine, data: dict[str, Any], reason: str, by: User) -> HelpLine | PendingChange:
    """A shown line keeps its words until a second person has checked the new ones; another is proposed anew."""
    policies.must_propose_line(by)
    line = _locked(line)
    before = snapshot(line)
    if policies.is_fixed(line) and _numbers(before) != _numbers(data):
        raise Refused("911 and 988 are fixed. Their numbers cannot be changed.")
    if line.state == HelpLine.State.SHOWN:
        return propose_change(entity="help_line", entity_id=line.pk, before=before, after=data, reason=reason, by=by)
    with directory_change(by=by, verb="help_line.changed", kind="help_line", about=line.pk):
        write_line(line, data)
        return _propose(line, by)


@transaction.atomic
def propose_again(*, line: HelpLine, by: User) -> HelpLine:
    """The undo of a take-down starts here; a second person finishes it."""
    policies.must_propose_line(by)
    line = _locked(line)
    if line.state != HelpLine.State.TAKEN_DOWN:
        raise Refused("Only a line that was taken down can be proposed again.")
    with directory_change(by=by, verb="help_line.proposed_again", kind="help_line", about=line.pk):
        return _propose(line, by)


def _propose(line: HelpLine, by: User) -> HelpLine:
    line.state = HelpLine.State.PROPOSED
    line.proposed_by = by
    line.put_up_by = None
    line.save(update_fields=["state", "proposed_by", "put_up_by"])
    return line


@transaction.atomic
def put_up(*, line: HelpLine, seen: str, by: User) -> HelpLine:
    """The second person has checked it. `seen` is the fingerprint of what they read: a changed line is read again."""
    line = _locked(line)
    policies.must_put_up(by, line)
    if seen != fingerprint(line):
        raise Refused("This line was changed while you read it. Read it again before you put it up.")
    with directory_change(by=by, verb="help_line.put_up", kind="help_line", about=line.pk):
        line.state = HelpLine.State.SHOWN
        line.put_up_by = by
        line.taken_down_by = None
        line.taken_down_at = None
        line.taken_down_reason = ""
        line.save(update_fields=["state", "put_up_by", "taken_down_by", "taken_down_at", "taken_down_reason"])
        return line


@transaction.atomic
def take_down(*, line: HelpLine, reason: str, by: User) -> HelpLine:
    """One person, at once. Waiting changes of the line stay, and cannot be applied while it is down."""
    line = _locked(line)
    policies.must_take_down(by, line)
    with directory_change(by=by, verb="help_line.taken_down", kind="help_line", about=line.pk):
        line.state = HelpLine.State.TAKEN_DOWN
        line.taken_down_by = by
        line.taken_down_at = timezone.now()
        line.taken_down_reason = reason
        line.save(update_fields=["state", "taken_down_by", "taken_down_at", "taken_down_reason"])
        return line


@transaction.atomic
def verify_line(*, line: HelpLine, source: str, verified_on: dt.date, review_on: dt.date, by: User) -> HelpLine:
    """Someone called it or read the operator's page, and everything is as we show it. No word of the line changes."""
    policies.must_propose_line(by)
    line = _locked(line)
    with directory_change(by=by, verb="help_line.verified", kind="help_line", about=line.pk):
        line.source = source
        line.verified_on = verified_on
        line.verified_by = by.display_name
        line.review_on = review_on
        line.save(update_fields=["source", "verified_on", "verified_by", "review_on"])
        return line


def fingerprint(line: HelpLine) -> str:
    """A short mark of everything that is shown of a line."""
    return hashlib.sha256(json.dumps(snapshot(line), sort_keys=True).encode()).hexdigest()[:16]


def _numbers(data: dict[str, Any]) -> set[tuple[str, str]]:
    return {(item["kind"], item["value"]) for item in data["channels"] if item["value"] in policies.FIXED_NUMBERS}


def _must_keep_fixed(data: dict[str, Any]) -> None:
    if _numbers(data):
        raise Refused("911 and 988 are fixed and there already. Propose other numbers here.")
