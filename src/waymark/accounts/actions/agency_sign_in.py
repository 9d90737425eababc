"""Signing in through one's own agency (OpenID Connect): setting it up, talking to the provider, finding the member.

An agency's provider speaks for members of that agency and for nobody else. It never makes an account, never passes the
second step, and a person who belongs to another agency too does not come in through it: otherwise whoever runs the one
agency's provider could open the other.
"""

from __future__ import annotations

import json
from typing import Any

import requests
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from waymark.access.permissions import Permission, Role, permissions_of
from waymark.access.sites import URLCONFS, Site
from waymark.accounts.actions.events import tell
from waymark.accounts.actions.factor_keys import open_for, seal_for
from waymark.accounts.formats.openid import (
    Claims,
    NotTrusted,
    Provider,
    Start,
    discovery_address,
    is_allowed_address,
    read_discovery,
    read_id_token,
)
from waymark.accounts.models import AgencyIdentity, AgencySignIn, Membership, User
from waymark.accounts.policies.telling import ring
from waymark.accounts.selectors import open_memberships_of
from waymark.accounts.selectors.members import open_today

SECONDS = (3.05, 6)
LARGEST = 200_000
DISCOVERY_KEPT_SECONDS = 600


def _json(method: str, url: str, **more: Any) -> Any:
    """One JSON answer: no redirect, no proxy, short and small. What it says is never shown to anybody."""
    if not is_allowed_address(url, loopback=settings.AGENCY_SIGN_IN_LOOPBACK):
        raise NotTrusted("The provider's address must begin with https://.")
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(method, url, timeout=SECONDS, allow_redirects=False, stream=True, **more)
            if answer.status_code != requests.codes.ok:
                raise NotTrusted("The provider refuses.")
            body = answer.raw.read(LARGEST + 1, decode_content=True)
    except (requests.RequestException, OSError) as silent:
        raise NotTrusted("The provider does not answer.") from silent
    if len(body) > LARGEST:
        raise NotTrusted("The provider says too much.")
    try:
        return json.loads(body)
    except ValueError as wrong:
        raise NotTrusted("The provider does not speak JSON.") from wrong


def provider_of(issuer: str) -> Provider:
    """The provider's own description, kept for some minutes. Raises NotTrusted."""
    key = f"agency-sign-in:{issuer}"
    document = cache.get(key)
    if document is None:
        document = _json("GET", discovery_address(issuer))
    provider = read_discovery(document, issuer=issuer, loopback=settings.AGENCY_SIGN_IN_LOOPBACK)
    cache.set(key, document, DISCOVERY_KEPT_SECONDS)
    return provider


def start_address(*, sign_in: AgencySignIn, start: Start, back: str) -> str:
    """Where the person goes on, at the agency's provider."""
    return (
        requests.Request(
            "GET",
            provider_of(sign_in.issuer).authorization_endpoint,
            params={
                "client_id": sign_in.client_id,
                "code_challenge": start.challenge,
                "code_challenge_method": "S256",
                "nonce": start.nonce,
                "redirect_uri": back,
                "response_type": "code",
                "scope": "openid email",
                "state": start.state,
            },
        )
        .prepare()
        .url
        or ""
    )


def redeem(*, sign_in: AgencySignIn, start: Start, code: str, back: str) -> Claims:
    """Exchange the code for who it is. Raises NotTrusted."""
    provider = provider_of(sign_in.issuer)
    secret = open_for(sign_in.agency_id, sign_in.client_secret, what="client_secret")
    form = {
        "code": code,
        "code_verifier": start.verifier,
        "grant_type": "authorization_code",
        "redirect_uri": back,
    }
    if provider.wants_basic:
        answer = _json("POST", provider.token_endpoint, data=form, auth=(sign_in.client_id, secret))
    else:
        answer = _json(
            "POST", provider.token_endpoint, data={**form, "client_id": sign_in.client_id, "client_secret": secret}
        )
    token = answer.get("id_token") if isinstance(answer, dict) else None
    if not isinstance(token, str):
        raise NotTrusted("The provider gives no ID token.")
    keys = _json("GET", provider.jwks_uri)
    return read_id_token(token, keys=keys, issuer=provider.issuer, client_id=sign_in.client_id, nonce=start.nonce)


