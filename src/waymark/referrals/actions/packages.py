"""Referring with a package: the person has signed that this agency may know these things, and now it is asked to go on."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.cases.models import Case
from waymark.people.policies import Refused
from waymark.referrals.actions import crossing
from waymark.referrals.actions.asking import must_see, referral_of_page
from waymark.referrals.actions.telling import notify_who_answers
from waymark.referrals.models import Desk, Referral, Way
from waymark.referrals.selectors.packages import packages_for


@transaction.atomic
def refer_with_package(*, case: Case, desk: Desk, page: uuid.UUID, days: int, by: User) -> Referral:
    """Ask one desk to take somebody of whom its agency has a package. Nothing more crosses than what the package holds.

    The newest package of this person that went to this agency under a live release. Raises Refused when there is none.
    """
    agency = must_see(case, by)
    pk = referral_of_page(agency, page, desk.pk)
    known = Referral.objects.filter(agency_id=agency, pk=pk).first()
    if known is not None:
        return known
    now = timezone.now()
    found = packages_for(case, to=by, at=now).filter(packet__recipient_id=desk.agency_id).first()
    if found is None:
        raise Refused("They have no package of this person now, or its release has ended. Nothing was sent.")
    referral = Referral.objects.create(
        pk=pk,
        agency_id=agency,
        way=Way.CONSENTED,
        service=desk.service_id,
        case=case,
        recipient_id=desk.agency_id,
        packet=found.packet_id,
        release=found.release_id,
        respond_by=min(now + dt.timedelta(days=days), found.packet.expires_at),
        made_by=by,
    )
    crossing.send(pk)
    notify_who_answers(desk.agency_id, "referral.waits")
    record(verb="referral.sent_with_package", by=by, kind="case", about=case.pk)
    return referral
