"""Errors in words: help first on the public sites, nothing that tells hidden from absent, nothing that needs a database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import RequestFactory
from tests.plugins.staff import HOSTS, SiteClient

from waymark.access.sites import Site
from waymark.web.views.errors import LAST_RESORT, error_page


def _request(site: Site, path: str = "/x/", **headers: str) -> Any:
    request = RequestFactory().get(path, headers={"host": HOSTS[site.value], **headers})
    request.site_name = site  # type: ignore[attr-defined]
    return request


@pytest.mark.parametrize("site", list(Site))
@pytest.mark.parametrize("status", [400, 403, 404, 405, 500])
def test_every_site_answers_every_error_without_a_database(site: Site, status: int) -> None:
    """No `db` here on purpose: touching the database fails this test."""
    answer = error_page(_request(site), status)
    page = answer.content.decode()
    assert answer.status_code == status
    assert "<h1>" in page
    assert "tel:911" in page or (site is Site.STAFF and status == 400)
    assert not answer.cookies


@pytest.mark.parametrize("status", [404, 500])
def test_a_public_error_page_shows_help_before_anything_else(status: int) -> None:
    page = error_page(_request(Site.NEWSROOM), status).content.decode()
    assert page.index("tel:911") < page.index("<h1>")
    finder = error_page(_request(Site.FINDER), status).content.decode()
    assert 'id="leave"' in finder


def test_the_finders_error_page_is_neutral_and_links_to_no_other_site() -> None:
    page = error_page(_request(Site.FINDER), 404).content.decode()
    assert "<title>Community help</title>" in page.replace("\n", "").replace("  ", "")
    for word in ("Waymark", "staff", "news.", "traffick", "coalition"):
        assert word not in page


@pytest.mark.parametrize(
    ("path", "header", "language"),
    [
        ("/es/nope/", "", "es"),
        ("/nope/", "es-MX,es;q=0.9", "es"),
        ("/en/nope/", "es", "en"),
        ("/nope/", "xx", "en"),
        ("/ar/nope/", "", "ar"),
    ],
)
def test_the_finders_error_page_speaks_the_visitors_language(path: str, header: str, language: str) -> None:
    page = error_page(_request(Site.FINDER, path, **({"accept-language": header} if header else {})), 404).content.decode()
    assert f'<html lang="{language}"' in page


def test_when_even_the_error_page_fails_there_are_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr("waymark.web.views.errors.loader.get_template", broken)
    for site in Site:
        answer = error_page(_request(site), 500)
        assert (answer.status_code, answer.content.decode()) == (500, LAST_RESORT)


@pytest.mark.parametrize("site", ["newsroom", "staff"])
def test_an_unknown_address_and_a_wrong_method(visitor: Callable[[str], SiteClient], db: None, site: str) -> None:
    client = visitor(site)
    answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert b"<h1>" in answer.content
    wrong = client.put("/") if site == "newsroom" else client.get("/sign-out/")
    assert wrong.status_code == 405
    assert wrong["Allow"]
    assert b"<h1>" in wrong.content


def test_an_old_form_is_told_that_nothing_was_saved(steward: SiteClient) -> None:
    answer = steward.post("/directory/service/new/", {"name": "x"})
    assert answer.status_code == 403
    assert "This form was open too long" in answer.content.decode()
    assert "what you typed is still in the form" in answer.content.decode()


def test_who_may_not_and_what_is_not_there_look_alike_on_one_site(steward: SiteClient) -> None:
    absent = steward.get("/directory/services/00000000-0000-0000-0000-000000000007/")
    unknown = steward.get("/nonsense/")
    assert absent.content == unknown.content
    assert {k: v for k, v in absent.headers.items() if k != "Vary"} == {
        k: v for k, v in unknown.headers.items() if k != "Vary"
    }