@transaction.atomic
def member_for(*, sign_in: AgencySignIn, claims: Claims) -> User | None:
    """The member whom the provider means, or None and never a reason.

    A pinned number decides; without one, the verified address of a member of this very agency who has no number yet.
    """
    identity = AgencyIdentity.objects.filter(sign_in=sign_in, subject=claims.subject).select_related("user").first()
    if identity is not None:
        return identity.user if _may_come_through(identity.user, sign_in) else None
    if not claims.email:
        return None
    user = User.objects.select_for_update().filter(email=claims.email).first()
    if user is None or not _may_come_through(user, sign_in):
        return None
    try:
        with transaction.atomic():
            AgencyIdentity.objects.create(sign_in=sign_in, user=user, subject=claims.subject, pinned_at=timezone.now())
    except IntegrityError:
        # This member has another number already: an address that was given to somebody new opens nothing.
        return None
    tell(user=user, verb="agency_identity.pinned", kind="agency_sign_in", about=sign_in.pk)
    return user


def _may_come_through(user: User, sign_in: AgencySignIn) -> bool:
    """An active person with an open membership in this agency and in no other."""
    return user.is_active and {membership.agency_id for membership in open_memberships_of(user)} == {sign_in.agency_id}


@transaction.atomic
def set_up_agency_sign_in(*, issuer: str, client_id: str, client_secret: str, is_on: bool, by: User) -> AgencySignIn:
    """Set up or change one's own agency's provider. Another issuer or client means other numbers: the pinned ones go.

    Every other officer of the agency is told at once (docs/adr/0414-tell-every-officer-of-a-changed-provider.md).

    Raises ValidationError when the provider cannot be reached or describes itself as another.
    """
    if Permission.AGENCY_SIGN_IN_SET_UP not in permissions_of(by.role) or by.acting is None:
        raise PermissionDenied
    agency_id = by.acting.agency_id
    found = AgencySignIn.objects.select_for_update().filter(agency_id=agency_id).first()
    if not client_secret and found is None:
        raise ValidationError({"client_secret": "Copy the client secret from your provider."})
    if is_on:
        try:
            cache.delete(f"agency-sign-in:{issuer}")
            provider_of(issuer)
        except NotTrusted as wrong:
            told = f"{wrong} Check the address with whoever runs your agency's sign-in."
            raise ValidationError({"issuer": told}) from wrong
    changed = [
        name
        for name, value in (("issuer", issuer), ("client_id", client_id), ("is_on", is_on))
        if found is None or getattr(found, name) != value
    ] + (["client_secret"] if client_secret else [])
    if found is None:
        found = AgencySignIn(agency_id=agency_id)
    elif (found.issuer, found.client_id) != (issuer, client_id):
        found.identities.all().delete()
    found.issuer, found.client_id, found.is_on = issuer, client_id, is_on
    if client_secret:
        found.client_secret = seal_for(agency_id, client_secret, what="client_secret")
    found.changed_by, found.changed_at = by, timezone.now()
    found.save()
    tell(
        user=by,
        verb="agency_sign_in.changed",
        kind="agency_sign_in",
        about=found.pk,
        fields=changed,
    )
    if changed:
        # Whoever points the agency at a provider of their own can answer for every colleague's first factor.
        officers = open_today(Membership.objects.filter(agency_id=agency_id, role=Role.OFFICER)).exclude(user=by)
        page = reverse("agency_sign_in_settings", urlconf=URLCONFS[Site.STAFF])
        ring(to=officers, kind="agency_sign_in.changed", path=page)
    return found
