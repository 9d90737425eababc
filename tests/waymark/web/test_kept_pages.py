"""The outermost door sends finished news pages again: the same bytes, and never one second too early or too late."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import time
from collections.abc import Iterable
from typing import Any

import pytest
import time_machine
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from tests.factories.accounts import UserFactory
from tests.factories.disclosures import acting
from tests.factories.newsroom import released

from waymark.access.permissions import Role
from waymark.newsroom.actions.press import withdraw_item
from waymark.newsroom.selectors.moments import LAG
from waymark.web.kept_pages import KeptPages

TITLE = "A heading behind the door"
SECOND = dt.timedelta(seconds=1)
Answer = tuple[str, dict[str, str], bytes]


class Door:
    """The web server's door, and how often what stands behind it was asked."""

    def __init__(self) -> None:
        self.inside = get_wsgi_application()
        self.asked = 0
        self.door = KeptPages(self._count)

    def _count(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.asked += 1
        return self.inside(environ, start)

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        path, _, query = path.partition("?")
        said: list[Any] = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "news.localhost",
            "SERVER_NAME": "news.localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            **headers,
        }
        answer = self.door(environ, lambda status, headers, *more: said.append((status, headers)))
        body = b"".join(answer)
        getattr(answer, "close", lambda: None)()
        return said[-1][0], dict(said[-1][1]), body


@pytest.fixture
def door(committed_db: str) -> Door:
    return Door()


def test_what_is_sent_again_is_what_was_sent(door: Door) -> None:
    released(title=TITLE)
    first = door.get("/news/")
    assert TITLE in first[2].decode()
    assert door.get("/news/") == first
    assert door.asked == 1
    # Each has its own answer: compressed, the next page, another name of the host, another method, an address with junk.
    packed = door.get("/news/", HTTP_ACCEPT_ENCODING="gzip, br")
    assert gzip.decompress(packed[2]) == first[2]
    assert door.get("/news/?page=2")[0].startswith("404")
    assert door.get("/news/", HTTP_HOST="localhost")[2] != first[2], "the finder has no such page"
    assert door.get("/news/", method="HEAD")[0] == first[0]
    assert door.get("/news/?q=1")[2] == first[2]
    assert door.asked == 6
    # Whoever has the page is told that it stands, without the page.
    for _ in range(2):
        status, headers, body = door.get("/news/", HTTP_IF_NONE_MATCH=first[1]["ETag"])
        assert (status, body, headers["ETag"]) == ("304 Not Modified", b"", first[1]["ETag"])
    assert door.asked == 7
    assert door.get("/news/", HTTP_IF_NONE_MATCH='W/"another"') == first
    # A page that was not found, a form, and the staff site are asked for each time.
    for path, host in (
        ("/news/2026-01-01-none/", "news.localhost"),
        ("/news/search/", "news.localhost"),
        ("/sign-in/", "staff.localhost"),
    ):
        before = door.asked
        for _ in range(2):
            door.get(path, HTTP_HOST=host)
        assert door.asked == before + 2, path


def test_an_embargo_ends_in_its_second_at_the_door_too(door: Door) -> None:
    """The page of before is not sent when the moment has come: nothing has to run, and nobody has to change anything."""
    moment = timezone.now() - dt.timedelta(hours=1)
    moment = moment.replace(second=30, microsecond=0)
    with time_machine.travel(moment - dt.timedelta(hours=2), tick=False):
        released(title=TITLE, public_at=moment)
    with time_machine.travel(moment - SECOND, tick=False):
        for _ in range(3):
            assert TITLE not in door.get("/news/")[2].decode()
        etag = door.get("/news/")[1]["ETag"]
        assert door.get("/news/", HTTP_IF_NONE_MATCH=etag)[0] == "304 Not Modified"
        assert door.get("/news/", HTTP_IF_NONE_MATCH=etag)[0] == "304 Not Modified"
    # Half a second before it: the same minute, the same page.
    with time_machine.travel(moment - SECOND / 2, tick=False):
        assert TITLE not in door.get("/news/")[2].decode()
    with time_machine.travel(moment, tick=False):
        assert TITLE in door.get("/news/")[2].decode()
        assert door.get("/news/", HTTP_IF_NONE_MATCH=etag)[0] == "200 OK"
    # And a reader who stands before it again is not shown what was kept after it.
    with time_machine.travel(moment - SECOND, tick=False):
        assert TITLE not in door.get("/news/")[2].decode()


def test_a_page_that_was_taken_down_is_gone_at_the_next_look(door: Door) -> None:
    item = released(title=TITLE)
    path = f"/news/{item.slug}/"
    assert door.get(path)[0] == door.get(path)[0] == "200 OK"
    assert door.asked == 1
    other = UserFactory(role=Role.COORDINATOR.value)
    with acting(other):
        withdraw_item(item=item, reason="It was wrong.", by=other)
    time.sleep(LAG)
    assert door.get(path)[0] == "410 Gone"
    assert TITLE not in door.get("/news/")[2].decode()
