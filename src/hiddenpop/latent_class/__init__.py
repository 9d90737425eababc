"""Latent classes: people differ in how visible they are, and nobody knows who is how.

Log-linear models let lists depend on each other; this one explains the dependence by kinds of people, each with
its own chance to be on each list, and lets the data say how many kinds are needed (Dirichlet process). The
result is a posterior distribution, found by simulation. Simulations that disagree with each other are reported
as a refusal, never as a number.
"""

from __future__ import annotations

from hiddenpop.latent_class.diagnostics import effective_sample_size, split_rhat
from hiddenpop.latent_class.posterior import latent_class
from hiddenpop.latent_class.sampler import run_chain

__all__ = ["effective_sample_size", "latent_class", "run_chain", "split_rhat"]
