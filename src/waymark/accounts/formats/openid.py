"""OpenID Connect, the two documents that matter: a provider's discovery document and the ID token of one sign-in.

Pure reading and checking, after OpenID Connect Core 1.0 §3.1.3.7 and Discovery 1.0 §4.3. The token's signature is always
checked, also when it came straight from the provider: one rule, no exception to reason about.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt

# Signatures with a public key only: an HMAC over the client's secret could be made by whoever reads our settings.
ALGORITHMS = ("ES256", "ES384", "EdDSA", "PS256", "RS256", "RS384", "RS512")
LEEWAY_SECONDS = 60
LONGEST = 255


class NotTrusted(Exception):
    """The provider said something that we do not believe; the text is for its operator, not for the person."""


@dataclass(frozen=True)
class Provider:
    """What the discovery document says."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    wants_basic: bool


@dataclass(frozen=True)
class Claims:
    """Who the provider says it is. `email` is empty unless the provider says that it is verified."""

    subject: str
    email: str


@dataclass(frozen=True)
class Start:
    """The secrets of one sign-in that is under way."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def fresh(cls) -> Start:
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        """The verifier's hash (PKCE, S256): who intercepts the code cannot redeem it."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


def is_allowed_address(url: str, *, loopback: bool = False) -> bool:
    """https without user, query or fragment; http for this very machine where `loopback` is allowed (tests, a trial)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username or parts.password or parts.query or parts.fragment:
        return False
    if loopback and parts.hostname in {"127.0.0.1", "localhost"}:
        return parts.scheme in {"http", "https"}
    # A name and not a number: its certificate ties the name to the provider, and no machine inside our network has one.
    is_name = "." in parts.hostname and not parts.hostname.replace(".", "").isdigit() and ":" not in parts.hostname
    return parts.scheme == "https" and port in {None, 443} and is_name


def discovery_address(issuer: str) -> str:
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def read_discovery(document: Any, *, issuer: str, loopback: bool = False) -> Provider:
    """Check a discovery document. Raises NotTrusted when it is another issuer's or names an address we would not call."""
    if not isinstance(document, dict) or document.get("issuer") != issuer:
        raise NotTrusted("The discovery document is of another issuer.")
    found = {name: document.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    for name, url in found.items():
        if not isinstance(url, str) or not is_allowed_address(url, loopback=loopback):
            raise NotTrusted(f"The discovery document has no usable {name}.")
    methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Provider(issuer, **{str(k): str(v) for k, v in found.items()}, wants_basic="client_secret_basic" in methods)


def read_id_token(token: str, *, keys: Any, issuer: str, client_id: str, nonce: str) -> Claims:
    """Who signs in. Raises NotTrusted unless signature, issuer, audience, time and nonce are all right."""
    try:
        header = jwt.get_unverified_header(token)
        found = [key for key in jwt.PyJWKSet.from_dict(keys).keys if header.get("kid") in {None, key.key_id}]
        if len(found) != 1:
            raise NotTrusted("The token is signed with a key that the provider does not publish.")
        claims: dict[str, Any] = jwt.decode(
            token,
            key=found[0],
            algorithms=[name for name in ALGORITHMS if name == header.get("alg")],
            audience=client_id,
            issuer=issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (jwt.PyJWTError, TypeError, ValueError, AttributeError, KeyError) as wrong:
        raise NotTrusted("The ID token is not right.") from wrong
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client_id:
        raise NotTrusted("The token was made for somebody else.")
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise NotTrusted("The token belongs to another sign-in.")
    subject, email = claims["sub"], claims.get("email")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST or "\0" in subject:
        raise NotTrusted("The token names nobody.")
    is_verified = claims.get("email_verified") is True and isinstance(email, str) and "\0" not in email
    return Claims(subject, str(email).strip().lower() if is_verified else "")
