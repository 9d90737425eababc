"""A small OpenID provider on this machine, which lies when a test wants it to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


class Provider:
    """What it says of itself and of who signs in; `claims` go into the token over the right ones."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signing_key: Any = self.key
        self.algorithm = "RS256"
        self.claims: dict[str, Any] = {}
        self.headers: dict[str, Any] = {}
        self.nonce = ""
        self.forms: list[dict[str, list[str]]] = []
        self.issuer = ""
        self.stated_issuer = ""

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.stated_issuer or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]}

    def token(self) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": "waymark",
            "sub": "number-1",
            "iat": now,
            "exp": now + 60,
            "nonce": self.nonce,
            "email": "ana@example.org",
            "email_verified": True,
            **self.claims,
        }
        headers = {"kid": "one", **self.headers}
        return {"id_token": jwt.encode(claims, self.signing_key, algorithm=self.algorithm, headers=headers)}


@contextmanager
def provider() -> Iterator[Provider]:
    """Run one on a free port of the loopback address."""
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def _say(self, words: Any) -> None:
            body = json.dumps(words).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self._say(made.keys() if self.path == "/keys" else made.discovery())

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            made.forms.append(parse_qs(self.rfile.read(length).decode()))
            self._say(made.token())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
