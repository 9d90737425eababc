"""`./waymark check --public URL`: what the finder tells a stranger who looks at it from outside.

Someone may look over the shoulder at the address bar, at the tab, at the home screen, at the router's list of hosts.
Nothing there may say what the page is about: not the host name, not any name in the certificate (certificates are published
in public logs for ever), not the title, the icon, or a path. And nothing may be left behind: no cookie, no foreign host.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from html.parser import HTMLParser
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urljoin, urlsplit

from waymark.config.launch.progress import Trouble

# Stems in the languages of the finder. A neutral name ("River Guide") holds none of them.
TELLING = (
    *(
        "traffick",
        "victim",
        "survivor",
        "shelter",
        "abuse",
        "violence",
        "rescue",
        "exploit",
        "slavery",
        "hotline",
        "safehouse",
    ),
    *(
        "police",
        "sheriff",
        "attorney",
        "court",
        "prosecut",
        "immigra",
        "asylum",
        "escape",
        "sexwork",
        "sex-work",
        "prostitut",
    ),
    *(
        "trata",
        "victima",
        "violencia",
        "refugio",
        "abuso",
        "policia",
        "escape",
        "esclav",
        "waymark",
        "coalition",
        "newsroom",
    ),
)
PAGES = 40
PROXY = """\
Proxy settings that keep no address (nginx; the same for others is in docs/howto/deploy.md):
    access_log off;
    error_log /dev/null crit;
    proxy_set_header X-Forwarded-For "";
    proxy_set_header X-Real-IP "";
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-Proto $scheme;"""


@dataclass
class Page(HTMLParser):
    """What one page shows and what it asks for."""

    address: str
    title: str = ""
    names: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    exits: list[str] = field(default_factory=list)
    in_title: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect links, loaded parts and every name that a browser would show outside the page."""
        given = {name: value or "" for name, value in attrs}
        if tag == "title":
            self.in_title = True
        elif tag == "a":
            self.links.append(given.get("href", ""))
            if given.get("id") == "leave":  # Leave now goes to a foreign page on purpose
                self.exits.append(given.get("href", ""))
        elif tag == "form":
            self.parts.append(given.get("action", ""))
        elif tag == "link":
            self.parts.append(given.get("href", ""))
        elif tag == "meta" and given.get("name", given.get("property", "")) in {
            *(
                "application-name",
                "apple-mobile-web-app-title",
                "og:title",
                "og:site_name",
                "description",
                "og:description",
            ),
        }:
            self.names.append(given.get("content", ""))
        for attribute in ("src", "data", "poster"):
            if given.get(attribute):
                self.parts.append(given[attribute])
        self.parts += [part.split()[0] for part in given.get("srcset", "").split(",") if part.split()]

    def handle_data(self, data: str) -> None:
        """The title's text."""
        if self.in_title:
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        """The title ends."""
        if tag == "title":
            self.in_title = False


class Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is looked at, not followed blindly."""

    def redirect_request(self, *details: object, **more: object) -> None:
        """Follow nothing."""
        return


def telling_words(text: str) -> list[str]:
    """The telling stems in a name."""
    low = text.lower().replace("í", "i").replace("ó", "o").replace("á", "a").replace("é", "e")
    return sorted({stem for stem in TELLING if stem in low})


def check_public(address: str) -> int:
    """Look at the finder from outside; print what is wrong and the proxy settings; 1 when anything is wrong."""
    address = address if "//" in address else f"https://{address}"
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Trouble(f"{address} is not the address of a page, like https://example.org/.")
    found = list(_host(parts.hostname))
    if parts.scheme == "https":
        found += _certificate(parts.hostname, parts.port or 443)
    elif parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        found.append("address: the finder must be reached by https")
    pages = 0
    if not any("refuse" in problem for problem in found):
        pages, more = _walk(f"{parts.scheme}://{parts.netloc}/")
        found += more
    for problem in dict.fromkeys(found):
        print(f"  {problem}")
    print(f"{pages} pages looked at, {len(dict.fromkeys(found))} problems.")
    print(PROXY)
    return 1 if found else 0


def _host(host: str) -> Iterator[str]:
    for word in telling_words(host):
        yield f"host: {host} tells what the page is about ({word})"


def _certificate(host: str, port: int) -> Iterator[str]:
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, port), timeout=10) as raw,
            context.wrap_socket(raw, server_hostname=host) as secured,
        ):
            certificate: dict[str, Any] = dict(secured.getpeercert() or {})
    except ssl.SSLCertVerificationError as error:
        yield f"certificate: browsers refuse it ({error.verify_message})"
        return
    except OSError as error:
        raise Trouble(f"{host} does not answer on port {port}: {error.strerror or error}.") from error
    names = {str(pair[1]) for pair in certificate.get("subjectAltName", ())}
    for part in certificate.get("subject", ()):
        names |= {str(pair[1]) for pair in part}
    for name in sorted(names):
        for word in telling_words(name):
            yield f"certificate: it names {name}, which tells what the page is about ({word})"
    others = sorted(name for name in names if "." in name and name.removeprefix("*.") not in host)
    if others:
        yield f"certificate: it also names {', '.join(others)}: the finder needs a certificate of its own"


def _fetch(address: str) -> tuple[int, Message, bytes]:
    opener = urllib.request.build_opener(Stay)
    request = urllib.request.Request(address, headers={"Accept": "text/html", "User-Agent": "check"})  # noqa: S310
    try:
        with opener.open(request, timeout=15) as answer:
            assert isinstance(answer, HTTPResponse)  # noqa: S101 (http and https give nothing else)
            return answer.status, answer.headers, answer.read(2_000_000)
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read(2_000_000)
    except OSError as error:
        raise Trouble(f"{address} does not answer: {getattr(error, 'reason', error)}.") from error


def _walk(start: str) -> tuple[int, list[str]]:
    """Look at the first page and what it links to, breadth first."""
    host = urlsplit(start).netloc
    waiting, seen, exits, looked = [start], {start}, set[str](), 0
    found: list[str] = []
    while waiting and looked < PAGES:
        address = waiting.pop(0)
        status, headers, body = _fetch(address)
        looked += 1
        found += _answer(address, status, headers)
        if status in {301, 302, 303, 307, 308}:
            target = urljoin(address, headers.get("Location", ""))
            if urlsplit(target).netloc != host:
                if address in exits:
                    continue
                found.append(f"foreign host: {address} sends visitors to {urlsplit(target).netloc}")
            elif target not in seen:
                seen.add(target)
                waiting.append(target)
            continue
        if "manifest" in headers.get_content_type():
            found += _manifest(urlsplit(address).path, body)
        if "html" not in headers.get_content_type():
            continue
        page = Page(address)
        page.feed(body.decode("utf-8", "replace"))
        found += _page(page, host)
        exits |= {urljoin(address, link) for link in page.exits}
        for link in [*page.links, *(part for part in page.parts if "manifest" in part)]:
            target = urljoin(address, link).split("#")[0]
            if urlsplit(target).netloc == host and urlsplit(target).scheme in {"http", "https"} and target not in seen:
                seen.add(target)
                waiting.append(target)
    if looked == 1 and found == [] and not seen - {start}:
        found.append("page: the first page links to nothing, so nothing else was looked at")
    return looked, found


def _answer(address: str, status: int, headers: Message) -> Iterator[str]:
    path = urlsplit(address).path
    if status >= 400:
        yield f"page: {path} answers {status}"
    if headers.get("Set-Cookie"):
        yield f"cookie: {path} sets one"
    for word in telling_words(path):
        yield f"path: {path} tells what the page is about ({word})"
    policy = headers.get("Content-Security-Policy", "")
    if "html" in headers.get_content_type():
        if "default-src 'none'" not in policy:
            yield f"header: {path} has no Content-Security-Policy that begins with default-src 'none'"
        foreign = sorted(set(re.findall(r"(?:https?:)?//[^\s;]+|\*\.[^\s;]+", policy)))
        if foreign:
            yield f"foreign host: the Content-Security-Policy of {path} allows {', '.join(foreign)}"
        if headers.get("Referrer-Policy") != "no-referrer":
            yield f"header: {path} has no Referrer-Policy: no-referrer"
        if "no-store" not in headers.get("Cache-Control", ""):
            yield f"header: {path} may be kept by the browser (Cache-Control has no no-store)"
    if headers.get("Server", "") and re.search(r"\d", headers["Server"]):
        yield f"header: {path} tells the server's version ({headers['Server']})"


def _manifest(path: str, body: bytes) -> Iterator[str]:
    """The name under the icon on a home screen."""
    try:
        manifest = json.loads(body)
        names = [str(manifest.get(name, "")) for name in ("name", "short_name", "description", "start_url")]
    except (ValueError, AttributeError):
        yield f"name: {path} is not a manifest that can be read"
        return
    for name in names:
        for word in telling_words(name):
            yield f"name: {name!r} in {path} tells what the page is about ({word})"


def _page(page: Page, host: str) -> Iterator[str]:
    path = urlsplit(page.address).path
    for word in telling_words(page.title):
        yield f"title: {page.title.strip()!r} at {path} tells what the page is about ({word})"
    for name in page.names:
        for word in telling_words(name):
            yield f"name: {name!r} at {path} tells what the page is about ({word})"
    for part in page.parts:
        target = urlsplit(urljoin(page.address, part))
        if target.scheme in {"http", "https"} and target.netloc != host:
            yield f"foreign host: {path} loads from {target.netloc}"
        for word in telling_words(target.path.rsplit("/", 1)[-1] if "icon" in target.path else ""):
            yield f"icon: {target.path} tells what the page is about ({word})"
