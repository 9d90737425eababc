"""Two agencies that refer to each other, and somebody at each, for tests that open no vault."""

from __future__ import annotations

from dataclasses import dataclass

from tests.factories.disclosures import acting, agency_with_member, permit_of, with_key
from tests.factories.referrals import asked

from waymark.accounts.models import Agency, AgencyKind, User
from waymark.referrals.actions import crossing
from waymark.referrals.models import MOVES, REASONS, Event, ReceivedReferral, Referral, Side, State, Way


@dataclass(frozen=True)
class Pair:
    """Who asks, who is asked, a third agency that has nothing to do with it, and one of the justice side."""

    sender: Agency
    worker: User
    provider: Agency
    receiver: User
    third: Agency
    stranger: User


def a_pair() -> Pair:
    pair = Pair(
        *agency_with_member(),
        *agency_with_member(AgencyKind.HOUSING),
        *agency_with_member(AgencyKind.HEALTH),
    )
    with_key(pair.worker, pair.provider, pair.third)
    with_key(pair.receiver, pair.sender)
    with_key(pair.stranger, pair.sender)
    return pair


def a_referral(pair: Pair, way: str = Way.OPAQUE, **changes: object) -> Referral:
    with acting(pair.worker):
        if way == Way.CONSENTED:
            changes["permit"] = permit_of(pair.worker, pair.provider)
        return asked(pair.worker, pair.provider, way, **changes)  # type: ignore[arg-type]


def own_row(pair: Pair, referral: Referral) -> ReceivedReferral:
    with acting(pair.receiver):
        return ReceivedReferral.objects.get(referral=referral.pk)


def carried_out(pair: Pair, referral: Referral, event: str, side: str) -> str:
    """One event by one side, with a reason where one is due and an answer where one is asked."""
    reason = REASONS[event][0].value if event in REASONS else ""
    answer, hours = ("yes", 4) if event == Event.ANSWER else ("", None)
    if side == Side.SENDER:
        with acting(pair.worker):
            return crossing.move(referral.pk, event, reason=reason)[0]
    if event == Event.ARRIVE:
        with acting(pair.worker):
            digest = bytes(Referral.objects.get(pk=referral.pk).digest or b"")
        with acting(pair.receiver):
            crossing.arrive(digest)
        with acting(pair.worker):
            return Referral.objects.get(pk=referral.pk).state
    row = own_row(pair, referral)
    with acting(pair.receiver):
        return crossing.move(row.pk, event, reason=reason, answer=answer, hours=hours)[0]


def path_to(way: str, state: str) -> list[tuple[str, str]] | None:
    """The shortest way of events, each with its side, to a state; None where a way never comes."""
    paths: dict[str, list[tuple[str, str]]] = {State.REQUESTED: []}
    waiting: list[str] = [State.REQUESTED]
    while waiting:
        here = waiting.pop(0)
        for (known, start, event), (side, there) in MOVES.items():
            if (known, start) == (way, here) and side != Side.CLOCK and there not in paths:
                paths[there] = [*paths[here], (event, side)]
                waiting.append(there)
    return paths.get(state)
