"""Who sees what of a referral: its two agencies, each its own row, nobody else; what the database refuses to anybody."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.factories.accounts import AgencyFactory
from tests.factories.disclosures import acting, frozen
from tests.factories.people import a_case, a_denial
from tests.factories.referrals import asked
from tests.waymark.referrals.pairs import a_pair, a_referral, carried_out, own_row

from waymark.accounts.models import AgencyKind, Membership
from waymark.directory.formats.needs_file import read_needs
from waymark.disclosures.actions import crossing as mail
from waymark.disclosures.formats.kinds import NEEDS
from waymark.notices.formats.kinds import KINDS
from waymark.people.policies import Refused
from waymark.referrals.actions import crossing
from waymark.referrals.formats.letter_codes import LENGTH, digest_of, new_letter_code, read_letter_code, spoken
from waymark.referrals.models import ReceivedReferral, Referral, ReferralCount, ReferralMove, Way

pytestmark = pytest.mark.django_db


def refused(act: Callable[[], object], match: str) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        act()


def test_a_referral_is_seen_by_its_two_agencies_each_its_own_row() -> None:
    pair = a_pair()
    referral = a_referral(pair)
    carried_out(pair, referral, "accept", "recipient")
    seen = {}
    for user in (pair.worker, pair.receiver, pair.stranger):
        with acting(user):
            seen[user] = [model.objects.count() for model in (Referral, ReceivedReferral, ReferralMove)]
    assert seen == {pair.worker: [1, 0, 1], pair.receiver: [0, 1, 1], pair.stranger: [0, 0, 0]}
    row = own_row(pair, referral)
    for own in (row.pk, referral.pk, uuid.uuid4()):
        with acting(pair.stranger), pytest.raises(Refused, match="not here any more"):
            crossing.move(own, "withdraw", reason="not_safe")
    with acting(pair.receiver), pytest.raises(Refused, match="not here any more"):
        crossing.move(referral.pk, "withdraw", reason="not_safe")
    with acting(pair.worker):
        assert ReferralMove.objects.get().by_id is None, "who did it there is not told"


@pytest.mark.parametrize("way", [Way.OPAQUE, Way.QUESTION, Way.CARRIED])
def test_nobody_is_referred_to_or_by_the_justice_side(way: str) -> None:
    pair = a_pair()
    office = AgencyFactory(kind=AgencyKind.PROSECUTION)
    with acting(pair.worker):
        refused(lambda: asked(pair.worker, office, way, sent=False), "justice side")
    closed = AgencyFactory(kind=AgencyKind.HOUSING, state="closed")
    with acting(pair.worker):
        refused(lambda: asked(pair.worker, closed, way, sent=False), "justice side, or a closed agency")


def test_the_application_writes_a_new_referral_and_nothing_else() -> None:
    pair = a_pair()
    referral = a_referral(pair)
    row = own_row(pair, referral)
    with acting(pair.worker):
        for act in (
            lambda: Referral.objects.filter(pk=referral.pk).update(state="connected"),
            lambda: Referral.objects.filter(pk=referral.pk).delete(),
            lambda: ReferralMove.objects.create(
                agency=pair.sender, referral=referral.pk, event="close", side="sender", from_state="connected",
                to_state="closed", at=timezone.now(),
            ),
            lambda: ReferralCount.objects.create(
                agency=pair.sender, month="2026-11-01", direction="sent", way="opaque", service=uuid.uuid4(),
                ended="closed", number=1,
            ),
        ):  # fmt: skip
            refused(act, "permission denied")
    with acting(pair.receiver):
        refused(lambda: ReceivedReferral.objects.filter(pk=row.pk).update(state="connected"), "permission denied")
        refused(lambda: ReceivedReferral.objects.filter(pk=row.pk).delete(), "permission denied")
        with connection.cursor() as cursor:
            refused(
                lambda: cursor.execute(
                    "SELECT referrals.carry_out(r, 'accept', 'recipient', '', '', NULL, NULL) FROM referrals_referral r"
                    " UNION ALL SELECT referrals.carry_out(NULL::referrals_referral, 'close', 'sender', '', '', NULL, NULL)"
                ),
                "no_such_move|permission denied",
            )


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "accepted"},
        {"answer": "yes"},
        {"respond_by": timezone.now() + dt.timedelta(hours=3)},
        {"respond_by": timezone.now() + dt.timedelta(hours=25)},
        {"respond_by": timezone.now() - dt.timedelta(hours=1)},
        {"way": "carrier pigeon"},
        {"release": uuid.uuid4()},
        {"digest": os.urandom(32)},
        {"packet": None},
    ],
)
def test_it_begins_as_asked_and_within_its_time(changes: dict[str, Any]) -> None:
    pair = a_pair()
    with acting(pair.worker):
        values = {
            "agency": pair.sender, "recipient": pair.provider, "way": Way.OPAQUE, "service": uuid.uuid4(),
            "packet": uuid.uuid4(), "case": a_case(pair.sender, pair.worker), "made_by": pair.worker,
            "respond_by": timezone.now() + dt.timedelta(hours=8), **changes,
        }  # fmt: skip
        refused(lambda: Referral.objects.create(**values), ".")
        good = values | dict.fromkeys(changes) | {"state": "requested", "answer": "", "way": Way.OPAQUE}
        good |= {"respond_by": timezone.now() + dt.timedelta(hours=8), "packet": uuid.uuid4()}
        assert Referral.objects.create(**good).pk
        other = {**good, "made_by": pair.receiver}
        refused(lambda: Referral.objects.create(**other), "in the name of another")


def test_the_recipient_is_told_only_of_what_has_crossed() -> None:
    pair = a_pair()
    with acting(pair.worker):
        waits = asked(pair.worker, pair.provider, sent=False)
        with pytest.raises(Refused, match="did not reach"):
            crossing.send(waits.pk)
        mail.deliver(waits.packet)  # type: ignore[arg-type]
        assert [crossing.send(waits.pk) for _ in range(2)] == ["sent", "repeated"]
        # A packet of another kind carries no referral, nor one that went to somebody else.
        call = frozen(pair.worker, pair.provider)
        mail.deliver(call.pk)
        for packet, to in ((call.pk, pair.provider), (waits.packet, pair.third)):
            wrong = Referral.objects.create(
                agency=pair.sender, recipient=to, way=Way.OPAQUE, service=uuid.uuid4(), packet=packet, case=waits.case,
                made_by=pair.worker, respond_by=timezone.now() + dt.timedelta(hours=8),
            )  # fmt: skip
            with pytest.raises(Refused, match="did not reach"):
                crossing.send(wrong.pk)
        letter = asked(pair.worker, pair.provider, Way.CARRIED)
        with pytest.raises(Refused, match="not here"):
            crossing.send(letter.pk)


def test_the_deny_list_beats_every_grant_in_the_database_too() -> None:
    pair = a_pair()
    colleague = Membership.objects.create(
        agency=pair.sender, user=pair.stranger.__class__.objects.create(email="bo@example.org", display_name="Bo Invented"),
        role="advocate", starts_on=timezone.localdate(),
    )  # fmt: skip
    with acting(pair.worker):
        case = a_case(pair.sender, pair.worker)
        a_denial(case.person, colleague.user, pair.worker)
    colleague.user.act_as(colleague)
    with acting(colleague.user):
        refused(lambda: asked(colleague.user, pair.provider, case=case), "deny list")


def test_a_letter_s_code_is_nobody_else_s() -> None:
    pair = a_pair()
    code = new_letter_code()
    letter = a_referral(pair, Way.CARRIED, letter=code)
    with acting(pair.stranger):
        assert crossing.arrive(digest_of(code)) == (None, None, None)
    with acting(pair.worker):
        assert crossing.arrive(digest_of(code)) == (None, None, None)
    with acting(pair.receiver):
        assert crossing.arrive(os.urandom(32)) == (None, None, None)
        own, referral, worker = crossing.arrive(digest_of(code))
        assert (referral, worker) == (letter.pk, pair.worker.pk)
        assert crossing.arrive(digest_of(code)) == (own, None, None)
        assert ReceivedReferral.objects.get().pk == own
    voided = a_referral(pair, Way.CARRIED, letter=(other := new_letter_code()))
    carried_out(pair, voided, "void", "sender")
    with acting(pair.receiver):
        assert crossing.arrive(digest_of(other))[0] is None


def test_a_code_is_read_as_people_type_it() -> None:
    code = new_letter_code()
    assert len(code) == LENGTH
    assert len({new_letter_code() for _ in range(50)}) == 50
    for typed in (
        code,
        spoken(code),
        spoken(code).lower(),
        f" {spoken(code).replace('-', ' ')} ",
        spoken(code).replace("-", "–"),
    ):
        assert read_letter_code(typed) == code
    for typed in ("", code[:-1], code + "B", "AEIO-AEIO-AEIO", "x" * 40, "\x00" * 12):
        assert read_letter_code(typed) is None


def test_a_notice_of_a_referral_says_nothing_of_it() -> None:
    said = " ".join(sentence for kind, sentence in KINDS.items() if kind.startswith("referral."))
    assert len(said) > 40
    for telling in ("referral", "room", "bed", "shelter", "survivor", "person", "case", "provider", "letter"):
        assert telling not in said.lower()


def test_needs_are_those_of_the_public_directory() -> None:
    assert {code for code, _ in NEEDS} <= {need.slug for need in read_needs()}
