"""Finished public pages, remembered until something changes or an embargo ends, and answered by 304 when they stand.

As on the finder (docs/adr/0152), with the moment of the latest embargo that has ended in the key, so that a release appears
in its second and not in its minute. Unlike the finder these are news: a reader's program may keep a copy, and asks each
time whether it still stands (`no-cache` and an `ETag`).
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from waymark.directory.selectors.epoch import Remembered
from waymark.newsroom.selectors.moments import Now, database_is_behind, now

LOOK = 60
OK = 200
MOST_PAGES = 10_000
ZIPPED = ("text/", "application/json", "application/feed+json", "application/atom", "application/rss", "application/xml")
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Now, P], HttpResponse]


@dataclass(frozen=True)
class Finished:
    """A page as it is sent."""

    content_type: str
    body: bytes
    zipped: bytes | None
    etag: str


class _NotKept(Exception):
    """An answer that is sent once and not remembered."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


_pages: Remembered[Finished] = Remembered(1_000)
# What tells the door of the web server (waymark.web.kept_pages) that an answer may be sent again, and for which moment.
KEPT_FOR = "waymark.kept_for"


def asked_page(request: HttpRequest) -> int:
    """The page of a list that an address asks for; whatever else stands in the address is not looked at."""
    text = request.GET.get("page", "1")
    return min(int(text), MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < 6 and int(text) else 1


def minute_of(moment: Now) -> int:
    """The minute of a reader: notices and days begin and end by the clock."""
    return int(moment.at.timestamp() // LOOK)


def published(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Remember what a public page answers to GET. The view is given the moment at which it reads."""

    @wraps(view)
    def look_up(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        moment = now()
        key = (request.get_host(), request.path, asked_page(request), moment.boundary, minute_of(moment))

        def finish() -> Finished:
            response = view(request, moment, *args, **kwargs)
            if response.status_code != OK:
                raise _NotKept(response)
            made = _finished(response)
            if database_is_behind(moment.boundary):
                raise _NotKept(_sent(request, made))
            return made

        try:
            page = _pages.get(key, moment.epoch, finish)
        except _NotKept as once:
            return once.response
        if moment.epoch is not None:
            request.META[KEPT_FOR] = moment
        return _sent(request, page)

    return cast(Callable[Concatenate[HttpRequest, P], HttpResponse], look_up)


def _finished(response: HttpResponse) -> Finished:
    body, kind = response.content, response.headers["Content-Type"]
    return Finished(
        content_type=kind,
        body=body,
        zipped=gzip.compress(body, 6, mtime=0) if kind.startswith(ZIPPED) else None,
        # Weak: the same page is sent plain and compressed.
        etag=f'W/"{hashlib.blake2b(body, digest_size=16).hexdigest()}"',
    )


def _sent(request: HttpRequest, page: Finished) -> HttpResponse:
    response: HttpResponse
    known = request.headers.get("If-None-Match", "")
    if known and (known.strip() == "*" or page.etag in parse_etags(known[:2_000])):
        response = HttpResponseNotModified()
    elif page.zipped is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(page.zipped, content_type=page.content_type)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(page.body, content_type=page.content_type)
    response.headers["ETag"] = page.etag
    response.headers["Cache-Control"] = "public, no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
