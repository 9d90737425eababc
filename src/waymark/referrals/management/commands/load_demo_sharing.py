"""`load_demo_sharing`: a package and a referral between the demo's two vaults. Refuses everywhere else."""

from __future__ import annotations

from waymark.cases.management.demo_command import DemoCommand
from waymark.referrals.actions.demo_sharing import load_demo_sharing


class Command(DemoCommand):
    help = "Fill the demo's sharing. Refuses where the region is not the demo. Safe to run again."
    what = "packages"
    load = staticmethod(load_demo_sharing)
