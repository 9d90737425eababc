"""The demo's report: the last quarter that is over, counted and certified as a worker does it.

So few people are in the demo that all of it is hidden, which is what a small agency sees.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from waymark.access.context import acting_for
from waymark.access.permissions import Permission
from waymark.cases.actions.demo_vault import members_of_demo_vault, must_be_the_demo
from waymark.people.policies import agency_of, holds
from waymark.reports.actions.reports import certify_report, count_quarter
from waymark.reports.formats.counts.templates import current
from waymark.reports.selectors.reports import report_of
from waymark.vault.actions.own_key import unlock
from waymark.vault.selectors import open_vault


@transaction.atomic
def load_demo_report(*, today: dt.date, passphrases: Mapping[str, str]) -> int:
    """Certify the quarter, once. Gives how many reports are new. Raises NotTheDemo."""
    must_be_the_demo()
    able = [
        user for user in members_of_demo_vault() if user.email in passphrases and holds(user, Permission.REPORT_CERTIFY)
    ]
    wanted = current("voca")
    first, last = wanted.quarters(today)[0]
    if not able:
        return 0
    by = able[0]
    with acting_for(agency_of(by), by.pk):
        if report_of(agency_of(by), wanted.code, wanted.version, first) is not None:
            return 0
        own = unlock(passphrase=passphrases[by.email], by=by)
        vault = open_vault(own=own, by=by) if own is not None else None
        if vault is None:
            return 0
        count = count_quarter(vault=vault, wanted=wanted, starts_on=first, ends_on=last, by=by)
        certify_report(vault=vault, wanted=wanted, starts_on=first, ends_on=last, mark=count.mark, by=by)
    return 1
