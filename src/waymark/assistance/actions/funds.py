"""Keeping an agency's funds: adding one, saying what it is for, and writing down what came in.

What is set aside and paid is written by the request's own moves; nothing here touches it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.assistance.models import CHANGEABLE, EntryKind, Fund, FundEntry
from waymark.assistance.policies.who import must
from waymark.assistance.selectors.funds import KIND, receipt_for
from waymark.audit.actions import record
from waymark.people.policies import Refused

KEEP = Permission.ASSISTANCE_FUND_KEEP
TAKEN = "Your agency has a fund of this name."


def held_fund(agency: uuid.UUID, pk: uuid.UUID) -> Fund:
    """The fund as it stands now, held until this transaction ends."""
    return Fund.objects.select_for_update(no_key=True).get(agency_id=agency, pk=pk)


@transaction.atomic
def add_fund(*, values: Mapping[str, Any], by: User) -> Fund:
    """Add a fund. It begins empty."""
    agency = must(by, KEEP)
    if Fund.objects.filter(agency_id=agency, name=values["name"]).exists():
        raise Refused(TAKEN)
    fund = Fund.objects.create(agency_id=agency, made_by=by, **values)
    record(verb="fund.added", by=by, kind=KIND, about=fund.pk)
    return fund


@transaction.atomic
def change_fund(*, fund: Fund, values: Mapping[str, Any], by: User) -> None:
    """Say anew what a fund is for, until when, and above what a second person approves. The database keeps what it said."""
    agency = must(by, KEEP)
    held = held_fund(agency, fund.pk)
    if Fund.objects.filter(agency_id=agency, name=values["name"]).exclude(pk=held.pk).exists():
        raise Refused(TAKEN)
    for name in CHANGEABLE:
        setattr(held, name, values[name])
    held.save(update_fields=CHANGEABLE)
    record(verb="fund.changed", by=by, kind=KIND, about=held.pk)


@transaction.atomic
def enter_receipt(*, fund: Fund, amount: int, note: str, by: User) -> FundEntry:
    """Write down that money came in."""
    agency = must(by, KEEP)
    entry = FundEntry.objects.create(agency_id=agency, fund=fund, kind=EntryKind.RECEIPT, amount=amount, note=note)
    record(verb="fund.received", by=by, kind=KIND, about=fund.pk)
    return entry


@transaction.atomic
def take_back_receipt(*, fund: Fund, entry: uuid.UUID, by: User) -> None:
    """Take back what was written down by mistake: another entry, and the first one stays."""
    agency = must(by, KEEP)
    held = held_fund(agency, fund.pk)
    row = receipt_for(held, entry)
    if row is None:
        raise Refused("This was taken back meanwhile.")
    if held.balance < row.amount:
        raise Refused("So much of it is set aside or paid already that it cannot be taken back.")
    FundEntry.objects.create(agency_id=agency, fund=held, kind=EntryKind.REVERSE, amount=row.amount, reverses=row)
    record(verb="fund.receipt_taken_back", by=by, kind=KIND, about=fund.pk)
