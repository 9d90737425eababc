"""Corrections of releases: the council reads them and two people put them in place; safety waits for nobody."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories.accounts import UserFactory
from tests.factories.council import endorsed
from tests.factories.disclosures import acting
from tests.factories.newsroom import released, the_council
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.models import User
from waymark.council.models import SafetyCorrection
from waymark.newsroom.actions import corrections
from waymark.newsroom.actions.press import COUNCIL_WORDS, GATED_AS, withdraw_item
from waymark.newsroom.models import PressItem, Wording
from waymark.newsroom.policies import Refused


def _other() -> User:
    made: User = UserFactory(role=Role.COORDINATOR.value)
    return made


def _words(item: PressItem, **other: str) -> dict[str, str]:
    return {name: getattr(item, name) for name in COUNCIL_WORDS} | other


def _page(item: PressItem) -> str:
    return SiteClient("newsroom").get(f"/news/{item.slug}/").content.decode()


def test_a_correction_keeps_the_old_words_for_every_reader(db: None) -> None:
    writer, other = UserFactory(), _other()
    item = released(writer, title="Held on Monday", body="It was Monday.")
    with acting(writer):
        wording = corrections.correct_item(
            item=item, words=_words(item, title="Held on Tuesday"), reason="The day was wrong.", is_safety=False, by=writer
        )
        with pytest.raises(Refused, match="second person"):
            corrections.apply_correction(wording=wording, by=writer)
    assert "Tuesday" not in _page(item)
    with acting(other):
        with pytest.raises(Refused, match="council has not endorsed"):
            corrections.apply_correction(wording=wording, by=other)
        with pytest.raises(IntegrityError, match="council has not cleared"), transaction.atomic():
            Wording.objects.filter(pk=wording.pk).update(state="released", released_by=other, released_at=timezone.now())
    endorsed(GATED_AS, wording.pk, by=writer, council=the_council())
    with acting(other):
        corrections.apply_correction(wording=wording, by=other)
    page = _page(item)
    assert "Held on Tuesday</h1>" in page
    assert "<del>Held on Monday</del>" in page
    assert "The day was wrong." in page
    assert "Corrected" in SiteClient("newsroom").get("/news/").content.decode()
    data = SiteClient("newsroom").get(f"/api/news/{item.slug}/").json()
    assert [(each["before"], each["after"]) for each in data["corrections"]] == [("Held on Monday", "Held on Tuesday")]


def test_safety_waits_for_nobody_and_the_council_is_told(db: None) -> None:
    writer = UserFactory()
    item = released(writer, body="They live on Invented Street.")
    with acting(writer):
        corrections.correct_item(
            item=item,
            words=_words(item, body="They live in the county."),
            reason="It named a street where somebody lives.",
            is_safety=True,
            by=writer,
        )
    assert "They live in the county." in _page(item)
    assert SafetyCorrection.objects.get().reason == "It named a street where somebody lives."


def test_what_endangered_somebody_is_not_shown_again_as_the_old_words(db: None) -> None:
    """A correction for safety tells that and why it was made; what it took away is nowhere."""
    writer = UserFactory()
    item = released(writer, body="They live on Invented Street.")
    with acting(writer):
        corrections.correct_item(
            item=item,
            words=_words(item, body="They live in the county."),
            reason="It named a street.",
            is_safety=True,
            by=writer,
        )
    for path in (f"/news/{item.slug}/", f"/api/news/{item.slug}/", "/api/news/"):
        page = SiteClient("newsroom").get(path).content.decode()
        assert "Invented Street" not in page
        assert "It named a street." in page


def test_nobody_changes_public_words_in_place(db: None) -> None:
    item = released()
    with acting(_other()), pytest.raises(IntegrityError, match="words that were checked"), transaction.atomic():
        PressItem.objects.filter(pk=item.pk).update(body="Something else")
    with acting(_other()), pytest.raises(IntegrityError, match="stay readable"), transaction.atomic():
        Wording.objects.filter(item=item).delete()


def test_one_correction_waits_at_a_time_and_can_be_taken_back(db: None) -> None:
    writer = UserFactory()
    item = released(writer)
    with acting(writer):
        with pytest.raises(Refused, match="Change something"):
            corrections.correct_item(item=item, words=_words(item), reason="None", is_safety=False, by=writer)
        first = corrections.correct_item(
            item=item, words=_words(item, title="Second heading"), reason="Better", is_safety=False, by=writer
        )
        with pytest.raises(Refused, match="waits already"):
            corrections.correct_item(
                item=item, words=_words(item, title="Third heading"), reason="Better", is_safety=False, by=writer
            )
        corrections.drop_correction(wording=first, by=writer)
        corrections.correct_item(
            item=item, words=_words(item, title="Third heading"), reason="Better", is_safety=False, by=writer
        )
        # Withdrawing does not wait for what is proposed.
        withdraw_item(item=item, reason="It was not ours to say.", by=writer)
    assert SiteClient("newsroom").get(f"/news/{item.slug}/").status_code == 410
