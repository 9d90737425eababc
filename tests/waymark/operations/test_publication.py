"""Results of operations in public: two agencies, the council, 30 days, no small number in any outlet, corrections."""

from __future__ import annotations

import datetime as dt
import io
import json
import re

import microdata
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.council import endorsed
from tests.factories.disclosures import acting
from tests.factories.newsroom import the_council
from tests.factories.operations import (
    WORDS,
    OperationFactory,
    announce,
    cleared_results,
    drafted,
    led_by,
    published,
    take_part,
)
from tests.plugins.staff import SiteClient
from tests.waymark.newsroom.test_outlets import OUTLETS, SEEN, TITLE, News, news

from waymark.access.permissions import Role
from waymark.accounts.policies import Refused
from waymark.coalition.models import Region
from waymark.newsroom.actions import press
from waymark.newsroom.actions.corrections import apply_correction
from waymark.newsroom.models import PressItem, Wording
from waymark.newsroom.policies import Refused as NotYet
from waymark.operations.actions.publication import correct_publication, draft_publication
from waymark.operations.models import Operation, OperationTotal
from waymark.operations.selectors.publication import first_public_day, publication_of, result_of

pytestmark = pytest.mark.django_db
__all__ = ["news"]
RECOVERY = "A juvenile recovery was also made during the stings."
CAVEATS = (
    "Arrests are not convictions",
    "Counts measure effort",
    "Editions are not comparable",
    "Nothing here is added up",
)


@pytest.fixture
def operation() -> Operation:
    made: Operation = OperationFactory(
        name="Operation: Invented Spots", edition="4th annual", period_words="September to mid-November 2020"
    )
    announce(made, value=46, words="a total of 46 arrests")
    announce(made, "juveniles_recovered", 1, RECOVERY)
    announce(made, "investigations", 2)
    announce(made, "charged", None)
    return made


def test_what_is_public_stands_in_every_outlet_and_no_small_number_in_any(operation: Operation, news: News) -> None:
    item = published(operation)
    pages = {
        path: news(path).content.decode()
        for path in (f"/news/{item.slug}/", "/results/", "/results/2020/", "/feed.json", "/api/news/", "/sitemap.xml")
    }
    for path in (f"/news/{item.slug}/", "/results/2020/"):
        page = pages[path]
        for words in (*CAVEATS, RECOVERY, "fewer than 11", "not published", "<svg", "a total of 46 arrests", "4th annual"):
            assert words in page, (path, words)
        assert page.index("Need help now?") < page.index("<h1") < page.index("<svg") < page.index("<table")
        assert page.index("Juveniles recovered") < page.index("Enforcement")
        assert 'style="' not in page
        for cell in re.findall(r"<(?:td|text)[^>]*>([^<]*)", page):
            assert not re.fullmatch(r"\s*(?:\d|10)\s*", cell), (path, cell)
    assert "http://news.localhost/results/2020/" in pages["/sitemap.xml"]
    told = next(each for each in json.loads(pages["/feed.json"])["items"] if item.slug in each["url"])["content_text"]
    assert "Arrests: 46" in told
    assert all(words in told for words in (*CAVEATS, RECOVERY, "Investigations opened: fewer than 11"))
    (api,) = [each for each in json.loads(pages["/api/news/"])["items"] if each["slug"] == item.slug]
    assert [line["value"] for line in api["result"]["lines"]] == [46, None, None, None]
    assert api["caveats"]
    (article,) = microdata.get_items(pages[f"/news/{item.slug}/"])
    assert str(article.about.itemtype[0]) == "https://schema.org/Dataset"
    assert article.about.creator.name == operation.lead.name
    paper = news(f"/news/{item.slug}/release.pdf")
    assert paper.content.startswith(b"%PDF")
    editor = UserFactory(role=Role.COORDINATOR.value)
    wrong = {**result_of(operation).frozen(), "lines": [{"value": 9}]}
    with acting(editor), pytest.raises(DatabaseError, match="under_eleven"), transaction.atomic():
        press.new_wording(item, words={name: getattr(item, name) for name in press.COUNCIL_WORDS}, by=editor, result=wrong)


