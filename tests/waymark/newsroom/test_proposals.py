"""A figure from the screens: one proposes it with all that belongs to it, the council reads it, another puts it up."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from tests.factories.accounts import UserFactory
from tests.factories.council import endorsed
from tests.factories.disclosures import acting
from tests.factories.newsroom import FIGURE, FigureFactory, cleared, released, the_council
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.council.models import CouncilReview
from waymark.newsroom.actions.figures import GATED_AS, drop_figure, propose_figure, put_up_figure
from waymark.newsroom.models import FigureProposal, PressItem, PublishedFigure
from waymark.newsroom.policies import Refused

pytestmark = pytest.mark.django_db


def _page(path: str) -> str:
    return SiteClient("newsroom").get(path).content.decode()


def _proposed(**other: object) -> tuple[FigureProposal, SiteClient]:
    """A proposal, and a client of who made it."""
    client = SiteClient("staff")
    client.user = UserFactory()
    client.force_login(client.user)
    with acting(client.user):
        return propose_figure(values={**FIGURE, **other}, by=client.user), client


def test_two_people_and_the_council_put_a_figure_up_exactly_as_proposed(coordinator: SiteClient) -> None:
    proposal, client = _proposed()
    url = f"/newsroom/proposals/{proposal.pk}/"
    assert "Somebody else puts it up" in client.get(url).content.decode()
    assert client.get(url + "put-up/").status_code == 404
    line = "Proposed figure waits for a second person"
    assert line in coordinator.get("/").content.decode()
    assert line not in client.get("/").content.decode(), "the first person cannot be the second"
    assert SiteClient("newsroom").get("/figures/invented_graduates/").status_code == 404
    refused = coordinator.send(url + "put-up/")
    assert refused.status_code == 422
    assert "has not endorsed this figure" in refused.content.decode()
    endorsed_now(proposal, client)
    assert coordinator.send(url + "put-up/").status_code == 302
    page = _page("/figures/invented_graduates/")
    for words in ('<p class="number">191</p>', FIGURE["wording"], FIGURE["source"], FIGURE["population"], FIGURE["caveat"]):
        assert str(words) in page
    with acting(coordinator.user), pytest.raises(Refused, match="second person"):
        put_up_figure(proposal=proposal, by=coordinator.user)


def endorsed_now(proposal: FigureProposal, client: SiteClient) -> None:
    review = CouncilReview.objects.filter(kind_id=GATED_AS, object_id=str(proposal.pk)).get()
    assert review.content["wording"] == FIGURE["wording"]  # type: ignore[index]
    endorsed(GATED_AS, proposal.pk, by=client.user, council=the_council())


def test_whoever_goes_round_the_screens_meets_the_database(coordinator: SiteClient) -> None:
    proposal, client = _proposed()
    at = timezone.now()
    with acting(coordinator.user):
        with pytest.raises(DatabaseError, match="second person, as it was proposed"), transaction.atomic():
            FigureFactory()
        with pytest.raises(DatabaseError, match="council"), transaction.atomic():
            FigureProposal.objects.update(state="public", put_up_by=coordinator.user, put_up_at=at)
        with pytest.raises(DatabaseError, match="Another figure"), transaction.atomic():
            FigureProposal.objects.update(value="192")
    endorsed_now(proposal, client)
    with acting(coordinator.user):
        with pytest.raises(IntegrityError, match="by_two"), transaction.atomic():
            FigureProposal.objects.update(state="public", put_up_by=client.user, put_up_at=at)
        FigureProposal.objects.update(state="public", put_up_by=coordinator.user, put_up_at=at)
        with pytest.raises(DatabaseError, match="as it was proposed"), transaction.atomic():
            FigureFactory(**{**FIGURE, "value": "200"})
    # Nobody outside reads what only waits, whatever page asks.
    _proposed(key="invented_other")
    assert [each.key for each in FigureProposal.objects.all()] == ["invented_graduates"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"value": "9"}, "never shown as a number"),
        ({"value": "١", "display": "number"}, "never shown as a number"),
        ({"value": "nine"}, "whole number"),
        ({"value": ""}, "is not zero"),
        ({"display": "words", "wording": ""}, "owner’s words"),
        ({"key": "taken"}, "of this short name"),
        ({"source": ""}, "Fill in “"),
        ({"value": "x" * 41}, "and 40 fit"),
    ],
)
def test_what_makes_no_sense_is_said_beside_what_was_typed(steward: SiteClient, wrong: dict[str, str], words: str) -> None:
    FigureFactory(key="taken")
    data = {**FIGURE, "counts_people": "on", **wrong}
    answer = steward.send("/newsroom/proposals/new/", data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert str(FIGURE["caveat"]) in answer.content.decode()
    with acting(steward.user):
        assert not FigureProposal.objects.exists()


def test_a_small_count_in_words_and_a_running_total_are_shown_as_they_are(coordinator: SiteClient) -> None:
    few, _ = _proposed(key="few", value="9", display="words", wording="nine invented people")
    total, _ = _proposed(key="total", value="57", wording="57 total arrests", series="Operation: Invented (series)")
    none, _ = _proposed(key="none", value="", bound="null", display="hidden", wording="")
    for each in (few, total, none):
        _clear(each)
        with acting(coordinator.user):
            put_up_figure(proposal=each, by=coordinator.user)
    assert PublishedFigure.objects.get(key="none").value is None
    assert "not published" in _page("/figures/none/")
    page = _page("/figures/few/")
    assert "nine invented people" in page
    assert 'class="number"' not in page
    results = _page("/results/")
    assert "Operation: Invented (series)" in results
    assert "running total and not an operation" in results
    assert '<p class="number">57</p>' in results


def _clear(proposal: FigureProposal) -> None:
    endorsed(GATED_AS, proposal.pk, by=proposal.proposed_by, council=the_council())


def test_what_was_proposed_is_taken_back_and_the_name_is_free_again() -> None:
    proposal, client = _proposed()
    with acting(client.user), pytest.raises(Refused, match="short name"):
        propose_figure(values=FIGURE, by=client.user)
    assert client.send(f"/newsroom/proposals/{proposal.pk}/drop/").status_code == 302
    assert CouncilReview.objects.get().state == "withdrawn"
    with acting(client.user):
        with pytest.raises(Refused, match="what waits"):
            drop_figure(proposal=proposal, by=client.user)
        assert propose_figure(values=FIGURE, by=client.user).pk != proposal.pk


def test_bound_and_showing_are_corrected_by_two_and_not_into_nonsense(steward: SiteClient, coordinator: SiteClient) -> None:
    figure = FigureFactory(value="30", bound="exact", wording="", counts_people=True)
    url = f"/newsroom/figures/{figure.pk}/correct/"
    base = {name: getattr(figure, name) for name in ("value", "bound", "display", "wording", "source", "as_of")}
    base |= {"population": figure.population, "period": figure.period, "caveat": figure.caveat, "reason": "As published."}
    assert "Change something" in steward.send(url, base).content.decode()
    assert "stays so" in steward.send(url, base | {"bound": "null"}).content.decode()
    assert steward.send(url, base | {"bound": "more_than", "value": "9"}).status_code == 302
    outcomes = {}
    for correction in figure.corrections.all():
        answer = coordinator.send(f"/newsroom/figure-corrections/{correction.pk}/apply/")
        outcomes[correction.field] = answer.status_code
    assert outcomes == {"bound": 302, "value": 422}
    figure.refresh_from_db()
    assert (figure.value, figure.bound) == ("30", "more_than")


def test_press_officers_see_what_is_held_until_when(coordinator: SiteClient, django_assert_max_num_queries: object) -> None:
    part = {"label": "Invented identities", "responsible_agency": "Invented County", "window": "the week of May 3"}
    moment = timezone.now() + dt.timedelta(days=3)
    released(title="Invented embargo", public_at=moment)
    released(title="Invented with a part", held_back=[part])
    item = cleared(title="Invented words without any")
    coordinator.get("/newsroom/embargoes/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        page = coordinator.get("/newsroom/embargoes/").content.decode()
    assert "Held until" in page
    assert "Held back: Invented identities, by Invented County, the week of May 3" in page
    assert "Invented words without any" not in page
    only = coordinator.get("/newsroom/embargoes/?held=moment").content.decode()
    assert "Invented embargo" in only
    assert "Invented with a part" not in only
    detail = coordinator.get(f"/newsroom/items/{item.pk}/").content.decode()
    review = CouncilReview.objects.filter(title="Invented words without any").get()
    assert f"/council/reviews/{review.pk}/" in detail
    with acting(coordinator.user):
        assert PressItem.objects.count() == 3
    client = SiteClient("staff")
    client.force_login(UserFactory(role=Role.MEMBER.value))
    assert client.get("/newsroom/embargoes/").status_code == 403
