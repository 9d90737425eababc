"""One's own place: for which agency one acts, what the role may do, one's name, and leaving."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, own, requires
from waymark.access.installation import has_app
from waymark.access.permissions import PERMISSION_SENTENCES, ROLE_SENTENCES, Permission, Role
from waymark.access.proof import proof_of
from waymark.accounts.actions import members as actions
from waymark.accounts.forms.people import NameForm
from waymark.accounts.selectors import ACTING
from waymark.accounts.selectors.members import places_of
from waymark.accounts.views.steps import ask_first, attempted


def _through(request: StaffRequest) -> str:
    """The agency whose own sign-in this session came through; it acts for that one alone."""
    proof = proof_of(request.session)
    return proof.through if proof else ""


@own()
@require_http_methods(["GET", "HEAD", "POST"])
def acting(request: StaffRequest) -> HttpResponse:
    """Choose for which agency to act. Pages opened before the choice can no longer send their forms.

    Open to whoever is signed in, also to a person without any open membership, who is told so.
    """
    user = request.user
    found = places_of(user, through=_through(request))
    if request.method == "POST":
        chosen = next((each for each in found if str(each.pk) == request.POST.get("membership")), None)
        if chosen is None:
            messages.error(request, "Choose one of your places below.")
            return redirect("acting")
        request.session[ACTING] = str(chosen.pk)
        # A form that still shows the other agency in another tab must not write into this one.
        rotate_token(request)
        messages.success(request, f"You act for {chosen.agency.name} as {chosen.role} now.")
        return redirect("staff_home")
    context = {
        "title": "Choose for which agency you act",
        "memberships": [(each, ROLE_SENTENCES[Role(each.role)]) for each in found],
        "acting": user.acting,
    }
    return render(request, "accounts/acting.html", context)


@requires(Permission.STAFF_HOME_VIEW)
@require_safe
def my_place(request: StaffRequest) -> HttpResponse:
    """What my role may do here, in sentences; and what my agency has recorded of me."""
    user = request.user
    held = user.permissions
    # What only a coalition does is neither allowed nor forbidden where one agency is alone.
    here = [each for each in Permission if has_app(each.partition(".")[0])]
    context = {
        "title": "Your place here",
        "place": user.acting,
        "sentence": ROLE_SENTENCES[Role(user.role)],
        "may": [PERMISSION_SENTENCES[each] for each in here if each in held],
        "may_not": [PERMISSION_SENTENCES[each] for each in here if each not in held],
        "memberships": places_of(user, through=_through(request)),
    }
    return render(request, "accounts/my_place.html", context)


@requires(Permission.STAFF_HOME_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def my_name(request: StaffRequest) -> HttpResponse:
    user = request.user
    form = NameForm(request.POST if request.method == "POST" else None, initial={"display_name": user.display_name})

    def act() -> None:
        actions.change_own_name(display_name=form.cleaned_data["display_name"], by=user)

    if form.is_bound and form.is_valid() and attempted(form, act):
        messages.success(request, "Saved.")
        return redirect("my_place")
    context = {
        "form": form,
        "title": "Your name",
        "trail": [("Your place here", reverse("my_place"))],
        "cancel_url": reverse("my_place"),
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)


@requires(Permission.STAFF_HOME_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: StaffRequest) -> HttpResponse:
    """End one's own place in the agency for which one acts."""
    place = request.user.acting
    consequences = [
        f"Your place in {place.agency.name} ends at once, and every page that you have open. Nobody else is asked.",
        "What you did stays under your name. To come back you need a new invitation.",
    ]
    if place.role in actions.KEEPERS and not actions.others_who_keep(place):
        consequences.append(
            "You are the last officer. While other members stay, you cannot leave: make one of them officer first. If "
            "nobody else is in it, the agency has no member afterwards, and an administrator invites a new first officer."
        )
    answer = ask_first(
        request,
        title=f"Leave {place.agency.name}?",
        consequences=consequences,
        button="Leave now",
        act=lambda: actions.leave_agency(by=request.user),
        done="You have left.",
        back=reverse("my_place"),
        to=reverse("sign_in"),
        trail=[("Your place here", reverse("my_place"))],
        cancel_label="Stay",
        is_final=True,
    )
    if answer.status_code == HTTPStatus.FOUND:
        logout(request)
    return answer
