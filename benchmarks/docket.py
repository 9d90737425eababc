"""What a court day costs as paper: 60 reports as one tagged PDF, one person a page.

    python -m benchmarks.docket

No database: the typesetting alone, which is what a printed docket adds to the pages of the screen. The yardstick is one
report as a PDF of its own, sixty times. The promise is 10 seconds for 60 reports.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable

from waymark.diversion.formats.docket_paper import Sheet, docket_pdf

REPORTS, ROUNDS, PROMISED = 60, 5, 10.0
DAY = dt.date(2026, 12, 1)


def sheet(number: int) -> Sheet:
    rows = (("Status", "On track"), ("Sessions attended", f"{number} of 24"), ("Hours", "12"), ("Next date", "May 4, 2027"))
    return Sheet(f"R.K., case 26MI{number:06d}", "Tuesday, December 1, 2026: review", rows)


def median(work: Callable[[], object]) -> float:
    """Seconds of the middle round."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    sheets = [sheet(number) for number in range(REPORTS)]
    together = median(lambda: docket_pdf(sheets, on=DAY, printed="Jo Invented"))
    apart = median(lambda: [docket_pdf([one], on=DAY, printed="Jo Invented") for one in sheets])
    print(f"{REPORTS} reports as one PDF: {together:.2f} s (promised {PROMISED:.0f} s)")
    print(f"{REPORTS} PDFs of one report: {apart:.2f} s; one PDF costs {together / apart:.2f} of them")


if __name__ == "__main__":
    main()
