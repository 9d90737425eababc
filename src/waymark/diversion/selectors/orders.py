"""Orders to seal that other agencies passed on, with what was done for each; and the own rows that one is about."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from waymark.accounts.models import User
from waymark.disclosures.models import InboxPacket
from waymark.diversion import policies
from waymark.diversion.models import Enrollment, Matter, Referral, SealTask
from waymark.diversion.models.parties import SealedRecord
from waymark.diversion.selectors.opened import rows_about
from waymark.pages.lines import HomeCount, Line
from waymark.vault.selectors import OpenVault, tombstones

ORDER = "relief_order"


def orders(to: User, *, words: str = "", state: str = "") -> QuerySet[InboxPacket]:
    """Orders that came: those not taken up first, then what is due first. `state` is new, open, sealed, destroyed or
    undone: not destroyed yet.
    """
    if to.acting is None or not policies.may_read_orders(to):
        return InboxPacket.objects.none()
    mine = SealTask.objects.filter(agency_id=to.acting.agency_id, packet=OuterRef("pk"))
    rows = InboxPacket.objects.filter(agency_id=to.acting.agency_id, kind=ORDER).select_related("sender")
    if words:
        rows = rows.filter(Q(sender__name__icontains=words) | Q(sender__short_name__icontains=words))
    narrowed = {
        "new": ~Exists(mine),
        "open": Exists(mine.filter(sealed_on__isnull=True)),
        "sealed": Exists(mine.filter(sealed_on__isnull=False, destroyed_on__isnull=True)),
        "destroyed": Exists(mine.filter(destroyed_on__isnull=False)),
        "undone": ~Exists(mine.filter(destroyed_on__isnull=False)),
    }
    if state in narrowed:
        rows = rows.filter(narrowed[state])
    return rows.annotate(
        done=Subquery(mine.values("destroyed_on"), output_field=DateField()),
        due=Subquery(mine.values("seal_by"), output_field=DateField()),
    ).order_by(F("done").asc(nulls_first=True), F("due").asc(nulls_first=True), "delivered_at", "id")


def order_for(to: User, pk: uuid.UUID) -> InboxPacket | None:
    return orders(to).filter(pk=pk).first()


def tasks_of(packets: Iterable[InboxPacket]) -> dict[uuid.UUID, SealTask]:
    """What was done for orders, by the packet."""
    known = [(packet.agency_id, packet.pk) for packet in packets]
    if not known:
        return {}
    rows = SealTask.objects.filter(agency_id=known[0][0], packet__in=[pk for _, pk in known])
    return {row.packet: row for row in rows.select_related("sender", "sealed_by", "destroyed_by")}


def rows_of_order(said: Mapping[str, str], vault: OpenVault, *, to: User) -> list[SealedRecord]:
    """The agency's own rows about what an order clears; of an enrollment's two rows the enrollment."""
    asked = {"reference": said.get("program_reference", ""), "case_number": said.get("case_number", "")}
    if policies.keeps_matters(to):
        return rows_about(_standing(Matter, to), vault, **asked)
    if not policies.gives_programs(to):
        return []
    referrals = rows_about(_standing(Referral, to), vault, **asked)
    begun = policies.visible(Enrollment.objects.filter(put_away_on__isnull=True), to=to)
    enrollments = {row.referral_id: row for row in begun.filter(referral__in=[one.pk for one in referrals])}
    return [enrollments.get(row.pk, row) for row in referrals]


def _standing(model: type[Matter | Referral], to: User) -> QuerySet[Any]:
    return policies.visible(model._default_manager.all(), to=to).filter(put_away_on__isnull=True)


def not_destroyed(task: SealTask) -> int:
    """How many rows that were put away for an order still have their key."""
    return len(task.rows) - tombstones(task.agency_id).filter(record__in=task.rows).count()


def waiting_for(user: User, now: dt.datetime) -> list[Line]:
    """For the home page: that an order waits, never about whom."""
    if not policies.may_carry_out(user):
        return []
    return [
        HomeCount(
            orders(user, state="new").filter(expires_at__gt=now, taken_back_at__isnull=True),
            "order to seal is not taken up",
            "orders to seal are not taken up",
            reverse("diversion:order_list") + "?state=new",
            "Orders",
            is_due=True,
        ),
        HomeCount(
            orders(user, state="open"),
            "order to seal waits for your answer",
            "orders to seal wait for your answer",
            reverse("diversion:order_list") + "?state=open",
            "Orders",
            is_due=True,
        ),
    ]
