"""Second factors for tests: an authenticator app and a passkey, as software, without a browser."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256

from waymark.accounts.actions.factors import enroll_app
from waymark.accounts.models import User

ORIGIN = "http://staff.localhost"


class App:
    """An authenticator app that holds one secret; each call gives a code that was not given before."""

    def __init__(self, secret: str = "") -> None:
        self.secret = secret or str(generate_totp_secret())
        self.last = 0

    def code(self, *, steps: int = 0) -> str:
        """The code of now, `steps` half minutes away."""
        return format_hotp_value(hotp_value(self.secret, int(time.time()) // 30 + steps))


def give_app(user: User) -> App:
    """An app that was set up two steps ago, so that the code of now is unused."""
    app = App()
    enroll_app(user=user, secret=app.secret, code=app.code(steps=-1))
    return app


def sign_in_by_app(client: Client, email: str, password: str, app: App, **more: str) -> Any:
    """Both steps; gives the answer to the second."""
    first = client.send("/sign-in/", {"email": email, "password": password, **more})  # type: ignore[attr-defined]
    assert first.status_code == 302, "the first step was refused"
    return client.send("/sign-in/second-step/", {"code": app.code()})  # type: ignore[attr-defined]


def set_up_app(client: Client) -> App:
    """The pages of a newcomer: read the key off the page, as a person would, and type the first code."""
    page = client.get("/sign-in/set-up/app/").content.decode()
    key = page.split('class="app-key"')[1].split("</p>")[0]
    app = App("".join(re.findall(r"<span>(\w+)</span>", key)))
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    fields = {"code": app.code(), "csrfmiddlewaretoken": token[1] if token else ""}
    done = client.post("/sign-in/set-up/app/", fields)
    assert (done.status_code, done["Location"]) == (302, "/my/sign-in/codes/")
    return app


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class SoftKey:
    """A passkey made of Python: it signs what a browser would sign, and lies when a test wants it to."""

    def __init__(self, origin: str = ORIGIN, *, verifies: bool = True) -> None:
        self.origin, self.verifies = origin, verifies
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.handle = ""
        self.counter = 0

    def _data(self, rp_id: str, *, attested: bytes = b"") -> bytes:
        flags = 0x01 | (0x04 if self.verifies else 0) | (0x40 if attested else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big") + attested

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        return json.dumps(
            {
                "id": _text(self.id),
                "rawId": _text(self.id),
                "type": "public-key",
                "clientExtensionResults": {"credProps": {"rk": True}},
                "response": response,
            }
        )

    def make(self, options: str) -> str:
        """Answer to the options of a registration."""
        asked = json.loads(options)["publicKey"]
        self.handle = asked["user"]["id"]
        cose = cbor.encode(dict(ES256.from_cryptography_key(self.private.public_key())))
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(asked["rp"]["id"], attested=attested)}
        return self._answer(
            {
                "clientDataJSON": _text(self._client("webauthn.create", asked["challenge"])),
                "attestationObject": _text(cbor.encode(statement)),
            }
        )

    def use(self, options: str) -> str:
        """Answer to the options of a sign-in."""
        asked = json.loads(options)["publicKey"]
        data, client = self._data(asked["rpId"]), self._client("webauthn.get", asked["challenge"])
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": _text(client),
                "authenticatorData": _text(data),
                "signature": _text(signature),
                "userHandle": self.handle,
            }
        )
