"""The first wall: a view that does not say who may open it is refused.

Every view carries exactly one mark, set by `public`, `public_post`, `by_token`, `signing_in`, `own` or `requires`. The
middleware reads the mark before the view runs. There is no skip flag and no superuser shortcut. Hidden and absent answer
alike: whoever may not open a page gets the page that an unknown address gets, except a signed-in member whose role lacks a
whole feature, who is told so.

Signed in means signed in by two factors (`access.proof`): a session without that proof opens nothing. A view marked
`step_up=True` asks for a fresh proof first and goes on with what was sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.module_loading import import_string

from waymark.access.permissions import Permission
from waymark.access.proof import is_fresh, pending_of, proof_of

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

MARK = "waymark_access"
PUBLIC_POST_LIMIT = 16_384


@dataclass(frozen=True)
class Access:
    """The mark on a view: `kind` is public, public_post, token, signing_in, own or requires."""

    kind: str
    permission: Permission | None = None
    step_up: bool = False


class StaffRequest(HttpRequest):
    """A request whose sender is known and allowed: guarded views take this type."""

    user: Any
    permissions: frozenset[Permission]


def _mark(view: View, access: Access) -> View:
    if hasattr(view, MARK):
        raise TypeError(f"{view.__name__} already has an access mark")
    setattr(view, MARK, access)
    return view


def public(view: View) -> View:
    """Anyone may read this page. It sets no cookie and changes nothing."""
    return _mark(view, Access("public"))


def public_post(view: View) -> View:
    """Anyone may send this small form. It carries no authority, so it has no cookie and no CSRF token.

    The sender must be our own page (Origin or Sec-Fetch-Site) and the body small.
    """
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return _mark(view, Access("public_post"))


def by_token(view: View) -> View:
    """Whoever holds the secret in the address may read, and nobody else: a program without cookie or session.

    The view looks the secret up itself, by its hash, and answers a wrong one as an address that does not exist. Who is
    signed in at the same browser means nothing here.
    """
    return _mark(view, Access("token"))


def signing_in(view: View) -> View:
    """Only who has given the first factor and still owes the second may open this page."""
    return _mark(view, Access("signing_in"))


def own(*, step_up: bool = False) -> Callable[[View], View]:
    """Anyone who is signed in may open this page, for it is about their own account and takes no object of another's."""

    def decorate(view: View) -> View:
        return _mark(view, Access("own", step_up=step_up))

    return decorate


def requires(permission: Permission, *, step_up: bool = False) -> Callable[[View], View]:
    """Only a signed-in member whose role holds `permission` may open this page.

    With `step_up` the person proves once more who they are when that was long ago: for acts that a thief of an open
    session would want.
    """

    def decorate(view: View) -> View:
        return _mark(view, Access("requires", permission, step_up))

    return decorate


def access_of(view: Callable[..., object]) -> Access | None:
    """The mark of a view, or None: class-based views carry it on their `view_class`."""
    mark = getattr(view, MARK, None)
    return mark if isinstance(mark, Access) else None


def is_same_origin(request: HttpRequest) -> bool:
    """True when the browser says that the form came from a page of this host.

    With `Referrer-Policy: no-referrer` a browser sends `Origin: null` for its own forms, so Sec-Fetch-Site decides
    first; old browsers without it send the Origin of the page.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None or origin == "null":
        return origin is None
    return urlsplit(origin).netloc == request.get_host()


class GuardMiddleware:
    """Refuses a view without a mark, and whoever the mark does not admit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        access = access_of(view)
        if access is None:
            raise PermissionDenied("This view has no access mark.")
        if access.kind in {"public", "token"}:
            return None
        if access.kind == "public_post":
            if request.method == "POST":
                length = int(request.headers.get("Content-Length") or 0)
                if length > PUBLIC_POST_LIMIT or not is_same_origin(request):
                    raise PermissionDenied("This form must come from our own page.")
            return None
        user = getattr(request, "user", None)
        if user is None:
            raise Http404
        if access.kind == "signing_in":
            return redirect("sign_in") if pending_of(request.session) is None else None
        proof = proof_of(request.session)
        if not user.is_authenticated or proof is None:
            # After signing in, the person lands where they wanted to go; a form that was sent is not sent twice.
            wanted = f"?next={quote(request.get_full_path())}" if request.method == "GET" else ""
            return redirect(reverse("sign_in") + wanted)
        held = user.permissions
        request.permissions = held  # type: ignore[attr-defined]
        if access.kind == "requires" and access.permission not in held:
            # Told to the audit chain by waymark.web.refusals, which stands above both.
            request.refused_permission = access.permission  # type: ignore[attr-defined]
            raise PermissionDenied
        if access.step_up and not is_fresh(proof):
            # The page that asks belongs to the accounts, which stand above this layer.
            return import_string(settings.STEP_UP)(request)  # type: ignore[no-any-return]
        return None
