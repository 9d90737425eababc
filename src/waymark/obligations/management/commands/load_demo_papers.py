"""`load_demo_papers`: papers of courts, a drill and a statement in the demo's vault. Refuses everywhere else."""

from __future__ import annotations

from waymark.cases.management.demo_command import DemoCommand
from waymark.obligations.actions.demo_papers import load_demo_papers


class Command(DemoCommand):
    help = "Fill the demo's papers of courts. Refuses where the region is not the demo. Safe to run again."
    what = "papers"
    load = staticmethod(load_demo_papers)
