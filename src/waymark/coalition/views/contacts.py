"""Agencies and contacts: how a partner is reached, who speaks and votes for it, who answers the press."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.models import Agency, AgencyKind
from waymark.accounts.policies.people import holds, may_edit_contact
from waymark.coalition.actions import voices as actions
from waymark.coalition.forms.groups import SpeakerForm, VoicesForm
from waymark.coalition.models import MediaSpeaker
from waymark.coalition.policies import assets, groups
from waymark.coalition.selectors.agreements import agreements_of
from waymark.coalition.selectors.assets import offers_of
from waymark.coalition.selectors.contacts import agencies_in_order, contact_for, groups_with, with_names
from waymark.coalition.selectors.groups import colleagues_of, voice_of
from waymark.coalition.views.steps import fill, sent
from waymark.pages.listing import Ask, Filter, Listing

KINDS = Filter("kind", "Kind", [(kind.value, kind.label) for kind in AgencyKind])
STATES = Filter("state", "State", [(Agency.State.CLOSED.value, "Closed")])


def _trail(agency: Agency | None = None) -> list[tuple[str, str]]:
    trail = [("Agencies and contacts", reverse("coalition:contact_list"))]
    return [*trail, (agency.name, reverse("coalition:contact_detail", args=[agency.pk]))] if agency else trail


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def contact_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [KINDS, STATES])
    found = agencies_in_order(words=ask.words, kind=ask.answer("kind"), state=ask.answer("state"))
    may_add = holds(request.user, Permission.ACCOUNTS_AGENCY_ADD)
    context = {
        "title": "Agencies and contacts",
        "lead": "By kind, and by the alphabet inside each kind. The order says nothing about anybody's weight.",
        "listing": Listing(ask, with_names(found)),
        "search_label": "Search by name",
        "may_add": may_add,
        "primary_url": reverse("agency_add") if may_add else "",
        "primary_label": "Add an agency",
    }
    return render(request, "coalition/contact_list.html", context)


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def contact_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    contact = contact_for(pk)
    if contact is None:
        raise Http404
    agency = contact.agency
    context = {
        "title": agency.name,
        "trail": _trail(),
        "agency": agency,
        "contact": contact,
        "groups": groups_with(agency)[:50],
        "agreements": agreements_of(agency)[:50],
        "offers": offers_of(agency)[:50],
        "is_own": request.user.acting.agency_id == agency.pk,
        "may_name": groups.may_name_voices(request.user, agency),
        "may_edit": may_edit_contact(request.user, agency),
        "may_offer": request.user.acting.agency_id == agency.pk and assets.keeps_offers(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "coalition/contact_detail.html", context)


@requires(Permission.COALITION_VOICE_NAME)
@require_http_methods(["GET", "HEAD", "POST"])
def voices(request: StaffRequest) -> HttpResponse:
    agency = request.user.acting.agency
    now = voice_of(agency)
    initial = {"representative": str(now.membership_id), "deputy": str(now.deputy_id or "")} if now else {}
    colleagues = {str(each.pk): each for each in colleagues_of(request.user)}
    form = VoicesForm(sent(request), colleagues=colleagues.values(), initial=initial)
    back = reverse("coalition:contact_detail", args=[agency.pk])
    return fill(
        request,
        form,
        act=lambda: actions.name_representative(
            agency=agency,
            membership=colleagues[form.cleaned_data["representative"]],
            deputy=colleagues.get(form.cleaned_data["deputy"]),
            by=request.user,
        ),
        done="Saved. From now on they speak and vote for your agency.",
        to=back,
        back=back,
        title="Who speaks and votes for your agency",
        trail=_trail(agency),
    )


@requires(Permission.COALITION_VOICE_NAME)
@require_http_methods(["GET", "HEAD", "POST"])
def media_speaker(request: StaffRequest) -> HttpResponse:
    agency = request.user.acting.agency
    now = MediaSpeaker.objects.filter(agency=agency).first()
    initial = {name: getattr(now, name) for name in actions.SPEAKER_FIELDS} if now else {}
    form = SpeakerForm(sent(request), initial=initial)
    back = reverse("coalition:contact_detail", args=[agency.pk])
    return fill(
        request,
        form,
        act=lambda: actions.name_media_speaker(agency=agency, values=form.cleaned_data, by=request.user),
        done="Saved, and confirmed today.",
        to=back,
        back=back,
        title="Who answers the press for your agency",
        trail=_trail(agency),
    )
