"""Press items and requests as staff see them, narrowed by the policies."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from waymark.accounts.models import Agency, User
from waymark.newsroom import policies
from waymark.newsroom.models import (
    AgencyOffPage,
    FigureCorrection,
    HeldBackPart,
    PartnerCheck,
    PressItem,
    PublicRequest,
    Wording,
)


def items_listed(*, to: User, words: str, state: str, at: dt.datetime) -> QuerySet[PressItem]:
    """Items, last written first. `scheduled` and `public` are both released: the moment tells them apart."""
    found = policies.visible(PressItem.objects.select_related("agency", "written_by"), to=to)
    found = found.order_by("-written_at", "id")
    for word in words.split()[:8]:
        found = found.filter(Q(title__icontains=word) | Q(summary__icontains=word) | Q(agency__name__icontains=word))
    if state == "scheduled":
        return found.filter(state=PressItem.State.RELEASED, public_at__gt=at)
    if state == "public":
        return found.filter(state=PressItem.State.RELEASED, public_at__lte=at)
    if state == "corrected":
        applied = Wording.objects.filter(item=OuterRef("pk"), state=Wording.State.RELEASED, corrects__isnull=False)
        return found.filter(Exists(applied), state=PressItem.State.RELEASED)
    return found.filter(state=state) if state else found


def held_for(to: User, *, words: str, held: str, at: dt.datetime) -> QuerySet[PressItem]:
    """What nobody outside may read yet, wholly or in part; what comes first stands first."""
    waits = Q(state__in=[PressItem.State.DRAFT, PressItem.State.CHECKING], not_before__gt=timezone.localdate(at))
    parts = Q(Exists(HeldBackPart.objects.filter(item=OuterRef("pk")))) & ~Q(state=PressItem.State.WITHDRAWN)
    kinds = {"moment": Q(state=PressItem.State.RELEASED, public_at__gt=at), "day": waits, "part": parts}
    wanted = kinds[held] if held in kinds else kinds["moment"] | kinds["day"] | kinds["part"]
    told = Concat("label", Value(", by "), "responsible_agency", Value(", "), "window")
    parts_told = HeldBackPart.objects.filter(item=OuterRef("pk")).order_by("label", "id").values(told=told)
    found = items_listed(to=to, words=words, state="", at=at).filter(wanted).annotate(parts=ArraySubquery(parts_told))
    return found.order_by(F("public_at").asc(nulls_last=True), "not_before", "id")


def item_for(pk: uuid.UUID, *, to: User) -> PressItem | None:
    found = PressItem.objects.select_related("agency", "written_by", "released_by", "withdrawn_by").prefetch_related(
        Prefetch("checks", PartnerCheck.objects.select_related("agency", "answered_by")),
        "held_back",
        Prefetch("wordings", Wording.objects.select_related("written_by", "released_by").order_by("-number")),
    )
    return policies.visible(found, to=to).filter(pk=pk).first()


def check_for(pk: uuid.UUID, *, to: User) -> PartnerCheck | None:
    """The acting agency's own check of an item that they may see."""
    if to.acting is None:
        return None
    items = policies.visible(PressItem.objects.all(), to=to)
    found = PartnerCheck.objects.select_related("item", "agency")
    return found.filter(pk=pk, agency_id=to.acting.agency_id, item__in=items).first()


def proposed_wording_for(pk: uuid.UUID, *, to: User) -> Wording | None:
    """A correction that waits, of an item that they may see."""
    found = Wording.objects.select_related("item", "item__agency", "corrects", "written_by")
    items = policies.visible(PressItem.objects.all(), to=to)
    return found.filter(pk=pk, state=Wording.State.PROPOSED, corrects__isnull=False, item__in=items).first()


def figure_correction_for(pk: uuid.UUID) -> FigureCorrection | None:
    return FigureCorrection.objects.select_related("figure", "proposed_by").filter(pk=pk).first()


def corrections_of_figure(figure: uuid.UUID) -> QuerySet[FigureCorrection]:
    found = FigureCorrection.objects.filter(figure=figure).select_related("proposed_by", "applied_by")
    return found.order_by("-proposed_at", "id")


def partners_to_choose(item: PressItem) -> QuerySet[Agency]:
    """Agencies that could be named beside the one that writes, in the order of the alphabet."""
    own = item.agency_id
    return Agency.objects.filter(state=Agency.State.ACTIVE).exclude(pk=own).order_by("name")


def requests_listed(*, kind: str, state: str, words: str) -> QuerySet[PublicRequest]:
    found = PublicRequest.objects.select_related("answered_by").order_by("-received_on", "id")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(organization__icontains=words) | Q(message__icontains=words))
    if kind:
        found = found.filter(kind=kind)
    return found.filter(state=state) if state else found


def request_for(pk: uuid.UUID) -> PublicRequest | None:
    return PublicRequest.objects.select_related("answered_by").filter(pk=pk).first()


def is_off_page(agency: uuid.UUID) -> bool:
    return AgencyOffPage.objects.filter(agency_id=agency).exists()
