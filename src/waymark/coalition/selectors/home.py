"""What the common work has for somebody's home page: signatures, reviews, people who ask to join, things asked for."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from waymark.accounts.models import Agency, Membership, User
from waymark.coalition.models import (
    Agreement,
    AgreementParty,
    Approval,
    GroupMember,
    JoinRequest,
    Offer,
    OfferRequest,
    Representative,
    Signatory,
)
from waymark.coalition.policies.agreements import LIVES, may_draft
from waymark.coalition.policies.assets import visible_requests
from waymark.coalition.policies.groups import (
    KEEPERS,
    current_voices,
    may_found_group,
    may_name_voices,
    people_there,
    takes_part,
)
from waymark.coalition.selectors.agreements import to_be_reminded
from waymark.coalition.selectors.assets import STALE_AFTER
from waymark.pages.lines import HomeCount, HomeRows, Line

LATELY = dt.timedelta(days=14)


def _voice_of(place: Membership) -> QuerySet[Representative]:
    """The row in which somebody speaks for their agency, if there is one; to be asked inside another question."""
    return current_voices().filter(Q(membership=place) | Q(deputy=place), agency=place.agency_id)


def waiting_for(user: User, now: dt.datetime) -> list[Line]:
    """What waits for the acting user, most pressing first."""
    if user.acting is None or not takes_part(user):
        return []
    on = timezone.localdate(now)
    return [*_agreements(user, user.acting, on), *_groups(user, user.acting), *_offers(user, user.acting, on)]


def _agreements(user: User, acting: Membership, on: dt.date) -> list[Line]:
    mine = AgreementParty.objects.filter(agreement=OuterRef("pk"), agency=acting.agency_id)
    unsigned = Signatory.objects.filter(party=OuterRef("pk"), signed_on__isnull=True)
    undecided = Approval.objects.filter(party=OuterRef("pk"), state=Approval.State.WAITING)
    open_here = Exists(mine.filter(Q(Exists(unsigned)) | Q(Exists(undecided))))
    speaks = Exists(_voice_of(acting))
    to_sign = Agreement.objects.filter(open_here, state=Agreement.State.OUT)
    concerns = Q(owner=acting) | Q(Exists(mine)) & Q(speaks)
    concerned = Agreement.objects.filter(concerns, state__in=LIVES)
    lines: list[Line] = [
        HomeRows(
            to_sign if may_draft(user) else to_sign.filter(speaks),
            "“{}” waits for your agency's signature".format,
            "coalition:agreement_detail",
            "agreement",
            "created_at",
            "title",
            is_dated=False,
        ),
        HomeRows(
            concerned.filter(review_on__lte=on),
            "Look at “{}” again: its review is due".format,
            "coalition:agreement_detail",
            "agreement",
            "review_on",
            "title",
            is_day=True,
            is_due=True,
        ),
        HomeRows(
            to_be_reminded(concerned, on),
            "The review of “{}” comes".format,
            "coalition:agreement_detail",
            "agreement",
            "review_on",
            "title",
            is_day=True,
        ),
    ]
    if may_draft(user):
        inside = Signatory.objects.filter(party__agreement=OuterRef("pk"), signed_on__isnull=True)
        bodies = Approval.objects.filter(party__agreement=OuterRef("pk")).exclude(state=Approval.State.APPROVED)
        ready = Agreement.objects.filter(~Exists(inside), ~Exists(bodies), owner=acting, state=Agreement.State.OUT)
        lines.append(
            HomeRows(
                ready,
                "“{}” is signed by all and can enter into force".format,
                "coalition:agreement_detail",
                "agreement",
                "created_at",
                "title",
                is_dated=False,
            )
        )
    return lines


def _groups(user: User, acting: Membership) -> list[Line]:
    kept = GroupMember.objects.filter(membership=acting, until__isnull=True, duty__in=KEEPERS)
    asking = JoinRequest.objects.filter(state=JoinRequest.State.WAITING, membership__in=people_there())
    if may_found_group(user):
        keeper = GroupMember.objects.filter(group=OuterRef("group"), until__isnull=True, duty__in=KEEPERS)
        asking = asking.filter(Q(group__in=kept.values("group")) | ~Q(Exists(keeper)))
    else:
        asking = asking.filter(group__in=kept.values("group"))
    lines: list[Line] = [
        HomeRows(
            asking,
            "Somebody asks to join {}".format,
            "coalition:group_detail",
            "working group",
            "asked_at",
            "group__name",
            key="group_id",
        )
    ]
    if may_name_voices(user, acting.agency):
        mute = Agency.objects.filter(pk=acting.agency_id).exclude(pk__in=current_voices().values("agency"))
        lines.append(
            HomeRows(
                mute,
                lambda name: "Say who speaks and votes for your agency",
                "coalition:voices",
                "agency",
                "created_at",
                key=None,
                is_dated=False,
            )
        )
    return lines


def _offers(user: User, acting: Membership, on: dt.date) -> list[Line]:
    mine = Offer.objects.filter(agency=acting.agency_id, state=Offer.State.OFFERED)
    asked = OfferRequest.objects.filter(offer__agency=acting.agency_id, state=OfferRequest.State.ASKED, last_day__gte=on)
    if not may_name_voices(user, acting.agency):
        speaks = Exists(_voice_of(acting))
        mine, asked = mine.filter(speaks), asked.filter(speaks)
    return [
        HomeRows(
            asked,
            "Somebody asks for “{}”".format,
            "coalition:offer_request_detail",
            "asset board",
            "first_day",
            "offer__title",
            is_day=True,
        ),
        HomeCount(
            mine.filter(confirmed_on__lt=on - STALE_AFTER),
            "offer of your agency was not confirmed for six months",
            "offers of your agency were not confirmed for six months",
            reverse("coalition:offer_list") + "?whose=mine&state=stale",
            "asset board",
        ),
    ]


def changed_for(user: User, now: dt.datetime) -> list[Line]:
    """How others answered what one asked for."""
    if user.acting is None or not takes_part(user):
        return []
    since = now - LATELY
    requests = OfferRequest.objects.filter(asked_by=user.acting, answered_at__gt=since)
    joins = JoinRequest.objects.filter(membership=user.acting, answered_at__gt=since)
    answers = (
        (requests.filter(state=OfferRequest.State.GRANTED), "“{}” was granted to you"),
        (requests.filter(state=OfferRequest.State.DECLINED), "“{}” was declined"),
    )
    lines: list[Line] = [
        HomeRows(rows, says.format, "coalition:offer_request_detail", "asset board", "-answered_at", "offer__title")
        for rows, says in answers
    ]
    for rows, says in (
        (joins.filter(state=JoinRequest.State.LET_IN), "You are in {}"),
        (joins.filter(state=JoinRequest.State.DECLINED), "Your question to join {} was declined"),
    ):
        lines.append(
            HomeRows(
                rows,
                says.format,
                "coalition:group_detail",
                "working group",
                "-answered_at",
                "group__name",
                key="group_id",
            )
        )
    return lines


def next_for(user: User, now: dt.datetime) -> list[Line]:
    """Days on which one's agency lends or borrows something."""
    if user.acting is None or not takes_part(user):
        return []
    on = timezone.localdate(now)
    coming = visible_requests(OfferRequest.objects.all(), to=user).filter(
        state=OfferRequest.State.GRANTED, last_day__gte=on
    )
    lent = coming.filter(offer__agency=user.acting.agency_id)
    borrowed = coming.exclude(offer__agency=user.acting.agency_id)
    return [
        HomeRows(
            rows, says.format, "coalition:offer_request_detail", "asset board", "first_day", "offer__title", is_day=True
        )
        for rows, says in ((lent, "You lend “{}”"), (borrowed, "You borrow “{}”"))
    ]
