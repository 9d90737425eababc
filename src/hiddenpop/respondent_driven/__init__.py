"""Respondent-driven sampling: what share of a hidden population has a trait.

People whom no list and no address reaches recruit each other with coupons. Those with many contacts are found
more often, so a plain share over the sample is wrong; every estimator here weighs people by how likely they
were to be reached. The result is a share between 0 and 1, never a count: a population size must come from
somewhere else and enters as an assumption.

Three estimators, in the order of their age: :func:`rds_i` (Salganik-Heckathorn, from who recruits whom),
:func:`rds_ii` (Volz-Heckathorn, weights 1/degree) and :func:`successive_sampling` (Gile, for samples that are a
large part of the population).
"""

from __future__ import annotations

from hiddenpop.respondent_driven.bootstraps import gile_replicates, salganik_replicates
from hiddenpop.respondent_driven.diagnostics import Recruitment, recruitment
from hiddenpop.respondent_driven.estimators import (
    inclusion_probabilities,
    rds_i,
    rds_ii,
    successive_sampling,
)
from hiddenpop.respondent_driven.prevalence import Prevalence
from hiddenpop.respondent_driven.sample import RecruitmentSample

__all__ = [
    "Prevalence",
    "Recruitment",
    "RecruitmentSample",
    "gile_replicates",
    "inclusion_probabilities",
    "rds_i",
    "rds_ii",
    "recruitment",
    "salganik_replicates",
    "successive_sampling",
]
