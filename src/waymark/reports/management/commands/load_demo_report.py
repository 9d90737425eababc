"""`load_demo_report`: a certified quarter of the demo's agency. Refuses everywhere else."""

from __future__ import annotations

from waymark.cases.management.demo_command import DemoCommand
from waymark.reports.actions.demo_report import load_demo_report


class Command(DemoCommand):
    help = "Certify the demo's last quarter. Refuses where the region is not the demo. Safe to run again."
    what = "reports"
    load = staticmethod(load_demo_report)
