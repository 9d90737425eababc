"""``plan``: what lists would show, before anything is collected."""

from __future__ import annotations

import argparse
import math
from dataclasses import asdict

from hiddenpop.cli.output import emit, number
from hiddenpop.planning import detectable_change, expected_precision, requirements


def run_plan(options: argparse.Namespace) -> int:
    """``hiddenpop plan``."""
    return _precision(options) if options.reach else _requirements(options)


def _requirements(options: argparse.Namespace) -> int:
    found = requirements(
        options.population,
        width_ratio=options.width_ratio,
        lists=[int(word) for word in options.lists],
        pairwise=options.pairwise,
        level=options.level,
    )
    wanted = f"to within a factor of {options.width_ratio:g} (upper over lower end of the {options.level:.0%} interval)"
    lines = [f"To know {options.population:,} people {wanted}:"]
    for need in found:
        if need.reach is None or need.people_per_list is None:
            lines.append(f"  {need.lists} lists: not possible, even if each reaches 90%")
        else:
            each = f"each must reach {need.reach:.1%} of them, {number(need.people_per_list)} people"
            lines.append(f"  {need.lists} lists: {each}")
    report = {
        "population": options.population,
        "width_ratio": options.width_ratio,
        "level": options.level,
        "requirements": [
            {"lists": need.lists, "reach": need.reach, "people_per_list": need.people_per_list} for need in found
        ],
        "warnings": ["Lists are taken to reach equal shares and, without --pairwise, not to depend on each other."],
        "refused": None,
    }
    emit(options, report, lines)
    return 0


def _precision(options: argparse.Namespace) -> int:
    plan = expected_precision(options.population, options.reach, level=options.level)
    fall, rise = detectable_change(options.population, options.reach, power=options.power, level=options.level)
    report = {
        **asdict(plan),
        "reach": list(plan.reach),
        "interval": [plan.interval[0], plan.interval[1] if math.isfinite(plan.interval[1]) else None],
        "detectable_fall": fall,
        "detectable_rise": rise if math.isfinite(rise) else None,
        "warnings": list(plan.warnings),
        "refused": None,
    }
    lines = [
        f"{number(plan.expected_observed)} of {plan.population:,} people would be on at least one list.",
        f"The two lists that share fewest would share {plan.smallest_overlap:.1f}.",
        f"Expected {plan.level:.0%} interval: {number(plan.interval[0])} to {number(plan.interval[1])}.",
        f"A later period is told apart (power {options.power:.0%}) when it has at most {fall:.0%} of the people"
        + (f" or at least {rise:.0%}." if math.isfinite(rise) else "."),
        *(f"Mind: {text}" for text in plan.warnings),
    ]
    emit(options, report, lines)
    return 0
