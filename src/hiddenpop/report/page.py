"""The report as one HTML file: nothing is loaded, nothing runs, every chart has its table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

from hiddenpop.report.charts import dependence_chart, intervals_chart
from hiddenpop.report.contents import Report
from hiddenpop.report.words import headline, why_they_differ
from hiddenpop.results import Estimate

_STYLE = """
body{font:17px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:#1b1b1b;background:#fff;
max-width:46rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.25rem;margin-top:2.2rem}
.lead{font-size:1.15rem;border-left:.3rem solid #005ea2;padding-left:1rem}
.care{border-left:.3rem solid #b50909;padding-left:1rem}
svg{width:100%;height:auto;margin:1rem 0}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:1rem 0;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding-bottom:.4rem}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #dfe1e2;vertical-align:top}
td.n,th.n{text-align:right;white-space:nowrap}code{overflow-wrap:anywhere}
@media print{body{max-width:none}}
"""


def to_html(report: Report) -> str:
    """Render a report.

    Parameters
    ----------
    report : Report

    Returns
    -------
    str
        A whole HTML document; the same report gives the same bytes.
    """
    answer = report.answer
    sections = [
        f"<h1>{escape(_title(answer))}</h1>",
        f'<p class="lead">{escape(headline(answer))}</p>',
        _warnings(answer),
        _methods(report),
        _assumptions(answer),
        _strata(report),
        _calibration(report),
        _dependence(report),
        _left_out(report),
        _consistency(report),
        _table_findings(report),
        _provenance(report),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(_title(answer))}</title><style>{_STYLE}</style></head>\n<body><main>\n"
        + "\n".join(section for section in sections if section)
        + "\n</main></body></html>\n"
    )


def _title(answer: Estimate) -> str:
    return "How many people has nobody found?" + (f" {answer.period}" if answer.period else "")


def _count(value: float | None) -> str:
    if value is None:
        return "none"
    return f"{value:,.0f}" if math.isfinite(value) else "no limit"


def _table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]], numeric: int = 1) -> str:
    """A table whose first column heads the rows; ``numeric`` columns after it hold numbers."""
    head = "".join(
        f'<th scope="col"{" class=n" if 0 < at <= numeric else ""}>{escape(name)}</th>' for at, name in enumerate(columns)
    )
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td{' class=n' if at < numeric else ''}>{escape(cell)}</td>" for at, cell in enumerate(row[1:]))
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="wide"><table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _list(texts: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def _warnings(answer: Estimate) -> str:
    if not answer.warnings:
        return ""
    return f'<section class="care"><h2>Before you quote this</h2>{_list(answer.warnings)}</section>'


def _methods(report: Report) -> str:
    answers = (report.answer, *report.others)
    rows = [
        (
            each.method,
            _count(each.estimate),
            _count(each.interval.low) if each.interval else "none",
            _count(each.interval.high) if each.interval else "none",
            each.model or (each.refused or ""),
        )
        for each in answers
    ]
    caption = f"Estimates with {report.answer.level:.0%} intervals; {report.answer.observed:,} people are known"
    differ = why_they_differ(answers)
    return (
        f"<section><h2>All methods on one axis</h2>{intervals_chart(answers)}"
        + _table(caption, ("Method", "Estimate", "Low", "High", "Model, or why there is none"), rows, numeric=3)
        + (f"<h3>Why they differ</h3>{_list(differ)}" if differ else "")
        + "</section>"
    )


def _assumptions(answer: Estimate) -> str:
    if not (answer.assumptions or answer.bias):
        return ""
    how = f"<p>The interval: {escape(answer.interval.method)}.</p>" if answer.interval else ""
    return (
        f"<section><h2>What has to be true</h2>{_list(answer.assumptions)}"
        f"<p><strong>If it is not:</strong> {escape(answer.bias)}</p>{how}</section>"
    )


def _strata(report: Report) -> str:
    if report.strata is None:
        return ""
    rows = [
        (name, _count(each.estimate), _interval(each), each.refused or "") for name, each in report.strata.estimates.items()
    ]
    return (
        f"<section><h2>By {escape(report.strata.kind)}</h2>"
        + _table("Estimates that add up to the total", ("Group", "Estimate", "Interval", "Why there is none"), rows, 2)
        + _list(report.strata.warnings)
        + "</section>"
    )


def _interval(answer: Estimate) -> str:
    if answer.interval is None:
        return "none"
    return f"{_count(answer.interval.low)} to {_count(answer.interval.high)}"


def _calibration(report: Report) -> str:
    if report.calibration is None:
        return ""
    return f"<section><h2>Does the interval keep its promise?</h2><p>{escape(report.calibration.sentence())}</p></section>"


def _dependence(report: Report) -> str:
    if not report.curves:
        return ""
    curve = report.curves[0]
    rows = [(f"{ratio:g}", _count(total)) for ratio, total in zip(curve.odds_ratios, curve.totals, strict=True)]
    pairs = [f"{each.lists[0]} and {each.lists[1]}: {each.sentence}" for each in report.curves]
    return (
        "<section><h2>If two lists depend on each other more than the model says</h2>"
        + dependence_chart(curve)
        + _table(
            f"Total by assumed odds ratio between {curve.lists[0]} and {curve.lists[1]}, the pair that matters most",
            ("Odds ratio", "People"),
            rows,
        )
        + _list(pairs)
        + "</section>"
    )


def _left_out(report: Report) -> str:
    if not report.left_out:
        return ""
    rows = [(name, _count(each.estimate), _interval(each), each.refused or "") for name, each in report.left_out.items()]
    return (
        "<section><h2>Without each list in turn</h2>"
        + _table(
            f"Estimates by '{report.stand_in}' from the remaining lists",
            ("List left out", "Estimate", "Interval", "Why there is none"),
            rows,
            2,
        )
        + "</section>"
    )


def _consistency(report: Report) -> str:
    if not report.checks:
        return ""
    rows = [
        (
            each.list_name,
            _count(each.truth),
            _count(each.estimate.estimate),
            {True: "yes", False: "no", None: each.estimate.refused or ""}[each.covered],
        )
        for each in report.checks
    ]
    return (
        "<section><h2>Can the lists find a number that is known?</h2>"
        "<p>Each list in turn is taken as a whole population, and estimated from whom it shares with the others.</p>"
        + _table(
            f"Internal consistency, by '{report.stand_in}'",
            ("List", "People on it", "Estimated", "Interval holds it"),
            rows,
            2,
        )
        + "</section>"
    )


def _table_findings(report: Report) -> str:
    if not report.found:
        return ""
    return (
        '<section class="care"><h2>About the table (not for publication)</h2>'
        "<p>These lines name small counts. Leave them, and the table itself, out of what is published.</p>"
        + _list(each.text for each in report.found)
        + "</section>"
    )


def _provenance(report: Report) -> str:
    rows = "".join(f"<li>{escape(name)}: <code>{escape(value)}</code></li>" for name, value in report.provenance.items())
    plain = report.provenance["data"].startswith("sha256:")
    note = (
        "<p>The data line is a plain hash, from which a small table can be guessed: before publication make the report "
        "again with --nonce.</p>"
        if plain
        else ""
    )
    return f"<section><h2>To run this again</h2><ul>{rows}</ul>{note}</section>"
