"""Needs and help lines: mapped to the standard taxonomy, sourced, dated, and never put back against a steward's word."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from waymark.directory.actions.reference_data import load_help_lines, load_needs
from waymark.directory.formats.help_lines_file import DEMO, NATIONAL, read_help_lines
from waymark.directory.formats.needs_file import read_needs
from waymark.directory.models import HelpLine, Need, TaxonomyTerm


def test_needs_are_sentences_in_every_offered_language() -> None:
    needs = read_needs()
    assert 45 <= sum(need.is_tile for need in needs) <= 60
    assert len({need.slug for need in needs}) == len(needs)
    for need in needs:
        assert set(need.sentence) == set(need.short) == {"en", "es", "ar"}, need.slug
        assert need.words["en"], need.slug
        assert need.words["es"], need.slug
        assert need.is_tile is False or need.pictogram, need.slug
        assert "!" not in "".join(need.sentence.values())


def test_the_promised_sentences_are_there() -> None:
    sentences = {need.sentence["en"] for need in read_needs()}
    assert {
        "I need a safe place tonight",
        "My boss keeps my papers",
        "I was not paid",
        "I owe them money",
        "I do sex work and want help without police",
        "My papers or status",
    } <= sentences


def test_no_tile_says_the_word() -> None:
    for need in read_needs():
        for text in (*need.sentence.values(), *need.short.values(), need.slug):
            assert "traffick" not in text.lower()
            assert "trata" not in text.lower().split()


def test_open_eligibility_codes_are_right() -> None:
    root = Path(os.environ.get("WAYMARK_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
    path = root / "hsds" / "open-eligibility" / "taxonomy.xml"
    if not path.exists():
        if os.environ.get("REQUIRE_SHARED_DATA") == "1":
            pytest.fail(f"{path} is missing")
        pytest.skip("the Open Eligibility file is not here")
    text = path.read_text(encoding="utf-8").replace('version="2.0"', 'version="1.0"', 1)
    titles = {
        (node.get("id"), node.get("title", "").strip().lower())
        for node in ElementTree.fromstring(text).iter()
        if node.get("id")
    }
    for need in read_needs():
        assert need.open_eligibility, need.slug
        for code, title in need.open_eligibility:
            assert (code, title.lower()) in titles, (need.slug, code, title)


@pytest.mark.django_db
def test_loading_needs_twice_is_loading_once() -> None:
    assert load_needs() == load_needs() == Need.objects.count()
    assert TaxonomyTerm.objects.filter(code="1121", name="Emergency Shelter").exists()


@pytest.mark.parametrize("path", [NATIONAL, DEMO])
def test_every_line_has_a_source_a_date_and_a_way_without_voice(path: Path) -> None:
    for line in read_help_lines(path, today=dt.date(2026, 11, 22)):
        assert line.columns["source"], line.slug
        assert line.columns["verified_on"] <= dt.date(2026, 11, 22), line.slug
        assert line.columns["review_on"] > line.columns["verified_on"], line.slug
        assert {channel["kind"] for channel in line.channels} - {"call"}, line.slug


def test_the_operator_of_the_national_line_is_the_one_since_2025() -> None:
    line = next(line for line in read_help_lines() if line.slug == "national")
    assert line.columns["operator"] == "Compass Connections"
    assert line.columns["operator_since"] == dt.date(2025, 9, 22)
    assert line.channels[0]["value"] == "1-888-373-7888"


def test_days_without_a_today_are_refused() -> None:
    with pytest.raises(ValueError, match="no day was given"):
        read_help_lines(DEMO)


@pytest.mark.django_db
def test_a_line_that_was_taken_down_stays_down() -> None:
    load_help_lines()
    HelpLine.objects.filter(slug="native").update(state=HelpLine.State.TAKEN_DOWN)
    load_help_lines()
    assert HelpLine.objects.get(slug="native").state == HelpLine.State.TAKEN_DOWN


@pytest.mark.django_db
def test_a_later_check_by_a_steward_is_kept() -> None:
    load_help_lines()
    HelpLine.objects.filter(slug="native").update(verified_on=dt.date(2026, 11, 1), source="Called them")
    load_help_lines()
    assert HelpLine.objects.get(slug="native").source == "Called them"


@pytest.mark.django_db
def test_national_lines_are_shown_with_their_channels() -> None:
    load_help_lines()
    assert list(HelpLine.objects.filter(state="shown").values_list("slug", flat=True))[:3] == [
        "911",
        "national",
        "988",
    ]
    assert HelpLine.objects.get(slug="national").channels.count() == 4
