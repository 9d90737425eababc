"""Help lines: put up by two, taken down by one, at once; what is past its review date stays and says so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories.accounts import UserFactory
from tests.plugins.staff import SiteClient

from waymark.accounts.models import User
from waymark.directory.actions import help_lines as actions
from waymark.directory.actions import pending
from waymark.directory.forms.help_lines import HelpLineForm
from waymark.directory.models import HelpLine, Metadata, PendingChange
from waymark.directory.policies import Refused, may_put_up, may_take_down
from waymark.directory.selectors import help_lines

State = HelpLine.State
DAY = dt.date(2026, 11, 1)


def _data(**changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "slug": "invented-line",
        "name": {"en": "Invented line", "ar": "خط"},
        "purpose": {"en": "For tests."},
        "scope": "local",
        "operator": "Invented Agency",
        "operator_since": None,
        "tells_others": {"en": "If a child is in danger."},
        "tip_policy": {},
        "page_url": "",
        "page_opens_history": True,
        "is_police": False,
        "for_under_18": False,
        "order": 50,
        "source": "Called the line",
        "verified_on": DAY.isoformat(),
        "verified_by": "Ana",
        "review_on": (DAY + dt.timedelta(days=90)).isoformat(),
        "channels": [_channel("call", "916-555-0142"), _channel("text", "916-555-0143")],
    }
    return data | changes


def _channel(kind: str, value: str, **changes: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "value": value,
        "keyword": "",
        "is_always_open": True,
        "hours": {"ar": "دائما"},
        "languages": ["en", "es"],
        "interprets": True,
        "source": "",
        "verified_on": None,
    } | changes


@pytest.fixture
def ana(db: None) -> User:
    return UserFactory(display_name="Ana Invented")


@pytest.fixture
def ben(db: None) -> User:
    return UserFactory(display_name="Ben Invented")


@pytest.fixture
def shown(ana: User, ben: User) -> HelpLine:
    line = actions.propose_line(data=_data(), by=ana)
    return actions.put_up(line=line, seen=actions.fingerprint(line), by=ben)


def test_a_proposed_line_is_seen_by_nobody_until_a_second_person_puts_it_up(ana: User, ben: User) -> None:
    line = actions.propose_line(data=_data(), by=ana)
    assert not help_lines.shown_lines().exists()
    with pytest.raises(Refused, match="second person"):
        actions.put_up(line=line, seen=actions.fingerprint(line), by=ana)
    actions.put_up(line=line, seen=actions.fingerprint(line), by=ben)
    assert [row.slug for row in help_lines.shown_lines()] == ["invented-line"]
    assert Metadata.objects.filter(resource_id=line.pk, field_name="state", updated_by=f"staff:{ben.pk}").exists()


def test_the_database_knows_the_rule_too(ana: User) -> None:
    line = actions.propose_line(data=_data(), by=ana)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        HelpLine.objects.filter(pk=line.pk).update(put_up_by=ana)


def test_what_was_changed_while_it_was_read_is_read_again(ana: User, ben: User) -> None:
    line = actions.propose_line(data=_data(), by=ana)
    seen = actions.fingerprint(line)
    actions.change_line(line=line, data=_data(operator="Someone Else"), reason="", by=ana)
    with pytest.raises(Refused, match="Read it again"):
        actions.put_up(line=line, seen=seen, by=ben)


def test_whoever_changes_a_proposed_line_has_proposed_it(ana: User, ben: User) -> None:
    line = actions.propose_line(data=_data(), by=ana)
    changed = actions.change_line(line=line, data=_data(operator="Someone Else"), reason="", by=ben)
    assert isinstance(changed, HelpLine)
    with pytest.raises(Refused, match="second person"):
        actions.put_up(line=changed, seen=actions.fingerprint(changed), by=ben)
    actions.put_up(line=changed, seen=actions.fingerprint(changed), by=ana)


def test_one_person_takes_a_line_down_at_once_and_two_bring_it_back(shown: HelpLine, ana: User, ben: User) -> None:
    actions.take_down(line=shown, reason="Rings at a private home", by=ana)
    assert not help_lines.shown_lines().exists()
    line = HelpLine.objects.get()
    assert (line.taken_down_by, line.taken_down_reason) == (ana, "Rings at a private home")
    with pytest.raises(Refused, match="does not wait"):
        actions.put_up(line=line, seen=actions.fingerprint(line), by=ben)
    line = actions.propose_again(line=line, by=ana)
    with pytest.raises(Refused, match="second person"):
        actions.put_up(line=line, seen=actions.fingerprint(line), by=ana)
    line = actions.put_up(line=line, seen=actions.fingerprint(line), by=ben)
    assert (line.state, line.taken_down_by, line.taken_down_reason) == (State.SHOWN, None, "")


def test_a_line_that_is_down_cannot_be_taken_down_or_put_up_by_a_slip(shown: HelpLine, ana: User) -> None:
    actions.take_down(line=shown, reason="x", by=ana)
    with pytest.raises(Refused, match="not shown"):
        actions.take_down(line=shown, reason="y", by=ana)
    assert HelpLine.objects.get().taken_down_reason == "x"


@pytest.mark.parametrize("number", ["911", "988"])
def test_911_and_988_are_fixed(ana: User, ben: User, number: str) -> None:
    with pytest.raises(Refused, match="fixed"):
        actions.propose_line(data=_data(channels=[_channel("call", number)]), by=ana)
    line = HelpLine(state=State.SHOWN)
    pending.write_line(line, _data(channels=[_channel("call", number), _channel("text", number)]))
    with pytest.raises(Refused, match="fixed"):
        actions.take_down(line=line, reason="x", by=ana)
    with pytest.raises(Refused, match="fixed"):
        actions.change_line(line=line, data=_data(channels=[_channel("call", "916-555-0142")]), reason="", by=ana)
    assert not may_take_down(ana, line)
    # Its other words can be mended, by two.
    change = actions.change_line(
        line=line, data={**help_lines.snapshot(line), "operator": "The county"}, reason="New operator", by=ana
    )
    assert isinstance(change, PendingChange)
    pending.apply_change(change=change, by=ben)
    assert HelpLine.objects.get().operator == "The county"


def test_a_change_of_a_shown_line_waits_whole(shown: HelpLine, ana: User, ben: User) -> None:
    data = _data(channels=[_channel("call", "916-555-0150"), _channel("text", "916-555-0143")])
    change = actions.change_line(line=shown, data=data, reason="New number", by=ana)
    assert isinstance(change, PendingChange)
    assert help_lines.snapshot(HelpLine.objects.get()) == _data()
    with pytest.raises(Refused, match="second person"):
        pending.apply_change(change=change, by=ana)
    pending.apply_change(change=change, by=ben)
    assert help_lines.snapshot(HelpLine.objects.get()) == data


def test_a_change_cannot_be_applied_to_a_line_that_went_down(shown: HelpLine, ana: User, ben: User) -> None:
    change = actions.change_line(line=shown, data=_data(operator="Someone Else"), reason="", by=ana)
    assert isinstance(change, PendingChange)
    actions.take_down(line=shown, reason="x", by=ben)
    with pytest.raises(Refused, match="no longer shown"):
        pending.apply_change(change=change, by=ben)


def test_a_change_on_top_of_another_is_refused(shown: HelpLine, ana: User, ben: User) -> None:
    first = actions.change_line(line=shown, data=_data(operator="One"), reason="", by=ana)
    second = actions.change_line(line=shown, data=_data(operator="Two"), reason="", by=ben)
    assert isinstance(first, PendingChange)
    assert isinstance(second, PendingChange)
    pending.apply_change(change=first, by=ben)
    with pytest.raises(Refused, match="changed by someone else"):
        pending.apply_change(change=second, by=ana)


def test_a_line_past_its_review_date_stays_visible_and_is_told(shown: HelpLine) -> None:
    review = HelpLine.objects.get().review_on
    assert help_lines.help_lines_past_review(review) == []
    assert [line.slug for line in help_lines.help_lines_past_review(review + dt.timedelta(days=1))] == ["invented-line"]
    assert help_lines.shown_lines().exists()


def test_a_line_that_is_not_shown_fails_no_release(shown: HelpLine, ana: User) -> None:
    actions.take_down(line=shown, reason="x", by=ana)
    assert help_lines.help_lines_past_review(dt.date(2030, 1, 1)) == []


@pytest.mark.parametrize(
    ("role", "is_active", "state", "is_proposer", "puts_up", "takes_down"),
    [
        ("steward", True, State.PROPOSED, False, True, False),
        ("steward", True, State.PROPOSED, True, False, False),
        ("steward", True, State.SHOWN, False, False, True),
        ("steward", True, State.SHOWN, True, False, True),
        ("steward", True, State.TAKEN_DOWN, False, False, False),
        ("steward", False, State.SHOWN, False, False, False),
        ("member", True, State.SHOWN, False, False, False),
        ("member", True, State.PROPOSED, False, False, False),
    ],
)
def test_who_may(
    ana: User, role: str, is_active: bool, state: str, is_proposer: bool, puts_up: bool, takes_down: bool
) -> None:
    by = UserFactory(role=role, is_active=is_active)
    line = actions.propose_line(data=_data(), by=ana)
    line.state, line.proposed_by = state, by if is_proposer else ana
    assert may_put_up(by, line) is puts_up
    assert may_take_down(by, line) is takes_down


def _form(**changes: str) -> dict[str, str]:
    today = timezone.localdate()
    return {
        "name_en": "Invented line",
        "purpose_en": "For tests.",
        "scope": "local",
        "operator": "Invented Agency",
        "order": "50",
        "source": "Called the line",
        "verified_on": today.isoformat(),
        "verified_by": "Ana",
        "review_on": (today + dt.timedelta(days=30)).isoformat(),
        "way0_kind": "call",
        "way0_value": "916-555-0142",
        "way0_languages": "en, es",
        "way1_kind": "text",
        "way1_value": "916-555-0143",
    } | changes


def test_through_the_screens(steward: SiteClient, second_steward: SiteClient) -> None:
    steward.send("/directory/help-lines/new/", _form())
    url = "/directory/help-lines/invented-line/"
    assert "A second person has to put it up" in steward.get(url).content.decode()
    page = second_steward.get(url).content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    answer = second_steward.send(f"{url}put-up/", {"seen": seen}, page=url, follow=True)
    assert "tick the box" in answer.content.decode()
    assert HelpLine.objects.get().state == State.PROPOSED
    second_steward.send(f"{url}put-up/", {"seen": seen, "compared": "on"}, page=url)
    assert HelpLine.objects.get().state == State.SHOWN
    steward.send(f"{url}take-down/", {"reason": "Wrong number"})
    assert HelpLine.objects.get().state == State.TAKEN_DOWN
    assert "Wrong number" in steward.get(url).content.decode()
    steward.send(f"{url}propose-again/", page=url)
    assert HelpLine.objects.get().state == State.PROPOSED


def test_marking_as_checked_moves_the_dates_only(steward: SiteClient, shown: HelpLine) -> None:
    before = help_lines.snapshot(shown)
    url = "/directory/help-lines/invented-line/check/"
    today = timezone.localdate()
    far = today + dt.timedelta(days=800)
    wrong = steward.send(url, {"source": "Called", "verified_on": today.isoformat(), "review_on": far.isoformat()})
    assert "at least once a year" in wrong.content.decode()
    future = (today + dt.timedelta(days=1)).isoformat()
    wrong = steward.send(url, {"source": "Called", "verified_on": future, "review_on": far.isoformat()})
    assert "in the future" in wrong.content.decode()
    soon = today + dt.timedelta(days=30)
    steward.send(url, {"source": "Called", "verified_on": "today", "review_on": soon.isoformat()})
    after = help_lines.snapshot(HelpLine.objects.get())
    assert after["review_on"] == soon.isoformat()
    assert after["verified_by"] == "Ana Invented"
    changing = {"source", "verified_on", "verified_by", "review_on"}
    assert {k: v for k, v in after.items() if k not in changing} == {k: v for k, v in before.items() if k not in changing}


@pytest.mark.parametrize(
    ("changes", "trouble"),
    [
        ({"way1_kind": "", "way1_value": ""}, "No line stands with voice alone"),
        ({"way0_value": "call me"}, "Enter the number as it is dialed"),
        ({"way0_kind": "chat", "way0_value": "javascript:alert(1)"}, "starts with https://"),
        ({"way0_value": ""}, "both its kind and its number"),
        ({"way0_languages": "español"}, "language codes"),
        ({"review_on": "2020-01-01"}, "next check comes after"),
        ({"name_en": ""}, "Fill in “"),
        ({"page_url": "not a page"}, "valid URL"),
    ],
)
def test_a_wrong_line_is_told_in_words_and_nothing_typed_is_lost(
    steward: SiteClient, changes: dict[str, str], trouble: str
) -> None:
    data = _form(**changes)
    answer = steward.send("/directory/help-lines/new/", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert trouble in page
    assert 'value="Called the line"' in page
    for value in changes.values():
        assert value in page
    assert not HelpLine.objects.exists()


def test_saving_an_unchanged_line_proposes_nothing(steward: SiteClient, shown: HelpLine) -> None:
    """Languages that the form does not show are kept."""
    initial = HelpLineForm.initial_for(help_lines.snapshot(shown))
    data = {key: value for key, value in initial.items() if value not in (None, "", False)}
    answer = steward.send("/directory/help-lines/invented-line/edit/", data, follow=True)
    assert "Nothing was changed" in answer.content.decode()
    assert not PendingChange.objects.exists()
