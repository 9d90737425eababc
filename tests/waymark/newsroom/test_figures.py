"""The published figures: loaded unchanged, shown as their owners said them, never added up, corrected in the open."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from tests.factories.accounts import UserFactory
from tests.factories.disclosures import acting
from tests.factories.newsroom import FigureFactory
from tests.plugins.database import ROOT
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.newsroom.actions.corrections import apply_figure_correction, propose_figure_correction
from waymark.newsroom.formats.figure_file import OWN_FILE, NotFigures, read_figures
from waymark.newsroom.formats.numbers import in_words, ratio_said_both_ways, same_phone
from waymark.newsroom.models import FigureCorrection, PublishedFigure
from waymark.newsroom.policies import Refused
from waymark.newsroom.selectors import figures

SHARED = Path(os.environ.get("WAYMARK_SHARED_DATA", ROOT.parent / "shared" / "data")) / "seed-figures.csv"


@pytest.fixture
def loaded(db: None) -> None:
    call_command("load_figures")


def _get(path: str) -> str:
    return SiteClient("newsroom").get(path).content.decode()


def test_our_copy_is_the_file_of_the_sources() -> None:
    if not SHARED.exists() and os.environ.get("REQUIRE_SHARED_DATA") != "1":
        pytest.skip("the shared data are not here")
    assert OWN_FILE.read_bytes() == SHARED.read_bytes()


def test_every_line_is_loaded_unchanged_and_loading_again_changes_nothing(loaded: None, capsys: Any) -> None:
    with OWN_FILE.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    stored = {each.key: each for each in PublishedFigure.objects.all()}
    assert len(stored) == len(lines) == 32
    for line in lines:
        figure = stored[line["id"]]
        assert (figure.value or "") == line["value"]
        for name in ("source", "bound", "display", "side", "wording", "population", "period", "caveat"):
            assert getattr(figure, name) == line[name], (line["id"], name)
    capsys.readouterr()
    call_command("load_figures")
    assert "0 of 32" in capsys.readouterr().out


def test_each_is_shown_as_its_display_says(loaded: None) -> None:
    for figure in PublishedFigure.objects.all():
        shown = figures.shown(figure)
        if figure.bound == "null":
            assert shown is not None
            assert shown.number == "not published"
        elif figure.display == "hidden":
            assert shown is None
        else:
            assert shown is not None
            assert (shown.number is not None) == (figure.display == "number")
            assert (shown.value is not None) == (figure.display == "number")
            assert shown.source
            assert shown.caveat
            assert shown.population


def test_null_is_not_zero(loaded: None, db: None) -> None:
    figure = PublishedFigure.objects.get(key="placer_operation_arrests")
    assert figure.value is None
    page = _get("/results/")
    part = page[page.index('id="placer_operation_arrests"') :]
    assert "not published" in part[: part.index("</div>")]
    for wrong in ({"value": "0", "bound": "null"}, {"value": None, "bound": "exact"}, {"value": "", "bound": "exact"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FigureFactory(**wrong)


def test_more_than_thirty_keeps_its_bound(loaded: None) -> None:
    assert in_words("30", "more_than") == "more than 30"
    page = _get("/figures/coalition_size/")
    assert "more than 30 community-based organizations" in page
    shown = figures.one_shown("coalition_size")
    assert shown is not None
    assert (shown.number, shown.value, shown.bound) == (None, None, "more_than")


def test_two_spellings_of_a_phone_are_one_number() -> None:
    assert same_phone("1.888.373.7888", "(888) 373-7888")
    assert not same_phone("1.888.373.7888", "(888) 373-7889")


def test_fifty_seven_and_forty_six_are_never_added(loaded: None) -> None:
    pages = [_get(path) for path in ("/", "/results/", "/figures/", "/what-we-know/", "/figures.csv", "/api/figures/")]
    assert all("103" not in page.replace("00_f06a072d731b4c89", "") for page in pages)
    page = pages[1]
    assert page.index("total of 46 arrests") < page.index("running total and not an operation") < page.index("57 total")
    assert "<svg" not in page
    # The values are texts: the database has no sum of them.
    with connection.cursor() as cursor, pytest.raises(Exception, match="sum"), transaction.atomic():
        cursor.execute("SELECT sum(value) FROM newsroom_publishedfigure")


@pytest.mark.parametrize("path", ["/what-we-know/", "/figures/", "/figures/study_prevalence/"])
def test_the_estimate_never_stands_without_source_and_caveat(loaded: None, path: str) -> None:
    page = _get(path)
    part = page[page.index('id="study_prevalence"') :]
    part = part[: part.index("</dl>")]
    assert "an estimate of 13,079" in part
    assert "Article on the Sacramento County prevalence study" in part
    assert "not a number for today" in part
    data = {each["key"]: each for each in json.loads(_get("/api/figures/"))["figures"]}["study_prevalence"]
    assert data["source"]
    assert "not a number for today" in data["caveat"]
    assert data["bound"] == "estimate"


def test_the_ratio_is_said_both_ways(loaded: None) -> None:
    assert ratio_said_both_ways(10)[1] == "About 1 in 11 was identified."
    page = _get("/what-we-know/")
    assert "For every person who was identified, about 10 more were not." in page
    assert "About 1 in 11 was identified." in page
    assert "other public wordings say 11 and 11.2 times" in page


def test_the_one_juvenile_stands_in_words_and_is_broken_down_nowhere(loaded: None) -> None:
    page = _get("/results/")
    part = page[page.index('id="hot_spots_2020_juveniles_recovered"') :]
    part = part[: part.index("</dl>")]
    assert "A juvenile recovery was also made during the stings." in part
    assert 'class="number"' not in part
    for path in ("/api/figures/", "/figures.csv"):
        line = next(x for x in _get(path).replace("},", "},\n").splitlines() if "hot_spots_2020_juveniles" in x)
        assert '"value": "1"' not in line
        assert ",1," not in line
    # A published figure has nothing into which it could be broken down.
    assert {field.name for field in PublishedFigure._meta.get_fields() if field.is_relation} == {"corrections"}


def test_what_is_hidden_is_in_no_outlet(loaded: None) -> None:
    for path in ("/results/", "/figures/", "/figures.csv", "/api/figures/", "/sitemap.xml"):
        assert "state prison" not in _get(path)
        assert "case_summary" not in _get(path)
    assert SiteClient("newsroom").get("/figures/case_summary_in_state_prison/").status_code == 404


def test_a_correction_takes_two_and_keeps_the_old_value(loaded: None) -> None:
    one, two = UserFactory(), UserFactory(role=Role.COORDINATOR.value)
    figure = PublishedFigure.objects.get(key="reset_graduates")
    with acting(one):
        correction = propose_figure_correction(figure=figure, field="value", after="192", reason="Counted again.", by=one)
        with pytest.raises(Refused):
            apply_figure_correction(correction=correction, by=one)
    assert "192" not in _get("/figures/reset_graduates/")
    with acting(two):
        apply_figure_correction(correction=correction, by=two)
        with pytest.raises(IntegrityError), transaction.atomic():
            FigureCorrection.objects.filter(pk=correction.pk).update(reason="Something else")
    page = _get("/figures/reset_graduates/")
    assert '<p class="number">192</p>' in page
    assert "<del>191</del>" in page
    assert "Counted again." in page


def test_a_figure_cannot_be_changed_or_deleted_behind_its_corrections(loaded: None) -> None:
    found = PublishedFigure.objects.filter(key="reset_graduates")
    for values in ({"value": "1"}, {"caveat": ""}, {"display": "hidden"}, {"bound": "at_least"}):
        with pytest.raises(IntegrityError, match="correction"), transaction.atomic():
            found.update(**values)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        found.delete()


def test_a_value_that_was_not_published_cannot_become_a_number(loaded: None) -> None:
    one = UserFactory()
    figure = PublishedFigure.objects.get(key="placer_operation_arrests")
    with acting(one), pytest.raises(Refused, match="was not published"):
        propose_figure_correction(figure=figure, field="value", after="0", reason="They say zero.", by=one)


@pytest.mark.parametrize(
    "text",
    [
        "id,value\n",
        OWN_FILE.read_text(encoding="utf-8").replace("coalition_size_2015", "coalition_size"),
        OWN_FILE.read_text(encoding="utf-8").replace(",null,hidden,", ",exact,hidden,"),
        OWN_FILE.read_text(encoding="utf-8") + "too,few\n",
    ],
)
def test_a_file_that_is_no_table_of_figures_is_refused(text: str) -> None:
    with pytest.raises(NotFigures):
        read_figures(text)


def test_a_published_figure_is_not_loaded_over(loaded: None, tmp_path: Path) -> None:
    file = tmp_path / "figures.csv"
    file.write_text(
        OWN_FILE.read_text(encoding="utf-8").replace(
            "reset_graduates,000_f06a072d731b4c89.txt,191", "reset_graduates,000_f06a072d731b4c89.txt,200"
        )
    )
    with pytest.raises(CommandError, match="reset_graduates"):
        call_command("load_figures", str(file))
    bad = tmp_path / "bad.csv"
    bad.write_text(OWN_FILE.read_text(encoding="utf-8").replace("coalition_founded", "x" * 90))
    with pytest.raises(CommandError):
        call_command("load_figures", str(bad))
