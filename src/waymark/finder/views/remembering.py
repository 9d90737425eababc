"""Finished pages, remembered for an epoch and a minute, so that a crowd costs no more than one visitor.

The epoch moves with every public change and the minute with the clock (opening hours, notices that end), so what is
remembered is never stale. The key is the address and, on the bare first page, the language that was asked for; nothing
about the visitor is part of it.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from waymark.directory.selectors.epoch import Remembered, publication_epoch
from waymark.finder.content import offered_languages

LOOK = 60
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Finished:
    """A page as it is sent."""

    status: int
    content_type: str
    body: bytes
    zipped: bytes


_pages: Remembered[Finished] = Remembered(800)
COMPLETE = frozenset(each.code for each in offered_languages())


def asked_languages(header: str) -> str:
    """Our languages that a browser asks for, in its order. The rest of what it says would only make more keys."""
    codes = (part.split(";")[0].strip().lower().split("-")[0] for part in header[:400].split(","))
    return ",".join(dict.fromkeys(code for code in codes if code in COMPLETE))


def sent(request: HttpRequest, body: bytes, zipped: bytes, content_type: str, status: int = 200) -> HttpResponse:
    """An answer, compressed for whoever can read it so."""
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(zipped, content_type=content_type, status=status)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(body, content_type=content_type, status=status)
    response.headers["Vary"] = "Accept-Encoding"
    return response


def remembered(view: View) -> View:
    """Remember what a public page answers to GET. Only for pages that depend on the address alone."""

    @wraps(view)
    def look_up(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return view(request, *args, **kwargs)
        asked = "" if kwargs.get("code") else asked_languages(request.headers.get("Accept-Language", ""))
        key = (request.get_host(), request.path, asked, int(time.time() // LOOK))

        def finish() -> Finished:
            response = view(request, *args, **kwargs)
            return Finished(
                response.status_code, response.headers["Content-Type"], response.content, gzip.compress(response.content, 6)
            )

        page = _pages.get(key, publication_epoch(), finish)
        return sent(request, page.body, page.zipped, page.content_type, page.status)

    return look_up
