"""Asking for money in a case: a draft, corrected until it is sent in.

To whom the money goes, and what for, lies sealed under the case's key.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from waymark.accounts.models import User
from waymark.assistance.models import AssistanceRequest, Fund
from waymark.assistance.policies.who import ASK, may_change, must
from waymark.assistance.selectors.funds import fund_for
from waymark.assistance.selectors.requests import CASE, KIND, TABLE
from waymark.audit.actions import record
from waymark.cases.models import OPEN_STATES, Case
from waymark.people.actions import fresh_code
from waymark.people.formats.sealed import pack
from waymark.people.policies import Refused
from waymark.sealing.errors import CannotOpenError
from waymark.vault.actions import open_record
from waymark.vault.selectors import OpenVault, RecordGone, RecordSecret

LOCKED = (
    "Your vault is locked, so nothing was saved. What you typed is still here: unlock the vault in another tab, come back "
    "to this one and save again."
)
MOVED = "A colleague has moved this meanwhile. Look at where it stands now."
NOT_FOR_THAT = "This fund is not for that. Choose another fund, or what it is for."


def open_case_key(*, vault: OpenVault | None, case: uuid.UUID) -> RecordSecret:
    """The key of a case, to seal or open one thing of a request. Raises Refused for who cannot, or with a locked vault."""
    if vault is None:
        raise Refused(LOCKED)
    try:
        return open_record(vault=vault, kind=CASE, record=case)
    except CannotOpenError:
        raise Refused("This case does not open with your key. It is kept to named colleagues.") from None
    except RecordGone:
        raise Refused("This case was destroyed. Nothing opens it.") from None


def held_request(row: AssistanceRequest) -> AssistanceRequest:
    """The request as it stands now, held until this transaction ends."""
    rows = AssistanceRequest.objects.select_for_update(of=("self",), no_key=True).select_related("case__person", "fund")
    return rows.get(agency_id=row.agency_id, pk=row.pk)


@transaction.atomic
def draft_request(
    *, vault: OpenVault, case: Case, values: Mapping[str, Any], payee: str, words: Mapping[str, str], by: User
) -> AssistanceRequest:
    """Write down what is needed. Nobody is asked yet."""
    agency = must(by, ASK)
    secret = open_case_key(vault=vault, case=case.pk)
    if Case.objects.get(agency_id=agency, pk=case.pk).state not in OPEN_STATES:
        raise Refused("This case is closed. Reopen it first.")
    fund = _fund(values, by)
    pk = uuid.uuid4()
    row = AssistanceRequest.objects.create(
        pk=pk,
        agency_id=agency,
        case=case,
        code=fresh_code(AssistanceRequest, agency),
        asked_by=by,
        payee=secret.seal(TABLE, "payee", pk, pack({"text": payee})),
        words=secret.seal(TABLE, "words", pk, pack(words)),
        **{**values, "fund": fund},
    )
    record(verb="money_request.drafted", by=by, kind=KIND, about=pk)
    return row


@transaction.atomic
def change_request(
    *, vault: OpenVault, row: AssistanceRequest, values: Mapping[str, Any], payee: str, words: Mapping[str, str], by: User
) -> None:
    """Correct what is asked for, before it is sent in or after it came back."""
    must(by, ASK)
    secret = open_case_key(vault=vault, case=row.case_id)
    held = held_request(row)
    if not may_change(by, held):
        raise Refused(MOVED)
    for name, value in {**values, "fund": _fund(values, by)}.items():
        setattr(held, name, value)
    held.payee = secret.seal(TABLE, "payee", held.pk, pack({"text": payee}))
    held.words = secret.seal(TABLE, "words", held.pk, pack(words))
    held.save(update_fields=[*values, "payee", "words"])
    record(verb="money_request.changed", by=by, kind=KIND, about=held.pk)


def _fund(values: Mapping[str, Any], by: User) -> Fund:
    fund = fund_for(values["fund"], to=by)
    if fund is None or values["category"] not in fund.categories:
        raise Refused(NOT_FOR_THAT)
    return fund
