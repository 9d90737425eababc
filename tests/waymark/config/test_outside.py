"""`./waymark check --public`: a finder that tells what it is fails, in every way in which it can tell."""

from __future__ import annotations

import datetime as dt
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.plugins.database import ROOT

from waymark.config.launch.outside import telling_words

GOOD_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
GOOD = "<!doctype html><title>River Guide</title><link rel=icon href=/static/icon.svg><a href=/page/>page</a>"


@contextmanager
def site(pages: dict[str, tuple[str, dict[str, str]]], certificate: Path | None = None) -> Iterator[str]:
    """A small web site on this machine; unknown paths answer 404."""

    class Handler(BaseHTTPRequestHandler):
        server_version = "web"
        sys_version = ""

        def do_GET(self) -> None:
            body, headers = pages.get(self.path, ("<title>none</title>", {}))
            self.send_response((302 if "Location" in headers else 200) if self.path in pages else 404)
            for name, value in (GOOD_HEADERS | headers).items():
                if value:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *details: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"{'https' if certificate else 'http'}://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def check(address: str, **variables: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, str(ROOT / "waymark"), "check", "--public", address],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=os.environ | variables,
    )
    return done.returncode, done.stdout + done.stderr


def certificate(folder: Path, *names: str) -> Path:
    """A certificate for these names that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


def test_a_neutral_site_passes_and_the_proxy_settings_are_printed() -> None:
    pages = {
        "/": (GOOD + "<a id=leave href=/out/>Leave</a>", {}),
        "/page/": (GOOD, {}),
        "/out/": ("", {"Location": "https://weather.example/"}),
    }
    with site(pages) as address:
        code, said = check(address)
    assert code == 0, said
    assert "3 pages looked at, 0 problems." in said
    assert "access_log off;" in said
    assert 'proxy_set_header X-Forwarded-For "";' in said


def test_our_own_finder_passes(web_server) -> None:
    code, said = check(web_server.url)
    assert code == 0, said


@pytest.mark.parametrize(
    ("page", "headers", "problem"),
    [
        (GOOD.replace("River Guide", "Shelters near you"), {}, "title: 'Shelters near you' at / tells"),
        (GOOD.replace("icon.svg", "victim-icon.svg"), {}, "icon: /static/victim-icon.svg tells"),
        (GOOD + "<meta name=application-name content='Survivor app'>", {}, "name: 'Survivor app' at / tells"),
        (GOOD + "<script src=https://cdn.example/x.js></script>", {}, "foreign host: / loads from cdn.example"),
        (GOOD + "<img srcset='//img.example/a.png 2x'>", {}, "foreign host: / loads from img.example"),
        (GOOD, {"Set-Cookie": "a=b"}, "cookie: / sets one"),
        (GOOD, {"Content-Security-Policy": ""}, "header: / has no Content-Security-Policy"),
        (
            GOOD,
            {"Content-Security-Policy": "default-src 'none'; img-src https://cdn.example"},
            "foreign host: the Content-Security-Policy of / allows https://cdn.example",
        ),
        (GOOD, {"Referrer-Policy": "origin"}, "header: / has no Referrer-Policy"),
        (GOOD, {"Cache-Control": "max-age=60"}, "header: / may be kept by the browser"),
        (GOOD + "<a href=/hotline/>x</a>", {}, "path: /hotline/ tells"),
        ("", {"Location": "https://elsewhere.example/"}, "sends visitors to elsewhere.example"),
    ],
)
def test_what_tells_or_leaves_a_trace_fails(page: str, headers: dict[str, str], problem: str) -> None:
    with site({"/": (page, headers), "/page/": (GOOD, {})}) as address:
        code, said = check(address)
    assert code == 1
    assert problem in said


def test_a_manifest_with_a_telling_name_fails() -> None:
    manifest = ('{"name": "Safe shelter", "short_name": "River"}', {"Content-Type": "application/manifest+json"})
    pages = {
        "/": (GOOD + "<link rel=manifest href=/app.webmanifest>", {}),
        "/page/": (GOOD, {}),
        "/app.webmanifest": manifest,
    }
    with site(pages) as address:
        code, said = check(address.replace("http://", "http://"))
    assert (code, "name: 'Safe shelter' in /app.webmanifest tells" in said) == (1, True)


def test_a_certificate_that_names_a_telling_host_fails(tmp_path: Path) -> None:
    made = certificate(tmp_path, "localhost", "shelter.example")
    with site({"/": (GOOD, {}), "/page/": (GOOD, {})}, made) as address:
        code, said = check(address, SSL_CERT_FILE=str(made))
    assert code == 1
    assert "certificate: it names shelter.example, which tells what the page is about (shelter)" in said
    assert "certificate: it also names shelter.example: the finder needs a certificate of its own" in said


def test_a_neutral_certificate_passes(tmp_path: Path) -> None:
    made = certificate(tmp_path, "localhost")
    with site({"/": (GOOD, {}), "/page/": (GOOD, {})}, made) as address:
        code, said = check(address, SSL_CERT_FILE=str(made))
    assert code == 0, said


def test_a_certificate_that_browsers_refuse_fails(tmp_path: Path) -> None:
    with site({"/": (GOOD, {})}, certificate(tmp_path, "localhost")) as address:
        code, said = check(address)
    assert (code, "certificate: browsers refuse it" in said) == (1, True), said


def test_no_answer_is_one_sentence() -> None:
    code, said = check("http://localhost:9")
    assert code == 1
    assert said.startswith("waymark: http://localhost:9/ does not answer:")


@pytest.mark.parametrize("name", ["safe-shelter.example", "trata.example", "Refugio Río", "stop-trafficking.example"])
def test_telling_names(name: str) -> None:
    assert telling_words(name)


@pytest.mark.parametrize("name", ["riverguide.example", "Community help", "Guía del río", "north-county.example"])
def test_neutral_names(name: str) -> None:
    assert telling_words(name) == []
