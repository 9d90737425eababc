"""Finished news pages, sent again before anything else of the server is asked.

After a news report thousands open one page. Sent through every layer, a page that was finished long ago still costs what
the layers cost: sites, headers, sessions that it has not, addresses. So the outermost door of the web server keeps the very
bytes that went out, headers and all, and sends them again as long as they stand (docs/adr/0831).

They stand for the publication epoch, for the latest embargo that has ended and for the minute, as inside
(waymark.newsroom.views.remembering). The time is read for every request, so an embargo ends in its second here as well; the
epoch is asked for at most a hundred times a second. Only what the newsroom marked is kept, only for GET. Of its reader the
door knows which copy they have and whether they read compressed pages, and nothing else.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.http import parse_etags

from waymark.newsroom.selectors.moments import Now, glance
from waymark.newsroom.views.remembering import KEPT_FOR, minute_of

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]
Key = tuple[object, ...]
WHOLE, STANDS = "200 OK", "304 Not Modified"
ASKED = re.compile(r"(?:page=\d{1,5})?", re.ASCII)
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it left, and the moment for which it stands."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    etag: str
    moment: Key


class KeptPages:
    """Stands before the application and answers for it what it has answered before."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        key = _key_of(environ)
        if key is None:
            return self.application(environ, start_response)
        found = self._standing(key, environ)
        if found is None:
            return self._ask(key, environ, start_response)
        start_response(found.status, found.headers)
        return [found.body]

    def _standing(self, key: Key, environ: Environ) -> Kept | None:
        """What was sent before for the same question, if it stands and its reader does not have it already."""
        whole = self._kept.get((*key, WHOLE))
        if whole is None:
            return None
        if _has(environ, whole.etag):
            whole = self._kept.get((*key, STANDS))
        moment = glance() if whole is not None else None
        return whole if whole is not None and moment is not None and whole.moment == _stands_for(moment) else None

    def _ask(self, key: Key, environ: Environ, start_response: Start) -> Iterable[bytes]:
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            said.append((status, headers))
            return start_response(status, headers, *more)

        answer = self.application(environ, start)
        moment = environ.pop(KEPT_FOR, None)
        if moment is not None and said and said[-1][0] in {WHOLE, STANDS}:
            status, headers = said[-1]
            etag = dict(headers).get("ETag", "")
            self._keep((*key, status), Kept(status, headers, b"".join(answer), etag, _stands_for(moment)))
        return answer

    def _keep(self, key: Key, page: Kept) -> None:
        with self._lock:
            self._kept[key] = page
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)


def _key_of(environ: Environ) -> Key | None:
    """What a page is kept under, or None for what is never kept."""
    query = environ.get("QUERY_STRING", "")
    if environ["REQUEST_METHOD"] != "GET" or ASKED.fullmatch(query) is None:
        return None
    return (
        environ.get("HTTP_HOST"),
        environ.get("PATH_INFO"),
        query,
        environ.get("wsgi.url_scheme"),
        environ.get("HTTP_X_FORWARDED_PROTO") == "https",
        "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""),
    )


def _has(environ: Environ, etag: str) -> bool:
    """Whether whoever asks has this page already."""
    known = environ.get("HTTP_IF_NONE_MATCH", "")
    return bool(known) and (known == etag or known.strip() == "*" or etag in parse_etags(known[:MOST]))


def _stands_for(moment: Now) -> Key:
    return (moment.database, moment.epoch, moment.boundary, minute_of(moment))
