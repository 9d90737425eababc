"""``estimate``, ``check`` and ``compare``: from a table of lists to an answer."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hiddenpop.cli.output import REFUSED, emit, number, progress_bar, write
from hiddenpop.guards import findings, table_warnings
from hiddenpop.histories import CaptureHistories
from hiddenpop.intervals.calibration import Calibration, calibrate
from hiddenpop.methods import METHODS, estimate
from hiddenpop.report import Report, gather, headline, to_csv, to_html, to_json, why_they_differ
from hiddenpop.results import Estimate
from hiddenpop.sensitivity import linkage_corrected
from hiddenpop.strata import StrataEstimates, by_stratum

#: Left out of a comparison unless asked for: a minute, where the others take seconds.
_SLOW = frozenset({"latent-class"})
#: Methods that a comparison cannot run by itself.
_NEEDS_MORE = frozenset({"model"})
_TWO_LISTS = frozenset({"chapman", "lincoln-petersen"})


def read(options: argparse.Namespace, stratum: str | None = None) -> CaptureHistories:
    """The table that the command names, narrowed to the lists asked for."""
    table = CaptureHistories.read_csv(options.table, count=options.count, stratum=stratum, period=options.period)
    wanted = getattr(options, "lists", None)
    if not wanted:
        return table
    for name in wanted:
        if name not in table.list_names:
            raise ValueError(f"--lists: there is no list {name!r}; the table has {', '.join(table.list_names)}")
    return table.subset(wanted)


def method_options(options: argparse.Namespace) -> dict[str, Any]:
    """Options that only some methods take, as far as they were given."""
    if options.model is not None and options.method != "model":
        raise ValueError(f"--method {options.method} does not take model: --model goes with --method model")
    if options.model is None and options.method == "model":
        raise ValueError("--method model needs --model, the model decided on beforehand, such as --model '[12,3]'")
    given = {"model": options.model, "threshold": options.threshold}
    given["all_models"] = getattr(options, "all_models", False) or None
    given["folder"] = getattr(options, "folder", None)
    return {name: value for name, value in given.items() if value is not None}


def run_estimate(options: argparse.Namespace) -> int:
    """``hiddenpop estimate``."""
    _check_calibration(options)
    table = read(options, options.stratum)
    extra = method_options(options)

    def run(table: CaptureHistories) -> Estimate:
        show = progress_bar("estimate", options)
        return estimate(
            table,
            options.method,
            level=options.level,
            bootstrap=options.bootstrap,
            rng=options.seed,
            progress=show,
            **extra,
        )

    if options.missed is None:
        answer = run(table)
    else:
        answer = linkage_corrected(
            table, run, missed=options.missed, false=options.false, missed_range=_range(options.missed_range)
        )
    calibration = _calibrated(options, table, extra)
    strata = _strata(options, table, answer)
    if options.out:
        quick = (name for name in METHODS if name not in _SLOW | {options.method})
        others = _answers(options, table, quick, bootstrap=None)
        _save(options, _gathered(options, table, answer, others, calibration, strata))
    report = {**answer.to_json_dict(), "seed": options.seed, "headline": headline(answer)}
    if calibration is not None:
        report["calibration"] = calibration.sentence()
    if strata is not None:
        report["strata"] = {name: each.to_json_dict() for name, each in strata.estimates.items()}
    lines = [*_lines(answer)]
    if calibration is not None:
        lines.append(calibration.sentence())
    if strata is not None:
        lines += [f"{name}: {_short(each)}" for name, each in strata.estimates.items()]
    emit(options, report, lines)
    return REFUSED if answer.estimate is None else 0


def _range(ends: list[float] | None) -> tuple[float, float] | None:
    if ends is None:
        return None
    if len(ends) != 2:
        raise ValueError("--missed-range takes two numbers, such as 0.02,0.08")
    return ends[0], ends[1]


def _calibrated(options: argparse.Namespace, table: CaptureHistories, extra: dict[str, Any]) -> Calibration | None:
    if not options.calibrate:
        return None
    return calibrate(
        table,
        options.method,
        level=options.level,
        tables=options.calibrate,
        bootstrap=options.bootstrap,
        rng=options.seed,
        progress=progress_bar("calibrate", options),
        **extra,
    )


def _check_calibration(options: argparse.Namespace) -> None:
    """Say before the work begins that a calibration cannot be made."""
    if options.calibrate is None:
        return
    if options.calibrate < 1:
        raise ValueError(f"--calibrate takes a number of tables, at least 1; got {options.calibrate}")
    if options.method in _NEEDS_MORE:
        raise ValueError(
            f"--calibrate cannot judge --method {options.method}: tables simulated from a model that was decided on "
            "beforehand would be estimated with that same model, which must come out right and tells nothing about yours. "
            "Calibrate a method that chooses its model, such as --method stepwise or bic."
        )


def _strata(options: argparse.Namespace, table: CaptureHistories, answer: Estimate) -> StrataEstimates | None:
    if not options.stratum or answer.estimate is None:
        return None
    return by_stratum(table, answer, kind=options.kind or options.stratum, rng=options.seed)


def _answers(
    options: argparse.Namespace, table: CaptureHistories, names: Iterable[str], *, bootstrap: int | None
) -> list[Estimate]:
    """Run methods one after the other; Ctrl-C keeps those that are done."""
    wanted = [name for name in names if name not in _NEEDS_MORE and (table.k == 2 or name not in _TWO_LISTS)]
    show = progress_bar("methods", options)
    done: list[Estimate] = []
    try:
        for name in wanted:
            if show is not None:
                show(len(done), len(wanted))
            method = METHODS[name]
            replicates = bootstrap if method.bootstrap else None
            done.append(estimate(table, name, level=options.level, bootstrap=replicates, rng=options.seed))
        if show is not None:
            show(len(done), len(wanted))
    except KeyboardInterrupt:
        if not done:
            raise
    return done


def _gathered(
    options: argparse.Namespace, table: CaptureHistories, answer: Estimate, others: list[Estimate],
    calibration: Calibration | None = None, strata: StrataEstimates | None = None,
) -> Report:  # fmt: skip
    nonce = bytes.fromhex(Path(options.nonce).read_text(encoding="ascii").strip()) if options.nonce else None
    show = progress_bar("checks", options)
    return gather(
        table, answer, others, seed=options.seed, nonce=nonce, calibration=calibration, strata=strata, progress=show
    )


def _save(options: argparse.Namespace, report: Report) -> None:
    kind = Path(options.out).suffix.lower()
    if kind in (".html", ".htm"):
        write(options.out, to_html(report))
    elif kind == ".csv":
        write(options.out, to_csv(report))
    elif kind == ".json":
        write(options.out, json.dumps(to_json(report), indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        raise ValueError(f"--out {options.out}: a report ends in .html, .csv or .json")


def _lines(answer: Estimate) -> list[str]:
    """An answer for the screen."""
    lines = [headline(answer)]
    if answer.estimate is not None:
        lines.append(f"Method: {answer.method}. Model: {answer.model or 'none'}.")
        if answer.interval is not None:
            lines.append(f"Interval: {answer.interval.method}.")
        lines += ["It assumes:", *(f"  - {text}" for text in answer.assumptions), f"If not: {answer.bias}"]
    if answer.warnings:
        lines += ["Before you quote this:", *(f"  - {text}" for text in answer.warnings)]
    return lines


def _short(answer: Estimate) -> str:
    if answer.estimate is None:
        return answer.refused or "refused"
    ends = f" [{number(answer.interval.low)}, {number(answer.interval.high)}]" if answer.interval else ""
    return f"{number(answer.estimate)}{ends}"


def run_compare(options: argparse.Namespace) -> int:
    """``hiddenpop compare``."""
    table = read(options)
    unknown = [name for name in options.methods or () if name not in METHODS]
    if unknown:
        raise ValueError(f"there is no method {unknown[0]!r}; choose among {', '.join(METHODS)}")
    names = options.methods or [name for name in METHODS if options.slow or name not in _SLOW]
    answers = _answers(options, table, names, bootstrap=options.bootstrap)
    if not answers:
        raise ValueError("none of these methods can be compared on this table")
    differ = why_they_differ(answers)
    if options.out:
        _save(options, _gathered(options, table, answers[0], answers[1:]))
    report = {
        "methods": [each.to_json_dict() for each in answers],
        "why_they_differ": differ,
        "warnings": list(table_warnings(table)),
        "seed": options.seed,
        "refused": None if any(each.estimate is not None for each in answers) else answers[0].refused,
    }
    width = max(len(each.method) for each in answers)
    emit(options, report, [*(f"{each.method:<{width}}  {_short(each)}" for each in answers), "", *differ])
    return 0 if report["refused"] is None else REFUSED


def run_check(options: argparse.Namespace) -> int:
    """``hiddenpop check``."""
    table = read(options)
    found = findings(table)
    fatal = [each.text for each in found if each.fatal]
    cells = [(row, count) for row, count in table.rows()]
    by_length = [sum(count for row, count in cells if sum(row) == size) for size in range(1, table.k + 1)]
    names = table.list_names
    pairs = [(names[i], names[j], table.overlap(i, j)) for i in range(table.k) for j in range(i + 1, table.k)]
    totals = dict(zip(table.list_names, table.list_totals.tolist(), strict=True))
    report = {
        "lists": totals,
        "observed": table.n,
        "period": table.period,
        "on_exactly": {str(size): people for size, people in enumerate(by_length, start=1)},
        "overlaps": [{"lists": [one, two], "shared": shared} for one, two, shared in pairs],
        "histories_seen": len(cells),
        "histories_possible": 2**table.k - 1,
        "findings": [{"kind": each.kind, "fatal": each.fatal, "text": each.text} for each in found],
        "refused": fatal[0] if fatal else None,
    }
    lines = [
        f"{table.n:,} people on {table.k} lists: "
        + ", ".join(f"{name} {people:,}" for name, people in totals.items())
        + ".",
        "On exactly " + ", ".join(f"{size}: {people:,}" for size, people in enumerate(by_length, start=1)) + " lists.",
        f"{len(cells)} of {2**table.k - 1} possible combinations of lists were seen.",
        "Shared: " + ", ".join(f"{one} and {two} {shared:,}" for one, two, shared in pairs) + ".",
        *(f"{'Stop' if each.fatal else 'Mind'}: {each.text}" for each in found),
    ]
    if not table.period:
        lines.append("Mind: no period is given (--period); a number of people without one cannot be quoted.")
    if not found:
        lines.append("Nothing speaks against estimating from this table.")
    emit(options, report, lines)
    return REFUSED if fatal else 0
