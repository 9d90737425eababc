"""What a court day costs as paper: 60 reports read from the database, opened with keys, told, and set as one tagged PDF.

    python -m benchmarks.docket

Run it as `./waymark manage` runs: with DATABASE_URL (the application's role) of a migrated database that may be filled and
thrown away. A program freezes 120 reports by its own action and they cross by the real functions; a court has a matter for
each, 60 on one day and 60 on a day of its own each. What is timed is the request that a judge's press of the button sends,
through the whole application, when no report was opened before: each packet is opened, its reading and its printing are
told, and the paper is set. The yardstick is the same 60 reports as 60 papers. The promise is 10 seconds for 60 reports.
The typesetting alone is printed beside it.
"""

from __future__ import annotations

import datetime as dt
import os
import time
import uuid
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark.config.settings")
REPORTS, PROMISED = 60, 10.0


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def court_days(four: Any, first: dt.date) -> list[dt.date]:
    """120 reports of a program that are in the court's mail, each at a matter on a day: 60 on `first`, the others alone."""
    from django.utils import timezone
    from tests.factories.disclosures import acting
    from tests.waymark.diversion.desks import attach, enrolled, permit_for

    from waymark.disclosures.models import InboxPacket
    from waymark.diversion.actions.docket import put_on_docket
    from waymark.diversion.actions.referrals import open_matter
    from waymark.diversion.actions.reports import send_waiting_reports, write_report
    from waymark.diversion.formats.references import new_reference
    from waymark.diversion.models import MatterPacket

    enrollment = enrolled(four, with_counsel=False)
    attach(four, enrollment, permit_for(four.people, four.judge.agency))
    days = [first] * REPORTS + [first + dt.timedelta(days=number) for number in range(1, REPORTS + 1)]
    worker, judge = four.people.worker, four.people.judge
    with worker.acting():
        vault = worker.vault()
        for day in days:
            write_report(
                vault=vault,
                enrollment=enrollment,
                page=uuid.uuid4(),
                for_day=day,
                status="on_track",
                next_on=None,
                given_to_counsel_at=timezone.now() - dt.timedelta(hours=25),
                by=worker.user,
            )
    assert send_waiting_reports(agency_id=four.worker.agency.pk) == len(days)
    with acting(four.judge.user):
        packets = list(InboxPacket.objects.filter(kind="compliance_report").order_by("delivered_at"))
        vault = judge.vault()
        for number, (packet, day) in enumerate(zip(packets, days, strict=True)):
            matter = open_matter(
                vault=vault,
                program_agency=four.worker.agency,
                section="PC 647(b)(1)",
                offense_on=dt.date(2026, 3, 3),
                facts={
                    "initials": "R.K.",
                    "case_number": f"26MI{number:06d}",
                    "language": "en",
                    "reference": new_reference(),
                    "is_adult": True,
                },
                by=judge.user,
            )
            MatterPacket.objects.create(
                agency_id=packet.agency_id, matter=matter, packet=packet.pk, kind="compliance_report"
            )
            put_on_docket(matter=matter, on=day, kind="review", by=judge.user)
    return days


def main() -> None:
    django.setup()
    from django.utils import timezone
    from tests.waymark.diversion.desks import desks

    from waymark.diversion.formats.docket_paper import Sheet, docket_pdf
    from waymark.sealing import passphrases
    from waymark.vault import policies

    policies.COST = passphrases.FLOOR
    four = desks()
    first = timezone.localdate() + dt.timedelta(days=7)
    days = court_days(four, first)

    def press(day: dt.date) -> bytes:
        answer = four.judge.client.send(
            f"/diversion/docket/{day}/reports.pdf", {}, page=f"/diversion/docket/{day}/reports/"
        )
        assert answer.headers["Content-Type"] == "application/pdf", answer.status_code
        return bytes(answer.content)

    press(first + dt.timedelta(days=REPORTS))  # What is loaded once is loaded before.
    together = seconds(lambda: press(first))
    apart = seconds(lambda: [press(day) for day in days[REPORTS:]])
    rows = (("Status", "On track"), ("Sessions attended", "7 of 24"), ("Hours", "12"), ("Next date", "May 4, 2027"))
    sheets = [Sheet(f"R.K., case 26MI{number:06d}", "Tuesday: review", rows) for number in range(REPORTS)]
    typeset = seconds(lambda: docket_pdf(sheets, on=first, printed="Jo Invented"))
    print(f"{REPORTS} reports as one paper, from the press to the last byte: {together:.2f} s (promised {PROMISED:.0f} s)")
    print(f"{REPORTS} papers of one report: {apart:.2f} s; one paper costs {together / apart:.2f} of them")
    print(f"of which typesetting: {typeset:.2f} s")


if __name__ == "__main__":
    main()
