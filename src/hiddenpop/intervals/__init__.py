"""Intervals: conditional on a model, and with the choice of the model inside."""

from __future__ import annotations

from hiddenpop.intervals.bca import bca_interval
from hiddenpop.intervals.conditional import normal_interval, profile_interval
from hiddenpop.intervals.resampling import bootstrap_totals, jackknife_totals, resample

__all__ = [
    "bca_interval",
    "bootstrap_totals",
    "jackknife_totals",
    "normal_interval",
    "profile_interval",
    "resample",
]
