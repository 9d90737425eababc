"""One page that shows an estimate beside every other method's, and says why they disagree.

The same input, options and seed give the same bytes: nothing in a report depends on the clock or the machine.
"""

from __future__ import annotations

from hiddenpop.report.contents import Report, fingerprint, gather
from hiddenpop.report.page import to_html
from hiddenpop.report.plain import to_csv, to_json
from hiddenpop.report.words import headline, why_they_differ

__all__ = ["Report", "fingerprint", "gather", "headline", "to_csv", "to_html", "to_json", "why_they_differ"]
