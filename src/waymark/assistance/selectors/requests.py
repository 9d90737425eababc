"""Requests for money: the list, one of them, its history, and what is sealed of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from waymark.access.permissions import ROLE_PERMISSIONS, Permission
from waymark.accounts.models import Membership, User
from waymark.assistance.models import OPEN_STATES, OPEN_STAYS, AssistanceRequest, HousingStay, RequestMove, State
from waymark.assistance.policies.who import visible, waiting_for_decision, waiting_for_payment
from waymark.cases.models import Case
from waymark.people.formats.codes import read_code
from waymark.people.formats.sealed import unpack
from waymark.people.policies import holds
from waymark.vault.selectors import OpenVault, RecordSecret, secrets_of

KIND = "assistance_request"
TABLE = "assistance_assistancerequest"
CASE = "case"


def requests_for(user: User) -> QuerySet[AssistanceRequest]:
    """Requests that are open to `user`, what is due first at the head, then the newest."""
    rows = visible(AssistanceRequest.objects.select_related("case", "fund", "asked_by"), to=user)
    return rows.order_by(F("due_at").asc(nulls_last=True), "-asked_at", "code")


def requests_listed(user: User, *, words: str, state: str, whose: str, category: str) -> QuerySet[AssistanceRequest]:
    """`words` is the code of a request or of a case; `whose` is mine, those that wait for me to decide, or to pay."""
    rows = requests_for(user)
    if words:
        code = read_code(words) or ""
        rows = rows.filter(code=code) | rows.filter(case__code=code)
    elif state in State.values:
        rows = rows.filter(state=state)
    elif state != "every":
        rows = rows.filter(state__in=OPEN_STATES)
    if whose == "mine":
        rows = rows.filter(asked_by=user)
    elif whose == "decide":
        rows = to_decide(rows, user)
    elif whose == "pay":
        rows = to_pay(rows, user)
    return rows.filter(category=category) if category else rows


def to_decide(rows: QuerySet[AssistanceRequest], user: User) -> QuerySet[AssistanceRequest]:
    """Of these, what waits for a decision of `user`."""
    can = holds(user, Permission.ASSISTANCE_REQUEST_APPROVE)
    return rows.filter(waiting_for_decision(user)) if can else rows.none()


def to_pay(rows: QuerySet[AssistanceRequest], user: User) -> QuerySet[AssistanceRequest]:
    """Of these, what waits for `user` to set money aside or to pay."""
    return rows.filter(waiting_for_payment(user)) if holds(user, Permission.ASSISTANCE_REQUEST_PAY) else rows.none()


def request_for(pk: uuid.UUID, *, to: User) -> AssistanceRequest | None:
    """One, or None when there is none or none that is open to `to`."""
    rows = requests_for(to).select_related("case__person", "endorsed_by", "approved_by", "paid_by")
    return rows.filter(pk=pk).first()


def who_can_decide(row: AssistanceRequest, *, but: User) -> QuerySet[Membership]:
    """Members of the agency, without one, who may decide and neither asked nor approved it already."""
    roles = [role.value for role, held in ROLE_PERMISSIONS.items() if Permission.ASSISTANCE_REQUEST_APPROVE in held]
    places = Membership.objects.filter(agency_id=row.agency_id, state="active", role__in=roles).exclude(user=but)
    done = [one for one in (row.asked_by_id, row.endorsed_by_id) if one is not None]
    return places.exclude(user__in=done).select_related("user", "agency")


def needs_two(row: AssistanceRequest, cents: int) -> bool:
    """Whether so much is above what one request, or one household, may have of the fund: the database says."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT assistance_needs_two(%s, %s, %s)", [row.agency_id, row.pk, cents])
        found = cursor.fetchone()
    return bool(found and found[0])


def case_secret(vault: OpenVault | None, row: AssistanceRequest) -> RecordSecret | None:
    """The open key of the case, or None for who may not open it."""
    return secrets_of(vault, CASE, [row.case_id]).get(row.case_id) if vault is not None else None


def payee_in(row: AssistanceRequest, secret: RecordSecret) -> str:
    """To whom the money goes."""
    return str(unpack(secret.open(TABLE, "payee", row.pk, row.payee)).get("text", ""))


def words_in(row: AssistanceRequest, secret: RecordSecret) -> dict[str, Any]:
    """What it is for, and what else was tried."""
    return unpack(secret.open(TABLE, "words", row.pk, row.words))


@dataclass(frozen=True)
class OpenedMove:
    """One move with its words, where they are open."""

    move: RequestMove
    reason: str = field(repr=False)


def moves_of(row: AssistanceRequest, secret: RecordSecret | None) -> list[OpenedMove]:
    """The history of a request, the newest first."""
    rows = RequestMove.objects.filter(agency_id=row.agency_id, request=row).select_related("by").order_by("-at")
    return [
        OpenedMove(
            one,
            str(unpack(secret.open("assistance_requestmove", "reason", one.pk, one.reason)).get("text", ""))
            if secret is not None and one.reason
            else "",
        )
        for one in rows
    ]


def may_be_told_of(user: User, arguments: Mapping[str, Any]) -> bool:
    """Whether somebody may be told that a request is there: only who could open its page."""
    return requests_for(user).filter(pk=arguments["pk"]).exists()


def under_way(case: Case) -> str:
    """Why a case cannot be put away yet, in words for the form; empty when it can."""
    inside = {"agency_id": case.agency_id, "case": case}
    is_open = AssistanceRequest.objects.filter(**inside, state__in=OPEN_STATES).exists()
    if is_open or HousingStay.objects.filter(**inside, state__in=OPEN_STAYS).exists():
        return "Money or a stay of this case is still under way. Finish it or call it off first."
    return ""
