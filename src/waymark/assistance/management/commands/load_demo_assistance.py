"""`load_demo_assistance`: a fund, requests and a stay in the demo's first vault. Refuses everywhere else."""

from __future__ import annotations

from waymark.assistance.actions.demo_assistance import load_demo_assistance
from waymark.cases.management.demo_command import DemoCommand


class Command(DemoCommand):
    help = "Fill the demo's money and housing. Refuses where the region is not the demo. Safe to run again."
    what = "requests"
    load = staticmethod(load_demo_assistance)
