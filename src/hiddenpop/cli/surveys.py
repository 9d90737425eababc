"""``rds``, ``scale-up`` and ``survey``: what respondents say."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hiddenpop.cli.output import REFUSED, emit, number, progress_bar, write
from hiddenpop.respondent_driven import Prevalence, RecruitmentSample, rds_i, rds_ii, recruitment, successive_sampling
from hiddenpop.results import Estimate
from hiddenpop.scale_up import NetworkReports, adjusted, scale_up
from hiddenpop.survey import read_survey


def run_rds(options: argparse.Namespace) -> int:
    """``hiddenpop rds``."""
    sample = RecruitmentSample.read_csv(
        options.sample, options.trait, id_column=options.id_column, recruiter_column=options.recruiter_column,
        degree_column=options.degree_column,
    )  # fmt: skip
    shared = {"level": options.level, "replicates": options.bootstrap, "rng": options.seed, "period": options.period}
    if options.estimator == "ss" and options.population is None:
        raise ValueError("--estimator ss needs --population, the size of the hidden population")
    show = progress_bar("estimators", options)
    found: list[Prevalence] = []
    wanted = [options.estimator] if options.estimator else ["rds-i", "rds-ii", *(["ss"] if options.population else [])]
    try:
        for name in wanted:
            if name == "ss":
                found.append(successive_sampling(sample, options.population, **shared))
            else:
                found.append((rds_i if name == "rds-i" else rds_ii)(sample, **shared))
            if show is not None:
                show(len(found), len(wanted))
    except KeyboardInterrupt:
        if not found:
            raise
    about = recruitment(sample)
    refused = found[-1].refused if all(each.estimate is None for each in found) else None
    report = {
        "estimators": [each.to_json_dict() for each in found],
        "recruitment": {
            "seeds": about.seeds,
            "waves": about.waves,
            "largest_tree_share": about.largest_tree_share,
            "homophily": about.homophily,
        },
        "warnings": list(dict.fromkeys([*about.warnings, *(text for each in found for text in each.warnings)])),
        "seed": options.seed,
        "refused": refused,
    }
    lines = []
    for each in found:
        if each.estimate is None:
            lines.append(f"{each.method}: {each.refused}")
            continue
        ends = f" [{each.interval.low:.3f}, {each.interval.high:.3f}]" if each.interval else ""
        lines.append(f"{each.method}: {each.estimate:.4f}{ends} of the population have it")
    emit(options, report, [*lines, *(f"Mind: {text}" for text in about.warnings)])
    return REFUSED if refused else 0


def run_scale_up(options: argparse.Namespace) -> int:
    """``hiddenpop scale-up``."""
    reports = NetworkReports.read_csv(
        options.survey, options.known, options.hidden, options.population, weight=options.weight,
        cluster=options.cluster_column, stratum=options.stratum, top_code=options.top_code or None,
    )  # fmt: skip
    answer = scale_up(
        reports, estimator=options.estimator, level=options.level, replicates=options.bootstrap, rng=options.seed,
        period=options.period,
    )  # fmt: skip
    if answer.estimate is not None and (options.degree_ratio, options.true_positive_rate) != (1.0, 1.0):
        answer = adjusted(answer, degree_ratio=options.degree_ratio, true_positive_rate=options.true_positive_rate)
    return _one(options, answer)


def _one(options: argparse.Namespace, answer: Estimate) -> int:
    """An answer that is not about lists: no ratio of known to unknown people."""
    report = {**answer.to_json_dict(), "seed": options.seed}
    if answer.estimate is None:
        emit(options, report, [f"No number is given. {answer.refused}"])
        return REFUSED
    ends = ""
    if answer.interval is not None:
        ends = f" ({answer.level:.0%} interval {number(answer.interval.low)} to {number(answer.interval.high)})"
    lines = [
        f"An estimated {number(answer.estimate)} people{ends}, by '{answer.method}'.",
        "It assumes:",
        *(f"  - {text}" for text in answer.assumptions),
        f"If not: {answer.bias}",
        *(f"Mind: {text}" for text in answer.warnings),
    ]
    emit(options, report, lines)
    return 0


def run_survey(options: argparse.Namespace) -> int:
    """``hiddenpop survey``."""
    text = sys.stdin.read() if options.answers == "-" else Path(options.answers).read_text(encoding="utf-8-sig")
    survey = read_survey(
        text, services=options.services, column=options.column, separator=options.separator, stratum=options.stratum,
        period=options.period,
    )  # fmt: skip
    totals: list[Estimate] = []
    for word in options.total:
        service, equals, people = word.rpartition("=")
        if not equals or not people.isdigit():
            raise ValueError(f"--total {word}: it should read like shelter=340")
        totals.append(survey.multiplier(service, int(people), level=options.level))
    write(options.out, survey.histories.to_csv())
    refused = totals[0].refused if totals and all(each.estimate is None for each in totals) else None
    report = {
        **survey.to_json_dict(),
        "multipliers": [each.to_json_dict() for each in totals],
        "refused": refused,
    }
    summary = (
        f"{survey.histories.n} of {survey.respondents} respondents are in the table, {survey.known_to_none} were known "
        f"to no service, {survey.unclear} were not sure."
    )
    lines = [
        summary,
        *(
            f"By the count of {each.details['service']}: {number(each.estimate)} people"
            + (f" [{number(each.interval.low)}, {number(each.interval.high)}]" if each.interval else "")
            for each in totals
            if each.estimate is not None
        ),
        *(f"Mind: {text}" for text in survey.warnings),
    ]
    emit(options, report, lines if options.out != "-" else ())
    return REFUSED if refused else 0
