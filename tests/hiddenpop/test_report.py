"""The report: self-contained, readable aloud, the same bytes each time."""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest

from hiddenpop.histories import CaptureHistories
from hiddenpop.intervals.calibration import Calibration
from hiddenpop.methods import estimate
from hiddenpop.report import fingerprint, gather, headline, to_csv, to_html, to_json, why_they_differ
from hiddenpop.report.charts import dependence_chart, intervals_chart
from hiddenpop.results import Estimate, Interval, refusal

ROWS = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
TABLE = CaptureHistories.from_rows(("Aid & care", "B", "C"), ROWS, [160, 140, 120, 30, 25, 35, 8], period="2015-2020")


@pytest.fixture(scope="module")
def report():
    answers = [
        estimate(TABLE, name, bootstrap=20 if name == "stepwise" else None, rng=1)
        for name in ("stepwise", "chao", "chapman")
    ]
    calibration = Calibration("stepwise", "[1,2,3]", 1000, 0.95, 20, 0, 19, 1, 0, 990.0, 200.0)
    return gather(TABLE, answers[0], answers[1:], seed=1, calibration=calibration)


class _Outline(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "line", "circle", "path", "rect", "polyline"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs


def test_page_stands_alone(report):
    page = to_html(report)
    outline = _Outline(page)
    assert outline.open == []
    assert "script" not in outline.tags
    assert "img" not in outline.tags
    assert "link" not in outline.tags
    assert not [name for name, _ in outline.attributes if name.startswith("on") or name in ("style", "src", "href")]
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "Aid &amp; care" in page
    assert "Aid & care" not in page


def test_page_is_readable_aloud(report):
    page = to_html(report)
    outline = _Outline(page)
    charts = re.findall(r"<svg.*?</svg>", page)
    assert len(charts) == 2
    for chart in charts:
        root = ElementTree.fromstring(chart)
        assert root.get("role") == "img"
        ids = {each.get("id") for each in root.iter() if each.get("id")}
        assert set(root.get("aria-labelledby").split()) == ids
    # Each chart is followed by a table that holds what it shows; every table says what it is.
    assert all(page.find("<table", page.find(chart)) > 0 for chart in charts)
    assert outline.tags.count("table") == outline.tags.count("caption") >= 4
    assert ("scope", "row") in outline.attributes
    assert ("scope", "col") in outline.attributes
    assert '<html lang="en">' in page
    levels = [int(tag[1]) for tag in outline.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_page_says_what_must_be_known(report):
    page = to_html(report)
    for words in (
        "At some time in 2015-2020",
        "Before you quote this",
        "What has to be true",
        "If it is not:",
        "Without each list in turn",
        "Can the lists find a number that is known?",
        "nominal 95%",
        "exactly two lists",
        "sha256:",
        "--nonce",
    ):
        assert words in page, words


def test_what_is_not_for_publication_says_so():
    thin = CaptureHistories.from_rows(TABLE.list_names, ROWS, [160, 140, 120, 3, 25, 35, 1])
    page = to_html(gather(thin, estimate(thin, "chao"), seed=1))
    assert "not for publication" in page
    assert "share 4" in page[page.index("not for publication") :]


def test_same_input_same_bytes(report):
    answers = [
        estimate(TABLE, name, bootstrap=20 if name == "stepwise" else None, rng=1)
        for name in ("stepwise", "chao", "chapman")
    ]
    again = gather(TABLE, answers[0], answers[1:], seed=1, calibration=report.calibration)
    assert to_html(again) == to_html(report)
    assert to_csv(again) == to_csv(report)
    assert json.dumps(to_json(again)) == json.dumps(to_json(report))


def test_csv_has_a_line_for_each_method(report):
    rows = list(csv.DictReader(io.StringIO(to_csv(report))))
    assert [row["method"] for row in rows] == ["stepwise", "chao", "chapman"]
    assert float(rows[0]["low"]) <= float(rows[0]["estimate"]) <= float(rows[0]["high"])
    assert rows[2]["estimate"] == ""
    assert "two lists" in rows[2]["refused"]
    assert {row["seed"] for row in rows} == {"1"}


def test_json_holds_the_checks(report):
    content = to_json(report)
    assert content["method"] == "stepwise"
    assert [each["method"] for each in content["others"]] == ["chao", "chapman"]
    assert {each["list"] for each in content["internal_consistency"]} == set(TABLE.list_names)
    assert set(content["without_each_list"]) == set(TABLE.list_names)
    assert len(content["dependence"]) == 3
    assert "held the truth in 95% of cases" in content["calibration"]
    json.dumps(content, allow_nan=False)


def test_fingerprint_ignores_order_and_needs_its_nonce():
    other = TABLE.subset([2, 0, 1])
    assert fingerprint(other) == fingerprint(TABLE)
    assert fingerprint(TABLE, bytes(32)) == fingerprint(other, bytes(32)) != fingerprint(TABLE, bytes([1] * 32))
    assert fingerprint(TABLE).startswith("sha256:")
    assert fingerprint(TABLE, bytes(32)).startswith("hmac-sha256:")
    changed = CaptureHistories.from_rows(TABLE.list_names, ROWS, [161, 140, 120, 30, 25, 35, 8])
    assert fingerprint(changed) != fingerprint(TABLE)
    page = to_html(gather(TABLE, estimate(TABLE, "chao"), seed=1, nonce=bytes(32)))
    assert "hmac-sha256:" in page
    assert "--nonce" not in page


def test_headline_says_period_interval_and_both_ratios():
    answer = Estimate("chao", 1000.0, Interval(800, math.inf, 0.8, "x"), 0.8, observed=100)
    assert headline(answer) == (
        "In the period of the lists there were an estimated 1,000 people (80% interval 800 to no upper limit). 100 of them "
        "are known to at least one list: one in 10.0. For each known person 9.0 more are unknown. This counts everybody "
        "who was in this situation at any time in the period, not on one day."
    )
    assert headline(refusal("chao", 5, "Too few.")) == "No number is given. Too few."


def answers(*given):
    return [Estimate(name, total, Interval(low, high, 0.95, "x"), observed=10) for name, total, low, high in given]


def test_why_methods_differ():
    said = why_they_differ(answers(("independence", 100, 90, 110), ("bic", 300, 200, 400)))
    assert said[0] == "The lowest answer is 100 ('independence'), the highest 300 ('bic'), 3.0 times as many."
    assert "do not meet" in said[1]
    assert said[2].startswith("'independence' (100) takes the lists as independent")
    said = why_they_differ([*answers(("bic", 100, 90, 210), ("chao", 150, 120, 200)), refusal("aic", 10, "No.")])
    assert "overlap" in said[1]
    assert "'bic' lies below the lower bound of 'chao': likely too low." in said
    assert said[-1] == "'aic' gives no number: No."
    said = why_they_differ(answers(("bic", 100, 90, 210), ("aic", 90, 80, 100), ("chao", 150, 120, 200)))
    assert "'aic' and 'bic' lie below the lower bound of 'chao': likely too low." in said
    assert why_they_differ([]) == why_they_differ(answers(("bic", 100, 90, 110))) == []


def test_chart_places_are_in_order_and_open_ends_are_arrows():
    chart = intervals_chart(answers(("bic", 100, 90, 400), ("aic", 3000, 200, math.inf)))
    circles = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', chart)]
    assert circles[0] < circles[1]
    assert chart.count("<path") == 1
    assert "logarithmic scale" in chart
    assert "linear scale" in intervals_chart(answers(("bic", 60, 50, 80)))
    assert intervals_chart([refusal("aic", 10, "No.")]) == ""
    assert "<text" in intervals_chart([Estimate("chao", 100.0, observed=100)])


def test_dependence_chart_skips_totals_without_a_number(report):
    curve = report.curves[0]
    whole = dependence_chart(curve)
    assert len(re.search(r'points="([^"]*)"', whole).group(1).split()) == np.isfinite(curve.totals).sum()
    from dataclasses import replace

    assert dependence_chart(replace(curve, totals=(math.inf,) * len(curve.totals))) == ""
