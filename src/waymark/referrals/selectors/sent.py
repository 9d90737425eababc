"""What this agency asked of others: the board of answers about room, the list of referrals, one with its history."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import OuterRef, Q, QuerySet, Subquery

from waymark.accounts.models import User
from waymark.cases.models import Case
from waymark.directory.models import Service
from waymark.disclosures.models import OutboxPacket
from waymark.people.formats.sealed import unpack
from waymark.people.selectors import names_of, secret_of
from waymark.referrals.models import OPEN, Referral, ReferralMove, State, Way
from waymark.referrals.policies import visible
from waymark.referrals.selectors.desks import service_names
from waymark.vault.selectors import OpenVault

NOT_LISTED = "A service that is not listed any more"


@dataclass(frozen=True)
class Sent:
    """One referral in a list; `name` is empty where it cannot be opened or was not given."""

    referral: Referral
    service: str
    name: str = field(repr=False)
    state: str

    @property
    def state_label(self) -> str:
        return str(State(self.state).label)

    @property
    def says(self) -> str:
        """How far it is; of a question about room, what the provider said."""
        return self.referral.get_answer_display() if self.state == State.ANSWERED else self.state_label


def rows_for(*, to: User, words: str) -> QuerySet[Referral]:
    """Everything that was asked for cases open to `to`, the newest first."""
    rows = visible(Referral.objects.all(), to=to).select_related("recipient", "case", "case__person", "made_by")
    if words:
        named = Service.objects.filter(name__icontains=words).values("pk")
        rows = rows.filter(
            Q(recipient__name__icontains=words)
            | Q(recipient__short_name__icontains=words)
            | Q(service__in=named)
            | Q(case__code__iexact=words)
        )
    return rows.order_by("-sent_at", "id")


def board(*, to: User, words: str, answer: str, at: dt.datetime) -> QuerySet[Referral]:
    """Questions about room, the newest first; `answer` narrows to what holds now, to what waits, or to what is over."""
    rows = rows_for(to=to, words=words).filter(way=Way.QUESTION)
    holds = Q(state=State.ANSWERED, good_until__gt=at)
    waits = Q(state=State.REQUESTED, respond_by__gt=at)
    if answer == "waits":
        return rows.filter(waits)
    if answer == "over":
        return rows.exclude(holds | waits)
    return rows.filter(holds, answer=answer) if answer else rows


def sent(*, to: User, words: str, way: str, state: str, whose: str, case: uuid.UUID | None = None) -> QuerySet[Referral]:
    """Referrals, the newest first. `state` is a state or `open`; questions about room stand on the board."""
    rows = rows_for(to=to, words=words).exclude(way=Way.QUESTION)
    if way:
        rows = rows.filter(way=way)
    if state == "open":
        rows = rows.filter(state__in=OPEN)
    elif state:
        rows = rows.filter(state=state)
    if whose == "mine":
        rows = rows.filter(made_by=to)
    return rows.filter(case=case) if case is not None else rows


def of_case(case: Case, *, to: User) -> list[Referral]:
    """Everything that was asked for one case and is still there, the newest first."""
    return list(_of_case(case, to=to)[:50])


def _of_case(case: Case, *, to: User) -> QuerySet[Referral]:
    return rows_for(to=to, words="").filter(case=case)


def beside_case(case: Case, *, to: User, at: dt.datetime) -> list[Sent]:
    """The same by one question to the database, the services' names with it, for the case's own page."""
    named = Service.objects.filter(pk=OuterRef("service")).values("name")
    rows = _of_case(case, to=to).annotate(service_name=Subquery(named))
    return [Sent(row, row.service_name or NOT_LISTED, "", row.state_at(at)) for row in rows[:50]]


def lines(rows: Sequence[Referral], vault: OpenVault | None, at: dt.datetime) -> list[Sent]:
    """Rows with the names of services and, where the vault is open, of people: two queries whatever their number."""
    services = service_names(row.service for row in rows)
    names = names_of(vault, [row.case.person for row in rows]) if vault is not None and rows else {}
    return [
        Sent(row, services.get(row.service, NOT_LISTED), names.get(row.case.person_id, ""),
             row.state_at(at))
        for row in rows
    ]  # fmt: skip


def sent_one(pk: uuid.UUID, *, to: User) -> Referral | None:
    return rows_for(to=to, words="").filter(pk=pk).first()


def moves_of(agency: uuid.UUID, referral: uuid.UUID) -> QuerySet[ReferralMove]:
    """The history as one agency keeps it, the newest first."""
    return ReferralMove.objects.filter(agency_id=agency, referral=referral).select_related("by").order_by("-at")


def own_copy_packet(referral: Referral) -> OutboxPacket | None:
    """What crossed, as the sender keeps it until its last hour."""
    if referral.packet is None:
        return None
    return OutboxPacket.objects.filter(agency_id=referral.agency_id, pk=referral.packet).first()


def letter_of(referral: Referral, vault: OpenVault) -> dict[str, str]:
    """The code of a letter and the phone on it; empty for who may not open the person."""
    secret = secret_of(vault, referral.case.person)
    if secret is None or referral.code is None:
        return {}
    return unpack(secret.open("referrals_referral", "code", referral.pk, referral.code))
