"""The sentences of a report: the headline, and why methods disagree."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hiddenpop.results import Estimate

#: What each method takes for granted, which is where its answer comes from.
STANDPOINTS = {
    "independence": "takes the lists as independent of each other; where services refer people, it is too low",
    "chao": "claims a lower bound only",
    "chapman": "uses two lists as if they were independent",
    "lincoln-petersen": "uses two lists as if they were independent",
    "bic": "rests on one model, the simplest that fits well; a close second may give another total",
    "bic-two-way": "rests on one model of dependence between pairs of lists",
    "aic": "rests on one model and prefers rich ones, whose totals scatter widely on thin tables",
    "stepwise": "adds dependence between pairs of lists only while the data demand it",
    "average": "averages over all models by how well they fit, weighted by BIC",
    "balanced": "averages over all models, with weights between those of AIC and BIC",
    "decomposable": "averages over decomposable graphs under a prior, to which sparse tables are sensitive",
    "latent-class": "takes people to be of a few kinds, within which lists are independent",
    "sample-coverage": "infers dependence from how much the lists repeat each other, all pairs at once",
    "heterogeneity": "takes people to differ in how easily any list finds them, and lists not to depend otherwise",
    "multi-model": "averages the best models and their errors",
    "model": "rests on the model that was decided on beforehand",
}


def headline(answer: Estimate) -> str:
    """The paragraph that may be quoted: number, interval, period, both ratios, or why there is none.

    Examples
    --------
    >>> from hiddenpop.results import Interval
    >>> answer = Estimate("chao", 1000.0, Interval(800, 1300, 0.95, "log-normal"), observed=100, period="2015-2020")
    >>> headline(answer)[:96]
    'At some time in 2015-2020 there were an estimated 1,000 people (95% interval 800 to 1,300). 100 '
    """
    if answer.estimate is None:
        return f"No number is given. {answer.refused}"
    when = f"At some time in {answer.period} there were" if answer.period else "In the period of the lists there were"
    text = f"{when} an estimated {answer.estimate:,.0f} people"
    if answer.interval is not None:
        high = f"{answer.interval.high:,.0f}" if math.isfinite(answer.interval.high) else "no upper limit"
        text += f" ({answer.level:.0%} interval {answer.interval.low:,.0f} to {high})"
    text += f". {answer.observed:,} of them are known to at least one list"
    if answer.observed:
        unknown = (answer.estimate - answer.observed) / answer.observed
        text += f": one in {answer.estimate / answer.observed:.1f}. For each known person {unknown:.1f} more are unknown"
    return text + ". This counts everybody who was in this situation at any time in the period, not on one day."


def why_they_differ(answers: Sequence[Estimate]) -> list[str]:
    """Say in plain words how far methods lie apart and what each takes for granted.

    Parameters
    ----------
    answers : sequence of Estimate

    Returns
    -------
    list of str
        One sentence each; empty without two answers.
    """
    given = sorted((a.estimate, a.method, a) for a in answers if a.estimate is not None)
    refused = [a for a in answers if a.estimate is None]
    said = []
    if len(given) >= 2:
        (low, lowest, first), (high, highest, last) = given[0], given[-1]
        said.append(
            f"The lowest answer is {low:,.0f} ('{lowest}'), the highest {high:,.0f} ('{highest}'), "
            f"{high / low:.1f} times as many."
        )
        apart = first.interval is not None and last.interval is not None and first.interval.high < last.interval.low
        if apart:
            said.append(
                "Their intervals do not meet: the difference is not chance but what the two methods take for granted. "
                "Quote neither without saying so."
            )
        else:
            said.append("Their intervals overlap: chance alone may explain the difference.")
        for total, name, _ in given:
            said.append(f"'{name}' ({total:,.0f}) {STANDPOINTS.get(name, 'has its own assumptions')}.")
        bounds = [total for total, name, _ in given if name == "chao"]
        below = [name for total, name, _ in given if bounds and total < bounds[0] and name != "chao"]
        if below:
            said.append(f"{_listing(below)} below the lower bound of 'chao': likely too low.")
    said += [f"'{each.method}' gives no number: {each.refused}" for each in refused]
    return said


def _listing(names: list[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return f"{quoted[0]} lies" if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]} lie"
