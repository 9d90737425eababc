"""`load_demo_relief`: an invented client of the demo's Legal Aid with four entries. Refuses everywhere else."""

from __future__ import annotations

from waymark.cases.management.demo_command import DemoCommand
from waymark.relief.actions.demo_relief import load_demo_relief


class Command(DemoCommand):
    help = "Fill the demo's record relief. Refuses where the region is not the demo. Safe to run again."
    what = "entries"
    load = staticmethod(load_demo_relief)
