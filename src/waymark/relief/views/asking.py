"""The list of relief cases, asking the rules without keeping anything, and opening a case for a person."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.pages.listing import WORDS_LIMIT, Ask, Filter, ReadOnce
from waymark.people.selectors import person_for
from waymark.people.selectors.finding import find_people
from waymark.people.views.sealed_forms import done_by, sealed_form
from waymark.relief import policies
from waymark.relief.actions.asking import open_relief
from waymark.relief.forms import EntryForm, QuestionsForm
from waymark.relief.models import State
from waymark.relief.selectors import records
from waymark.vault.selectors import unlock_url, vault_in

VIEW, WORK = Permission.RELIEF_CASE_VIEW, Permission.RELIEF_CASE_WORK
FILTERS = [
    Filter("state", "State", [*State.choices, ("every", "Every state")], "All open"),
    Filter("due", "Due", [("late", "Past its day"), ("month", "Within 30 days")]),
    Filter("whose", "Whose", [("mine", "Mine")]),
]
TRAIL = ("Record relief", "relief:list")


def trail() -> list[tuple[str, str]]:
    return [(TRAIL[0], reverse(TRAIL[1]))]


@requires(VIEW)
@require_safe
def relief_list(request: StaffRequest) -> HttpResponse:
    """What is due first. An agency that keeps no relief cases is told so, and can ask the rules."""
    keeps, vault, on = policies.keeps(request.user), vault_in(request), timezone.localdate()
    query = Ask(request.GET, FILTERS if keeps else [])
    rows = records.relief_listed(
        to=request.user,
        words=query.words,
        state=query.answer("state"),
        whose=query.answer("whose"),
        due=query.answer("due"),
        on=on,
    )
    listing = ReadOnce(query, rows)
    context = {
        "title": "Record relief",
        "lead": "Ways to clear an arrest or a conviction that came out of being exploited, for an attorney to look at.",
        "listing": listing,
        "names": records.names_in(listing.rows, vault) if keeps else {},
        "keeps": keeps,
        "search_label": "Search by code" if keeps else "",
        "primary_url": reverse("relief:find") if keeps else reverse("relief:ask"),
        "primary_label": "Ask for a person" if keeps else "Ask the rules",
        "today": on,
        "is_vault_open": vault is not None,
        "unlock_url": unlock_url(request.get_full_path()),
    }
    return render(request, "relief/relief_list.html", context)


@requires(VIEW)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: StaffRequest) -> HttpResponse:
    """The rules' answers to one entry of nobody in particular. Nothing is kept, and nothing stands in the address."""
    form = EntryForm(request.POST if request.method == "POST" else None)
    answers = records.answers_of(form.asked(), on=timezone.localdate()) if form.is_bound and form.is_valid() else None
    context = {
        "title": "Ask the rules",
        "form": form,
        "answers": answers,
        "button": "Ask",
        "keeps": policies.keeps(request.user),
        "trail": trail(),
    }
    return render(request, "relief/ask.html", context, status=422 if form.is_bound and form.errors else 200)


@requires(WORK)
@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
def relief_find(request: StaffRequest) -> HttpResponse:
    """Whose record it is: looked up like everybody of the agency, by words that stand in no address."""
    if not policies.may_view(request.user):
        return redirect("relief:list")
    vault = vault_in(request)
    words = " ".join(request.POST.get("words", "").replace("\x00", "").split())[:WORDS_LIMIT]
    context = {
        "title": "Whose record is it?",
        "words": words,
        "found": find_people(words, vault=vault, to=request.user) if vault is not None and words else [],
        "is_vault_open": vault is not None,
        "unlock_url": unlock_url(request.path),
        "trail": trail(),
    }
    return render(request, "relief/find.html", context)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def relief_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The questions about one entry of a person's record."""
    # Where no relief case is kept there is nobody to ask for, whoever the person is.
    person = person_for(pk, to=request.user) if policies.may_view(request.user) else None
    if person is None:
        raise Http404
    form = QuestionsForm(request.POST if request.method == "POST" else None)
    made: list[uuid.UUID] = []

    def act(vault: Any) -> None:
        page = form.cleaned_data["page"]
        case = open_relief(vault=vault, person=person, asked=form.asked(), page=page, by=request.user)
        made.append(case.pk)

    if done_by(request, form, act):
        messages.success(request, "Kept. Below is what the rules say today.")
        return redirect("relief:detail", made[0])
    return sealed_form(
        request,
        form,
        title=f"Questions about the record of {person.code}",
        lead="“Not known” is a good answer: it never counts as no. Ask only what they want to tell.",
        button="Keep it and see what the rules say",
        cancel_url=reverse("relief:list"),
        trail=trail(),
    )
