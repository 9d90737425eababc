"""The search: what one may open is found, what is hidden answers like what is not there, and words stay in the form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.accounts import AgencyFactory
from tests.plugins.staff import TOKEN, SiteClient
from tests.waymark.web.searched import FINDERS_AGENCY, KINDS, WORD

from waymark.access.permissions import Role
from waymark.web.search.finding import MOST_OF_A_KIND, words_of
from waymark.web.search.sources import SOURCES

MOST_QUERIES = 12
JSON = {"Accept": "application/json"}
# Of the same length as the word of the table, and nothing has it.
NEVER = "quixotician"


def ask(client: SiteClient, words: str) -> dict[str, Any]:
    found = TOKEN.search(client.get("/search/").content.decode())
    assert found is not None
    answer = client.post("/search/", {"csrfmiddlewaretoken": found[1], "q": words}, headers=JSON)
    assert answer.status_code == 200
    return dict(answer.json())


def _labels(client: SiteClient, words: str) -> list[tuple[str, str]]:
    return [(each["kind"], each["label"]) for each in ask(client, words)["found"]]


def test_every_kind_that_is_searched_is_in_the_table(staff_of: Callable[..., SiteClient]) -> None:
    """A new kind fails here until somebody has said who never finds it."""
    askers = [staff_of(role.value).user for role in Role]
    kinds = {found.kind for asker in askers for source in SOURCES for found in source(asker, [WORD])}
    assert kinds == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_thing_is_found_by_who_may_see_it_and_answers_others_like_nothing(
    kind: str, staff_of: Callable[..., SiteClient]
) -> None:
    make, finder_role, others = KINDS[kind]
    acts_for = {"agency": AgencyFactory(kind=FINDERS_AGENCY[kind])} if kind in FINDERS_AGENCY else {}
    finder = staff_of(finder_role.value, **acts_for)
    label = make(finder.user)
    assert (kind, label) in _labels(finder, f"  {WORD.upper()} ")
    for role, is_elsewhere in others:
        other = staff_of(role.value, **({"agency": AgencyFactory()} if is_elsewhere else acts_for))
        assert perceived(other, WORD) == perceived(other, NEVER), role


def perceived(client: SiteClient, word: str) -> list[tuple[bytes, list[str]]]:
    """What an asker perceives of the page and of the dialog's answer: bytes, and the shape of the database's work."""
    found = TOKEN.search(client.get("/search/").content.decode())
    assert found is not None
    seen = []
    for headers in ({}, JSON):
        with CaptureQueriesContext(connection) as asked:
            answer = client.post("/search/", {"csrfmiddlewaretoken": found[1], "q": word}, headers=headers)
        body = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", answer.content.decode().replace(word, "…"))
        shapes = [re.sub(r"'[^']*'|\d+", "?", query["sql"].replace(word, "…")) for query in asked]
        seen.append((body.encode(), [shape for shape in shapes if '"accounts_session" SET "seen_at"' not in shape]))
    return seen


@pytest.mark.parametrize("role", list(Role))
def test_pages_are_found_by_their_names_and_only_those_that_open(role: Role, staff_of: Callable[..., SiteClient]) -> None:
    client = staff_of(role.value)
    found = [each for letter in "aeiou" for each in ask(client, letter)["found"]]
    assert {each["kind"] for each in found} == {"Page"}
    urls = {each["url"] for each in found}
    assert {url: client.get(url).status_code for url in urls if client.get(url).status_code not in {200, 302}} == {}
    assert ("/region/notices/new/" in urls) == (role is Role.COORDINATOR)


@pytest.mark.parametrize("role", list(Role))
def test_a_search_costs_the_same_whatever_is_there(role: Role, staff_of: Callable[..., SiteClient]) -> None:
    client = staff_of(role.value)
    prices = []
    for fill in (0, MOST_OF_A_KIND + 2):
        for number in range(fill):
            AgencyFactory(name=f"Invented Search House {number}")
        with CaptureQueriesContext(connection) as asked:
            ask(client, "invented")
        prices.append(len(asked))
    # Two requests: the page that gives the token, and the search.
    assert prices[0] == prices[1]
    assert prices[0] <= 2 * MOST_QUERIES


def test_much_is_cut_and_said_so(coordinator: SiteClient) -> None:
    for number in range(MOST_OF_A_KIND + 1):
        AgencyFactory(name=f"{WORD} House {number}")
    answer = ask(coordinator, WORD)
    assert (len(answer["found"]), answer["is_cut"]) == (MOST_OF_A_KIND, True)
    page = coordinator.send("/search/", {"q": WORD}).content.decode()
    assert "There is more: add a word." in page


@pytest.mark.parametrize(
    "junk",
    ["", " ", "\x00", "%", "_", "\\", "'; DROP TABLE accounts_user; --", "<script>alert(1)</script>", "é" * 500, "a " * 99],
)
def test_junk_is_answered_and_stands_for_itself(coordinator: SiteClient, junk: str) -> None:
    AgencyFactory(name=f"{WORD} House")
    page = coordinator.send("/search/", {"q": junk})
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    assert not [kind for kind, label in _labels(coordinator, junk) if WORD in label]


def test_words_are_few_and_short() -> None:
    assert words_of("One  TWO\x00three") == ["one", "two", "three"]
    assert len(words_of("a " * 99)) == 6
    assert len("".join(words_of("x" * 999))) == 120


def test_words_stand_in_no_address_and_no_log(coordinator: SiteClient, caplog: pytest.LogCaptureFixture) -> None:
    form = coordinator.get("/search/").content.decode()
    # Both forms, the page's own and the dialog's, send their words in the body.
    assert re.findall(r'<form[^>]*method="(\w+)" action="/search/"', form) == ["post", "post"]
    assert coordinator.get(f"/search/?q={WORD}").context["asked"] == ""
    coordinator.send("/search/", {"q": WORD})
    assert WORD not in caplog.text


def test_a_form_from_elsewhere_is_refused(coordinator: SiteClient) -> None:
    assert coordinator.post("/search/", {"q": WORD}, headers=JSON).status_code == 403