def test_operations_stand_apart_in_calendar_order_without_sum_or_line(operation: Operation, news: News) -> None:
    published(operation)
    other = OperationFactory(name="Operation: Invented Anchor", lead=operation.lead)
    announce(other, value=57)
    published(other)
    earlier = OperationFactory(
        name="Operation: Invented Spots", year=2019, starts_on=None, ends_on=None, lead=operation.lead
    )
    announce(earlier, value=None)
    published(earlier)
    page = news("/results/").content.decode()
    assert "103" not in page
    order = ["Operation: Invented Anchor 2020", "Operation: Invented Spots 2020", "Operation: Invented Spots 2019"]
    places = [page.index(name) for name in order]
    assert places == sorted(places)
    year = news("/results/2020/").content.decode()
    assert year.count("<svg") == 2
    assert "<line" not in year
    assert "<path" not in year
    assert "<polyline" not in year
    nothing = news("/results/2019/").content.decode()
    assert "<svg" not in nothing
    assert "not published" in nothing
    assert news("/results/2018/").status_code == 404
    etag = news("/results/2020/").headers["ETag"]
    assert news("/results/2020/", If_None_Match=etag).status_code == 304


def test_an_embargo_holds_in_all_thirteen_outlets_and_on_the_results_pages(operation: Operation, news: News) -> None:
    moment = timezone.now() - dt.timedelta(hours=1)
    with time_machine.travel(moment - dt.timedelta(hours=2), tick=False):
        item = published(operation, public_at=moment, title=TITLE)
    with time_machine.travel(moment + dt.timedelta(seconds=1), tick=False):
        SEEN["with"] = news("/news/").headers["ETag"]
    for seconds, is_there in ((-1, False), (1, True)):
        with time_machine.travel(moment + dt.timedelta(seconds=seconds), tick=False):
            found = [
                outlet.__name__ for outlet in OUTLETS if outlet.__name__ != "in_structured_data" and outlet(news, item.slug)
            ]
            assert len(found) == (len(OUTLETS) - 1) * is_there
            assert (news("/results/2020/").status_code == 200) == is_there
            assert (operation.name in news("/results/").content.decode()) == is_there
            assert ("results/2020" in news("/sitemap.xml").content.decode()) == is_there


def test_nobody_reads_results_before_the_thirtieth_day(news: News) -> None:
    today = timezone.localdate()
    day = today - dt.timedelta(days=29)
    operation = OperationFactory(year=day.year, starts_on=day, ends_on=day)
    announce(operation)
    item = cleared_results(operation)
    assert item.not_before == first_public_day(operation) == today + dt.timedelta(days=1)
    editor = UserFactory(role=Role.COORDINATOR.value)
    with acting(editor):
        with pytest.raises(NotYet, match="30 days after"):
            press.release_item(item=item, public_at=None, by=editor)
        # Whoever goes round the forms meets the database, whatever the row says of its own day.
        given = {"state": "released", "released_by": editor, "released_at": timezone.now()}
        PressItem.objects.filter(pk=item.pk).update(not_before=None)
        mark = transaction.savepoint()
        Wording.objects.filter(item=item).update(**given)
        with pytest.raises(DatabaseError, match="30 days"), transaction.atomic():
            PressItem.objects.filter(pk=item.pk).update(**given, public_at=timezone.now())
        transaction.savepoint_rollback(mark)
        tomorrow = timezone.now() + dt.timedelta(days=1)
        press.release_item(item=item, public_at=tomorrow, by=editor)
        with pytest.raises(DatabaseError, match="less than 30 days"), transaction.atomic():
            Operation.objects.filter(pk=operation.pk).update(ends_on=today, year=today.year)
    assert news(f"/news/{item.slug}/").status_code == 404


def test_the_lead_writes_and_the_coalition_s_editor_releases(operation: Operation) -> None:
    by = led_by(operation)
    item = cleared_results(operation, by)
    colleague = UserFactory(role=Role.OFFICER.value, agency=operation.lead)
    for other in (by, colleague):
        with acting(other), pytest.raises(NotYet):
            press.release_item(item=item, public_at=None, by=other)
    stranger = UserFactory(role=Role.OFFICER.value, agency=AgencyFactory(kind="prosecution"))
    with acting(stranger), pytest.raises(Refused, match="agency that led"):
        draft_publication(operation=operation, values=WORDS, partners=[], held_back=[], by=stranger)
    running = OperationFactory(lead=operation.lead, year=2100, starts_on=dt.date(2100, 1, 1), ends_on=dt.date(2100, 1, 2))
    with acting(by), pytest.raises(Refused, match="when it is over"):
        draft_publication(operation=running, values=WORDS, partners=[], held_back=[], by=by)
    nothing = OperationFactory(lead=operation.lead, year=2018, starts_on=None, ends_on=None)
    with acting(by), pytest.raises(Refused, match="Enter what was announced"):
        draft_publication(operation=nothing, values=WORDS, partners=[], held_back=[], by=by)
    with acting(by), pytest.raises(DatabaseError), transaction.atomic():
        PressItem.objects.filter(pk=item.pk).update(result={"lines": []})


