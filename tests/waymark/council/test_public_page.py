"""From asking the council to the reason that everybody reads: the journey in which the coalition goes past it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.council import aged, asked, gated_thing, gated_type, two_seated
from tests.plugins.database import TestCluster, pointed_at
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.models import User
from waymark.council.models import CouncilReview

REASON = "The reporter has the numbers already; what is written here corrects them."


@pytest.fixture
def world(test_cluster: TestCluster, django_db_setup: None) -> Iterator[None]:
    name = test_cluster.clone()
    with pointed_at(test_cluster, name):
        yield
    test_cluster.drop(name)


def signed_in(user: User) -> SiteClient:
    client = SiteClient("staff")
    client.force_login(user)
    return client


@pytest.mark.usefixtures("world")
def test_an_objection_is_overridden_by_two_agencies_and_the_reason_is_public() -> None:
    author = UserFactory(role=Role.MEMBER.value, agency=AgencyFactory())
    code, thing = gated_type(), gated_thing()
    review = asked(code, thing, by=author, title="Numbers of the year")
    page = f"/council/reviews/{review.pk}/"
    for user, answer in zip(two_seated(), ("endorse", "object"), strict=True):
        client = signed_in(user)
        assert "As it was written" in client.get(page).content.decode()
        assert client.send(f"{page}answer/", {"answer": answer}).status_code == (302 if answer == "endorse" else 422)
        if answer == "object":
            client.send(f"{page}answer/", {"answer": answer, "reason": "It names the street."})
    assert CouncilReview.objects.get().state == "objection"
    coordinator = signed_in(UserFactory(role=Role.COORDINATOR.value))
    assert coordinator.get(f"{page}override/").status_code == 404
    aged(review)
    assert coordinator.send(f"{page}override/", {"reason": "Because"}).status_code == 422
    assert coordinator.send(f"{page}override/", {"reason": REASON}).status_code == 302
    author_s_officer = signed_in(UserFactory(role=Role.OFFICER.value, agency=author.acting.agency))  # type: ignore[union-attr]
    assert author_s_officer.get(f"{page}override/decide/").status_code == 404
    officer = signed_in(UserFactory(role=Role.OFFICER.value, agency=AgencyFactory(name="Invented second agency")))
    assert REASON in officer.get(f"{page}override/decide/").content.decode()
    news = SiteClient("newsroom")
    assert REASON not in news.get("/council/").content.decode()
    assert officer.send(f"{page}override/decide/", {"decision": "confirm"}).status_code == 302
    # Nothing is named before readers can see the thing itself.
    assert "Numbers of the year" not in news.get("/council/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE council_probe SET state = 'public' WHERE id = %s", [thing])
    answer = news.get("/council/")
    text = answer.content.decode()
    for words in ("Numbers of the year", REASON, "The council objected.", "It names the street.", "Invented second agency"):
        assert words in text
    for name in ("Juniper", "Wren", "An invented member"):
        assert name not in text
    assert "guaranteed income" in text
    assert not answer.cookies
