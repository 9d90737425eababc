"""Estimate from one selected log-linear model: BIC, AIC, stepwise, independence, or a model of your own.

The selected model's fit extrapolates to the people on no list. The bootstrap repeats the selection, so that
its interval knows that another model might have been chosen.
"""

from __future__ import annotations

from hiddenpop.selection.answering import ASSUMPTIONS, BIAS
from hiddenpop.selection.criteria import aic, bic, bic_two_way
from hiddenpop.selection.downhill import downhill
from hiddenpop.selection.steps import fixed_model, independence, stepwise

__all__ = ["ASSUMPTIONS", "BIAS", "aic", "bic", "bic_two_way", "downhill", "fixed_model", "independence", "stepwise"]
