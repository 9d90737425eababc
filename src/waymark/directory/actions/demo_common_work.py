"""The demo region's common work: groups, voices, agreements in every state, an asset board.

Loading again puts groups, voices and offers back. An agreement that went out is kept as it is, in the demo too.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, Membership, User
from waymark.coalition.actions.agreement_steps import put_review
from waymark.coalition.models import (
    Agreement,
    AgreementParty,
    Annex,
    Approval,
    GroupMember,
    JoinRequest,
    MediaSpeaker,
    Offer,
    OfferRequest,
    Representative,
    Signatory,
    WorkingGroup,
)
from waymark.directory.formats.demo_file import demo_id, read_file

WAY = (Agreement.State.DRAFT, Agreement.State.OUT, Agreement.State.IN_FORCE)


def load_common_work(*, today: dt.date, users: list[User]) -> None:
    """Load or restore what the agencies of the demo do together; its people are `users`."""
    Work(today, users).load()


class Work:
    """The rows of one load, with the places of the demo's people."""

    def __init__(self, today: dt.date, users: list[User]) -> None:
        self.today = today
        places = Membership.objects.filter(user__in=users, state=Membership.State.ACTIVE).exclude(role=Role.ADMINISTRATOR)
        self.places = {(each.user.email, each.agency_id): each for each in places.select_related("user", "agency")}
        self.first = {user.email: self.places[user.email, user.acting.agency_id] for user in users if user.acting}

    def load(self) -> None:
        content = read_file("common_work")
        for row in content["voice"]:
            self._voice(row)
        for row in content["group"]:
            self._group(row)
        for row in content["agreement"]:
            if not Agreement.objects.filter(pk=demo_id("agreement", row["slug"])).exists():
                self._agreement(row)
        for row in content["offer"]:
            self._offer(row)
        for row in content["request"]:
            self._request(row)

    def _day(self, days: int) -> dt.date:
        return self.today + dt.timedelta(days=days)

    def _agency(self, slug: str) -> Agency:
        return Agency.objects.get(pk=demo_id("agency", slug))

    def _voice(self, row: dict[str, Any]) -> None:
        agency = self._agency(row["agency"])
        speaks, deputy = self.first[row["representative"]], self.first.get(row.get("deputy", ""))
        Representative.objects.update_or_create(
            agency=agency, until=None, defaults={"membership": speaks, "deputy": deputy, "since": self._day(-300)}
        )
        if "speaker" in row:
            values = {"speaker": row["speaker"], "phone": row["phone"], "confirmed_on": self._day(-40)}
            MediaSpeaker.objects.update_or_create(agency=agency, defaults=values)

    def _group(self, row: dict[str, Any]) -> None:
        key = demo_id("group", row["slug"])
        values = {name: row[name] for name in ("name", "purpose", "joining")}
        values |= {"is_brown_act": row.get("is_brown_act", False), "state": WorkingGroup.State.OPEN, "closed_on": None}
        group, _ = WorkingGroup.objects.update_or_create(id=key, defaults=values)
        GroupMember.objects.filter(group=group).delete()
        JoinRequest.objects.filter(group=group).delete()
        duties = {row.get("chair"): GroupMember.Duty.CHAIR, row.get("secretary"): GroupMember.Duty.SECRETARY}
        for email in [*(each for each in duties if each), *row.get("members", [])]:
            GroupMember.objects.create(
                group=group,
                membership=self.first[email],
                duty=duties.get(email, GroupMember.Duty.MEMBER),
                since=self._day(row["since_days"]),
            )
        if "asked_by" in row:
            JoinRequest.objects.create(group=group, membership=self.first[row["asked_by"]], asked_at=timezone.now())
        if "closed_days" in row:
            group.state, group.closed_on = WorkingGroup.State.CLOSED, self._day(row["closed_days"])
            group.save(update_fields=["state", "closed_on"])

    def _agreement(self, row: dict[str, Any]) -> None:
        owner = self.first[row["owner"]]
        agreement = Agreement.objects.create(
            id=demo_id("agreement", row["slug"]),
            title=row["title"],
            purpose=row["purpose"].strip(),
            owner=owner,
            group_id=demo_id("group", row["group"]) if "group" in row else None,
            starts_on=self._day(row["starts_days"]) if "starts_days" in row else None,
            review_on=self._day(row["review_days"]) if "review_days" in row else None,
            paper_kept=row.get("paper_kept", ""),
        )
        Annex.objects.bulk_create(Annex(agreement=agreement, **annex) for annex in row.get("annex", []))
        parties = [
            (AgreementParty.objects.create(agreement=agreement, agency=self._agency(party["agency"])), party)
            for party in row["party"]
        ]
        for party, said in parties:
            for each in said["signatories"]:
                Signatory.objects.create(party=party, name=each["name"], office=each["office"])
            for each in said.get("approvals", []):
                Approval.objects.create(party=party, kind=each["kind"], name=each["name"])
        for state in WAY[1 : WAY.index(row["state"]) + 1]:
            agreement.state = state
            agreement.save(update_fields=["state"])
            if state == Agreement.State.OUT:
                for party, said in parties:
                    self._sign(party, said, owner)
        put_review(agreement)

    def _sign(self, party: AgreementParty, said: dict[str, Any], by: Membership) -> None:
        for each in said["signatories"]:
            if "signed_days" in each:
                signed = party.signatories.filter(name=each["name"])
                signed.update(signed_on=self._day(each["signed_days"]), recorded_by=by)
        for each in said.get("approvals", []):
            decided = party.approvals.filter(name=each["name"])
            decided.update(state="approved", decided_on=self._day(each["decided_days"]), recorded_by=by)

    def _offer(self, row: dict[str, Any]) -> None:
        values = {name: row.get(name, "") for name in ("kind", "title", "language", "details")}
        values |= {"agency": self._agency(row["agency"]), "confirmed_on": self._day(row["confirmed_days"])}
        Offer.objects.update_or_create(id=demo_id("offer", row["slug"]), defaults={**values, "state": Offer.State.OFFERED})

    def _request(self, row: dict[str, Any]) -> None:
        OfferRequest.objects.update_or_create(
            id=demo_id("request", row["offer"]),
            defaults={
                "offer_id": demo_id("offer", row["offer"]),
                "asked_by": self.first[row["asked_by"]],
                "occasion": row["occasion"],
                "first_day": self._day(row["in_days"]),
                "last_day": self._day(row["in_days"]),
                "state": OfferRequest.State.ASKED,
                "asked_at": timezone.now(),
                "answered_by": None,
                "answered_at": None,
            },
        )
