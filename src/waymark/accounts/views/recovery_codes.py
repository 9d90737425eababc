"""Recovery codes: shown in the session that made them, for ten minutes, and never again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, own
from waymark.accounts.actions import factors
from waymark.accounts.models import User
from waymark.accounts.policies.sign_in import CODES_SHOWN_FOR
from waymark.accounts.selectors.factors import has_second_factor, recovery_codes_left
from waymark.accounts.views.signing import next_page

SHOWN_UNTIL = "codes_shown_until"


def show_new_codes(request: HttpRequest, user: User) -> None:
    """Make new codes and let this session see them for some minutes."""
    factors.make_recovery_codes(user=user)
    request.session[SHOWN_UNTIL] = (timezone.now() + CODES_SHOWN_FOR).timestamp()


def _may_see(request: HttpRequest) -> bool:
    return timezone.now().timestamp() < float(request.session.get(SHOWN_UNTIL, 0))


@own()
@require_safe
def recovery_codes(request: StaffRequest) -> HttpResponse:
    codes = factors.recovery_codes_of(request.user) if _may_see(request) else []
    after = str(request.session.get("after_set_up", ""))
    context = {
        "codes": codes,
        "left": recovery_codes_left(request.user),
        "next_url": resolve_url(next_page(after)),
    }
    return render(request, "accounts/recovery_codes.html", context)


@own(step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def new_recovery_codes(request: StaffRequest) -> HttpResponse:
    if not has_second_factor(request.user):
        return redirect("add_factor")
    if request.method == "POST":
        show_new_codes(request, request.user)
        return redirect("recovery_codes")
    context = {
        "title": "Make new recovery codes",
        "consequences": ["Your old recovery codes stop working now.", "You see the new ones for ten minutes, once."],
        "button": "Make new codes",
        "cancel_url": "../",
        "cancel_label": "Keep the old ones",
        "form": None,
    }
    return render(request, "accounts/confirm.html", context)


@own()
@require_POST
def recovery_codes_file(request: StaffRequest) -> HttpResponse:
    """The codes as a plain file, while they are shown."""
    if not _may_see(request):
        return redirect("recovery_codes")
    text = "Recovery codes. Each works once, in place of the code from your app.\n\n"
    text += "".join(f"{code}\n" for code in factors.recovery_codes_of(request.user))
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="codes.txt"'
    return response
