"""The report as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import math
from typing import Any

from hiddenpop.report.contents import Report
from hiddenpop.report.words import headline, why_they_differ


def to_csv(report: Report) -> str:
    """One line a method: estimate, interval, model, warnings, what a re-run needs."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["method", "estimate", "low", "high", "level", "interval_method", "model", "observed", "period", "refused",
         "warnings", "seed", "version", "data"]
    )  # fmt: skip
    for each in (report.answer, *report.others):
        ends = (each.interval.low, each.interval.high) if each.interval is not None else (None, None)
        writer.writerow(
            [each.method, _digits(each.estimate), *map(_digits, ends), each.level,
             each.interval.method if each.interval else "", each.model or "", each.observed, each.period or "",
             each.refused or "", " ".join(each.warnings), report.provenance["seed"], report.provenance["hiddenpop"],
             report.provenance["data"]]
        )  # fmt: skip
    return out.getvalue()


def _digits(value: float | None) -> str:
    return "" if value is None or not math.isfinite(value) else f"{value:.1f}"


def to_json(report: Report) -> dict[str, Any]:
    """Plain values: the answer's own keys, then what surrounds it."""
    content: dict[str, Any] = {
        **report.answer.to_json_dict(),
        "headline": headline(report.answer),
        "others": [each.to_json_dict() for each in report.others],
        "why_they_differ": why_they_differ((report.answer, *report.others)),
        "table": [{"kind": each.kind, "fatal": each.fatal, "text": each.text} for each in report.found],
        "internal_consistency": [
            {
                "list": each.list_name,
                "truth": each.truth,
                "estimate": each.estimate.estimate,
                "covered": each.covered,
                "refused": each.estimate.refused,
            }
            for each in report.checks
        ],
        "without_each_list": {name: each.estimate for name, each in report.left_out.items()},
        "dependence": [
            {
                "lists": list(each.lists),
                "tipping_below": each.tipping_below,
                "tipping_above": each.tipping_above,
                "sentence": each.sentence,
            }
            for each in report.curves
        ],
        "provenance": dict(report.provenance),
    }
    if report.calibration is not None:
        content["calibration"] = report.calibration.sentence()
    if report.strata is not None:
        content["strata"] = {name: each.to_json_dict() for name, each in report.strata.estimates.items()}
    return content