def test_a_small_numeral_in_the_words_is_refused(operation: Operation) -> None:
    with pytest.raises(Refused, match="below 11"):
        drafted(operation, summary="We found 3 girls.")
    assert drafted(operation, summary="We found “three girls” on September 4.").operation == operation.pk


def test_a_correction_takes_the_counts_as_they_are_and_keeps_what_it_said(operation: Operation, news: News) -> None:
    by = led_by(operation)
    item = published(operation, by)
    total = OperationTotal.objects.get(operation=operation, measure="arrests")
    total.value, total.words = 47, ""
    total.save()
    assert "<td>47" not in news(f"/news/{item.slug}/").content.decode()
    words = {name: getattr(item, name) for name in press.COUNCIL_WORDS}
    with acting(by):
        wording = correct_publication(operation=operation, words=words, reason="Counted twice.", is_safety=False, by=by)
    assert "<td>47" not in news(f"/news/{item.slug}/").content.decode()
    endorsed(press.GATED_AS, wording.pk, by=by, council=the_council())
    editor = UserFactory(role=Role.STEWARD.value)
    with acting(by), pytest.raises(NotYet):
        apply_correction(wording=wording, by=by)
    with acting(editor):
        apply_correction(wording=wording, by=editor)
    page = news(f"/news/{item.slug}/").content.decode()
    assert "<del>46 (“a total of 46 arrests”)</del>" in page
    assert "Now: 47" in page
    assert "Counted twice." in page
    with acting(by), pytest.raises(Refused, match="what stands there now"):
        correct_publication(operation=operation, words=words, reason="Again.", is_safety=False, by=by)


def test_the_press_officer_s_screens_lead_from_counts_to_the_newsroom(operation: Operation) -> None:
    police = AgencyFactory(name="Invented Police", kind="law_enforcement")
    take_part(operation, police)
    client = SiteClient("staff")
    officer = led_by(operation)
    client.force_login(officer)
    url = f"/operations/{operation.pk}/"
    assert "Write up the results" in client.get(url).content.decode()
    form = client.get(url + "publish/").content.decode()
    assert "fewer than 11" in form
    assert re.search(rf'value="{police.pk}"[^>]*checked', form)
    kept = client.send(url + "publish/", {**WORDS, "summary": "We met 4 people."})
    assert kept.status_code == 422
    assert "We met 4 people." in kept.content.decode()
    sent = client.send(url + "publish/", WORDS)
    with acting(officer):
        item = publication_of(operation)
    assert item is not None
    assert sent.headers["Location"] == f"/newsroom/items/{item.pk}/"
    detail = client.get(sent.headers["Location"]).content.decode()
    assert "Frozen as they were written up" in detail
    assert "<svg" in client.get(f"/newsroom/items/{item.pk}/preview/").content.decode()
    assert "Write them up anew" in client.get(url).content.decode()
    # A member of the agency counts, and does not write releases.
    assert "Write up" not in _as(Role.MEMBER, operation).get(url).content.decode()


def _as(role: Role, operation: Operation) -> SiteClient:
    client = SiteClient("staff")
    client.force_login(UserFactory(role=role.value, agency=operation.lead))
    return client


def test_the_demo_shows_one_published_operation(news: News) -> None:
    Region.objects.create(pk=1, name="Invented", is_demo=True)
    house = AgencyFactory(short_name="Lantern House", kind="victim_services")
    UserFactory(role=Role.OFFICER.value, agency=house)
    for name in ("Juniper", "Wren"):
        UserFactory(role=Role.COUNCIL.value, agency=house, display_name=name)
    UserFactory(role=Role.OFFICER.value, agency=AgencyFactory(kind="law_enforcement"))
    UserFactory(role=Role.COORDINATOR.value)
    UserFactory()
    for said in ("1 operation is public", "no operation is new"):
        out = io.StringIO()
        call_command("load_demo_operation", stdout=out)
        assert said in out.getvalue()
    assert "Safe Streets (demo)" in news("/results/").content.decode()
    Region.objects.update(is_demo=False)
    with pytest.raises(CommandError, match="not the demo"):
        call_command("load_demo_operation")
