"""The sources' published operations are entered on the screens and appear exactly as they were published."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from tests.plugins.staff import SiteClient
from tests.waymark.operations.sources import SOURCES, enter, enter_total, must_be_as_published, release, the_people

from waymark.accounts.models import User

pytestmark = pytest.mark.django_db


def seen(path: str) -> str:
    """The text of a public page as a reader sees it."""
    answer = SiteClient("newsroom").get(path)
    assert answer.status_code == 200, path
    text = re.sub(r"<(?:title|desc).*?</(?:title|desc)>|<svg.*?</svg>|<[^>]+>", " ", answer.content.decode(), flags=re.S)
    return " ".join(html.unescape(text).split())


def test_what_the_sources_published_stands_there_as_they_published_it() -> None:
    people = the_people()
    clients: dict[User, SiteClient] = {}

    def type_in(user: User, path: str, data: dict[str, Any]) -> str:
        if user not in clients:
            clients[user] = SiteClient("staff")
            clients[user].force_login(user)
        answer = clients[user].send(path, data)
        assert answer.status_code == 302, (path, re.findall(r"error-message[^>]*>(.*?)<", answer.content.decode(), re.S))
        return str(answer.headers["Location"])

    release([enter(source, people, type_in) for source in SOURCES], people, type_in)
    enter_total(people, type_in)
    must_be_as_published(seen)
    placer = next(source.title for source in SOURCES if source.held_back)
    listed = SiteClient("newsroom").get("/news/").content.decode()
    (path,) = re.findall(rf'href="(/news/[^"]+)">{placer}', listed)
    assert "Identities of those arrested : Placer County District Attorney is responsible" in seen(path)
    assert "It is not stored here" in seen(path)
