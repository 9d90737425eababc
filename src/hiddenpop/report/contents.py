"""What a report holds, and the checks that are run for it without being asked."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hiddenpop.guards import Finding, findings
from hiddenpop.histories import CaptureHistories
from hiddenpop.intervals.calibration import Calibration
from hiddenpop.methods import estimate
from hiddenpop.results import Estimate, Refusal
from hiddenpop.sensitivity import (
    ConsistencyCheck,
    DependenceCurve,
    internal_consistency,
    leave_one_list_out,
    weakest_pair,
)
from hiddenpop.strata import StrataEstimates

#: Methods that answer again for every list left out within a second or so; others are stood in for by stepwise.
_QUICK = frozenset(
    {"balanced", "average", "stepwise", "bic-two-way", "chao", "sample-coverage", "independence", "decomposable"}
)


@dataclass(frozen=True)
class Report:
    """Everything that a page, a CSV or a JSON file of results is made from.

    Parameters
    ----------
    answer : Estimate
        The headline.
    others : tuple of Estimate
        Other methods on the same table.
    list_names : tuple of str
    found : tuple of Finding
        What is wrong with the table.
    checks : tuple of ConsistencyCheck
        Each list in turn taken as the truth.
    left_out : mapping of str to Estimate
        Without each list in turn.
    curves : tuple of DependenceCurve
        Total against an assumed odds ratio, the pair that tips the conclusion soonest first.
    stand_in : str
        The method that the checks were run with.
    calibration : Calibration or None
    strata : StrataEstimates or None
    provenance : mapping of str to str
        Data fingerprint, version, seed: what a re-run needs.
    """

    answer: Estimate
    others: tuple[Estimate, ...]
    list_names: tuple[str, ...]
    found: tuple[Finding, ...] = ()
    checks: tuple[ConsistencyCheck, ...] = ()
    left_out: Mapping[str, Estimate] = field(default_factory=dict)
    curves: tuple[DependenceCurve, ...] = ()
    stand_in: str = ""
    calibration: Calibration | None = None
    strata: StrataEstimates | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)


def fingerprint(histories: CaptureHistories, nonce: bytes | None = None) -> str:
    """Fix the table that a report is about.

    Parameters
    ----------
    histories : CaptureHistories
    nonce : bytes, optional
        Secret random bytes kept beside the table. Without them the fingerprint is a plain hash, from which a small
        table can be guessed: good for one's own files, not for publication.

    Returns
    -------
    str
        ``sha256:...`` or ``hmac-sha256:...``; the same whatever the order of the lists.

    Examples
    --------
    >>> table = CaptureHistories.from_rows(("A", "B"), [(1, 0), (0, 1), (1, 1)], [20, 30, 10])
    >>> fingerprint(table) == fingerprint(table.subset(["B", "A"]))
    True
    """
    text = histories.subset(sorted(histories.list_names)).to_csv().encode()
    if nonce is None:
        return "sha256:" + hashlib.sha256(text).hexdigest()
    return "hmac-sha256:" + hmac.digest(nonce, b"hiddenpop table 1\0" + text, hashlib.sha256).hex()


def gather(
    histories: CaptureHistories, answer: Estimate, others: Sequence[Estimate] = (), *, seed: int,
    nonce: bytes | None = None, calibration: Calibration | None = None, strata: StrataEstimates | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:  # fmt: skip
    """Run the checks that every report shows and put it together.

    Parameters
    ----------
    histories : CaptureHistories
    answer : Estimate
        The headline.
    others : sequence of Estimate
    seed : int
        What the answers were drawn with.
    nonce : bytes, optional
        For the fingerprint.
    calibration, strata : optional
    progress : callable, optional
        Called with (step, steps).

    Returns
    -------
    Report
        Checks that the table cannot carry are left out.
    """
    from hiddenpop import __version__

    quick = answer.method in _QUICK
    stand_in = answer.method if quick else "stepwise"

    def again(table: CaptureHistories) -> Estimate:
        bootstrap = 0 if stand_in in ("stepwise", "bic-two-way", "independence", "sample-coverage") else None
        return estimate(table, stand_in, bootstrap=bootstrap, rng=seed)

    def tell(step: int) -> None:
        if progress is not None:
            progress(step, 3)

    checks: tuple[ConsistencyCheck, ...] = ()
    left_out: Mapping[str, Estimate] = {}
    curves: tuple[DependenceCurve, ...] = ()
    tell(0)
    if histories.k >= 3:
        try:
            left_out = leave_one_list_out(histories, again)
            tell(1)
            checks = internal_consistency(histories, again)
            tell(2)
            model = answer.model if answer.model and answer.model.startswith("[") else None
            model = model or estimate(histories, "stepwise", bootstrap=0).model
            if model is not None:
                curves = weakest_pair(histories, model)
        except Refusal:
            # A table too thin for one of these checks still has its answer; the page shows the checks there are.
            pass
    tell(3)
    provenance = {
        "data": fingerprint(histories, nonce),
        "hiddenpop": __version__,
        "seed": str(seed),
        "methods": ", ".join(each.method for each in (answer, *others)),
        "model": answer.model or "none",
    }
    return Report(
        answer, tuple(others), histories.list_names, tuple(findings(histories)), checks, left_out, curves, stand_in,
        calibration, strata, provenance,
    )  # fmt: skip
