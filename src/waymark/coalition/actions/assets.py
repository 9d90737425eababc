"""The asset board: what an agency offers, and what others ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import Membership, User
from waymark.audit.actions import record
from waymark.coalition.models import Offer, OfferRequest
from waymark.coalition.policies import Refused
from waymark.coalition.policies import assets as policies
from waymark.coalition.selectors.assets import who_answers
from waymark.coalition.selectors.paths import staff_path
from waymark.notices.actions import notify

OFFER_FIELDS = ("kind", "title", "language", "details")
AS_FAR_AHEAD = dt.timedelta(days=366)


def _tell(verb: str, offer: Offer, by: User, fields: tuple[str, ...] = ()) -> None:
    record(verb=verb, by=by, kind="offer", about=offer.pk, fields=fields)


def _locked(offer: Offer) -> Offer:
    return Offer.objects.select_for_update(of=("self",)).select_related("agency").get(pk=offer.pk)


def _set(offer: Offer, values: Mapping[str, str]) -> tuple[str, ...]:
    changed = tuple(name for name in OFFER_FIELDS if name in values and getattr(offer, name) != values[name])
    for name in changed:
        setattr(offer, name, values[name])
    if offer.kind not in Offer.Kind.values or not offer.title.strip():
        raise Refused("Say what kind of thing it is, and give it a title.")
    if offer.kind == Offer.Kind.INTERPRETER and not offer.language.strip():
        raise Refused("Say which language the interpreter speaks.")
    if offer.kind != Offer.Kind.INTERPRETER:
        offer.language = ""
    for text in (offer.title, offer.details):
        trouble = policies.says_too_much(offer.kind, text)
        if trouble:
            raise Refused(trouble)
    return changed


@transaction.atomic
def make_offer(*, values: Mapping[str, str], by: User) -> Offer:
    acting = policies.must_keep_offers(by)
    offer = Offer(agency=acting.agency, confirmed_on=timezone.localdate())
    changed = _set(offer, values)
    offer.save(force_insert=True)
    _tell("offer.made", offer, by, changed)
    return offer


@transaction.atomic
def change_offer(*, offer: Offer, values: Mapping[str, str], by: User) -> Offer:
    """Other words for it. Whoever writes them says that it holds today."""
    fresh = _locked(offer)
    policies.must_keep_offer(by, fresh)
    changed = _set(fresh, values)
    fresh.confirmed_on = timezone.localdate()
    fresh.save(update_fields=[*OFFER_FIELDS, "confirmed_on"])
    _tell("offer.changed", fresh, by, (*changed, "confirmed_on"))
    return fresh


@transaction.atomic
def confirm_offer(*, offer: Offer, by: User) -> Offer:
    """It still holds; one that was withdrawn is offered again."""
    fresh = _locked(offer)
    policies.must_keep_offer(by, fresh)
    fresh.state, fresh.confirmed_on = Offer.State.OFFERED, timezone.localdate()
    fresh.save(update_fields=["state", "confirmed_on"])
    _tell("offer.confirmed", fresh, by, ("confirmed_on", "state"))
    return fresh


@transaction.atomic
def withdraw_offer(*, offer: Offer, by: User) -> Offer:
    """Not offered now. Whoever waits for an answer is told no."""
    fresh = _locked(offer)
    policies.must_keep_offer(by, fresh)
    fresh.state = Offer.State.WITHDRAWN
    fresh.save(update_fields=["state"])
    for waiting in fresh.requests.select_related("asked_by").filter(state=OfferRequest.State.ASKED):
        waiting.state = OfferRequest.State.DECLINED
        waiting.answered_by, waiting.answered_at = by.acting, timezone.now()
        waiting.save(update_fields=["state", "answered_by", "answered_at"])
        _notify(waiting, [waiting.asked_by], "asset.answered")
    _tell("offer.withdrawn", fresh, by, ("state",))
    return fresh


@transaction.atomic
def ask_for_offer(*, offer: Offer, occasion: str, first_day: dt.date, last_day: dt.date, by: User) -> OfferRequest:
    """Ask another agency for something on a day. There is no field for a person or a reason: those go by phone."""
    fresh = _locked(offer)
    acting = policies.must_ask_for(by, fresh)
    today = timezone.localdate()
    if occasion not in OfferRequest.Occasion.values:
        raise Refused("Choose what it is for.")
    if not today <= first_day <= last_day <= today + AS_FAR_AHEAD:
        raise Refused("Ask for days within the next year; the last day is not before the first.")
    waiting = fresh.requests.filter(asked_by__agency=acting.agency_id, state=OfferRequest.State.ASKED)
    if waiting.filter(first_day=first_day, last_day=last_day).exists():
        raise Refused("Your agency has asked for these days already.")
    asked = OfferRequest.objects.create(
        offer=fresh, asked_by=acting, occasion=occasion, first_day=first_day, last_day=last_day, asked_at=timezone.now()
    )
    _tell("offer.asked_for", fresh, by)
    _notify(asked, who_answers(fresh), "asset.asked")
    return asked


def _notify(request: OfferRequest, to: Iterable[Membership], kind: str) -> None:
    notify(to=to, kind=kind, path=staff_path("offer_request_detail", request.pk))


def _request_locked(request: OfferRequest) -> OfferRequest:
    found = OfferRequest.objects.select_for_update(of=("self",)).select_related("offer__agency", "asked_by__user")
    return found.get(pk=request.pk)


@transaction.atomic
def answer_offer_request(*, request: OfferRequest, grant: bool, by: User) -> OfferRequest:
    fresh = _request_locked(request)
    if not policies.may_answer_request(by, fresh):
        raise Refused("This request was answered or taken back before. Nothing was changed now.")
    fresh.state = OfferRequest.State.GRANTED if grant else OfferRequest.State.DECLINED
    fresh.answered_by, fresh.answered_at = by.acting, timezone.now()
    fresh.save(update_fields=["state", "answered_by", "answered_at"])
    _tell("offer.request_granted" if grant else "offer.request_declined", fresh.offer, by)
    _notify(fresh, [fresh.asked_by], "asset.answered")
    return fresh


@transaction.atomic
def withdraw_offer_request(*, request: OfferRequest, by: User) -> OfferRequest:
    fresh = _request_locked(request)
    if not policies.may_withdraw_request(by, fresh):
        raise Refused("This request was answered before. Nothing was changed now.")
    fresh.state, fresh.answered_at = OfferRequest.State.WITHDRAWN, timezone.now()
    fresh.save(update_fields=["state", "answered_at"])
    _tell("offer.request_withdrawn", fresh.offer, by)
    return fresh
